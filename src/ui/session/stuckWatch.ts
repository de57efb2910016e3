import * as vscode from 'vscode';
import { isCancelled, toError } from '../../core/errors.ts';
import type { StuckState } from '../../core/plan/stuck.ts';
import type { Disposable } from '../disposable.ts';
import { logError } from '../errors.ts';
import { isOf, type AppSnapshot, type AppState } from './appState.ts';
import type { Session } from './session.ts';

/** The states in which the selected app is stuck, looked for with every refresh that shows something else. */
export class StuckWatch implements vscode.Disposable {
  readonly #current: () => Session;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  readonly #listener: Disposable;
  #found: { readonly place: string; readonly states: readonly StuckState[] } | undefined;
  #asked: AppSnapshot | undefined;

  constructor(current: () => Session, state: Pick<AppState, 'onDidChange'>) {
    this.#current = current;
    this.#listener = state.onDidChange((snapshot) => void this.#look(snapshot));
  }

  /** Of the app that a snapshot shows; what was found last while its platform is away. */
  statesOf(snapshot: AppSnapshot): readonly StuckState[] {
    return this.#found?.place === placeOf(snapshot) ? this.#found.states : [];
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  /** An answer that is overtaken by another snapshot is dropped. Never rejects. */
  async #look(snapshot: AppSnapshot | undefined): Promise<void> {
    const session = this.#current();
    this.#asked = snapshot;
    if (session.kind !== 'ready' || snapshot === undefined || snapshot.stale !== undefined) return;
    if (!isOf(snapshot, session)) return;
    try {
      const states = await session.operations.stuck({
        rows: snapshot.classes,
        envKeys: snapshot.envKeys,
        appEnvKeys: snapshot.appEnvKeys,
      });
      if (states === undefined || this.#asked !== snapshot) return;
      const before = JSON.stringify(this.statesOf(snapshot));
      this.#found = { place: placeOf(snapshot), states };
      if (JSON.stringify(states) !== before) this.#changed.fire();
    } catch (error) {
      if (!isCancelled(error)) logError(toError(error), 'looking whether the app is stuck');
    }
  }
}

function placeOf({ place, appId }: AppSnapshot): string {
  return `${place}/${appId}`;
}
