import assert from 'node:assert/strict';
import * as vscode from 'vscode';

type Show = (message: string, ...rest: unknown[]) => Promise<unknown>;

/** One message that the extension showed. */
export interface Shown {
  readonly kind: 'error' | 'warning' | 'information';
  readonly message: string;
  /** What a modal message says below its first sentence. */
  readonly detail: string;
  readonly buttons: readonly string[];
}

/**
 * Stands between the extension and the person while its messages are shown: remembers each, and answers with the
 * button that `answer` names, or closes it. The extension and its tests share one `vscode.window`.
 */
export class Messages {
  readonly shown: Shown[] = [];
  answer: (shown: Shown) => string | undefined = () => undefined;
  readonly #window = vscode.window as unknown as Record<string, Show>;
  readonly #original: Record<string, Show> = {};

  start(): void {
    this.#replace('showErrorMessage', 'error');
    this.#replace('showWarningMessage', 'warning');
    this.#replace('showInformationMessage', 'information');
  }

  stop(): void {
    Object.assign(this.#window, this.#original);
  }

  clear(): void {
    this.shown.length = 0;
    this.answer = () => undefined;
  }

  /** The first message of a kind, which has to be there. */
  first(kind: Shown['kind']): Shown {
    const found = this.shown.find((each) => each.kind === kind);
    assert.ok(found !== undefined, `no ${kind} among ${JSON.stringify(this.shown)}`);
    return found;
  }

  #replace(method: string, kind: Shown['kind']): void {
    const original = this.#window[method];
    if (original === undefined) throw new Error(`There is no ${method}.`);
    this.#original[method] = original;
    this.#window[method] = (message, ...rest) => {
      const buttons = rest.flatMap((item) => (typeof item === 'string' ? [item] : []));
      const [options] = rest as [{ detail?: string } | string | undefined];
      const detail = typeof options === 'object' ? (options.detail ?? '') : '';
      const shown: Shown = { kind, message, detail, buttons };
      this.shown.push(shown);
      return Promise.resolve(this.answer(shown));
    };
  }
}
