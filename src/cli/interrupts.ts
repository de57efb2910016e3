import type { Output } from './output/output.ts';
import { EXIT } from './exitCodes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Somebody left although a change was under way. */
const LEFT = 'LEFT_EARLY';
const LEFT_MESSAGE = 'Ended. What was sent is carried out.';
const LEFT_STEP = '`cli status` finds out what became of it.';

/**
 * Ctrl-C and the end of a CI job. The first one stops what has not been sent and lets what has been sent come to
 * its end; the second one ends the process at once.
 */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    if (this.#controller.signal.aborted) {
      this.#output.document({ error: { code: LEFT, message: LEFT_MESSAGE, nextStep: LEFT_STEP } });
      this.#output.say(`${LEFT_MESSAGE} ${LEFT_STEP}`);
      process.exit(EXIT.interrupted);
    }
    this.#controller.abort();
  };
}
