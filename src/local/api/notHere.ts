import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ownApp, type ApiParts } from './apiParts.ts';
import { appNotListed, errorBody, HttpError } from './errors.ts';

interface TableParams {
  readonly appId: string;
  readonly table: string;
}

/** What the platform has under `/v1/:appId/` besides tables and what is here. */
const FEATURES: ReadonlySet<string> = new Set([
  'admin',
  'agents',
  'ai',
  'auth',
  'billing',
  'chat',
  'custom-domains',
  'edge-ssr',
  'embeddings',
  'frontend',
  'functions',
  'images',
  'integrations',
  'kv',
  'mcp-servers',
  'migrations',
  'people',
  'public',
  'rag',
  'realtime',
  'repo',
  'rls',
  'schema',
  'secure',
  'storage',
  'templates',
  'videos',
]);

/** Paths that the platform has for other things than Durable Objects, and how it answers when they hold nothing. */
export function addAnswersForOthers(server: FastifyInstance, parts: ApiParts): void {
  const route = { config: { appRoute: true } };
  const table = '/v1/:appId/:table';
  const row = `${table}/:id`;
  const answer = (request: FastifyRequest<{ Params: TableParams }>, reply: FastifyReply): void =>
    answerForTable(parts, request, reply);

  server.get<{ Params: TableParams }>(table, route, answer);
  server.post<{ Params: TableParams }>(table, route, answer);
  server.get<{ Params: TableParams }>(row, route, answer);
  server.patch<{ Params: TableParams }>(row, route, answer);
  server.delete<{ Params: TableParams }>(row, route, answer);

  server.get('/auth/me', { config: { public: true } }, (_request, reply) =>
    reply.code(404).send({ error: 'App not found. Use <app>.butterbase.dev to access your app.' }),
  );
}

/** An app here has no tables, so that each is one that there is not. @throws HttpError */
function answerForTable(
  parts: ApiParts,
  request: FastifyRequest<{ Params: TableParams }>,
  reply: FastifyReply,
): void {
  const { appId, table } = request.params;
  if (FEATURES.has(table)) {
    reply.callNotFound();
    return;
  }
  // Whoever has no key reads what the app lets everybody read.
  const app =
    request.caller.kind === 'key' ? ownApp(parts, request, appId, appNotListed) : parts.registry.find(appId);
  if (app === undefined) throw appNotListed();
  if (app.pausedAt !== null) throw paused(app.pausedReason);
  throw new HttpError(
    404,
    errorBody({
      code: 'VALIDATION_TABLE_NOT_FOUND',
      message: `Table "${table}" not found`,
      remediation: `Create the table first using apply_schema. Example: {"tables": {"${table}": {"columns": {...}}}}`,
      documented: true,
    }),
  );
}

function paused(reason: string | null): HttpError {
  return new HttpError(
    503,
    errorBody({
      code: 'APP_PAUSED',
      message: 'App is paused',
      remediation:
        reason === null || reason === ''
          ? 'The app owner paused this app. Wait for it to be resumed, or contact the owner.'
          : `The app owner paused this app: "${reason}". Wait for it to be resumed, or contact the owner.`,
      documented: true,
      details: { paused_reason: reason },
    }),
    { 'retry-after': '60' },
  );
}
