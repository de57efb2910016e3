import type { UsageRow, UsageTable } from '../store/usageTable.ts';
import type { RuntimePort } from './runtimePort.ts';

type CountingRuntime = Pick<RuntimePort, 'port' | 'counts' | 'cpuMs'>;

/** Adds what an app's worker did to the totals of the current UTC month. */
export class UsageMeter {
  readonly #appId: string;
  readonly #table: UsageTable;
  readonly #runtime: CountingRuntime;
  #seen: UsageRow = { requests: 0, cpuMs: 0 };
  #flushing: Promise<void> | undefined;

  constructor(appId: string, table: UsageTable, runtime: CountingRuntime) {
    this.#appId = appId;
    this.#table = table;
    this.#runtime = runtime;
  }

  /** Totals of this month up to now. */
  async read(): Promise<UsageRow> {
    await this.flush();
    return this.#table.read(this.#appId, currentMonth());
  }

  /** Writes what came since the last time. */
  async flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    if (this.#runtime.port === 0) return;
    const [{ requests }, cpuMs] = await Promise.all([this.#runtime.counts(), this.#runtime.cpuMs()]);
    const more = {
      requests: Math.max(0, requests - this.#seen.requests),
      cpuMs: Math.max(0, cpuMs - this.#seen.cpuMs),
    };
    // A process that is being replaced may tell less for a moment; what was added once is not added again.
    this.#seen = { requests: this.#seen.requests + more.requests, cpuMs: this.#seen.cpuMs + more.cpuMs };
    if (more.requests > 0 || more.cpuMs > 0) this.#table.add(this.#appId, currentMonth(), more);
  }
}

function currentMonth(): string {
  return new Date().toISOString().slice(0, 7);
}
