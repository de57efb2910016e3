import { randomUUID } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import {
  DatabaseError,
  json,
  number,
  optionalText,
  storable,
  text,
  type Database,
  type Row,
} from './database.ts';

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
  /** ISO 8601, inclusive; without a zone it is UTC. */
  readonly from: string | undefined;
  /** ISO 8601, exclusive; as `from`. */
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
      JSON.stringify(inStoredOrder(event.eventData)),
      event.ipAddress,
      event.userAgent,
      now,
    );
  }

  /**
   * One page, newest first, and how many there are in all. Empty bounds are none.
   * @throws DatabaseError for a filter that the hosted platform's database cannot read
   */
  read(appId: string, query: AuditQuery): { readonly rows: AuditRow[]; readonly total: number } {
    const conditions = ['app_id = ?'];
    const values: SQLInputValue[] = [appId];
    for (const column of AUDIT_FILTERS) {
      const value = query.equals[column];
      if (value === undefined) continue;
      conditions.push(`${column} = ?`);
      values.push(storable(value));
    }
    if (query.from) {
      conditions.push('created_at >= ?');
      values.push(timestamp(query.from));
    }
    if (query.to) {
      conditions.push('created_at < ?');
      values.push(timestamp(query.to));
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

/** `2026-11-23`, `20261123`, `2026-11-23 01:00`, `2026-11-23T01:00:00.5+02:00` … */
const TIMESTAMP =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** As the column has it: UTC, in milliseconds. @throws DatabaseError */
function timestamp(value: string): string {
  const [, year, month, day, time = '00:00', zone = 'Z'] = TIMESTAMP.exec(value) ?? [];
  const minutes = /^[+-]\d{2}$/.test(zone) ? ':00' : '';
  const date = new Date(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${time}${zone}${minutes}`);
  const isDay = new Date(`${year ?? ''}-${month ?? ''}-${day ?? ''}`).getUTCDate() === Number(day);
  if (Number.isNaN(date.getTime()) || !isDay) {
    throw new DatabaseError(`invalid input syntax for type timestamp with time zone: "${value}"`);
  }
  return date.toISOString();
}

/** Keys in the order in which PostgreSQL keeps those of its `jsonb`: short ones first, then by character. */
function inStoredOrder(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(data).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return Object.fromEntries(entries);
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
