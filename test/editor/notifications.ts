import * as vscode from 'vscode';

type Task = (
  progress: vscode.Progress<{ message?: string }>,
  token: vscode.CancellationToken,
) => Promise<unknown>;
type WithProgress = (options: vscode.ProgressOptions, task: Task) => Promise<unknown>;

interface Running {
  readonly cancel: vscode.CancellationTokenSource;
  text: string;
}

/**
 * Stands between the extension and the person while its notifications of something that goes on are shown, and
 * presses Cancel in them. The extension and its tests share one `vscode.window`.
 */
export class Notifications {
  /** Each text that was shown, in order. */
  readonly shown: string[] = [];
  readonly #window = vscode.window as unknown as { withProgress: WithProgress };
  readonly #original = this.#window.withProgress;
  readonly #running = new Set<Running>();
  #lastMomentOf: RegExp | undefined;

  start(): void {
    this.#window.withProgress = (options, task) =>
      this.#original.call(vscode.window, options, async (progress) => {
        const running: Running = { cancel: new vscode.CancellationTokenSource(), text: '' };
        this.#running.add(running);
        this.#show(running, options.title);
        try {
          const report = (step: { message?: string }): void => {
            this.#show(running, step.message);
            progress.report(step);
          };
          return await task({ report }, running.cancel.token);
        } finally {
          this.#show(running, undefined);
          this.#running.delete(running);
        }
      });
  }

  stop(): void {
    this.#window.withProgress = this.#original;
  }

  clear(): void {
    this.shown.length = 0;
    this.#lastMomentOf = undefined;
  }

  /** Presses Cancel in the last moment in which such a text is shown. */
  cancelAtTheEndOf(text: RegExp): void {
    this.#lastMomentOf = text;
  }

  /** Presses Cancel in what is shown now. */
  cancel(): void {
    for (const { cancel } of this.#running) cancel.cancel();
  }

  #show(running: Running, text: string | undefined): void {
    if (running.text !== '' && this.#lastMomentOf?.test(running.text) === true) running.cancel.cancel();
    running.text = text ?? '';
    if (text !== undefined) this.shown.push(text);
  }
}
