import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { timingSafeEqual } from 'node:crypto';
import { toError } from '../../core/errors.ts';
import type { ApiParts } from './apiParts.ts';
import { errorBody, HttpError } from './errors.ts';

/**
 * What classes call through `butterbase.ctx`: `invokeDO` comes to `/invoke`, `invoke` to `/v1/:app/fn/:name`.
 * Both prove themselves with keys of their own, not with the account's.
 */
export function addInvokerRoutes(server: FastifyInstance, parts: ApiParts): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    scope.all('/invoke', { config: { public: true } }, (request, reply) => invoke(parts, request, reply));
    done();
  });

  server.all<{ Params: { appId: string; name: string } }>(
    '/v1/:appId/fn/:name',
    { config: { public: true } },
    (request) => {
      const { name } = request.params;
      throw new HttpError(
        404,
        errorBody({
          code: 'RESOURCE_NOT_FOUND',
          message: `The embedded platform runs no functions, so "${name}" cannot be invoked here.`,
          remediation: 'Deploy the class to a hosted or self-hosted Butterbase to call functions of its app.',
        }),
      );
    },
  );
}

async function invoke(parts: ApiParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { headers } = request;
  if (!sameText(headers.authorization ?? '', `Bearer ${parts.store.invokerToken}`)) {
    return plain(reply, 401, 'unauthorized');
  }
  const [appId, className, instance] = INVOKE_HEADERS.map((name) => [headers[name]].flat()[0]);
  if (!appId) return plain(reply, 400, 'x-butterbase-app required');
  if (!className) return plain(reply, 400, 'x-butterbase-class required');
  if (!instance) return plain(reply, 400, 'x-butterbase-instance required');
  if (parts.registry.find(appId) === undefined) return plain(reply, 404, `unknown app: ${appId}`);
  const abort = new AbortController();
  reply.raw.once('close', () => abort.abort());
  try {
    const body = request.body as Readable | null | undefined;
    const answer = await parts.registry.service(appId).runtime.dispatch(className, instance, {
      method: request.method,
      headers,
      signal: abort.signal,
      ...(body === undefined || body === null ? {} : { body }),
    });
    for (const [name, value] of answer.headers) void reply.header(name, value);
    return await reply.code(answer.status).send(answer.body);
  } catch (error) {
    return plain(reply, 502, `dispatch failed: ${toError(error).message}`);
  }
}

const INVOKE_HEADERS = ['x-butterbase-app', 'x-butterbase-class', 'x-butterbase-instance'] as const;

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain;charset=UTF-8').send(text);
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
