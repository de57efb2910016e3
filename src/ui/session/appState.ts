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
  /** Undefined when the platform did not say. */
  readonly usage: Usage | undefined;
  /** Milliseconds since 1970 of the answer. */
  readonly at: number;
  /** Why a later refresh failed: what is here may have changed since `at`. */
  readonly stale: DoError | undefined;
}

/** What of the session the state needs: who is asked, and whom it tells that asking failed for good. */
export type AppStateSession = Pick<SessionStore, 'current' | 'keyRejected' | 'appUnreadable'>;

/**
 * The selected app as last seen. It asks only in `refresh`; who calls that, and when, is the business of
 * `RefreshScheduler` and of the commands that change something.
 */
export class AppState implements vscode.Disposable {
  readonly #session: AppStateSession;
  readonly #changed = new vscode.EventEmitter<AppSnapshot | undefined>();
  readonly onDidChange: vscode.Event<AppSnapshot | undefined> = this.#changed.event;
  #snapshot: AppSnapshot | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(session: AppStateSession) {
    this.#session = session;
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
   * as this one's. While the platform is away, the last one stays, marked as stale.
   */
  sessionChanged(): void {
    const session = this.#session.current;
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return;
    if (session.kind === 'ready' && isOf(snapshot, session)) return;
    const connection = connectionOf(session);
    const isSamePlace = connection !== undefined && memoryKey(connection) === snapshot.place;
    if (isSamePlace && session.kind === 'connecting') return;
    if (isSamePlace && session.kind === 'unreachable') this.#set({ ...snapshot, stale: session.error });
    else this.#set(undefined);
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
      const [classes, envKeys, usage] = await Promise.all([
        operations.list(),
        operations.listEnv(),
        operations.usage().catch((error: unknown) => {
          logError(error, 'reading the usage');
          return undefined;
        }),
      ]);
      if (this.#session.current !== session) return;
      this.#set({
        appId: app.id,
        place: memoryKey(connection),
        classes,
        envKeys,
        usage,
        at: Date.now(),
        stale: undefined,
      });
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
