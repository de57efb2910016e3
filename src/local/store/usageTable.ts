import { number, type Database } from './database.ts';

export interface UsageRow {
  readonly requests: number;
  /** Milliseconds of CPU, with fractions. */
  readonly cpuMs: number;
}

/** Totals per app and UTC month (`2026-11`). */
export class UsageTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  read(appId: string, month: string): UsageRow {
    const row = this.#db.get(
      'SELECT requests, cpu_ms FROM usage WHERE app_id = ? AND month = ?',
      appId,
      month,
    );
    return row === undefined
      ? { requests: 0, cpuMs: 0 }
      : { requests: number(row, 'requests'), cpuMs: number(row, 'cpu_ms') };
  }

  add(appId: string, month: string, more: UsageRow): void {
    this.#db.run(
      `INSERT INTO usage (app_id, month, requests, cpu_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (app_id, month) DO UPDATE SET requests = requests + excluded.requests,
         cpu_ms = cpu_ms + excluded.cpu_ms`,
      appId,
      month,
      more.requests,
      more.cpuMs,
    );
  }
}
