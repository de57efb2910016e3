import { randomUUID } from 'node:crypto';
import type { AccessMode, ClassStatus } from '../../core/model/app.ts';
import { optionalText, storable, text, type Database, type Row } from './database.ts';

/** One Durable Object class as the platform keeps it. `code` is what was last submitted, also after a failed deploy. */
export interface ClassRow {
  readonly id: string;
  readonly name: string;
  readonly className: string;
  readonly code: string;
  readonly accessMode: AccessMode;
  readonly status: ClassStatus;
  readonly errorMessage: string | null;
  readonly lastDeployedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ClassSource {
  readonly name: string;
  readonly className: string;
  readonly code: string;
  readonly accessMode: AccessMode;
}

export class ClassTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Newest first, as the list route answers. */
  list(appId: string): ClassRow[] {
    return this.#db
      .all('SELECT * FROM classes WHERE app_id = ? ORDER BY created_at DESC, rowid DESC', appId)
      .map(toClass);
  }

  /** What a deploy sends: every class that is not in ERROR, by DO name. A row left BUILDING by a crash counts. */
  active(appId: string): ClassRow[] {
    return this.#db
      .all(
        `SELECT * FROM classes WHERE app_id = ? AND status IN ('PENDING', 'BUILDING', 'READY') ORDER BY name`,
        appId,
      )
      .map(toClass);
  }

  /** @throws DatabaseError for a name that no row can have */
  find(appId: string, name: string): ClassRow | undefined {
    const row = this.#db.get('SELECT * FROM classes WHERE app_id = ? AND name = ?', appId, storable(name));
    return row === undefined ? undefined : toClass(row);
  }

  /**
   * Writes the submitted source as BUILDING, as a new row or over the row of that name; answers the row's id.
   * @throws DatabaseError for a source that no row can hold
   */
  submit(appId: string, source: ClassSource, now: string): string {
    const row = this.#db.get(
      `INSERT INTO classes (id, app_id, name, class_name, code, access_mode, status, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, 'BUILDING', ?, ?)
       ON CONFLICT (app_id, name) DO UPDATE SET class_name = excluded.class_name, code = excluded.code,
         access_mode = excluded.access_mode, status = 'BUILDING', error_message = NULL, updated_at = excluded.updated_at
       RETURNING id`,
      randomUUID(),
      appId,
      source.name,
      source.className,
      storable(source.code),
      source.accessMode,
      now,
      now,
    );
    if (row === undefined) throw new Error('The class row was not written.');
    return text(row, 'id');
  }

  /** Makes the row of that name what it was before a change that did not happen. */
  putBack(appId: string, name: string, before: ClassRow | undefined): void {
    this.#db.transaction(() => {
      this.delete(appId, name);
      if (before !== undefined) this.insert(appId, before);
    });
  }

  insert(appId: string, row: ClassRow): void {
    this.#db.run(
      `INSERT INTO classes (id, app_id, name, class_name, code, access_mode, status, error_message, last_deployed_at,
         created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      appId,
      row.name,
      row.className,
      row.code,
      row.accessMode,
      row.status,
      row.errorMessage,
      row.lastDeployedAt,
      row.createdAt,
      row.updatedAt,
    );
  }

  setReady(id: string, now: string): void {
    this.#db.run(
      `UPDATE classes SET status = 'READY', error_message = NULL, last_deployed_at = ?, updated_at = ? WHERE id = ?`,
      now,
      now,
      id,
    );
  }

  setError(id: string, message: string, now: string): void {
    this.#db.run(
      `UPDATE classes SET status = 'ERROR', error_message = ?, updated_at = ? WHERE id = ?`,
      message,
      now,
      id,
    );
  }

  /** Whether there was such a row. */
  delete(appId: string, name: string): boolean {
    return this.#db.run('DELETE FROM classes WHERE app_id = ? AND name = ?', appId, name) > 0;
  }
}

function toClass(row: Row): ClassRow {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    className: text(row, 'class_name'),
    code: text(row, 'code'),
    accessMode: text(row, 'access_mode') as AccessMode,
    status: text(row, 'status') as ClassStatus,
    errorMessage: optionalText(row, 'error_message'),
    lastDeployedAt: optionalText(row, 'last_deployed_at'),
    createdAt: text(row, 'created_at'),
    updatedAt: text(row, 'updated_at'),
  };
}
