import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { isCancelled, toError } from '../../core/errors.ts';
import type { DoClass } from '../../core/model/app.ts';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import { lookedAt, sightOf, type Looked, type Sight } from '../../operations/history/sight.ts';
import type { Disposable } from '../disposable.ts';
import { logError } from '../errors.ts';
import { onDidCompare, type Compared } from '../files/syncState.ts';
import { isOf, type AppSnapshot, type AppState } from '../session/appState.ts';
import { memoryKey } from '../session/connections.ts';
import type { ReadySession, Session } from '../session/session.ts';

/** Where it is remembered what a person last saw of each class. */
export interface SightMemory {
  get(key: string): unknown;
  update(key: string, value: Looked): PromiseLike<void>;
}

export type OnlookerState = Pick<AppState, 'snapshot' | 'onDidChange'>;

/** What was recorded of a class as the rows show it. */
interface Read {
  readonly version: string;
  readonly newest: HistoryEntry;
}

/**
 * Sees to it that what is deployed gets into the history, whoever deployed it, and knows which of it came from
 * elsewhere since a person last looked. It reads a source when a refresh shows a class that was deployed since.
 */
export class Onlooker implements vscode.Disposable {
  readonly #memory: SightMemory;
  readonly #current: () => Session;
  readonly #state: OnlookerState;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the history has something new, or when a person has looked. */
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  readonly #listeners: Disposable[];
  /** By DO name; of `#session`. */
  readonly #read = new Map<string, Read>();
  /** Hashes of the sources that a file or an editor of this window was equal to, by DO name. */
  readonly #equal = new Map<string, string>();
  #session: ReadySession | undefined;
  #names = '';
  #running: Promise<void> | undefined;
  #again = false;
  #trouble = '';

  constructor(memory: SightMemory, current: () => Session, state: OnlookerState) {
    this.#memory = memory;
    this.#current = current;
    this.#state = state;
    this.#listeners = [
      state.onDidChange((snapshot) => this.#refreshed(snapshot)),
      onDidCompare((compared) => this.#compared(compared)),
    ];
  }

  /** How what is deployed under a name relates to what a person saw of it; undefined while it is not known. */
  sight(name: string): Sight | undefined {
    const read = this.#session === this.#current() ? this.#read.get(name) : undefined;
    return read === undefined ? undefined : sightOf(read.newest, this.#lookedAt(name));
  }

  /** A person looks at what is deployed under that name, as far as it was read. */
  looked(name: string): void {
    const read = this.#read.get(name);
    if (this.#session !== this.#current() || read === undefined) return;
    this.#remember(name, read.newest, true);
    this.#changed.fire();
  }

  /**
   * Reads and records what is not recorded yet. Rejects when it cannot.
   * @param again DO name of a class that is read also when no refresh showed a deploy of it
   */
  async see(session: ReadySession, again?: string, signal?: AbortSignal): Promise<void> {
    if (this.#session !== session) {
      this.#session = session;
      this.#read.clear();
      this.#equal.clear();
      this.#names = '';
    }
    const before = this.#state.snapshot;
    const rows = before !== undefined && isOf(before, session) ? before.classes : [];
    const known = rows.filter(
      (row) => row.name !== again && this.#read.get(row.name)?.version === versionOf(row),
    );
    const seen = await session.operations.recordSeen(new Set(known.map(({ name }) => name)), signal);
    if (this.#session !== session) return;
    const byName = new Map(rows.map((row) => [row.name, row]));
    for (const [name, newest] of seen) {
      const row = byName.get(name);
      this.#read.set(name, { version: row === undefined ? '' : versionOf(row), newest });
      this.#remember(name, newest, this.#equal.get(name) === newest.hash);
    }
    this.#names = namesOf(rows);
    this.#trouble = '';
    this.#changed.fire();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  #refreshed(snapshot: AppSnapshot | undefined): void {
    const session = this.#current();
    if (session.kind !== 'ready' || snapshot === undefined || snapshot.stale !== undefined) return;
    if (!isOf(snapshot, session)) return;
    const isRead = (row: DoClass): boolean =>
      !isSettled(row) || this.#read.get(row.name)?.version === versionOf(row);
    const isSame = this.#session === session && namesOf(snapshot.classes) === this.#names;
    if (isSame && snapshot.classes.every(isRead)) return;
    this.#seeSoon(session);
  }

  /** One reading at a time; what came in meanwhile gets one more. */
  #seeSoon(session: ReadySession): void {
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.see(session)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#running = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#refreshed(this.#state.snapshot);
      });
  }

  /** The same trouble comes back with every refresh: the log has it once. */
  #failed(error: unknown): void {
    const { message } = toError(error);
    if (isCancelled(error) || message === this.#trouble) return;
    this.#trouble = message;
    logError(error, 'recording what is deployed');
  }

  #compared({ session, row, code, isSame }: Compared): void {
    if (!isSame || session !== this.#current()) return;
    const hash = createHash('sha256').update(code).digest('hex');
    this.#equal.set(row.name, hash);
    const sight = this.sight(row.name);
    if (sight !== undefined && sight.kind !== 'known' && sight.now.hash === hash) this.looked(row.name);
  }

  #remember(name: string, newest: HistoryEntry, byPerson: boolean): void {
    const key = this.#keyOf(name);
    if (key === undefined) return;
    const before = this.#lookedAt(name);
    const next = lookedAt(newest, before, byPerson);
    if (JSON.stringify(next) !== JSON.stringify(before)) void this.#memory.update(key, next);
  }

  #lookedAt(name: string): Looked | undefined {
    const key = this.#keyOf(name);
    return key === undefined ? undefined : (this.#memory.get(key) as Looked | undefined);
  }

  #keyOf(name: string): string | undefined {
    if (this.#session === undefined) return undefined;
    const { connection, app } = this.#session;
    return `looked ${memoryKey(connection)} ${app.id} ${name}`;
  }
}

/** Changes with every deploy of a class that can change its source, its access mode or whether it runs. */
function versionOf({ id, status, accessMode, lastDeployedAt, errorMessage }: DoClass): string {
  return JSON.stringify([id, status, accessMode, lastDeployedAt, errorMessage]);
}

function namesOf(rows: readonly DoClass[]): string {
  return rows
    .map(({ name }) => name)
    .sort()
    .join();
}

function isSettled({ name, status }: DoClass): boolean {
  return name !== 'env' && (status === 'READY' || status === 'ERROR');
}
