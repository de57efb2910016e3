import { el, fill, icon, setAttribute, setText } from '../common/dom.ts';
import type { Format } from '../common/format.ts';
import type { Metric, UsageSample, UsageStrings } from '../protocol/usage.ts';
import { UsageChart } from './chart.ts';
import { type Series, seriesOf } from './series.ts';

/** The chart with its metric switch, the value under the cursor, and what is said while there is too little to draw. */
export class ChartSection {
  readonly element: HTMLElement;
  readonly #strings: UsageStrings;
  readonly #format: Format;
  readonly #surface: HTMLElement;
  readonly #readout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  readonly #tooFew: HTMLElement;
  readonly #chart: UsageChart;
  #metric: Metric;
  #samples: readonly UsageSample[] = [];
  #series: Series = { xs: [], ys: [], starts: [], resets: [] };
  /** The point that the keyboard is on. */
  #focused: number | undefined;

  constructor(
    strings: UsageStrings,
    format: Format,
    metric: Metric,
    table: HTMLElement,
    onMetric: () => void,
  ) {
    this.#strings = strings;
    this.#format = format;
    this.#metric = metric;
    this.#surface = el('div', { class: 'chart', tabindex: 0, role: 'slider', 'aria-valuemin': 0 });
    this.#chart = new UsageChart(this.#surface, format, (index) => this.#read(index));
    this.#surface.addEventListener('keydown', (event) => this.#onKey(event));
    this.#surface.addEventListener('blur', () => {
      this.#focused = undefined;
      this.#chart.point(undefined);
    });
    this.#tooFew = el(
      'div',
      { class: 'too-few' },
      icon('graph-line'),
      el('h3', { class: 'visually-hidden' }, strings.tooFewTitle),
      el('p', {}, el('strong', {}, strings.tooFewTitle)),
      el('p', {}, strings.tooFewDetail),
    );
    this.element = el(
      'section',
      { class: 'card', 'aria-labelledby': 'chart-heading' },
      el(
        'div',
        { class: 'section-head' },
        el('h2', { id: 'chart-heading' }, strings.chartHeading),
        this.#segments(onMetric),
      ),
      this.#readout,
      el('div', { class: 'chart-area' }, this.#surface, this.#tooFew),
      table,
    );
  }

  get metric(): Metric {
    return this.#metric;
  }

  show(samples: readonly UsageSample[]): void {
    this.#samples = samples;
    this.#series = seriesOf(samples, this.#metric);
    const enough = samples.length >= 2;
    this.#surface.hidden = !enough;
    this.#tooFew.hidden = enough;
    if (!enough) return;
    const labels = this.#series.resets.map((reset) =>
      reset.kind === 'month'
        ? fill(this.#strings.monthStarts, this.#format.month(reset.at))
        : this.#strings.counterReset,
    );
    this.#chart.show(this.#series, labels);
    if (this.#focused !== undefined) this.#focused = Math.min(this.#focused, this.#series.xs.length - 1);
    this.#chart.point(this.#focused);
    this.#describe();
    this.#read(this.#focused);
  }

  #segments(onMetric: () => void): HTMLElement {
    const choice = (metric: Metric, label: string): HTMLElement => {
      const input = el('input', {
        type: 'radio',
        name: 'metric',
        value: metric,
        checked: metric === this.#metric,
      });
      input.addEventListener('change', () => {
        this.#metric = metric;
        this.show(this.#samples);
        onMetric();
      });
      return el('label', {}, input, label);
    };
    return el(
      'div',
      { class: 'segments', role: 'radiogroup', 'aria-label': this.#strings.metric },
      choice('requests', this.#strings.requests),
      choice('cpuMs', this.#strings.cpuTime),
    );
  }

  /** Shows the value under the cursor; without one, the newest. */
  #read(index: number | undefined): void {
    setText(this.#readout, this.#pointText(index ?? this.#series.xs.length - 1));
  }

  #pointText(index: number): string {
    const at = (this.#series.xs[index] ?? 0) * 1000;
    const value = this.#series.ys[index] ?? 0;
    const number = this.#format.number(value);
    const unit = this.#metric === 'requests' ? this.#strings.requestCount : this.#strings.milliseconds;
    return fill(this.#strings.point, this.#format.moment(at), fill(unit, number));
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#series.xs.length - 1;
    const here = this.#focused ?? last;
    const step: Partial<Record<string, number>> = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      PageDown: here - 10,
      PageUp: here + 10,
      Home: 0,
      End: last,
    };
    const next = step[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#focused = Math.min(last, Math.max(0, next));
    this.#chart.point(this.#focused);
    this.#describe();
  }

  #describe(): void {
    const end = this.#series.xs.length - 1;
    const here = this.#focused ?? end;
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined) return;
    const metric = this.#metric === 'requests' ? this.#strings.requests : this.#strings.cpuTime;
    const summary = fill(
      this.#strings.chartSummary,
      metric,
      this.#samples.length,
      this.#format.moment(first.at),
      this.#format.moment(last.at),
      this.#format.number(last[this.#metric]),
    );
    setAttribute(this.#surface, 'aria-label', summary);
    setAttribute(this.#surface, 'aria-description', this.#strings.chartHint);
    setAttribute(this.#surface, 'aria-valuemax', end);
    setAttribute(this.#surface, 'aria-valuenow', here);
    setAttribute(this.#surface, 'aria-valuetext', this.#pointText(here));
  }
}
