import type { FastifyInstance } from 'fastify';
import { errorBody, HttpError } from './errors.ts';

/** Paths that the platform has for other things than Durable Objects, and how it answers when they hold nothing. */
export function addAnswersForOthers(server: FastifyInstance): void {
  server.patch<{ Params: { table: string } }>('/v1/:appId/:table/:id', (request) => {
    const { table } = request.params;
    throw new HttpError(
      404,
      errorBody({
        code: 'VALIDATION_TABLE_NOT_FOUND',
        message: `Table "${table}" not found`,
        remediation: `Create the table first using apply_schema. Example: {"tables": {"${table}": {"columns": {...}}}}`,
        documented: true,
      }),
    );
  });

  server.get('/auth/me', { config: { public: true } }, (_request, reply) =>
    reply.code(404).send({ error: 'App not found. Use <app>.butterbase.dev to access your app.' }),
  );
}
