import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiParts } from './apiParts.ts';
import { Authenticator } from './auth.ts';
import { errorBody, HttpError } from './errors.ts';
import { addCorsHeaders, answerPreflight, OriginCheck } from './origins.ts';
import { RateLimiter } from './rateLimit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The app must be known and live in this region; writes wait while it moves. */
    appRoute?: boolean;
  }
}

/** Requests per minute to the routes of an app that there is not (recorded). */
const UNKNOWN_APP_LIMIT = 300;

/** The same for paths with nothing where the app's id belongs, `/v1//durable-objects` (recorded). */
const NO_APP_LIMIT = 100;

const BILLING_URL = 'http://localhost:3000/billing';

/**
 * What happens to a request before its route, in the platform's order: Host and Origin, key, account, app and
 * region, migration, rate limit; and after the body was read, whether the app is ready.
 */
export function addGuards(server: FastifyInstance, parts: ApiParts): void {
  const origins = new OriginCheck(parts.allowedHosts);
  const authenticator = new Authenticator(parts.store);
  const limiter = new RateLimiter();
  server.decorateRequest('caller');

  server.addHook('onRequest', (request, reply, done) => {
    origins.refuseForeign(request);
    addCorsHeaders(request, reply);
    if (answerPreflight(request, reply)) return;
    const { config } = request.routeOptions;
    if (config.public !== true) {
      request.caller = authenticator.identify(request.headers.authorization);
      refuseBlockedAccount(parts, request);
    }
    if (config.appRoute === true && !checkApp(parts, request, reply)) return;
    countRequest(parts, limiter, request, reply);
    done();
  });

  server.addHook('preHandler', (request, _reply, done) => {
    refuseUnreadyApp(parts, request);
    done();
  });
}

function refuseBlockedAccount(parts: ApiParts, { caller, method }: FastifyRequest): void {
  if (caller.kind === 'anonymous') return;
  const status = parts.store.accountStatus;
  if (status === 'suspended') {
    throw new HttpError(403, {
      error: 'account_suspended',
      message: 'Your account has been suspended. Please contact support.',
      upgradeUrl: BILLING_URL,
    });
  }
  if (status === 'soft_locked' && method !== 'GET' && method !== 'DELETE') {
    throw new HttpError(402, {
      error: 'account_soft_locked',
      message:
        'Your account is in read-only mode due to exceeding free plan limits. Upgrade or reduce usage to restore full access.',
      upgradeUrl: BILLING_URL,
    });
  }
}

/** Whether the request goes on; otherwise it was answered. */
function checkApp(parts: ApiParts, request: FastifyRequest, reply: FastifyReply): boolean {
  const appId = appIdOf(request) ?? '';
  const app = parts.registry.find(appId);
  // The route itself answers for a path without an app, and for what the edge could not send to another region.
  const staysHere = appId === '' || request.headers['fly-replay-failed'] !== undefined;
  if (app === undefined) {
    if (staysHere) return true;
    throw new HttpError(
      404,
      errorBody({
        code: 'RESOURCE_NOT_FOUND',
        message: `App ${appId} not found`,
        remediation:
          'Verify the app id (use list_apps via MCP or `butterbase apps list`). Confirm the caller owns the app.',
      }),
    );
  }
  if (app.region !== parts.region && !staysHere) {
    const replay = `region=${app.region};fallback=prefer_self;timeout=3s`;
    void reply.code(204).header('fly-replay', replay).send();
    return false;
  }
  const reads = request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS';
  if (app.provisioningStatus === 'migrating' && !reads) {
    throw new HttpError(
      503,
      {
        error: 'app_migrating',
        message: 'This app is being moved to a different region. Writes are temporarily blocked.',
      },
      { 'retry-after': '60' },
    );
  }
  return true;
}

/** Counts per app, method and route; the routes without an app in them are not limited. */
function countRequest(
  parts: ApiParts,
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { url } = request.routeOptions;
  if (url?.startsWith('/v1/:appId') !== true) return;
  const appId = appIdOf(request) ?? '';
  const missing = appId === '' ? NO_APP_LIMIT : UNKNOWN_APP_LIMIT;
  const limit = parts.registry.find(appId) === undefined ? missing : parts.rateLimit;
  void reply.headers({ ...limiter.count(`${request.method} ${url} ${appId}`, limit) });
}

function refuseUnreadyApp(parts: ApiParts, request: FastifyRequest): void {
  const appId = APP_PATH.exec(request.url)?.[1];
  if (appId === undefined || request.url.includes('/fn/')) return;
  const app = parts.registry.find(appId);
  if (app === undefined) return;
  if (!app.dbProvisioned) {
    throw new HttpError(
      409,
      errorBody({
        code: 'APP_PROVISIONING',
        message:
          app.provisioningStatus === 'failed'
            ? 'App database provisioning failed. Delete and recreate the app.'
            : 'App database is still being provisioned. Poll GET /apps/:app_id/status and retry when ready.',
        remediation: 'Wait for provisioning to complete, then retry.',
      }),
    );
  }
  if (app.provisioningStatus === 'deleting') {
    throw new HttpError(
      410,
      errorBody({
        code: 'APP_DELETING',
        message: 'This app is being deleted and cannot accept requests.',
        remediation:
          'The app is being permanently removed. Poll GET /apps/:app_id/status — a 404 response confirms deletion is complete.',
      }),
    );
  }
}

const APP_PATH = /^\/v1\/(app_[a-z0-9]+)\//;

function appIdOf(request: FastifyRequest): string | undefined {
  return (request.params as { appId?: string } | undefined)?.appId;
}
