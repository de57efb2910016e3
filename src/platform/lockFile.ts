import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import { cancelled } from './networkErrors.ts';
import { ownPlace, ownStartTime, processState } from './processState.ts';

/** Another process holds the lock of the app. */
export const APP_BUSY = 'APP_BUSY';

/** Another process took the lock over, or its file can no longer be reached. */
export const LOCK_LOST = 'LOCK_LOST';

export interface LockOptions {
  /** Who holds it, for the message that others get: `VS Code, folder chat`. */
  readonly holder?: string;
  /** Milliseconds to wait for another process before giving up. */
  readonly waitMs?: number;
  /** Milliseconds that a holder that cannot be looked up may be silent before it counts as dead. */
  readonly silenceMs?: number;
}

export interface Lock {
  /** Aborts when another process has taken the lock over; seen within seconds. */
  readonly lost: AbortSignal;
  /**
   * Looks whether it is still held: after a sleep of the machine another one may have it.
   * @throws DoError `LOCK_LOST`
   */
  verify(): Promise<void>;
  release(): Promise<void>;
}

const DEFAULT_HOLDER = 'Another window or program';
const WAIT_MS = 180_000;
const SILENCE_MS = 15_000;
const HEARTBEAT_MS = 2_000;
const POLL_MS = 40;

/** Milliseconds between two looks that count at most: in a longer gap this machine slept, and the holder with it. */
const LONGEST_GAP_MS = 500;

/** Past lock files that stay, so that a process that looked long ago still finds its number taken. */
const KEPT_NUMBERS = 8;

interface Holder {
  readonly pid: number;
  /** When the process started, where the system tells: a pid alone may be another process by now. */
  readonly startTime: string | undefined;
  readonly host: string;
  /** Within which its pid can be looked up; undefined where the system does not tell. */
  readonly place: string | undefined;
  readonly who: string;
  readonly since: string;
  readonly token: string;
}

/**
 * A lock between processes, in files `<name>-<number>.lock` of a folder. The file of the highest number is the
 * lock: held, or released when it says so. Who wants it creates the file of the next number, which only one
 * can; a number is never used again and the highest file is never deleted, so that two processes that find
 * the same dead holder cannot both take over, however slow one of them is.
 *
 * A holder counts as dead when its process is gone, or when it runs where that cannot be seen (another machine or
 * container, a system that does not tell start times) and its file did not change while we looked for `silenceMs`.
 * Clocks are not compared, and time in which this machine slept does not count.
 */
export async function acquireLock(
  folder: string,
  name: string,
  signal: AbortSignal,
  options: LockOptions = {},
): Promise<Lock> {
  const { waitMs = WAIT_MS, silenceMs = SILENCE_MS } = options;
  const me: Holder = {
    pid: process.pid,
    startTime: await ownStartTime(),
    host: hostname(),
    place: await ownPlace(),
    who: options.holder ?? DEFAULT_HOLDER,
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const begin = performance.now();
  let seen = { sign: '', silentMs: 0 };
  let lookedAt = begin;
  await writable(folder, () => mkdir(folder, { recursive: true }));
  for (;;) {
    if (signal.aborted) throw cancelled(signal.reason);
    const top = await writable(folder, () => highest(folder, name));
    const current = top === 0 ? 'free' : await writable(folder, () => readLock(fileOf(folder, name, top)));
    const now = performance.now();
    const sign = current === 'free' ? '' : current.sign;
    const silentMs = sign === seen.sign ? seen.silentMs + Math.min(now - lookedAt, LONGEST_GAP_MS) : 0;
    seen = { sign, silentMs };
    lookedAt = now;
    if (current === 'free' || (await isDead(current, me.place, silentMs, silenceMs))) {
      const lock = await take(folder, name, top + 1, me);
      if (lock !== undefined) return lock;
    } else if (now - begin > waitMs) {
      throw busy(current.holder, waitMs);
    }
    await sleep(POLL_MS + Math.random() * POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What stands in a lock file that is not released. */
interface Held {
  /** Undefined while it is being written, or when it cannot be read. */
  readonly holder: Holder | undefined;
  /** Changes with every heartbeat. */
  readonly sign: string;
}

/** Creates the lock file of that number; undefined when somebody else was first or is further already. */
async function take(folder: string, name: string, number: number, me: Holder): Promise<Lock | undefined> {
  const file = fileOf(folder, name, number);
  const created = await writable(folder, () => createWith(file, JSON.stringify(me)));
  if (!created) return undefined;
  if ((await highest(folder, name)) !== number) {
    await rm(file, { force: true });
    return undefined;
  }
  await removeOlder(folder, name, number);
  return hold(folder, name, number);
}

function hold(folder: string, name: string, number: number): Lock {
  const file = fileOf(folder, name, number);
  const lost = new AbortController();
  const verify = async (): Promise<void> => {
    try {
      const now = new Date();
      await utimes(file, now, now);
      if ((await highest(folder, name)) > number) throw new Error('taken over');
    } catch (error) {
      const failure = lockLost(error);
      lost.abort(failure);
      throw failure;
    }
  };
  const timer = setInterval(() => void verify().catch(() => clearInterval(timer)), HEARTBEAT_MS);
  timer.unref();
  return {
    lost: lost.signal,
    verify,
    release: async () => {
      clearInterval(timer);
      // When the folder is gone or somebody has taken over there is nothing left to release.
      await writeFile(file, RELEASED, { flag: 'r+' }).catch(() => undefined);
    },
  };
}

/** Overwrites the beginning of the holder's JSON, so that the file says this first in any case. */
const RELEASED = 'released ';

async function createWith(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readLock(file: string): Promise<'free' | Held> {
  try {
    // A network file system looks at the server for a file that is opened, not for one that is only asked about.
    const handle = await open(file, 'r');
    try {
      const { mtimeMs } = await handle.stat();
      const text = await handle.readFile('utf8');
      if (text.startsWith(RELEASED)) return 'free';
      return { holder: parseHolder(text), sign: `${file} ${mtimeMs} ${text}` };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { holder: undefined, sign: `${file} is gone` };
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.pid !== 'number' || typeof value.host !== 'string') return undefined;
    const { pid, host, place, startTime, who = DEFAULT_HOLDER, since = '', token = '' } = value;
    return { pid, host, place, startTime, who, since, token };
  } catch {
    return undefined;
  }
}

async function isDead(
  { holder }: Held,
  ownPlace: string | undefined,
  silentMs: number,
  silenceMs: number,
): Promise<boolean> {
  // Two containers, or a machine and a virtual one on it, may share a host name and have pids of their own.
  const isHere = holder?.host === hostname() && (holder.place ?? ownPlace) === ownPlace;
  if (isHere) {
    const state = await processState(holder.pid, holder.startTime);
    if (state !== 'unknown') return state === 'gone';
  }
  return silentMs > silenceMs;
}

function lockLost(cause: unknown): DoError {
  return new DoError({
    code: LOCK_LOST,
    message:
      'This app’s turn was lost: the machine slept and another window or program went on, or the lock file is gone.',
    nextStep: 'Look at what is deployed, then try again.',
    cause,
  });
}

function busy(holder: Holder | undefined, waitMs: number): DoError {
  const who =
    holder === undefined ? DEFAULT_HOLDER : `${holder.who} (process ${holder.pid} on ${holder.host})`;
  return new DoError({
    code: APP_BUSY,
    message: `${who} has been changing this app for more than ${Math.round(waitMs / 1000)} seconds.`,
    nextStep: 'Wait until it is done, or end it, then try again.',
  });
}

async function highest(folder: string, name: string): Promise<number> {
  return Math.max(0, ...(await numbers(folder, name)));
}

async function numbers(folder: string, name: string): Promise<number[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.startsWith(`${name}-`) && file.endsWith('.lock'))
    .map((file) => Number(file.slice(name.length + 1, -'.lock'.length)))
    .filter((number) => Number.isSafeInteger(number));
}

async function removeOlder(folder: string, name: string, number: number): Promise<void> {
  for (const older of await numbers(folder, name)) {
    if (older <= number - KEPT_NUMBERS)
      await rm(fileOf(folder, name, older), { force: true }).catch(() => undefined);
  }
}

function fileOf(folder: string, name: string, number: number): string {
  return join(folder, `${name}-${number}.lock`);
}

async function writable<T>(folder: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw new DoError({
      code: ERROR_CODES.badConfig,
      message: `The folder ${folder} cannot be read and written, so changes of the app cannot be put in order.`,
      nextStep: 'Make the folder readable and writable, then try again.',
      cause: error,
    });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
