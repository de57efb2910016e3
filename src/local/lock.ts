import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { makeStateFolder, unusable } from './stateFolder.ts';

/** What a running embedded platform tells others about itself, in `platform.json` of its state folder. */
export interface PlatformInfo {
  readonly pid: number;
  readonly url: string;
  readonly apiKey: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
}

/** Who has the state folder: a process that is there and answers, or one that does neither. */
export type Holder =
  | { readonly kind: 'answers'; readonly info: PlatformInfo }
  | { readonly kind: 'silent'; readonly pid: number | undefined };

/**
 * Keeps a state folder to one process. The lock is SQLite's lock on `platform.lock`, which the operating system
 * drops when the process dies, so that nothing has to be cleaned up after a crash.
 */
export class StateLock {
  readonly #folder: string;
  readonly #database: DatabaseSync;

  private constructor(folder: string, database: DatabaseSync) {
    this.#folder = folder;
    this.#database = database;
  }

  /**
   * The lock, or undefined while another process has it.
   * @throws DoError when the folder cannot be made or written
   */
  static take(folder: string): StateLock | undefined {
    makeStateFolder(folder);
    try {
      return StateLock.#take(folder);
    } catch (cause) {
      throw unusable(folder, cause);
    }
  }

  /** Tells others where the platform is. */
  publish(info: PlatformInfo): void {
    writeFileSync(join(this.#folder, INFO_FILE), `${JSON.stringify(info)}\n`, { mode: 0o600 });
  }

  release(): void {
    this.#forgetPublished();
    rmSync(join(this.#folder, PID_FILE), { force: true });
    this.#database.close();
  }

  static #take(folder: string): StateLock | undefined {
    const database = new DatabaseSync(join(folder, 'platform.lock'));
    try {
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
    const lock = new StateLock(folder, database);
    lock.#forgetPublished();
    writeFileSync(join(folder, PID_FILE), String(process.pid), { mode: 0o600 });
    return lock;
  }

  #forgetPublished(): void {
    rmSync(join(this.#folder, INFO_FILE), { force: true });
  }
}

/** Waits up to `patienceMs` for the process that has the folder to answer: it may only be starting. */
export async function findHolder(folder: string, patienceMs = 10_000): Promise<Holder> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const info = readInfo(folder);
    if (info !== undefined && (await answers(info))) return { kind: 'answers', info };
    const pid = info?.pid ?? readPid(folder);
    if (performance.now() > giveUpAt) return { kind: 'silent', pid };
    await delay(100);
  }
}

const INFO_FILE = 'platform.json';
const PID_FILE = 'platform.pid';
const HEALTH_TIMEOUT_MS = 2000;

function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown };
  // SQLITE_BUSY and SQLITE_LOCKED.
  return typeof errcode === 'number' && ((errcode & 0xff) === 5 || (errcode & 0xff) === 6);
}

function readInfo(folder: string): PlatformInfo | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, INFO_FILE), 'utf8')) as PlatformInfo;
  } catch {
    // Not there yet, or half written: the caller asks again.
    return undefined;
  }
}

function readPid(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, PID_FILE), 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

async function answers(info: PlatformInfo): Promise<boolean> {
  try {
    const response = await fetch(`${info.url}/_local/state`, {
      headers: { authorization: `Bearer ${info.apiKey}` },
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const state = (await response.json()) as { pid?: unknown };
    return state.pid === info.pid;
  } catch {
    return false;
  }
}
