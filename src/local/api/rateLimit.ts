import { HttpError, requestError } from './errors.ts';

const WINDOW_MS = 60_000;

interface Window {
  readonly endsAt: number;
  count: number;
}

export interface RateLimitHeaders {
  readonly 'x-ratelimit-limit': string;
  readonly 'x-ratelimit-remaining': string;
  readonly 'x-ratelimit-reset': string;
}

/** Counts requests per key in windows of one minute that begin with the first request of a window. */
export class RateLimiter {
  readonly #windows = new Map<string, Window>();
  readonly #clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** @throws HttpError 429 with `retry-after`, when this is one more than `limit` in the window */
  count(key: string, limit: number): RateLimitHeaders {
    const now = this.#clock();
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      this.#forgetEnded(now);
      window = { endsAt: now + WINDOW_MS, count: 0 };
      this.#windows.set(key, window);
    }
    window.count += 1;
    const seconds = Math.ceil((window.endsAt - now) / 1000);
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - window.count)),
      'x-ratelimit-reset': String(seconds),
    };
    if (window.count <= limit) return headers;
    throw new HttpError(429, requestError(`Rate limit exceeded, retry in ${waitText(seconds)}`), {
      ...headers,
      'retry-after': String(seconds),
    });
  }

  #forgetEnded(now: number): void {
    for (const [key, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(key);
  }
}

function waitText(seconds: number): string {
  if (seconds === 60) return '1 minute';
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
