import { json, text, type Database } from './database.ts';

export interface AppEnv {
  /** In the order in which they were first set. */
  readonly values: Readonly<Record<string, string>>;
  /** ISO 8601 UTC; null when nothing was ever set. */
  readonly updatedAt: string | null;
}

/** The variables of a whole app: its functions and its Durable Objects get them. */
export class AppEnvTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  read(appId: string): AppEnv {
    const row = this.#db.get('SELECT * FROM app_env WHERE app_id = ?', appId);
    if (row === undefined) return { values: {}, updatedAt: null };
    return { values: json(row, 'vars') as Record<string, string>, updatedAt: text(row, 'updated_at') };
  }

  write(appId: string, { values, updatedAt }: AppEnv): void {
    if (updatedAt === null) {
      this.#db.run('DELETE FROM app_env WHERE app_id = ?', appId);
      return;
    }
    this.#db.run(
      `INSERT INTO app_env (app_id, vars, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (app_id) DO UPDATE SET vars = excluded.vars, updated_at = excluded.updated_at`,
      appId,
      JSON.stringify(values),
      updatedAt,
    );
  }
}
