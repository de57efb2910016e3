import { headerWait } from './retryAfter.ts';
import type { Answer } from './transport.ts';

/**
 * What the platform said about its rate limits, per route: it counts the requests of each (platform-contract,
 * rate limit) and tells with every answer how many are left and in how many seconds it counts anew.
 */
export class RateGate {
  /** `performance.now()` before which a route refuses. */
  readonly #closedUntil = new Map<string, number>();

  /** Takes note of what an answer says about the limit of its route. */
  learn(route: string, answer: Answer): void {
    const isUsedUp = answer.headers['x-ratelimit-remaining'] === '0';
    const waitMs = answer.status === 429 ? rateLimitWait(answer) : isUsedUp ? resetWait(answer) : undefined;
    if (waitMs === undefined) this.#closedUntil.delete(route);
    else this.#closedUntil.set(route, performance.now() + waitMs);
  }

  /** Milliseconds until a route may be asked again; 0 when it may now. */
  waitOf(route: string): number {
    const waitMs = (this.#closedUntil.get(route) ?? 0) - performance.now();
    if (waitMs > 0) return waitMs;
    this.#closedUntil.delete(route);
    return 0;
  }
}

/** Milliseconds that a 429 asks to wait: its `retry-after`, else the end of the window, else a minute. */
export function rateLimitWait(answer: Answer): number {
  return headerWait(answer.headers['retry-after']) ?? resetWait(answer) ?? 60_000;
}

/** Milliseconds: what says more is no time until the platform counts anew, but something else. */
const LONGEST_WINDOW_MS = 3_600_000;

/** `x-ratelimit-reset`: seconds until the platform counts anew. */
function resetWait(answer: Answer): number | undefined {
  const ms = headerWait(answer.headers['x-ratelimit-reset']);
  return ms === undefined || ms > LONGEST_WINDOW_MS ? undefined : ms;
}
