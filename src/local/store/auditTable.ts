import { randomUUID } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import { json, number, optionalText, text, type Database, type Row } from './database.ts';

/** One event; only what succeeded is written, as on the platform. */
export interface AuditEvent {
  readonly appId: string;
  readonly category: 'admin';
  readonly eventType: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly actorType: 'api_key' | 'anonymous';
  readonly actorId: string | null;
  readonly eventData: Readonly<Record<string, unknown>>;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

export type AuditRow = AuditEvent & { readonly id: string; readonly createdAt: string };

/** Columns that a reader may filter by equality. */
export const AUDIT_FILTERS = [
  'category',
  'event_type',
  'action',
  'resource_type',
  'resource_id',
  'actor_id',
] as const;

export interface AuditQuery {
  readonly equals: Readonly<Partial<Record<(typeof AUDIT_FILTERS)[number], string>>>;
  /** ISO 8601, inclusive. */
  readonly from: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

export class AuditTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(event: AuditEvent, now: string): void {
    this.#db.run(
      `INSERT INTO audit_events (id, app_id, category, event_type, action, resource_type, resource_id, actor_type,
         actor_id, event_data, ip_address, user_agent, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      randomUUID(),
      event.appId,
      event.category,
      event.eventType,
      event.action,
      event.resourceType,
      event.resourceId,
      event.actorType,
      event.actorId,
      JSON.stringify(event.eventData),
      event.ipAddress,
      event.userAgent,
      now,
    );
  }

  /** One page, newest first, and how many there are in all. */
  read(appId: string, query: AuditQuery): { readonly rows: AuditRow[]; readonly total: number } {
    const conditions = ['app_id = ?'];
    const values: SQLInputValue[] = [appId];
    for (const column of AUDIT_FILTERS) {
      const value = query.equals[column];
      if (value === undefined) continue;
      conditions.push(`${column} = ?`);
      values.push(value);
    }
    if (query.from !== undefined) {
      conditions.push('created_at >= ?');
      values.push(query.from);
    }
    if (query.to !== undefined) {
      conditions.push('created_at < ?');
      values.push(query.to);
    }
    const where = conditions.join(' AND ');
    const count = this.#db.get(`SELECT count(*) AS total FROM audit_events WHERE ${where}`, ...values);
    const rows = this.#db.all(
      `SELECT * FROM audit_events WHERE ${where} ORDER BY created_at DESC, rowid DESC LIMIT ? OFFSET ?`,
      ...values,
      query.limit,
      query.offset,
    );
    return { rows: rows.map(toEvent), total: count === undefined ? 0 : number(count, 'total') };
  }
}

function toEvent(row: Row): AuditRow {
  return {
    id: text(row, 'id'),
    appId: text(row, 'app_id'),
    category: 'admin',
    eventType: text(row, 'event_type'),
    action: text(row, 'action') as AuditEvent['action'],
    resourceType: text(row, 'resource_type'),
    resourceId: optionalText(row, 'resource_id'),
    actorType: text(row, 'actor_type') as AuditEvent['actorType'],
    actorId: optionalText(row, 'actor_id'),
    eventData: json(row, 'event_data') as Record<string, unknown>,
    ipAddress: optionalText(row, 'ip_address'),
    userAgent: optionalText(row, 'user_agent'),
    createdAt: text(row, 'created_at'),
  };
}
