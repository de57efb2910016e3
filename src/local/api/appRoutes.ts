import type { FastifyInstance } from 'fastify';
import type { AppRow } from '../store/appTable.ts';
import { ownApp, owns, type ApiParts } from './apiParts.ts';
import { recordAudit } from './audit.ts';
import { requireKey } from './auth.ts';
import { appNotListed, databaseFailure, errorBody, HttpError } from './errors.ts';
import { BodyError, readPauseBody } from './validation.ts';

interface AppParams {
  readonly appId: string;
}

interface InitBody {
  readonly name: string;
  readonly subdomain?: string;
  readonly region?: string;
}

const INIT_SCHEMA = {
  body: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[a-z0-9][a-z0-9_-]*$' },
      subdomain: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' },
      region: { type: 'string', minLength: 1 },
      organization_id: { type: 'string', minLength: 1 },
    },
    additionalProperties: false,
  },
} as const;

/** Apps: list, make, status, configuration, pause, delete. */
export function addAppRoutes(server: FastifyInstance, parts: ApiParts): void {
  const { store, registry } = parts;

  server.get('/v1/regions', { config: { public: true } }, () => ({ regions: [parts.region] }));

  server.get('/apps', (request) => {
    const caller = requireKey(request);
    const apps = registry.list().filter((app) => owns(caller, app));
    return { apps: apps.map((app) => listItem(app, store.organizationId)) };
  });

  server.post<{ Body: InitBody }>('/init', { schema: INIT_SCHEMA }, async (request, reply) => {
    const { name, subdomain, region } = request.body;
    if (region !== undefined && region !== parts.region) {
      const error = `Region "${region}" is not in BUTTERBASE_REGIONS`;
      return reply.code(400).send({ error, allowed: [parts.region] });
    }
    const caller = requireKey(request);
    if (subdomain !== undefined && store.apps.findBySubdomain(subdomain) !== undefined) {
      const error = `Subdomain "${subdomain}" is already taken. Choose a different subdomain.`;
      return reply.code(409).send({ error });
    }
    const existing = store.apps.findByName(caller.ownerId, name);
    if (existing !== undefined) return initAnswer(existing);
    const app = await registry.create(name, parts.region, subdomain);
    recordAudit(store, request, {
      appId: app.id,
      eventType: 'app.create',
      action: 'create',
      resourceType: 'app',
      resourceId: app.id,
      eventData: { name, subdomain: app.subdomain, owner_id: app.ownerId },
    });
    return reply.code(201).send({ ...initAnswer(app), _meta: { next_actions: [] } });
  });

  server.get<{ Params: AppParams }>('/apps/:appId/status', (request, reply) => {
    const { appId } = request.params;
    const caller = requireKey(request);
    const app = registry.find(appId);
    if (app === undefined || !owns(caller, app)) {
      return reply.code(404).send({ code: 'RESOURCE_NOT_FOUND', message: `App "${appId}" not found` });
    }
    return {
      app_id: app.id,
      name: app.name,
      db_provisioned: app.dbProvisioned,
      provisioning_status: app.provisioningStatus,
      provisioning_error: null,
    };
  });

  server.delete<{ Params: AppParams }>('/apps/:appId', async (request, reply) => {
    const { appId } = request.params;
    const caller = requireKey(request);
    const app = registry.find(appId);
    if (app === undefined || !owns(caller, app)) return reply.code(404).send({ error: 'App not found' });
    await registry.delete(appId);
    recordAudit(store, request, {
      appId,
      eventType: 'app.delete',
      action: 'delete',
      resourceType: 'app',
      resourceId: appId,
      eventData: { db_name: appId, mode: 'inline' },
    });
    return { message: 'App deleted successfully', app_id: appId, db_name: appId };
  });

  server.get<{ Params: AppParams }>('/v1/:appId/config', (request) =>
    configOf(ownApp(parts, request, request.params.appId, appNotListed)),
  );

  server.patch<{ Params: AppParams }>('/v1/:appId/config/pause', (request) => {
    const { paused, reason } = readPause(request.body);
    // This route says the same of a missing key as of a failing database.
    if (request.caller.kind === 'anonymous') throw databaseFailure('Failed to update paused state');
    const app = ownApp(parts, request, request.params.appId, appNotListed);
    const now = new Date().toISOString();
    store.apps.setPaused(app.id, paused ? now : null, paused ? reason : null, now);
    recordAudit(store, request, {
      appId: app.id,
      eventType: 'app.config.paused',
      action: 'update',
      resourceType: 'app_config',
      resourceId: 'paused',
      eventData: { paused, reason },
    });
    const why = reason === null || reason === '' ? '' : ` (${reason})`;
    return {
      message: paused
        ? `App paused${why}. Data-plane traffic will return 503 until resumed.`
        : 'App resumed. Data-plane traffic restored.',
      app_id: app.id,
      paused,
      paused_at: paused ? now : null,
      paused_reason: paused ? reason : null,
    };
  });

  const initAnswer = (app: AppRow): Record<string, unknown> => ({
    app_id: app.id,
    name: app.name,
    db_provisioned: app.dbProvisioned,
    provisioning_status: app.provisioningStatus,
    api_url: `${parts.url()}/v1/${app.id}`,
    subdomain: app.subdomain,
    url: registry.origin(app),
    created_at: app.createdAt,
  });
}

function listItem(app: AppRow, organizationId: string): Record<string, unknown> {
  return {
    id: app.id,
    name: app.name,
    subdomain: app.subdomain,
    db_name: app.id,
    db_provisioned: app.dbProvisioned,
    provisioning_status: app.provisioningStatus,
    region: app.region,
    visibility: 'private',
    listed: true,
    template_source_app_id: null,
    fork_count: 0,
    substrate_organization_id: null,
    substrate_autopropagate: {},
    created_at: app.createdAt,
    organization_id: organizationId,
  };
}

function configOf(app: AppRow): Record<string, unknown> {
  return {
    id: app.id,
    name: app.name,
    db_name: app.id,
    db_provisioned: app.dbProvisioned,
    region: app.region,
    allowed_origins: ['http://localhost:3000'],
    storage_config: { maxFileSizeMb: 10, publicReadEnabled: false, allowedContentTypes: ['*/*'] },
    auth_hook_function: null,
    access_mode: 'public',
    visibility: 'private',
    listed: true,
    template_source_app_id: null,
    repo_latest_snapshot: null,
    fork_count: 0,
    substrate_organization_id: null,
    created_at: app.createdAt,
    updated_at: app.updatedAt,
  };
}

function readPause(body: unknown): ReturnType<typeof readPauseBody> {
  try {
    return readPauseBody(body);
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    throw new HttpError(
      400,
      errorBody({
        code: 'VALIDATION_INVALID_SCHEMA',
        message: 'Invalid request body',
        remediation:
          'Provide paused as a boolean. Optionally include a reason string (max 500 chars) describing why.',
        documented: true,
        details: error.issues,
      }),
    );
  }
}
