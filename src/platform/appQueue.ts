import { createHash } from 'node:crypto';
import { isCancelled } from '../core/errors.ts';
import { acquireLock, type LockOptions } from './lockFile.ts';
import { cancelled } from './networkErrors.ts';

export interface AppQueueOptions extends LockOptions {
  /** Where the lock files are: one folder for all windows and processes of this person. Made when missing. */
  readonly folder: string;
}

/** What is done in an app's turn. */
export type Turn<T> = (signal: AbortSignal, verify: () => Promise<void>) => Promise<T>;

/**
 * One change at a time per app, in this process and across processes. Two deploys of one app at once would
 * leave one of them in ERROR, and the next deploy would destroy its data (hazard j).
 *
 * Within a process the order is that of the calls.
 */
export class AppQueue {
  readonly #options: AppQueueOptions;
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(options: AppQueueOptions) {
    this.#options = options;
  }

  /**
   * Runs `task` when it is its turn. The signal that the task gets aborts with `signal`, and also when the
   * lock was lost (the machine slept, and another process took over). Right before something that must not run
   * beside another's change, `verify` makes sure of that: it throws `LOCK_LOST`.
   * @param key of the app: the platform's origin and the app's id.
   * @throws DoError `APP_BUSY` when another process does not let go in time, `CANCELLED`, `BAD_CONFIG` when the
   *   lock folder cannot be written, or what the task throws.
   */
  async run<T>(key: string, task: Turn<T>, signal: AbortSignal = new AbortController().signal): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = this.#after(before, key, task, signal);
    // The next one's turn comes when this one and all before it are over, however they ended.
    const tail = Promise.allSettled([before, result]);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }

  async #after<T>(before: Promise<unknown>, key: string, task: Turn<T>, signal: AbortSignal): Promise<T> {
    await untilAborted(before, signal);
    return this.#locked(key, task, signal);
  }

  async #locked<T>(key: string, task: Turn<T>, signal: AbortSignal): Promise<T> {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const lock = await acquireLock(this.#options.folder, name, signal, this.#options);
    try {
      return await task(AbortSignal.any([signal, lock.lost]), () => lock.verify());
    } catch (error) {
      // Nobody cancelled: the task was stopped because its turn was over.
      throw lock.lost.aborted && !signal.aborted && isCancelled(error) ? lock.lost.reason : error;
    } finally {
      await lock.release();
    }
  }
}

/** Waits for `promise`, which never rejects, but not longer than until the signal aborts. */
async function untilAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled(signal.reason);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(cancelled(signal.reason));
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
