import * as vscode from 'vscode';
import type { Linter } from '../diagnostics/linter.ts';
import type { Disposable } from '../disposable.ts';
import { logError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { AppSnapshot } from '../session/appState.ts';

/**
 * Which keys of the environment no class reads, by the files of the workspace. It looks only while it is asked
 * to, and tells when the answer is another one than before.
 */
export class EnvReaders implements vscode.Disposable {
  readonly #state: Pick<Parts['state'], 'snapshot'>;
  readonly #linter: Pick<Linter, 'unusedEnvKeys'>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  readonly #listeners: readonly Disposable[];
  #isWatching = false;
  #answer: { readonly place: string; readonly unused: ReadonlySet<string> } | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor({ state, files }: Pick<Parts, 'state' | 'files'>, linter: Pick<Linter, 'unusedEnvKeys'>) {
    this.#state = state;
    this.#linter = linter;
    const look = (): void => this.#look();
    this.#listeners = [
      this.#changed,
      state.onDidChange(look),
      files.onDidChange(look),
      files.onDidChangeContent(look),
    ];
  }

  /** Whether somebody sees the answer: nothing is read before. */
  watch(isWatching: boolean): void {
    const isNew = isWatching && !this.#isWatching;
    this.#isWatching = isWatching;
    if (isNew) this.#look();
  }

  /** The keys that no class reads; empty while that is not known. */
  unusedOf(snapshot: AppSnapshot): ReadonlySet<string> {
    return this.#answer?.place === placeOf(snapshot) ? this.#answer.unused : NONE;
  }

  dispose(): void {
    this.#isWatching = false;
    for (const listener of this.#listeners) listener.dispose();
  }

  /** Questions that come while one is on its way share one more after it. */
  #look(): void {
    if (!this.#isWatching) return;
    if (this.#running !== undefined) this.#again = true;
    else this.#running = this.#ask().finally(() => this.#next());
  }

  #next(): void {
    this.#running = undefined;
    if (!this.#again) return;
    this.#again = false;
    this.#look();
  }

  async #ask(): Promise<void> {
    const { snapshot } = this.#state;
    if (snapshot === undefined) return;
    try {
      const unused = new Set(await this.#linter.unusedEnvKeys());
      const before = this.unusedOf(snapshot);
      const isSame = unused.size === before.size && [...unused].every((key) => before.has(key));
      this.#answer = { place: placeOf(snapshot), unused };
      if (this.#isWatching && !isSame) this.#changed.fire();
    } catch (error) {
      logError(error, 'looking for the readers of env keys');
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Tells the apps of all platforms apart. */
function placeOf({ place, appId }: AppSnapshot): string {
  return `${place} ${appId}`;
}
