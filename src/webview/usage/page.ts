import { el, fill, iconButton, setAttribute, setText } from '../common/dom.ts';
import { formatOf, type Format } from '../common/format.ts';
import type { Host } from '../common/host.ts';
import { troubleNotice } from '../common/notice.ts';
import { showBody, unavailableView } from '../common/unavailable.ts';
import type { UsageProtocol, UsageReady, UsageStrings, UsageView } from '../protocol/usage.ts';
import { ChartSection } from './chartSection.ts';
import { SampleTable } from './sampleTable.ts';

/** The usage page. Its elements are made once and only their contents change, so nothing jumps and focus stays. */
export class UsagePage {
  readonly #host: Host<UsageProtocol>;
  readonly #strings: UsageStrings;
  readonly #format: Format;
  readonly #sub = el('p', { class: 'sub' });
  readonly #refresh: HTMLButtonElement;
  readonly #message = el('div');
  readonly #body: HTMLElement;
  readonly #requests = el('p', { class: 'big' });
  readonly #cpu = el('p', { class: 'big' });
  readonly #freshness = el('p', { class: 'freshness' });
  readonly #live = el('div', { class: 'visually-hidden', role: 'status' });
  readonly #chart: ChartSection;
  readonly #table: SampleTable;
  #refreshing = false;

  constructor(host: Host<UsageProtocol>, strings: UsageStrings, language: string) {
    this.#host = host;
    this.#strings = strings;
    this.#format = formatOf(language);
    this.#refresh = iconButton('refresh', strings.refresh, () => {
      if (!this.#refreshing) host.send({ type: 'refresh' });
    });
    const restored = host.restored();
    this.#table = new SampleTable(strings, this.#format, restored.tableOpen === true, () => this.#keep());
    this.#chart = new ChartSection(
      strings,
      this.#format,
      restored.metric === 'cpuMs' ? 'cpuMs' : 'requests',
      this.#table.element,
      () => this.#keep(),
    );
    this.#body = el(
      'div',
      { hidden: true },
      el(
        'div',
        { class: 'figures' },
        this.#figure(strings.requests, this.#requests),
        this.#figure(strings.cpuTime, this.#cpu),
      ),
      this.#freshness,
      this.#chart.element,
    );
    document.body.replaceChildren(
      el(
        'main',
        {},
        el(
          'header',
          { class: 'page-head' },
          el('div', { class: 'titles' }, el('h1', {}, strings.title), this.#sub),
          el('div', { class: 'buttons' }, this.#refresh),
        ),
        this.#message,
        this.#body,
        this.#live,
      ),
    );
  }

  show(view: UsageView): void {
    showBody(this.#body, view.kind);
    switch (view.kind) {
      case 'loading':
        setText(this.#sub, this.#strings.loading);
        this.#message.replaceChildren();
        return;
      case 'unavailable':
        setText(this.#sub, '');
        this.#message.replaceChildren(
          unavailableView(view, (action) => this.#host.send({ type: 'action', action })),
        );
        return;
      case 'ready':
        this.#showUsage(view);
    }
  }

  setRefreshing(on: boolean): void {
    this.#refreshing = on;
    this.#refresh.querySelector('.codicon')?.classList.toggle('spin', on);
    setAttribute(this.#refresh, 'aria-disabled', on ? 'true' : undefined);
    if (on) setText(this.#live, this.#strings.refreshing);
  }

  #showUsage(view: UsageReady): void {
    const { now, samples, trouble } = view;
    const time = fill(this.#strings.readAt, this.#format.clock(now.at));
    setText(this.#sub, `${view.month} · ${view.app} · ${view.connection}`);
    setText(this.#requests, this.#format.number(now.requests));
    setText(this.#cpu, fill(this.#strings.milliseconds, this.#format.number(now.cpuMs)));
    setText(this.#freshness, `${view.freshness} ${time}`);
    this.#message.replaceChildren(...(trouble === undefined ? [] : [troubleNotice(trouble)]));
    this.#chart.show(samples);
    this.#table.show(samples);
    setText(this.#live, trouble === undefined ? time : `${trouble.message} ${trouble.nextStep}`);
  }

  #figure(label: string, value: HTMLElement): HTMLElement {
    return el(
      'section',
      { class: 'card' },
      el(
        'div',
        { class: 'figure-label' },
        el('h2', {}, label),
        el('span', { class: 'tag' }, this.#strings.appWide),
      ),
      value,
    );
  }

  #keep(): void {
    this.#host.keep({ metric: this.#chart.metric, tableOpen: this.#table.open });
  }
}
