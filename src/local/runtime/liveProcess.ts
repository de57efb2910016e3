import pidusage from 'pidusage';
import { ControlClient } from './controlClient.ts';
import { EMPTY_TALLY, type Tally } from './tally.ts';
import type { WorkerdExit, WorkerdProcess } from './workerdProcess.ts';

/** A process that does not answer for so long (an endless loop in a class) ends without its last counts, ms. */
const LAST_COUNTS_PATIENCE_MS = 250;

const COUNTS_TIMEOUT_MS = 2000;

/** The running workerd of an app with its control socket. Remembers the last counts it saw, in case it crashes. */
export class LiveProcess {
  readonly control: ControlClient;
  readonly exited: Promise<WorkerdExit>;
  readonly #process: WorkerdProcess;
  /** What the process had used when it was ready: starting is ours, not the app's. */
  readonly #startCpuMs: Promise<number | undefined>;
  #tally: Tally = EMPTY_TALLY;
  #cpuMs = 0;

  /** @param process one that has just become ready */
  constructor(process: WorkerdProcess, token: string) {
    this.#process = process;
    this.#startCpuMs = usedCpuMs(process.pid);
    this.exited = process.exited;
    this.control = new ControlClient(process.controlPort, token);
  }

  get port(): number {
    return this.#process.port;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get lastTally(): Tally {
    return this.#tally;
  }

  get lastCpuMs(): number {
    return this.#cpuMs;
  }

  /** Requests since this process started; the last known ones while it does not answer. */
  async counts(timeoutMs = COUNTS_TIMEOUT_MS): Promise<Tally> {
    try {
      this.#tally = await this.control.counts(timeoutMs);
    } catch {
      // Busy or gone: what was seen last is the best answer, and callers add it up again later.
    }
    return this.#tally;
  }

  /** User and system time of this process since it was ready, ms. */
  async cpuMs(): Promise<number> {
    const [start = 0, used] = await Promise.all([this.#startCpuMs, usedCpuMs(this.pid)]);
    if (used !== undefined) this.#cpuMs = Math.max(0, used - start);
    return this.#cpuMs;
  }

  /** Takes the last counts, then kills. */
  async end(): Promise<void> {
    const patience = new Promise((resolve) => setTimeout(resolve, LAST_COUNTS_PATIENCE_MS).unref());
    await Promise.all([this.counts(LAST_COUNTS_PATIENCE_MS), Promise.race([this.cpuMs(), patience])]);
    await this.#process.kill();
    this.control.close();
  }
}

/** User and system time of a process, ms; undefined when it is gone. */
async function usedCpuMs(pid: number): Promise<number | undefined> {
  try {
    return (await pidusage(pid)).ctime;
  } catch {
    return undefined;
  }
}
