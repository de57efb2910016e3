import { button } from '../common/controls.ts';
import { el, iconButton, setAttribute, setText } from '../common/dom.ts';
import { formatOf } from '../common/format.ts';
import type { Host } from '../common/host.ts';
import { notice, troubleNotice } from '../common/notice.ts';
import { showBody, unavailableView } from '../common/unavailable.ts';
import type { EnvProtocol, EnvReady, EnvStrings, EnvToWebview, EnvView, ReadOnly } from '../protocol/env.ts';
import type { EnvContext } from './context.ts';
import { EnvForm } from './form.ts';
import { EnvImporter } from './importer.ts';
import { EnvList } from './list.ts';
import { LossCard } from './lossCard.ts';
import { LossQuestion } from './lossQuestion.ts';

type Message<T extends EnvToWebview['type']> = Extract<EnvToWebview, { readonly type: T }>;

/** The env page. Its parts are made once; a new view changes their contents, so typed text and focus stay. */
export class EnvPage {
  readonly #host: Host<EnvProtocol>;
  readonly #strings: EnvStrings;
  readonly #sub = el('p', { class: 'sub' });
  readonly #messages = el('div');
  readonly #body: HTMLElement;
  readonly #result = el('div', { class: 'result', role: 'status' });
  readonly #platform = el('tbody');
  readonly #importButton;
  readonly #form: EnvForm;
  readonly #list: EnvList;
  readonly #importer: EnvImporter;
  /** What any change would destroy, while that is so. */
  readonly #risk: LossCard;
  readonly #question: LossQuestion;
  #view: EnvReady | undefined;
  /** The risk that its card was made from. */
  #shownRisk: string | undefined;
  /** A key that the form should be opened for once there is something to see. */
  #editLater: string | undefined;

  constructor(host: Host<EnvProtocol>, strings: EnvStrings, language: string) {
    this.#host = host;
    this.#strings = strings;
    const context: EnvContext = {
      strings,
      format: formatOf(language),
      send: (message) => host.send(message),
      appId: () => this.#view?.app.id,
      keep: () => this.#keep(),
      announce: (kind, text) => this.#announce(kind, text),
    };
    const restored = host.restored();
    this.#form = new EnvForm(context, typeof restored.key === 'string' ? restored.key : '');
    this.#list = new EnvList(
      context,
      typeof restored.filter === 'string' ? restored.filter : '',
      (key) => this.#form.edit(key),
      () => this.#form.focus(),
    );
    this.#importer = new EnvImporter(context, () => this.#openImport(false));
    this.#risk = new LossCard(strings, 'risk', 'region');
    this.#question = new LossQuestion(context);
    this.#importButton = button(strings.importEnv, { secondary: true, icon: 'new-file' }, () =>
      this.#openImport(!this.#importer.open),
    );
    this.#importButton.setAttribute('aria-controls', 'import');
    this.#body = el(
      'div',
      { hidden: true },
      this.#risk.element,
      this.#importer.element,
      this.#form.element,
      this.#question.element,
      this.#list.element,
      this.#platformSection(),
    );
    document.body.replaceChildren(
      el(
        'main',
        {},
        el(
          'header',
          { class: 'page-head' },
          el('div', { class: 'titles' }, el('h1', {}, strings.title), this.#sub),
          el(
            'div',
            { class: 'buttons' },
            this.#importButton,
            iconButton('refresh', strings.refresh, () => host.send({ type: 'refresh' })),
          ),
        ),
        this.#messages,
        this.#body,
        this.#result,
      ),
    );
    this.#importer.setOpen(restored.importOpen === true);
    this.#renderImportButton();
  }

  show(view: EnvView): void {
    showBody(this.#body, view.kind);
    this.#importButton.hidden = this.#body.hidden || (view.kind === 'ready' && view.readOnly !== undefined);
    // While another app or nothing is shown, no change can be sent for the one before.
    this.#view = view.kind === 'ready' ? view : undefined;
    switch (view.kind) {
      case 'loading':
        setText(this.#sub, this.#strings.loading);
        this.#messages.replaceChildren();
        return;
      case 'unavailable':
        setText(this.#sub, '');
        this.#messages.replaceChildren(
          unavailableView(view, (action) => this.#host.send({ type: 'action', action })),
        );
        return;
      case 'ready':
        this.#showEnv(view);
    }
  }

  validated(message: Message<'validated'>): void {
    this.#form.validated(message);
  }

  preview(message: Message<'preview'>): void {
    this.#importer.preview(message);
  }

  fileText(message: Message<'fileText'>): void {
    this.#importer.fileText(message.text);
    this.#announce('info', message.message);
  }

  fileRefused(message: Message<'fileRefused'>): void {
    this.#announce('error', `${message.message} ${message.nextStep}`);
  }

  changed(message: Message<'changed'>): void {
    this.#announce('success', message.message);
    if (message.change === 'set') {
      this.#form.saved(message.key);
      this.#list.flash(message.key);
    }
  }

  refused(message: Message<'refused'>): void {
    this.#announce('error', `${message.message} ${message.nextStep}`.trim());
    if (message.change === 'set') this.#form.refused();
    else this.#list.kept(message.key);
  }

  kept(message: Message<'kept'>): void {
    // A question that took the place of this one has the focus.
    const takesFocus = !this.#question.open;
    if (message.change === 'set') this.#form.refused(takesFocus);
    else this.#list.kept(message.key, takesFocus);
  }

  question(message: Message<'question'>): void {
    this.#form.asked(message.place === 'form');
    const before = message.place === 'import' ? this.#importer.element : this.#form.element;
    before.after(this.#question.element);
    this.#risk.hide();
    this.#question.ask(message);
  }

  questionOver(seq: number): void {
    if (!this.#question.over(seq)) return;
    this.#form.asked(false);
    if (this.#view !== undefined) this.#showRisk(this.#view);
  }

  repairOver({ failed, message }: Message<'repairOver'>): void {
    this.#risk.endBusy();
    if (message !== undefined) this.#announce(failed ? 'error' : 'success', message);
    if (failed) this.#risk.focus();
    else this.#form.focus();
  }

  applyRow(message: Message<'applyRow'>): void {
    this.#importer.applyRow(message);
  }

  applied(message: Message<'applied'>): void {
    this.#importer.applied();
    this.#announce(message.failed ? 'error' : 'success', message.message);
  }

  edit(key: string): void {
    if (this.#view === undefined) this.#editLater = key;
    else if (this.#view.readOnly === undefined) this.#form.edit(key);
  }

  #showEnv(view: EnvReady): void {
    setText(this.#sub, `${view.app.name} · ${view.connection}`);
    const { readOnly, consequence, redeploys, maxValueLength, trouble } = view;
    this.#messages.replaceChildren(
      ...(readOnly === undefined ? [] : [this.#readOnlyNotice(readOnly)]),
      ...(trouble === undefined ? [] : [troubleNotice(trouble)]),
    );
    const permission = { readOnly: readOnly !== undefined, consequence, redeploys, maxValueLength };
    this.#form.permit(permission);
    this.#importer.permit(permission);
    if (readOnly !== undefined) this.#openImport(false);
    this.#showRisk(view);
    this.#list.show(view);
    if (this.#editLater !== undefined) this.edit(this.#editLater);
    this.#editLater = undefined;
    this.#platform.replaceChildren(
      ...view.platformKeys.map(({ key, about }) =>
        el('tr', {}, el('td', {}, el('span', { class: 'key' }, key)), el('td', {}, about)),
      ),
    );
  }

  #readOnlyNotice({ reason, action, label }: ReadOnly): HTMLElement {
    const act = (): void => this.#host.send({ type: 'action', action });
    return notice('info', reason, button(label, { secondary: true }, act));
  }

  /** While a question is open, that says what is at risk. */
  #showRisk({ risk, app }: EnvReady): void {
    const shown = risk === undefined ? undefined : JSON.stringify([app.id, risk]);
    if (risk === undefined || this.#question.open) this.#risk.hide();
    else if (this.#risk.element.hidden || shown !== this.#shownRisk) {
      const repair = (): void => this.#host.send({ type: 'repair', appId: app.id });
      this.#risk.show({
        title: risk.title,
        losses: risk.losses,
        notes: [risk.note],
        actions: [{ title: risk.repair, kind: 'safe', go: repair }],
      });
    }
    this.#shownRisk = shown;
  }

  #platformSection(): HTMLElement {
    const strings = this.#strings;
    return el(
      'details',
      { class: 'platform' },
      el('summary', {}, strings.platformHeading),
      el('p', { class: 'muted' }, strings.platformDetail),
      el('table', { 'aria-label': strings.platformHeading }, this.#platform),
    );
  }

  #openImport(open: boolean): void {
    if (open === this.#importer.open) return;
    this.#importer.setOpen(open);
    this.#renderImportButton();
    this.#keep();
    if (open) this.#importer.focus();
    else this.#importButton.focus();
  }

  #renderImportButton(): void {
    setAttribute(this.#importButton, 'aria-expanded', this.#importer.open ? 'true' : 'false');
  }

  #announce(kind: 'success' | 'error' | 'info', text: string): void {
    const close = iconButton('close', this.#strings.dismiss, () => this.#result.replaceChildren());
    this.#result.replaceChildren(notice(kind, text, close));
  }

  #keep(): void {
    this.#host.keep({
      key: this.#form.key,
      filter: this.#list.filter,
      importOpen: this.#importer.open,
    });
  }
}
