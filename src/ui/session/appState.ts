import * as vscode from 'vscode';
import { DoError, ERROR_CODES, isCancelled, toError } from '../../core/errors.ts';
import type { DoClass, Usage } from '../../core/model/app.ts';
import { logError } from '../errors.ts';
import { isRejectedKey, memoryKey } from './connections.ts';
import { connectionOf, type ReadySession } from './session.ts';
import type { SessionStore } from './sessionStore.ts';

/** What the platform last said about the selected app. */
export interface AppSnapshot {
  readonly appId: string;
  /** `memoryKey` of its connection. */
  readonly place: string;
  readonly classes: readonly DoClass[];
  readonly envKeys: readonly string[];
  /** Of the whole app, under those of its Durable Objects. Left out when the platform did not say. */
  readonly appEnvKeys?: readonly string[] | undefined;
  /** Undefined when the platform did not say. */
  readonly usage: Usage | undefined;
  /** Milliseconds since 1970 of the answer. */
  readonly at: number;
  /** Why a later refresh failed: what is here may have changed since `at`. */
  readonly stale: DoError | undefined;
}

/** Where the last snapshot of the current folder is kept beyond the window's life. */
export interface SnapshotMemory {
  get(): AppSnapshot | undefined;
  set(snapshot: AppSnapshot): void;
}

/** What of the session the state needs: who is asked, and whom it tells that asking failed for good. */
export type AppStateSession = Pick<SessionStore, 'current' | 'keyRejected' | 'appUnreadable'>;

/**
 * The selected app as last seen. It asks only in `refresh`; who calls that, and when, is the business of
 * `RefreshScheduler` and of the commands that change something.
 */
export class AppState implements vscode.Disposable {
  readonly #session: AppStateSession;
  readonly #memory: SnapshotMemory;
  readonly #changed = new vscode.EventEmitter<AppSnapshot | undefined>();
  readonly onDidChange: vscode.Event<AppSnapshot | undefined> = this.#changed.event;
  #snapshot: AppSnapshot | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(session: AppStateSession, memory: SnapshotMemory) {
    this.#session = session;
    this.#memory = memory;
  }

  get snapshot(): AppSnapshot | undefined {
    return this.#snapshot;
  }

  /** Reads everything again; calls while one runs share one more run after it. Never rejects. */
  refresh(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /**
   * Keeps the snapshot only while it belongs to the session: another app's classes must never be shown
   * as this one's. While the platform is away, the last one stays, marked as stale; a window that is opened
   * then shows the one that was kept.
   */
  sessionChanged(): void {
    const session = this.#session.current;
    const connection = connectionOf(session);
    const isOfPlace = (snapshot: AppSnapshot | undefined): snapshot is AppSnapshot =>
      snapshot !== undefined && connection !== undefined && snapshot.place === memoryKey(connection);
    if (session.kind === 'unreachable') {
      const last = [this.#snapshot, this.#memory.get()].find(isOfPlace);
      if (last !== undefined) this.#set({ ...last, stale: session.error });
      else if (this.#snapshot !== undefined) this.#set(undefined);
      return;
    }
    const snapshot = this.#snapshot;
    if (snapshot === undefined || (session.kind === 'ready' && isOf(snapshot, session))) return;
    if (session.kind === 'connecting' && isOfPlace(snapshot)) return;
    this.#set(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #loop(): Promise<void> {
    for (let isWanted = true; isWanted; isWanted = this.#again) {
      this.#again = false;
      const session = this.#session.current;
      if (session.kind === 'ready') await this.#read(session);
    }
  }

  async #read(session: ReadySession): Promise<void> {
    const { operations, app, connection } = session;
    try {
      const [classes, envKeys, appEnvKeys, usage] = await Promise.all([
        operations.list(),
        operations.listEnv(),
        operations.listAppEnv().catch((error: unknown) => {
          logError(error, 'reading the variables of the app');
          return undefined;
        }),
        operations.usage().catch((error: unknown) => {
          logError(error, 'reading the usage');
          return undefined;
        }),
      ]);
      if (this.#session.current !== session) return;
      const place = memoryKey(connection);
      const now = { classes, envKeys, appEnvKeys, usage, at: Date.now(), stale: undefined };
      const snapshot = { appId: app.id, place, ...now };
      this.#set(snapshot);
      this.#memory.set(snapshot);
    } catch (thrown) {
      if (this.#session.current !== session || isCancelled(thrown)) return;
      const error = asDoError(thrown);
      logError(error, 'reading the app');
      if (isRejectedKey(error)) this.#session.keyRejected(error);
      else if (this.#snapshot !== undefined) this.#set({ ...this.#snapshot, stale: error });
      else this.#session.appUnreadable(error);
    }
  }

  #set(next: AppSnapshot | undefined): void {
    this.#snapshot = next;
    this.#changed.fire(next);
  }
}

/** Whether a snapshot is of the app that a session is connected to. */
export function isOf(snapshot: AppSnapshot, session: ReadySession): boolean {
  return snapshot.appId === session.app.id && snapshot.place === memoryKey(session.connection);
}

function asDoError(error: unknown): DoError {
  if (error instanceof DoError) return error;
  return new DoError({
    code: ERROR_CODES.badResponse,
    message: vscode.l10n.t('The app could not be read: {0}', toError(error).message),
    nextStep: vscode.l10n.t('The log has the details.'),
    cause: error,
  });
}
