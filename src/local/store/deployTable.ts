import { json, text, type Database } from './database.ts';
import type { ClassSource } from './classTable.ts';

/** What the platform believes is deployed. An empty tag stands for a script that was taken down. */
export interface DeployState {
  readonly classNames: readonly string[];
  readonly migrationTag: string;
}

/**
 * What really runs, in the role of Cloudflare's script: its own migration tag, the sources and the
 * environment of the last module that was accepted. The platform starts from it after a restart.
 */
export interface Script {
  readonly migrationTag: string;
  readonly classes: readonly ClassSource[];
  /** The app's own variables at that time, without those the platform injects. */
  readonly env: Readonly<Record<string, string>>;
  /** The module that was built of them. */
  readonly module: string;
  /** Which builder made it; a module of another builder is built again from the sources. */
  readonly builder: string;
}

export class DeployTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  state(appId: string): DeployState | undefined {
    const row = this.#db.get('SELECT * FROM deploy_state WHERE app_id = ?', appId);
    if (row === undefined) return undefined;
    return {
      classNames: json(row, 'deployed_class_names') as string[],
      migrationTag: text(row, 'migration_tag'),
    };
  }

  saveState(appId: string, state: DeployState, now: string): void {
    this.#db.run(
      `INSERT INTO deploy_state (app_id, deployed_class_names, migration_tag, deployed_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (app_id) DO UPDATE SET deployed_class_names = excluded.deployed_class_names,
         migration_tag = excluded.migration_tag, deployed_at = excluded.deployed_at`,
      appId,
      JSON.stringify(state.classNames),
      state.migrationTag,
      now,
    );
  }

  script(appId: string): Script | undefined {
    const row = this.#db.get('SELECT * FROM scripts WHERE app_id = ?', appId);
    if (row === undefined) return undefined;
    return {
      migrationTag: text(row, 'migration_tag'),
      classes: json(row, 'classes') as ClassSource[],
      env: json(row, 'env') as Record<string, string>,
      module: text(row, 'module'),
      builder: text(row, 'builder'),
    };
  }

  saveScript(appId: string, script: Script): void {
    this.#db.run(
      `INSERT INTO scripts (app_id, migration_tag, classes, env, module, builder) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (app_id) DO UPDATE SET migration_tag = excluded.migration_tag, classes = excluded.classes,
         env = excluded.env, module = excluded.module, builder = excluded.builder`,
      appId,
      script.migrationTag,
      JSON.stringify(script.classes),
      JSON.stringify(script.env),
      script.module,
      script.builder,
    );
  }

  deleteScript(appId: string): void {
    this.#db.run('DELETE FROM scripts WHERE app_id = ?', appId);
  }

  /** Classes whose storage still has to move to the trash: written with the deploy, removed when it is done. */
  pendingTrash(appId: string): string[] {
    return this.#db
      .all('SELECT class_name FROM pending_trash WHERE app_id = ? ORDER BY class_name', appId)
      .map((row) => text(row, 'class_name'));
  }

  addPendingTrash(appId: string, className: string): void {
    this.#db.run('INSERT OR IGNORE INTO pending_trash (app_id, class_name) VALUES (?, ?)', appId, className);
  }

  removePendingTrash(appId: string, className: string): void {
    this.#db.run('DELETE FROM pending_trash WHERE app_id = ? AND class_name = ?', appId, className);
  }
}
