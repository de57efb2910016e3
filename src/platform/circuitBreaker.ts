import type { Outage } from '../core/errors.ts';

export interface BreakerOptions {
  /** Calls in a row without an answer after which the host is left alone. */
  readonly threshold?: number;
  /** Milliseconds for which it is left alone the first time; doubled with every vain try after that. */
  readonly firstPauseMs?: number;
  /** Milliseconds for which it is left alone at most. */
  readonly longestPauseMs?: number;
}

const THRESHOLD = 3;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** Whether the host was there; `undecided` when the call was stopped before that showed. */
export type Reached = 'reached' | 'unreached' | 'undecided';

/** Leave to make one call. `left` must be called once, with what became of it. */
export interface Pass {
  /** Whether this one call finds out if the host is back. */
  readonly isProbe: boolean;
  left(reached: Reached): void;
}

type State =
  | { readonly kind: 'closed'; readonly failures: number; readonly since: number }
  | { readonly kind: 'open'; readonly since: number; readonly retryAt: number; readonly pauseMs: number }
  | { readonly kind: 'probing'; readonly since: number; readonly pauseMs: number };

/**
 * Leaves a host alone that does not answer. After several calls in a row without an answer none is let through
 * for a while; then a single one is, and what becomes of it decides for all. The pauses grow, and are of random
 * length, so that many windows do not ask at the same moment.
 */
export class CircuitBreaker {
  readonly #threshold: number;
  readonly #firstPauseMs: number;
  readonly #longestPauseMs: number;
  readonly #waiting: (() => void)[] = [];
  #state: State = CLOSED;

  constructor(options: BreakerOptions = {}) {
    this.#threshold = options.threshold ?? THRESHOLD;
    this.#firstPauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS;
    this.#longestPauseMs = options.longestPauseMs ?? LONGEST_PAUSE_MS;
  }

  /** Since when the host counts as unreachable, and until when; undefined while it does not. */
  get outage(): Outage | undefined {
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return undefined;
      case 'open':
        return { since: state.since, retryAt: state.retryAt };
      case 'probing':
        return { since: state.since, retryAt: Date.now() };
    }
  }

  /**
   * Leave for one call, or undefined while the host is left alone.
   * @param insist asks also then: a person wants to know now.
   */
  enter(insist = false): Pass | undefined {
    const state = this.#state;
    if (state.kind === 'closed') return this.#pass(false);
    const isDue = state.kind === 'open' && isOver(state.retryAt, this.#longestPauseMs);
    if (!isDue && !insist) return undefined;
    this.#state = { kind: 'probing', since: state.since, pauseMs: state.pauseMs };
    return this.#pass(true);
  }

  /** Resolves when no probe is under way, or when it was decided. */
  async probeOver(): Promise<void> {
    if (this.#state.kind === 'probing') await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #pass(isProbe: boolean): Pass {
    const begin = Date.now();
    return { isProbe, left: (reached) => this.#left(reached, isProbe, begin) };
  }

  #left(reached: Reached, isProbe: boolean, begin: number): void {
    const state = this.#state;
    if (reached === 'reached') {
      this.#state = CLOSED;
    } else if (state.kind === 'closed') {
      if (reached === 'unreached') this.#state = this.#failed(state.failures + 1, state, begin);
    } else if (isProbe && state.kind === 'probing') {
      // A probe that was stopped told nothing: the next call is one.
      if (reached === 'undecided') this.#state = { ...state, kind: 'open', retryAt: Date.now() };
      else this.#state = this.#open(state.since, Math.min(state.pauseMs * 2, this.#longestPauseMs));
    }
    if (this.#state.kind !== 'probing') for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #failed(failures: number, before: { failures: number; since: number }, begin: number): State {
    const since = before.failures === 0 ? begin : before.since;
    if (failures < this.#threshold) return { kind: 'closed', failures, since };
    return this.#open(since, this.#firstPauseMs);
  }

  #open(since: number, pauseMs: number): State {
    return { kind: 'open', since, pauseMs, retryAt: Date.now() + pauseMs * (0.5 + Math.random() / 2) };
  }
}

const CLOSED: State = { kind: 'closed', failures: 0, since: 0 };

/** Whether a moment has come; also when the clock was put back so far that it seems to be too far away. */
function isOver(at: number, longestMs: number): boolean {
  const left = at - Date.now();
  return left <= 0 || left > longestMs;
}
