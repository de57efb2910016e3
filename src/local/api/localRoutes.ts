import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { DoError } from '../../core/errors.ts';
import { owns, type ApiParts } from './apiParts.ts';
import { requireKey, type Caller } from './auth.ts';
import { errorBody, HttpError } from './errors.ts';

/** A line of the event stream at least this often, ms, so that both ends notice when the other is gone. */
const PING_INTERVAL_MS = 10_000;

/** What a reader of the events may leave unread. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** What only the embedded platform has: its state, its events, the trash, its end. */
export function addLocalRoutes(server: FastifyInstance, parts: ApiParts): void {
  const { registry, events } = parts;
  let watchers = 0;

  server.get('/_local/state', (request) => {
    const caller = requireKey(request);
    const apps = registry.list().filter((app) => owns(caller, app));
    return {
      version: parts.version,
      pid: process.pid,
      apps: apps.map((app) => ({
        id: app.id,
        name: app.name,
        subdomain: app.subdomain,
        origin: registry.origin(app),
        running: registry.service(app.id).running,
      })),
      stateDir: parts.stateDir,
    };
  });

  server.get('/_local/events', (request, reply) => {
    requireKey(request);
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value);
    }
    reply.hijack();
    raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    const write = (event: object): void => {
      raw.write(`${JSON.stringify(event)}\n`);
      // A reader that does not read must not fill the memory: it may come again.
      if (raw.writableLength > MAX_UNREAD_BYTES) raw.destroy();
    };
    const unsubscribe = events.subscribe(write);
    const ping = setInterval(() => write({ type: 'ping' }), PING_INTERVAL_MS);
    parts.watchersChanged((watchers += 1));
    raw.once('close', () => {
      clearInterval(ping);
      unsubscribe();
      parts.watchersChanged((watchers -= 1));
    });
    write({ type: 'ping' });
  });

  server.get('/_local/trash', async (request) => {
    const items = await trashOf(parts, requireKey(request));
    return {
      items: items.map(({ id, appId, className, deletedAt, bytes }) => ({
        id,
        appId,
        className,
        deletedAt,
        bytes,
      })),
    };
  });

  server.post<{ Params: { id: string }; Body: { replace?: unknown } | null | undefined }>(
    '/_local/trash/:id/restore',
    async (request) => {
      const { id } = request.params;
      const item = (await trashOf(parts, requireKey(request))).find((each) => each.id === id);
      if (item === undefined) {
        throw refused(
          404,
          'TRASH_ITEM_NOT_FOUND',
          `There is no "${id}" in the trash.`,
          'List the trash again.',
        );
      }
      const service = registry.service(item.appId);
      const replace = request.body?.replace === true;
      try {
        await service.exclusively(() => service.runtime.restoreStorage(item.file, { replace }));
      } catch (error) {
        if (!(error instanceof DoError) || error.status === undefined) throw error;
        throw refused(error.status, error.code, error.message, error.nextStep);
      }
      events.emit({ type: 'state', appId: item.appId });
      return { restored: true, id };
    },
  );

  server.post('/_local/shutdown', (request, reply) => {
    requireKey(request);
    events.emit({ type: 'stopping' });
    reply.raw.once('close', parts.shutdown);
    return { stopping: true };
  });
}

interface ListedItem {
  readonly id: string;
  readonly appId: string;
  readonly className: string;
  readonly deletedAt: string;
  readonly bytes: number;
  /** Its name in the app's trash folder. */
  readonly file: string;
}

/** Latest first. The ids are short enough for the router, however long the class names are. */
async function trashOf(parts: ApiParts, caller: Extract<Caller, { kind: 'key' }>): Promise<ListedItem[]> {
  const apps = parts.registry.list().filter((app) => owns(caller, app));
  const items = await Promise.all(
    apps.map(async ({ id: appId }) => {
      const found = await parts.registry.service(appId).runtime.listTrash();
      return found.map(({ id: file, className, deletedAt, bytes }) => {
        const id = createHash('sha256').update(`${appId}/${file}`).digest('hex').slice(0, 16);
        return { id, appId, className, deletedAt, bytes, file };
      });
    }),
  );
  return items.flat().sort((a, b) => b.deletedAt.localeCompare(a.deletedAt));
}

function refused(status: number, code: string, message: string, remediation: string): HttpError {
  return new HttpError(status, errorBody({ code, message, remediation }));
}
