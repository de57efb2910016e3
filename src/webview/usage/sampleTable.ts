import { el, fill, setText } from '../common/dom.ts';
import type { Format } from '../common/format.ts';
import type { UsageSample, UsageStrings } from '../protocol/usage.ts';
import { type TableRow, tableRows } from './series.ts';

/** Most rows that are shown; more would make the page slow and nobody reads them. */
const MAX_ROWS = 200;

/** The samples as a table behind a disclosure: the chart for those who do not see it, and exact numbers for all. */
export class SampleTable {
  readonly element: HTMLDetailsElement;
  readonly #strings: UsageStrings;
  readonly #format: Format;
  readonly #rows = el('tbody');
  readonly #note = el('p', { class: 'muted' });

  constructor(strings: UsageStrings, format: Format, open: boolean, onToggle: () => void) {
    this.#strings = strings;
    this.#format = format;
    const heads = [strings.requestsColumn, strings.cpuColumn, strings.changeColumn];
    this.element = el(
      'details',
      { class: 'samples', open },
      el('summary', {}, strings.showTable),
      el(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': strings.tableCaption },
        el(
          'table',
          {},
          el('caption', { class: 'visually-hidden' }, strings.tableCaption),
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              el('th', { scope: 'col' }, strings.timeColumn),
              ...heads.map((head) => el('th', { scope: 'col', class: 'number' }, head)),
            ),
          ),
          this.#rows,
        ),
      ),
      this.#note,
    );
    this.element.addEventListener('toggle', onToggle);
  }

  get open(): boolean {
    return this.element.open;
  }

  show(samples: readonly UsageSample[]): void {
    const rows = tableRows(samples);
    this.element.hidden = rows.length === 0;
    this.#rows.replaceChildren(...rows.slice(0, MAX_ROWS).map((row) => this.#row(row)));
    const cut = rows.length > MAX_ROWS;
    this.#note.hidden = !cut;
    setText(this.#note, cut ? fill(this.#strings.latestOf, MAX_ROWS, this.#format.number(rows.length)) : '');
  }

  #row({ sample, added, reset }: TableRow): HTMLElement {
    return el(
      'tr',
      {},
      el('td', {}, this.#format.moment(sample.at)),
      el('td', { class: 'number' }, this.#format.number(sample.requests)),
      el('td', { class: 'number' }, this.#format.number(sample.cpuMs)),
      el('td', { class: reset === undefined ? 'number' : 'number reset' }, this.#change(added, reset)),
    );
  }

  #change(added: TableRow['added'], reset: TableRow['reset']): string {
    if (reset?.kind === 'month') return fill(this.#strings.monthStarts, this.#format.month(reset.at));
    if (reset !== undefined) return this.#strings.counterReset;
    if (added === undefined) return '';
    if (added.requests === 0) return this.#strings.noChange;
    return `+${this.#format.number(added.requests)}`;
  }
}
