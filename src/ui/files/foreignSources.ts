import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { DoClass } from '../../core/model/app.ts';
import type { Disposable } from '../disposable.ts';
import { memoryKey } from '../session/connections.ts';
import type { ReadySession, Session } from '../session/session.ts';
import { onDidCompare, type Compared } from './syncState.ts';

/** Where the digests are kept: one for each class. */
export interface SourceMemory {
  get(key: string): unknown;
  update(key: string, value: string): PromiseLike<void>;
}

interface Judged {
  /** The class as it was then; `lastDeployedAt` of a later deploy differs. */
  readonly row: DoClass;
  /** The deployed source when it is foreign, else undefined. */
  readonly foreign: string | undefined;
}

/**
 * The deployed sources that did not come from this workspace: none that was deployed from here, and none that a
 * file of it was equal to. Whoever only edits what is deployed has no such source. It asks the platform for
 * nothing: it hears of the sources that others compare files with.
 */
export class ForeignSources implements vscode.Disposable {
  readonly #memory: SourceMemory;
  readonly #current: () => Session;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  readonly #listening: Disposable;
  /** By DO name; of `#session`. */
  readonly #judged = new Map<string, Judged>();
  #session: ReadySession | undefined;

  constructor(memory: SourceMemory, current: () => Session) {
    this.#memory = memory;
    this.#current = current;
    this.#listening = onDidCompare((compared) => this.#compared(compared));
  }

  /**
   * The sources by DO name, as far as they are known for the classes as they are now.
   * @param rows the classes of the selected app
   */
  of(rows: readonly DoClass[]): ReadonlyMap<string, string> {
    if (this.#session === undefined || this.#session !== this.#current()) return NONE;
    const sources = new Map<string, string>();
    for (const row of rows) {
      const judged = this.#judged.get(row.name);
      if (judged?.foreign === undefined || !isSameDeploy(judged.row, row)) continue;
      sources.set(row.name, judged.foreign);
    }
    return sources;
  }

  /** A file is equal to what `of` says of its name: it has it from there, and is edited from now on. */
  seen(name: string): void {
    const code = this.#judged.get(name)?.foreign;
    if (this.#session !== undefined && code !== undefined) this.deployedHere(this.#session, name, code);
  }

  /** A source was deployed from here. */
  deployedHere(session: ReadySession, name: string, code: string): void {
    this.#keep(session, name, code);
    const judged = session === this.#session ? this.#judged.get(name) : undefined;
    if (judged !== undefined) this.#judge(name, { ...judged, foreign: undefined });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  #compared({ session, row, code, isSame }: Compared): void {
    if (session !== this.#current()) return;
    if (session !== this.#session) this.#judged.clear();
    this.#session = session;
    const judged = this.#judged.get(row.name);
    // An editor is compared with every pause in typing: what is known already costs nothing.
    if (judged !== undefined && isSameDeploy(judged.row, row) && (!isSame || judged.foreign === undefined)) {
      return;
    }
    if (isSame) this.#keep(session, row.name, code);
    const isForeign = !isSame && this.#memory.get(keyOf(session, row.name)) !== digest(code);
    this.#judge(row.name, { row, foreign: isForeign ? code : undefined });
  }

  #judge(name: string, judged: Judged): void {
    const before = this.#judged.get(name)?.foreign;
    this.#judged.set(name, judged);
    if (before !== undefined || judged.foreign !== undefined) this.#changed.fire();
  }

  #keep(session: ReadySession, name: string, code: string): void {
    const key = keyOf(session, name);
    const value = digest(code);
    if (this.#memory.get(key) !== value) void this.#memory.update(key, value);
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

function isSameDeploy(a: DoClass, b: DoClass): boolean {
  return a.id === b.id && a.status === b.status && a.lastDeployedAt === b.lastDeployedAt;
}

function keyOf({ connection, app }: ReadySession, name: string): string {
  return `deployed ${memoryKey(connection)} ${app.id} ${name}`;
}

/** A source may hold a secret, and is large: what is kept tells only whether another is equal to it. */
function digest(code: string): string {
  return createHash('sha256').update(code).digest('base64');
}
