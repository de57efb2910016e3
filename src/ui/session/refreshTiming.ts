import type { DoError } from '../../core/errors.ts';

export interface RefreshTimes {
  /** Milliseconds between two refreshes, as set. */
  readonly intervalMs: number;
  /** Milliseconds since 1970 of the last one. */
  readonly lastAt: number;
  /** How the last one failed. */
  readonly error: DoError | undefined;
  /** How many have failed in a row. */
  readonly failures: number;
}

/** Milliseconds between two refreshes at most, however often they failed; unless the interval itself is longer. */
const LONGEST_MS = 5 * 60_000;

/**
 * Milliseconds until the platform is asked the next time. Never to the second, so that many windows do not ask
 * at the same moment. Not before the platform wants to be asked; soon after it is tried again when it was not
 * reachable; less and less often while something else is wrong.
 */
export function untilNextRefresh(times: RefreshTimes, now = Date.now(), random = Math.random): number {
  const { intervalMs, lastAt, error, failures } = times;
  const spread = 0.9 + random() * 0.2;
  if (error?.outage !== undefined) {
    return Math.max(0, error.outage.retryAt - now) + random() * Math.min(intervalMs, 2_000);
  }
  const longest = Math.max(intervalMs, LONGEST_MS);
  const interval = Math.min(intervalMs * 2 ** Math.max(0, failures - 1), longest);
  const asked = lastAt + (error?.retryAfterMs ?? 0);
  return Math.max(0, lastAt + interval * spread - now, asked + random() * 1_000 - now);
}
