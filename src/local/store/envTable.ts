import { storable, text, type Database } from './database.ts';

/** The environment variables of an app's Durable Objects. */
export class EnvTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Sorted by code unit. */
  keys(appId: string): string[] {
    return this.#db
      .all('SELECT key FROM env_vars WHERE app_id = ? ORDER BY key', appId)
      .map((row) => text(row, 'key'));
  }

  /** In the order in which they were last set, which is how PostgreSQL finds them: of several wrong ones it names the first. */
  values(appId: string): Record<string, string> {
    const rows = this.#db.all(
      'SELECT key, value FROM env_vars WHERE app_id = ? ORDER BY updated_at, rowid',
      appId,
    );
    return Object.fromEntries(rows.map((row) => [text(row, 'key'), text(row, 'value')]));
  }

  set(appId: string, key: string, value: string, now: string): void {
    this.#db.run(
      `INSERT INTO env_vars (app_id, key, value, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (app_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
      appId,
      key,
      value,
      now,
    );
  }

  /** @throws DatabaseError for a key that no row can have */
  delete(appId: string, key: string): void {
    this.#db.run('DELETE FROM env_vars WHERE app_id = ? AND key = ?', appId, storable(key));
  }
}
