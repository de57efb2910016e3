import type { EnvToWebview } from '../protocol/env.ts';
import type { EnvContext } from './context.ts';
import { LossCard } from './lossCard.ts';

type Question = Extract<EnvToWebview, { readonly type: 'question' }>;

/** Asks what to do about data that a change would destroy. What was typed waits, unchanged, beside it. */
export class LossQuestion {
  readonly #context: EnvContext;
  readonly #card: LossCard;
  /** Of the question that is shown. */
  #seq: number | undefined;
  #answered = false;

  constructor(context: EnvContext) {
    this.#context = context;
    this.#card = new LossCard(context.strings, 'question', 'alertdialog');
    this.#card.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#answer(undefined);
    });
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  get open(): boolean {
    return this.#seq !== undefined;
  }

  ask({ seq, title, losses, notes, ways }: Question): void {
    this.#seq = seq;
    this.#answered = false;
    this.#card.show({
      title,
      losses,
      notes,
      actions: [
        ...ways.map(
          (way) =>
            ({
              title: way.title,
              kind: way.destroys ? 'destroys' : 'safe',
              go: () => this.#answer(way.title),
            }) as const,
        ),
        { title: this.#context.strings.cancel, kind: 'cancel', go: () => this.#answer(undefined) },
      ],
    });
    this.#card.focus();
  }

  /** The change that a question was about came to its end. @returns whether that question was shown */
  over(seq: number): boolean {
    if (this.#seq !== seq) return false;
    this.#seq = undefined;
    this.#card.hide();
    return true;
  }

  #answer(way: string | undefined): void {
    if (this.#seq === undefined || this.#answered) return;
    this.#answered = true;
    this.#context.send({ type: 'answer', seq: this.#seq, way });
  }
}
