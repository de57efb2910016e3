/** Something that runs when what runs now is over. */
export interface Job {
  readonly run: () => void;
  /** It runs at some time, and nobody knows when. */
  readonly escape: () => void;
}

/** What waits for its turn, in the order in which the runtime runs it. */
export class Jobs {
  #waiting: Job[] = [];

  push(job: Job): void {
    this.#waiting.push(job);
  }

  /** Runs one. False when there is none. */
  next(): boolean {
    const job = this.#waiting.shift();
    job?.run();
    return job !== undefined;
  }

  /** All that wait may have run from now on. */
  escape(): void {
    while (this.#waiting.length > 0) for (const job of this.#waiting.splice(0)) job.escape();
  }
}
