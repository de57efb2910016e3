/** How often a runtime that dies by itself is started again. */

/** Wait before each restart, ms; the last one is the limit. */
const DELAYS_MS = [0, 250, 1000, 3000];

/** Crashes older than this no longer count, ms. */
const WINDOW_MS = 60_000;

const MAX_CRASHES_IN_WINDOW = 5;

export class RestartPolicy {
  #crashes: number[] = [];

  /** Milliseconds to wait before the next start, or undefined when it crashed too often to try again. `now` in ms. */
  afterCrash(now: number): number | undefined {
    this.#crashes = [...this.#crashes.filter((at) => now - at < WINDOW_MS), now];
    if (this.#crashes.length >= MAX_CRASHES_IN_WINDOW) return undefined;
    return DELAYS_MS[Math.min(this.#crashes.length, DELAYS_MS.length) - 1];
  }

  reset(): void {
    this.#crashes = [];
  }
}
