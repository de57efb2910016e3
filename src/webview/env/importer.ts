import { button, setDisabled, textArea } from '../common/controls.ts';
import { el, fill, iconButton, setText } from '../common/dom.ts';
import type { EnvToWebview, PreviewRow } from '../protocol/env.ts';
import { Consequence } from './consequence.ts';
import { appFor, type EnvContext, type Permission } from './context.ts';
import { ImportRow } from './importRow.ts';

type Message<T extends EnvToWebview['type']> = Extract<EnvToWebview, { readonly type: T }>;

/** Sets many variables from the text of a `.env` file: paste or open, look at what it would do, apply one by one. */
export class EnvImporter {
  readonly element: HTMLElement;
  readonly #context: EnvContext;
  readonly #text = textArea({ rows: 7, 'aria-describedby': 'import-detail' });
  readonly #preview: HTMLElement;
  readonly #all = el('vscode-checkbox', { class: 'select-all' });
  readonly #body = el('tbody');
  readonly #consequence = new Consequence();
  readonly #progress = el('p', { class: 'muted progress' });
  readonly #open;
  readonly #apply;
  readonly #stop;
  #rows: ImportRow[] = [];
  #seq = 0;
  /** Keys that were set from this text: not selected again by a new preview of the same text. */
  readonly #done = new Set<string>();
  #applying = false;

  constructor(context: EnvContext, onClose: () => void) {
    this.#context = context;
    const { strings } = context;
    this.#text.setAttribute('aria-label', strings.importLabel);
    this.#text.placeholder = strings.importPlaceholder;
    this.#text.addEventListener('input', () => this.#textChanged());
    this.#open = button(strings.openFile, { secondary: true, icon: 'folder-opened' }, () =>
      context.send({ type: 'openFile' }),
    );
    this.#apply = button('', {}, () => this.#start());
    this.#stop = button(strings.stop, { secondary: true }, () => this.#requestStop());
    this.#all.append(el('span', { class: 'visually-hidden' }, strings.selectAll));
    this.#all.addEventListener('change', () => {
      for (const row of this.#rows) row.select(this.#all.checked);
      this.#render();
    });
    this.#preview = el(
      'div',
      { hidden: true },
      el('h3', { id: 'preview-heading' }, strings.previewHeading),
      el(
        'div',
        { class: 'scroll-x' },
        el(
          'table',
          { class: 'preview', 'aria-labelledby': 'preview-heading' },
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              el('td', {}, this.#all),
              el('th', { scope: 'col', class: 'number line' }, strings.lineColumn),
              el('th', { scope: 'col' }, strings.keyColumn),
              el('th', { scope: 'col' }, strings.effectColumn),
              el('th', { scope: 'col', class: 'number length' }, strings.lengthColumn),
            ),
          ),
          this.#body,
        ),
      ),
      this.#consequence.element,
      el('p', { class: 'muted' }, strings.applyNote),
      el('div', { class: 'buttons apply' }, this.#apply, this.#stop, this.#progress),
    );
    const close = iconButton('close', strings.close, onClose);
    this.element = el(
      'section',
      { class: 'card import', 'aria-labelledby': 'import-heading', id: 'import', hidden: true },
      el('div', { class: 'section-head' }, el('h2', { id: 'import-heading' }, strings.importHeading), close),
      el('p', { class: 'muted intro', id: 'import-detail' }, strings.importDetail),
      this.#text,
      el('div', { class: 'buttons after-text' }, this.#open),
      this.#preview,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#text.value === '') onClose();
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  setOpen(open: boolean): void {
    this.element.hidden = !open;
  }

  focus(): void {
    this.#text.focus();
  }

  permit(permission: Permission): void {
    this.#consequence.show(permission);
    // Keys and bindings may have changed meanwhile. A running import keeps its preview.
    if (!this.#applying && this.#text.value !== '') this.#requestPreview();
  }

  fileText(text: string): void {
    this.#text.value = text;
    this.#done.clear();
    this.#textChanged();
    this.#text.focus();
  }

  preview(message: Message<'preview'>): void {
    if (message.seq !== this.#seq || this.#applying) return;
    const chosen = new Map(this.#rows.map((row) => [row.data.key, row.selected]));
    this.#rows = message.rows.map((data) => this.#row(data, chosen.get(data.key)));
    this.#body.replaceChildren(...this.#rows.map((row) => row.element));
    this.#preview.hidden = this.#rows.length === 0;
    this.#render();
  }

  applyRow(message: Message<'applyRow'>): void {
    const row = this.#rows.find(({ data }) => data.line === message.line && data.state !== 'problem');
    if (row === undefined) return;
    row.setProgress(message.state, message.message);
    if (message.state === 'done' && row.data.key !== undefined) this.#done.add(row.data.key);
    const running = this.#rows.filter(({ counted }) => counted);
    const finished = running.filter(({ finished }) => finished).length;
    setText(
      this.#progress,
      fill(this.#context.strings.applying, Math.min(finished + 1, running.length), running.length),
    );
  }

  /** The run ended. What was set leaves the selection; the rest stays. Everything set: the text goes too. */
  applied(): void {
    this.#applying = false;
    setText(this.#progress, '');
    for (const row of this.#rows) row.endRun();
    const left = this.#rows.some((row) => row.data.state !== 'problem' && !row.finished);
    if (!left && this.#rows.every((row) => row.data.state !== 'problem')) {
      this.#text.value = '';
      this.#done.clear();
    }
    this.#render();
    if (left) this.#apply.focus();
    else this.#text.focus();
  }

  #row(data: PreviewRow, chosen: boolean | undefined): ImportRow {
    const done = data.key !== undefined && this.#done.has(data.key);
    const selected = data.state !== 'problem' && !done && (chosen ?? data.message === undefined);
    return new ImportRow(this.#context, data, selected, done, () => this.#render());
  }

  #textChanged(): void {
    this.#requestPreview();
  }

  #requestPreview(): void {
    this.#seq += 1;
    this.#context.send({ type: 'previewImport', seq: this.#seq, text: this.#text.value });
  }

  #start(): void {
    if (this.#applying) return;
    const appId = appFor(this.#context);
    if (appId === undefined) return;
    const chosen = this.#rows.filter((row) => row.selected);
    if (chosen.length === 0) {
      this.#context.announce('info', this.#context.strings.nothingToApply);
      return;
    }
    this.#applying = true;
    for (const row of this.#rows) row.beginRun();
    setText(this.#progress, fill(this.#context.strings.applying, 1, chosen.length));
    this.#render();
    this.#stop.focus();
    this.#context.send({
      type: 'apply',
      appId,
      text: this.#text.value,
      lines: chosen.map((row) => row.data.line),
    });
  }

  #requestStop(): void {
    setText(this.#progress, this.#context.strings.stopping);
    this.#context.send({ type: 'stopApply' });
  }

  #render(): void {
    const chosen = this.#rows.filter((row) => row.selected).length;
    const selectable = this.#rows.filter((row) => row.selectable).length;
    setText(this.#apply, fill(this.#context.strings.apply, this.#context.format.number(chosen)));
    setDisabled(this.#apply, this.#applying || chosen === 0);
    setDisabled(this.#open, this.#applying);
    this.#stop.hidden = !this.#applying;
    this.#text.readOnly = this.#applying;
    this.#all.checked = selectable > 0 && chosen === selectable;
    this.#all.indeterminate = chosen > 0 && chosen < selectable;
    this.#all.disabled = this.#applying || selectable === 0;
  }
}
