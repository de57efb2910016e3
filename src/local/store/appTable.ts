import { number, optionalText, text, type Database, type Row } from './database.ts';

/** States of an app. The embedded platform makes apps `ready`; the others exist so that clients can be tested against them. */
export type ProvisioningStatus = 'ready' | 'provisioning' | 'failed' | 'migrating' | 'deleting';

export interface AppRow {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly subdomain: string;
  readonly region: string;
  readonly provisioningStatus: ProvisioningStatus;
  readonly dbProvisioned: boolean;
  readonly pausedAt: string | null;
  readonly pausedReason: string | null;
  /** Key that classes may hand to browsers, `BUTTERBASE_ANON_KEY`. */
  readonly anonKey: string;
  /** Key with which a class calls functions of its app, `BUTTERBASE_INTERNAL_FN_KEY`. */
  readonly functionKey: string;
  /** TCP port of the app's worker when it last ran; 0 before the first start. */
  readonly port: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export class AppTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(app: AppRow): void {
    this.#db.run(
      `INSERT INTO apps (id, owner_id, name, subdomain, region, provisioning_status, db_provisioned, paused_at,
         paused_reason, anon_key, function_key, port, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      app.id,
      app.ownerId,
      app.name,
      app.subdomain,
      app.region,
      app.provisioningStatus,
      app.dbProvisioned ? 1 : 0,
      app.pausedAt,
      app.pausedReason,
      app.anonKey,
      app.functionKey,
      app.port,
      app.createdAt,
      app.updatedAt,
    );
  }

  find(id: string): AppRow | undefined {
    const row = this.#db.get('SELECT * FROM apps WHERE id = ?', id);
    return row === undefined ? undefined : toApp(row);
  }

  findByName(ownerId: string, name: string): AppRow | undefined {
    const row = this.#db.get('SELECT * FROM apps WHERE owner_id = ? AND name = ?', ownerId, name);
    return row === undefined ? undefined : toApp(row);
  }

  findBySubdomain(subdomain: string): AppRow | undefined {
    const row = this.#db.get('SELECT * FROM apps WHERE subdomain = ?', subdomain);
    return row === undefined ? undefined : toApp(row);
  }

  /** Newest first, as `GET /apps` lists them. */
  all(): AppRow[] {
    return this.#db.all('SELECT * FROM apps ORDER BY created_at DESC, rowid DESC').map(toApp);
  }

  setPort(id: string, port: number): void {
    this.#db.run('UPDATE apps SET port = ? WHERE id = ?', port, id);
  }

  setPaused(id: string, pausedAt: string | null, reason: string | null, now: string): void {
    this.#db.run(
      'UPDATE apps SET paused_at = ?, paused_reason = ?, updated_at = ? WHERE id = ?',
      pausedAt,
      reason,
      now,
      id,
    );
  }

  delete(id: string): void {
    this.#db.run('DELETE FROM apps WHERE id = ?', id);
  }
}

function toApp(row: Row): AppRow {
  return {
    id: text(row, 'id'),
    ownerId: text(row, 'owner_id'),
    name: text(row, 'name'),
    subdomain: text(row, 'subdomain'),
    region: text(row, 'region'),
    provisioningStatus: text(row, 'provisioning_status') as ProvisioningStatus,
    dbProvisioned: number(row, 'db_provisioned') === 1,
    pausedAt: optionalText(row, 'paused_at'),
    pausedReason: optionalText(row, 'paused_reason'),
    anonKey: text(row, 'anon_key'),
    functionKey: text(row, 'function_key'),
    port: number(row, 'port'),
    createdAt: text(row, 'created_at'),
    updatedAt: text(row, 'updated_at'),
  };
}
