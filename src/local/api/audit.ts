import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AUDIT_FILTERS, type AuditEvent, type AuditQuery, type AuditRow } from '../store/auditTable.ts';
import type { Store } from '../store/store.ts';
import { DatabaseError } from '../store/database.ts';
import { ownApp, type ApiParts } from './apiParts.ts';
import { appNotListed, databaseFailure } from './errors.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** What succeeded, newest first, in pages. */
export function addAuditRoute(server: FastifyInstance, parts: ApiParts): void {
  server.get<{ Params: { appId: string }; Querystring: Record<string, string | string[] | undefined> }>(
    '/v1/:appId/audit-logs',
    (request) => {
      const { appId } = request.params;
      ownApp(parts, request, appId, appNotListed);
      const query = (name: string): string | undefined => [request.query[name]].flat()[0];
      const limit = Math.min(Math.max(1, wholeNumber(query('limit')) ?? DEFAULT_LIMIT), MAX_LIMIT);
      const offset = Math.max(0, wholeNumber(query('offset')) ?? 0);
      const equals = Object.fromEntries(
        AUDIT_FILTERS.flatMap((column) => {
          const value = query(column) ?? (column === 'actor_id' ? query('user_id') : undefined);
          return value === undefined || value === '' ? [] : [[column, value]];
        }),
      );
      const bounds = { from: query('from'), to: query('to') };
      const { rows, total } = readEvents(parts.store, appId, { equals, ...bounds, limit, offset });
      const next = offset + rows.length;
      return { logs: rows.map(wireEvent), total, limit, offset, nextOffset: next < total ? next : null };
    },
  );
}

/** Writes an event with who asked and from where. */
export function recordAudit(
  store: Store,
  request: FastifyRequest,
  event: Pick<AuditEvent, 'appId' | 'eventType' | 'action' | 'resourceType' | 'resourceId' | 'eventData'>,
): void {
  const { caller } = request;
  store.audit.add(
    {
      ...event,
      category: 'admin',
      actorType: caller.kind === 'key' ? 'api_key' : 'anonymous',
      actorId: caller.kind === 'key' ? caller.keyId : null,
      ipAddress: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
    },
    new Date().toISOString(),
  );
}

/** The platform tells of a filter that its database cannot read as of any failure. */
function readEvents(
  store: Store,
  appId: string,
  query: AuditQuery,
): { readonly rows: AuditRow[]; readonly total: number } {
  try {
    return store.audit.read(appId, query);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw databaseFailure('Failed to fetch audit logs');
  }
}

function wireEvent(row: AuditRow): Record<string, unknown> {
  return {
    id: row.id,
    app_id: row.appId,
    category: row.category,
    event_type: row.eventType,
    action: row.action,
    resource_type: row.resourceType,
    resource_id: row.resourceId,
    actor_type: row.actorType,
    actor_id: row.actorId,
    event_data: row.eventData,
    ip_address: row.ipAddress,
    user_agent: row.userAgent,
    success: true,
    error_message: null,
    correlation_id: null,
    created_at: row.createdAt,
  };
}

function wholeNumber(value: string | undefined): number | undefined {
  const parsed = Number.parseInt(value ?? '', 10);
  return Number.isNaN(parsed) ? undefined : parsed;
}
