import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { makeStateFolder, unusable } from '../stateFolder.ts';

/** A row as SQLite hands it out; every column is read through one of the typed readers below. */
export type Row = Record<string, unknown>;

/**
 * The embedded platform's database: one connection, prepared statements kept, writes that survive
 * a loss of power (WAL with synchronous FULL). The folder is readable by its owner only, because
 * keys and environment values are in it.
 */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws DoError when the file cannot be read as such a database; it stays as it is */
  constructor(path: string) {
    const folder = dirname(path);
    makeStateFolder(folder);
    this.#connection = new DatabaseSync(path);
    try {
      chmodSync(path, 0o600);
      this.#connection.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;',
      );
      migrate(this.#connection);
    } catch (cause) {
      this.#connection.close();
      if (cause instanceof DoError) throw cause;
      if (isFull(cause)) throw unusable(folder, cause);
      throw new DoError({
        code: ERROR_CODES.localPlatform,
        message: `The embedded platform cannot read its state in ${path}: ${toError(cause).message}.`,
        nextStep: 'Put a copy of that file back that is whole, or choose another state folder.',
        cause,
      });
    }
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  /** Runs a statement that returns no rows; answers how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Runs `work` in one transaction; anything it throws rolls back. Not to be nested. */
  transaction<T>(work: () => T): T {
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      try {
        this.#connection.exec('ROLLBACK');
      } catch {
        // A full disk ends a transaction by itself; the first error says so.
      }
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Whether the file may be whole and only the disk has no space left. */
export function isFull(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown };
  const SQLITE_FULL = 13;
  return typeof errcode === 'number' && (errcode & 0xff) === SQLITE_FULL;
}

/** What the hosted platform's database refuses; the platform answers with its words. */
export class DatabaseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DatabaseError';
  }
}

/**
 * Text for a column, or to look for in one: PostgreSQL has none with a NUL in it. What the hosted platform keeps
 * encrypted may have one.
 * @throws DatabaseError
 */
export function storable(value: string): string {
  if (value.includes('\0')) throw new DatabaseError('invalid byte sequence for encoding "UTF8": 0x00');
  return value;
}

/** A TEXT column that is never NULL. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column ${column} holds no text.`);
  return value;
}

/** A TEXT column that may be NULL. */
export function optionalText(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** An INTEGER or REAL column. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column ${column} holds no number.`);
  return value;
}

/** A TEXT column that holds JSON written by this program. */
export function json(row: Row, column: string): unknown {
  return JSON.parse(text(row, column)) as unknown;
}

/** Each entry takes the schema one version further; `user_version` says how many have run. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    key_prefix TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    scope TEXT NOT NULL,
    last_used_at TEXT,
    expires_at TEXT,
    revoked_at TEXT,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    subdomain TEXT NOT NULL UNIQUE,
    region TEXT NOT NULL,
    provisioning_status TEXT NOT NULL,
    db_provisioned INTEGER NOT NULL,
    paused_at TEXT,
    paused_reason TEXT,
    anon_key TEXT NOT NULL,
    function_key TEXT NOT NULL,
    port INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (owner_id, name)
  ) STRICT;

  CREATE TABLE classes (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    class_name TEXT NOT NULL,
    code TEXT NOT NULL,
    access_mode TEXT NOT NULL,
    status TEXT NOT NULL,
    error_message TEXT,
    last_deployed_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (app_id, name)
  ) STRICT;

  CREATE TABLE deploy_state (
    app_id TEXT PRIMARY KEY REFERENCES apps(id) ON DELETE CASCADE,
    deployed_class_names TEXT NOT NULL,
    migration_tag TEXT NOT NULL,
    deployed_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE scripts (
    app_id TEXT PRIMARY KEY REFERENCES apps(id) ON DELETE CASCADE,
    migration_tag TEXT NOT NULL,
    classes TEXT NOT NULL,
    env TEXT NOT NULL,
    module TEXT NOT NULL,
    builder TEXT NOT NULL
  ) STRICT;

  CREATE TABLE pending_trash (
    app_id TEXT NOT NULL REFERENCES apps(id) ON DELETE CASCADE,
    class_name TEXT NOT NULL,
    PRIMARY KEY (app_id, class_name)
  ) STRICT;

  CREATE TABLE env_vars (
    app_id TEXT NOT NULL REFERENCES apps(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (app_id, key)
  ) STRICT;

  CREATE TABLE usage (
    app_id TEXT NOT NULL REFERENCES apps(id) ON DELETE CASCADE,
    month TEXT NOT NULL,
    requests INTEGER NOT NULL,
    cpu_ms REAL NOT NULL,
    PRIMARY KEY (app_id, month)
  ) STRICT;

  CREATE TABLE audit_events (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL,
    category TEXT NOT NULL,
    event_type TEXT NOT NULL,
    action TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id TEXT,
    actor_type TEXT NOT NULL,
    actor_id TEXT,
    event_data TEXT NOT NULL,
    ip_address TEXT,
    user_agent TEXT,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_events_by_app ON audit_events (app_id, created_at);
  `,
  `
  CREATE TABLE oauth_clients (
    client_id TEXT PRIMARY KEY,
    name TEXT,
    redirect_uris TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE oauth_codes (
    code_hash TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES oauth_clients(client_id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    grant_json TEXT NOT NULL,
    expires_at TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE app_env (
    app_id TEXT PRIMARY KEY REFERENCES apps(id) ON DELETE CASCADE,
    vars TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  `,
];

function migrate(connection: DatabaseSync): void {
  const row = connection.prepare('PRAGMA user_version').get();
  const version = row === undefined ? 0 : number(row, 'user_version');
  if (version > MIGRATIONS.length) {
    throw new DoError({
      code: ERROR_CODES.localPlatform,
      message: `The state folder was written by a later version of the embedded platform (schema ${version}, this one knows ${MIGRATIONS.length}).`,
      nextStep: 'Update the extension, or choose another state folder.',
    });
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    connection.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
