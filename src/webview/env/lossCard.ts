import { button, setDisabled } from '../common/controls.ts';
import { el, fill, icon, setText } from '../common/dom.ts';
import type { EnvStrings, Loss } from '../protocol/env.ts';

export interface LossAction {
  readonly title: string;
  /** `safe` is the button to press; what loses data is never the one that has the focus. */
  readonly kind: 'safe' | 'destroys' | 'cancel';
  readonly go: () => void;
}

export interface LossText {
  readonly title: string;
  readonly losses: readonly Loss[];
  readonly notes: readonly string[];
  readonly actions: readonly LossAction[];
}

/** Says which classes would lose what they stored and why, with the ways out as buttons. */
export class LossCard {
  readonly element: HTMLElement;
  readonly #strings: EnvStrings;
  readonly #title: HTMLElement;
  readonly #losses = el('ul', { class: 'losses' });
  readonly #notes: HTMLElement;
  readonly #buttons = el('div', { class: 'buttons' });
  readonly #progress = el('p', { class: 'muted', role: 'status' });
  #actions: readonly { readonly kind: LossAction['kind']; readonly button: ReturnType<typeof button> }[] = [];

  /** @param role `alertdialog` for a question that waits for an answer, `region` for what is so all the time */
  constructor(strings: EnvStrings, id: string, role: 'alertdialog' | 'region') {
    this.#strings = strings;
    this.#title = el('h2', { id: `${id}-title` });
    this.#notes = el('div', { class: 'loss-notes' });
    this.element = el(
      'section',
      {
        class: 'card loss',
        role,
        hidden: true,
        'aria-labelledby': `${id}-title`,
        ...(role === 'alertdialog' ? { 'aria-describedby': `${id}-about` } : {}),
      },
      icon('warning'),
      el(
        'div',
        { class: 'loss-body' },
        this.#title,
        el('div', { id: `${id}-about` }, this.#losses, this.#notes),
        this.#buttons,
        this.#progress,
      ),
    );
  }

  show({ title, losses, notes, actions }: LossText): void {
    setText(this.#title, title);
    this.#losses.replaceChildren(...losses.map((loss) => this.#loss(loss)));
    this.#notes.replaceChildren(...notes.map((note) => el('p', { class: 'muted' }, note)));
    this.#actions = actions.map((action) => ({ kind: action.kind, button: this.#button(action) }));
    this.#buttons.replaceChildren(...this.#actions.map((action) => action.button));
    this.endBusy();
    this.element.hidden = false;
  }

  /** Puts the focus on the way that loses nothing. */
  focus(): void {
    const first = this.#actions.find(({ kind }) => kind === 'safe') ?? this.#actions.at(-1);
    this.element.scrollIntoView({ block: 'nearest' });
    // A button of the elements library can take the focus once it is drawn.
    void first?.button.updateComplete.then(() => first.button.focus());
  }

  hide(): void {
    this.element.hidden = true;
  }

  endBusy(): void {
    setText(this.#progress, '');
    for (const action of this.#actions) setDisabled(action.button, false);
  }

  #button({ title, kind, go }: LossAction): ReturnType<typeof button> {
    return button(title, { secondary: kind !== 'safe' }, () => {
      if (kind !== 'cancel') {
        for (const action of this.#actions) setDisabled(action.button, true);
        setText(this.#progress, fill(this.#strings.underWay, title));
      }
      go();
    });
  }

  #loss({ name, className, reason }: Loss): HTMLElement {
    return el(
      'li',
      {},
      el('span', { class: 'key' }, name),
      el('span', { class: 'muted' }, ` ${fill(this.#strings.ofClass, className)}`),
      el('p', {}, reason),
    );
  }
}
