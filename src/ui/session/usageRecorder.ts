import type * as vscode from 'vscode';
import { connectionOf } from './session.ts';
import { memoryKey } from './connections.ts';
import type { AppState } from './appState.ts';
import type { SessionStore } from './sessionStore.ts';
import { withSample, type UsageSample } from './usageSamples.ts';

/** Most apps of which samples are kept. */
const MAX_APPS = 20;
const STORAGE_KEY = 'usageSamples';

/** Takes a sample of the usage with every refresh; the platform itself keeps no history. */
export class UsageRecorder implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #session: SessionStore;
  readonly #listener: vscode.Disposable;

  constructor(memento: vscode.Memento, session: SessionStore, state: AppState) {
    this.#memento = memento;
    this.#session = session;
    this.#listener = state.onDidChange((snapshot) => {
      const key = this.#key();
      if (key === undefined || snapshot?.usage === undefined || snapshot.stale !== undefined) return;
      const samples = withSample(this.#all()[key] ?? [], { at: snapshot.at, ...snapshot.usage });
      void this.#memento.update(STORAGE_KEY, { ...this.#others(key), [key]: samples });
    });
  }

  /** The selected app's samples, oldest first. */
  get samples(): readonly UsageSample[] {
    const key = this.#key();
    return key === undefined ? [] : (this.#all()[key] ?? []);
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #all(): Readonly<Record<string, readonly UsageSample[]>> {
    return this.#memento.get(STORAGE_KEY, {});
  }

  /** The samples of the other apps; of too many, those that were not looked at for the longest time go. */
  #others(key: string): Readonly<Record<string, readonly UsageSample[]>> {
    const others = Object.entries(this.#all()).filter(([other]) => other !== key);
    const newest = (samples: readonly UsageSample[]): number => samples.at(-1)?.at ?? 0;
    others.sort(([, a], [, b]) => newest(b) - newest(a));
    return Object.fromEntries(others.slice(0, MAX_APPS - 1));
  }

  #key(): string | undefined {
    const session = this.#session.current;
    const connection = connectionOf(session);
    return session.kind === 'ready' && connection !== undefined
      ? `${memoryKey(connection)} ${session.app.id}`
      : undefined;
  }
}
