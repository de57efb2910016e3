/** How long the platform waits for a first watcher, and how long it stays after the last one, ms. */
const FIRST_WATCHER_MS = 60_000;
const LAST_WATCHER_MS = 10_000;

/** Ends the platform when no window watches its events any more: the windows share one, and none owns it. */
export class Unused {
  readonly #end: () => void;
  readonly #active: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(active: boolean, end: () => void) {
    this.#active = active;
    this.#end = end;
  }

  start(): void {
    if (this.#timer === undefined) this.#wait(FIRST_WATCHER_MS);
  }

  watchers(count: number): void {
    this.stop();
    if (count === 0) this.#wait(LAST_WATCHER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    if (this.#active) this.#timer = setTimeout(this.#end, ms);
  }
}
