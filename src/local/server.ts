import type { Server } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyRouterOptions } from 'fastify';
import type { ApiParts } from './api/apiParts.ts';
import { addAppEnvRoutes } from './api/appEnvRoutes.ts';
import { addAppRoutes } from './api/appRoutes.ts';
import { addAuditRoute } from './api/audit.ts';
import { addDurableObjectRoutes } from './api/durableObjectRoutes.ts';
import { answerError } from './api/errors.ts';
import { addFaultRoutes } from './api/faultRoutes.ts';
import { addGuards } from './api/guards.ts';
import { addHealthRoutes } from './api/healthRoutes.ts';
import { addInvokerRoutes } from './api/invokerRoutes.ts';
import { addKeyRoutes } from './api/keyRoutes.ts';
import { addLocalRoutes } from './api/localRoutes.ts';
import { addAnswersForOthers } from './api/notHere.ts';
import { addOAuthRoutes } from './api/oauthRoutes.ts';

/**
 * The API's server. It is the platform's own web framework with the platform's settings, so that limits of the
 * router and of bodies, content types and the answers to what it refuses itself are the same.
 */
export function buildServer(parts: ApiParts): FastifyInstance {
  const routerOptions: FastifyRouterOptions<Server> = {};
  // A name of more than 100 characters matches no route: 404, as on the platform, and not 414.
  Object.assign(routerOptions, { onMaxParamLength: undefined });
  const server = Fastify({ forceCloseConnections: true, routerOptions });
  server.setErrorHandler((error, _request, reply) => answerError(error, reply, parts.log));
  // Bodies that are neither JSON nor text arrive as bytes, and fail the checks as such.
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  addGuards(server, parts);
  addHealthRoutes(server);
  addAppRoutes(server, parts);
  addAppEnvRoutes(server, parts);
  addDurableObjectRoutes(server, parts);
  addAuditRoute(server, parts);
  addKeyRoutes(server, parts);
  addOAuthRoutes(server, parts);
  addInvokerRoutes(server, parts);
  addLocalRoutes(server, parts);
  if (parts.faults !== undefined) addFaultRoutes(server, parts, parts.faults);
  addAnswersForOthers(server, parts);
  return server;
}
