import { roundCorners } from '../common/controls.ts';
import { arrange, el, fill, icon, iconButton, setAttribute, setText } from '../common/dom.ts';
import type { EnvReady, EnvRow } from '../protocol/env.ts';
import { appFor, type EnvContext } from './context.ts';

/** The keys of the app, with a filter. Rows are kept by key, so focus and scroll position survive a refresh. */
export class EnvList {
  readonly element: HTMLElement;
  readonly #context: EnvContext;
  readonly #onReplace: (key: string) => void;
  readonly #onEmpty: () => void;
  readonly #heading = el('h2', { id: 'list-heading' });
  readonly #filter = el('vscode-textfield', { class: 'filter', type: 'search' });
  readonly #body = el('tbody');
  readonly #table: HTMLTableElement;
  readonly #actionsHead: HTMLElement;
  readonly #empty = el('div', { class: 'empty' });
  readonly #rows = new Map<string, ListRow>();
  #view: EnvReady | undefined;
  /** A key that was just set and has no row yet. */
  #flashLater: string | undefined;
  /** Where focus goes when the row that had it is gone. */
  #deleting: { readonly key: string; readonly index: number } | undefined;

  /** @param onEmpty takes the focus when the last key is gone. */
  constructor(context: EnvContext, filter: string, onReplace: (key: string) => void, onEmpty: () => void) {
    this.#context = context;
    this.#onReplace = onReplace;
    this.#onEmpty = onEmpty;
    const { strings } = context;
    this.#filter.label = strings.filterLabel;
    this.#filter.placeholder = strings.filterLabel;
    this.#filter.value = filter;
    roundCorners(this.#filter);
    this.#filter.append(el('span', { slot: 'content-before', class: 'codicon codicon-filter' }));
    this.#filter.addEventListener('input', () => {
      this.#context.keep();
      this.#render();
    });
    this.#filter.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#filter.value === '') return;
      event.preventDefault();
      this.#filter.value = '';
      this.#context.keep();
      this.#render();
    });
    this.#actionsHead = el(
      'th',
      { scope: 'col', class: 'actions' },
      el('span', { class: 'visually-hidden' }, strings.actionsColumn),
    );
    this.#table = el(
      'table',
      { 'aria-labelledby': 'list-heading' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('th', { scope: 'col' }, strings.keyColumn),
          el('th', { scope: 'col' }, strings.valueColumn),
          this.#actionsHead,
        ),
      ),
      this.#body,
    );
    this.element = el(
      'section',
      { class: 'card list', 'aria-labelledby': 'list-heading' },
      el('div', { class: 'section-head' }, this.#heading, this.#filter),
      this.#table,
      this.#empty,
    );
  }

  get filter(): string {
    return this.#filter.value;
  }

  show(view: EnvReady): void {
    this.#view = view;
    const keys = new Set(view.rows.map((row) => row.key));
    for (const key of this.#rows.keys()) {
      if (!keys.has(key)) this.#rows.delete(key);
    }
    for (const row of view.rows) {
      const known = this.#rows.get(row.key) ?? this.#newRow(row.key);
      this.#rows.set(row.key, known);
      known.show(row, view.readOnly !== undefined);
    }
    this.#actionsHead.hidden = view.readOnly !== undefined;
    this.#render();
    this.#restoreFocus();
    if (this.#flashLater !== undefined && this.#rows.has(this.#flashLater)) this.flash(this.#flashLater);
  }

  /** The deletion of a key began or ended without it. */
  setBusy(key: string, busy: boolean): void {
    this.#rows.get(key)?.setBusy(busy);
  }

  /** A key was not deleted: its button gets the focus back. */
  kept(key: string, takesFocus = true): void {
    this.#deleting = undefined;
    this.setBusy(key, false);
    if (takesFocus) this.#rows.get(key)?.remove.focus();
  }

  /** Marks a key that was just set. */
  flash(key: string): void {
    const row = this.#rows.get(key);
    this.#flashLater = row === undefined ? key : undefined;
    row?.flash();
  }

  #newRow(key: string): ListRow {
    return new ListRow(
      this.#context,
      key,
      () => this.#onReplace(key),
      () => this.#delete(key),
    );
  }

  #delete(key: string): void {
    const appId = appFor(this.#context);
    if (appId === undefined) return;
    this.#deleting = { key, index: this.#shown().findIndex((row) => row.key === key) };
    this.setBusy(key, true);
    this.#context.send({ type: 'delete', appId, key });
  }

  #shown(): EnvRow[] {
    const wanted = this.#filter.value.trim().toUpperCase();
    return (this.#view?.rows ?? []).filter((row) => row.key.toUpperCase().includes(wanted));
  }

  #render(): void {
    const view = this.#view;
    if (view === undefined) return;
    const { strings, format } = this.#context;
    const shown = this.#shown();
    const all = view.rows.length;
    setText(
      this.#heading,
      shown.length === all
        ? fill(strings.listHeading, format.number(all))
        : fill(strings.matches, format.number(shown.length), format.number(all)),
    );
    this.#filter.hidden = all === 0;
    this.#table.hidden = shown.length === 0;
    this.#empty.hidden = shown.length > 0;
    if (all === 0)
      this.#empty.replaceChildren(
        el('p', {}, el('strong', {}, strings.emptyTitle)),
        el('p', {}, strings.emptyDetail),
      );
    else if (shown.length === 0)
      this.#empty.replaceChildren(el('p', {}, fill(strings.noMatch, this.#filter.value)));
    arrange(
      this.#body,
      shown.flatMap(({ key }) => this.#rows.get(key)?.element ?? []),
    );
  }

  /** When the row of a deleted key is gone: the next one, else the one before, else the filter; without any key, the form. */
  #restoreFocus(): void {
    const gone = this.#deleting;
    if (gone === undefined || this.#rows.has(gone.key)) return;
    this.#deleting = undefined;
    const active = document.activeElement;
    if (active !== null && active !== document.body) return;
    const shown = this.#shown();
    const next = shown[gone.index] ?? shown[gone.index - 1];
    if (this.#rows.size === 0) this.#onEmpty();
    else if (next === undefined) this.#filter.focus();
    else this.#rows.get(next.key)?.remove.focus();
  }
}

class ListRow {
  readonly element: HTMLElement;
  readonly remove: HTMLButtonElement;
  readonly #replace: HTMLButtonElement;
  readonly #warning = el('p', { class: 'row-warning' });
  readonly #unused: HTMLElement;
  readonly #actions: HTMLElement;
  #busy = false;

  constructor(context: EnvContext, key: string, onReplace: () => void, onDelete: () => void) {
    const { strings } = context;
    this.#replace = iconButton('edit', fill(strings.replaceKey, key), onReplace);
    this.remove = iconButton('trash', fill(strings.deleteKey, key), () => {
      if (!this.#busy) onDelete();
    });
    this.#unused = el('p', { class: 'row-warning', title: strings.unusedAbout }, strings.unused);
    this.#actions = el('td', { class: 'actions' }, el('div', {}, this.#replace, this.remove));
    this.element = el(
      'tr',
      {},
      el('td', {}, el('span', { class: 'key' }, key), this.#warning, this.#unused),
      el('td', { class: 'write-only' }, icon('lock'), ` ${strings.writeOnly}`),
      this.#actions,
    );
  }

  show(row: EnvRow, readOnly: boolean): void {
    setText(this.#warning, row.warning ?? '');
    this.#warning.hidden = row.warning === undefined;
    this.#unused.hidden = !row.isUnused;
    this.#actions.hidden = readOnly;
  }

  setBusy(busy: boolean): void {
    this.#busy = busy;
    setAttribute(this.element, 'aria-busy', busy ? 'true' : undefined);
    setAttribute(this.remove, 'aria-disabled', busy ? 'true' : undefined);
  }

  flash(): void {
    this.element.classList.remove('flash');
    // Reading the layout makes the animation start again when it is already running.
    this.element.getBoundingClientRect();
    this.element.classList.add('flash');
  }
}
