import type * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import type { Sight } from '../../operations/history/sight.ts';
import { logError } from '../errors.ts';
import type { AppState } from '../session/appState.ts';
import type { ReadySession } from '../session/session.ts';
import type { Onlooker } from './onlooker.ts';
import { personalHistory } from './personalHistory.ts';

/** The history of the app that the window shows, for the views. */
export class AppHistory implements vscode.Disposable {
  readonly #state: AppState;
  readonly #onlooker: Onlooker;
  readonly onDidChange: vscode.Event<void>;
  #trouble = '';

  constructor(state: AppState, onlooker: Onlooker) {
    this.#state = state;
    this.#onlooker = onlooker;
    this.onDidChange = onlooker.onDidChange;
  }

  /** How what is deployed under a name relates to what a person saw of it; undefined while it is not known. */
  sight(name: string): Sight | undefined {
    return this.#onlooker.sight(name);
  }

  /** Reads and records what is deployed under a name right now. Rejects when it cannot. */
  async see(session: ReadySession, name: string, signal: AbortSignal): Promise<void> {
    await this.#onlooker.see(session, name, signal);
  }

  /** A person looks at what is deployed under that name. */
  looked(name: string): void {
    this.#onlooker.looked(name);
  }

  /**
   * The entries of a class, or of all, newest first; of the app as last known, also while its platform is away.
   * A history that cannot be read is empty here: commands that need it say why.
   */
  async entries(name?: string): Promise<readonly HistoryEntry[]> {
    const { snapshot } = this.#state;
    if (snapshot === undefined) return [];
    try {
      const history = await personalHistory();
      return await history.list({ appId: snapshot.appId, platform: snapshot.place, name });
    } catch (error) {
      const { message } = toError(error);
      // With every refresh it would be said again.
      if (message !== this.#trouble) logError(error, 'reading the history');
      this.#trouble = message;
      return [];
    }
  }

  dispose(): void {
    this.#onlooker.dispose();
  }
}
