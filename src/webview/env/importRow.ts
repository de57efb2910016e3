import { el, fill, icon } from '../common/dom.ts';
import type { PreviewRow } from '../protocol/env.ts';
import type { EnvContext } from './context.ts';

type Progress = 'idle' | 'waiting' | 'running' | 'done' | 'failed';

/** One line of the import preview: what it would do, and, while it is applied, how far it is. */
export class ImportRow {
  readonly element: HTMLElement;
  readonly data: PreviewRow;
  readonly #context: EnvContext;
  readonly #box;
  readonly #effect = el('td', { class: 'effect' });
  #progress: Progress;
  /** What came of the last run. */
  #result: string | undefined;

  constructor(context: EnvContext, data: PreviewRow, selected: boolean, done: boolean, onSelect: () => void) {
    this.#context = context;
    this.data = data;
    this.#progress = done ? 'done' : 'idle';
    this.#box = data.state === 'problem' ? undefined : el('vscode-checkbox');
    if (this.#box !== undefined) {
      this.#box.checked = selected;
      const label = fill(context.strings.selectKey, data.key ?? '', data.line);
      this.#box.append(el('span', { class: 'visually-hidden' }, label));
      this.#box.addEventListener('change', onSelect);
    }
    this.element = el(
      'tr',
      {},
      el('td', {}, this.#box),
      el('td', { class: 'number line' }, String(data.line)),
      el('td', {}, el('span', { class: 'key' }, data.key ?? '—')),
      this.#effect,
      el(
        'td',
        { class: 'number length' },
        data.length === undefined ? '' : context.format.number(data.length),
      ),
    );
    this.#render();
  }

  get selectable(): boolean {
    return this.#box !== undefined && this.#progress !== 'done';
  }

  get selected(): boolean {
    return this.selectable && this.#box?.checked === true;
  }

  /** Part of the run that goes on. */
  get counted(): boolean {
    return this.#progress !== 'idle' && this.#inRun;
  }

  get finished(): boolean {
    return this.#progress === 'done';
  }

  #inRun = false;

  select(selected: boolean): void {
    if (this.#box !== undefined && this.selectable) this.#box.checked = selected;
  }

  beginRun(): void {
    this.#inRun = this.selected;
    if (this.#inRun) this.#progress = 'waiting';
    if (this.#box !== undefined) this.#box.disabled = true;
    this.#result = undefined;
    this.#render();
  }

  setProgress(progress: 'running' | 'done' | 'failed', result: string | undefined): void {
    this.#progress = progress;
    this.#result = result;
    this.#render();
    if (progress === 'running') this.element.scrollIntoView({ block: 'nearest' });
  }

  endRun(): void {
    this.#inRun = false;
    if (this.#progress === 'waiting' || this.#progress === 'running') this.#progress = 'idle';
    if (this.#box !== undefined) {
      this.#box.disabled = this.#progress === 'done';
      if (this.#progress === 'done') this.#box.checked = false;
    }
    this.#render();
  }

  #render(): void {
    this.#effect.className = `effect ${this.#progress === 'idle' ? this.data.state : this.#progress}`;
    this.#effect.replaceChildren(
      ...(this.#progress === 'idle' ? this.#plan() : this.#progressText(this.#progress)),
    );
  }

  #progressText(progress: Exclude<Progress, 'idle'>): (Node | string)[] {
    const { strings } = this.#context;
    switch (progress) {
      case 'waiting':
        return [icon('circle-outline'), ` ${strings.rowWaiting}`];
      case 'running': {
        const spinner = icon('loading');
        spinner.classList.add('spin');
        return [spinner, ` ${strings.rowRunning}`];
      }
      case 'done':
        return [icon('pass'), ` ${this.#result ?? strings.rowDone}`];
      case 'failed':
        return [icon('error'), ` ${this.#result ?? ''}`];
    }
  }

  #plan(): (Node | string)[] {
    const { strings } = this.#context;
    const { state, message } = this.data;
    const label = { new: strings.stateNew, replaces: strings.stateReplaces, problem: strings.stateProblem }[
      state
    ];
    const glyph = { new: 'add', replaces: 'replace', problem: 'circle-slash' }[state];
    return [
      icon(message !== undefined && state !== 'problem' ? 'warning' : glyph),
      ` ${label}`,
      ...(message === undefined ? [] : [el('span', { class: 'why' }, message)]),
    ];
  }
}
