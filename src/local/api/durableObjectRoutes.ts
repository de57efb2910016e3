import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toError } from '../../core/errors.ts';
import { DeployError, type DeployErrorCode } from '../service/deployError.ts';
import type { ClassRow } from '../store/classTable.ts';
import { ownApp, type ApiParts } from './apiParts.ts';
import { recordAudit } from './audit.ts';
import { errorBody, HttpError } from './errors.ts';
import { unavailableAnswer } from './unavailable.ts';
import { readEnvBody, readRegisterBody } from './validation.ts';

interface AppParams {
  readonly appId: string;
}
type NameParams = AppParams & { readonly name: string };
type KeyParams = AppParams & { readonly key: string };

const BASE = '/v1/:appId/durable-objects';
const ROUTE = { config: { appRoute: true } };

/** The platform's routes for Durable Object classes and their environment (platform-contract, first table). */
export function addDurableObjectRoutes(server: FastifyInstance, parts: ApiParts): void {
  const { store, registry } = parts;

  server.post<{ Params: AppParams }>(BASE, ROUTE, async (request) => {
    const { appId } = request.params;
    const input = readRegisterBody(request.body);
    ownApp(parts, request, appId);
    const { id, className } = await failing('deploying Durable Object', () =>
      registry.service(appId).register(input),
    );
    audit(request, 'create', 'create', id, { name: input.name });
    return { id, name: input.name, status: 'READY', class_name: className };
  });

  server.get<{ Params: AppParams }>(BASE, ROUTE, (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId);
    return { durable_objects: store.classes.list(appId).map(listItem) };
  });

  server.get<{ Params: NameParams }>(`${BASE}/:name`, ROUTE, (request) => {
    const { appId, name } = request.params;
    ownApp(parts, request, appId);
    const row = store.classes.find(appId, name);
    if (row === undefined) throw classNotFound('Durable Object not found');
    return {
      id: row.id,
      name: row.name,
      class_name: row.className,
      code: row.code,
      access_mode: row.accessMode,
      status: row.status,
      error_message: row.errorMessage,
      last_deployed_at: row.lastDeployedAt,
      created_at: row.createdAt,
      updated_at: row.updatedAt,
    };
  });

  server.delete<{ Params: NameParams }>(`${BASE}/:name`, ROUTE, async (request) => {
    const { appId, name } = request.params;
    ownApp(parts, request, appId);
    await failing('deleting Durable Object', () => registry.service(appId).delete(name));
    audit(request, 'delete', 'delete', name);
    return { deleted: true, name };
  });

  server.get<{ Params: NameParams }>(`${BASE}/:name/usage`, ROUTE, async (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId);
    const { requests, cpuMs } = await registry.service(appId).usage.read();
    return { do_requests: requests, do_cpu_ms: Math.round(cpuMs) };
  });

  server.get<{ Params: AppParams }>(`${BASE}/env`, ROUTE, (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId);
    return { keys: store.env.keys(appId) };
  });

  server.put<{ Params: KeyParams }>(`${BASE}/env/:key`, ROUTE, async (request) => {
    const { appId, key } = request.params;
    ownApp(parts, request, appId);
    const value = readEnvBody(request.body);
    const redeployed = await failing('setting DO env var', () => registry.service(appId).setEnv(key, value));
    audit(request, 'env.set', 'update', key, { redeployed });
    return { key, redeployed };
  });

  server.delete<{ Params: KeyParams }>(`${BASE}/env/:key`, ROUTE, async (request) => {
    const { appId, key } = request.params;
    ownApp(parts, request, appId);
    // The platform translates no refusal here: every failure is a 500.
    const redeployed = await registry
      .service(appId)
      .deleteEnv(key)
      .catch((error: unknown) => {
        throw unavailableAnswer(error) ?? unexpected('deleting DO env var', error);
      });
    audit(request, 'env.delete', 'delete', key, { redeployed });
    return { deleted: true, key, redeployed };
  });

  const audit = (
    request: FastifyRequest<{ Params: AppParams }>,
    event: string,
    action: 'create' | 'update' | 'delete',
    resourceId: string,
    eventData: Record<string, unknown> = {},
  ): void =>
    recordAudit(store, request, {
      appId: request.params.appId,
      eventType: `durable_object.${event}`,
      action,
      resourceType: 'durable_object',
      resourceId,
      eventData,
    });
}

function listItem(row: ClassRow): Record<string, unknown> {
  return {
    id: row.id,
    name: row.name,
    class_name: row.className,
    status: row.status,
    access_mode: row.accessMode,
    last_deployed_at: row.lastDeployedAt,
    error_message: row.errorMessage,
  };
}

async function failing<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const unavailable = unavailableAnswer(error);
    if (unavailable !== undefined) throw unavailable;
    if (!(error instanceof DeployError) || error.code === 'UNEXPECTED') throw unexpected(doing, error);
    const { status, code, remediation } = ANSWERS[error.code];
    throw new HttpError(status, errorBody({ code, message: error.message, remediation, documented: true }));
  }
}

function classNotFound(message: string): HttpError {
  const { status, code, remediation } = ANSWERS.NOT_FOUND;
  return new HttpError(status, errorBody({ code, message, remediation, documented: true }));
}

function unexpected(doing: string, error: unknown): HttpError {
  return new HttpError(
    500,
    errorBody({
      code: 'EXTERNAL_CLOUDFLARE_ERROR',
      message: `Unexpected error while ${doing}: ${toError(error).message}`,
      remediation: 'Retry; if persistent, share the error message with support.',
      documented: true,
    }),
    {},
    error instanceof DeployError ? undefined : error,
  );
}

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly remediation: string;
}

const REJECTED = { status: 502, code: 'EXTERNAL_CLOUDFLARE_ERROR' };
const INVALID = { status: 400, code: 'VALIDATION_INVALID_SCHEMA' };
const FIX_INPUT =
  'Fix the source code or input and retry. See https://docs.butterbase.ai/core-concepts/durable-objects';

const ANSWERS: Readonly<Record<Exclude<DeployErrorCode, 'UNEXPECTED'>, Answer>> = {
  NOT_FOUND: {
    status: 404,
    code: 'RESOURCE_NOT_FOUND',
    remediation: 'Use list_durable_objects to see registered DOs.',
  },
  INVALID_NAME: { ...INVALID, remediation: FIX_INPUT },
  INVALID_SOURCE: { ...INVALID, remediation: FIX_INPUT },
  INVALID_ENV_KEY: {
    ...INVALID,
    remediation: 'Use uppercase identifiers for DO env keys (e.g. APP_ID, API_BASE_URL).',
  },
  RESERVED_ENV_KEY: {
    ...INVALID,
    remediation: 'Rename the key. BUTTERBASE_* is reserved for platform-injected values.',
  },
  ENV_BINDING_COLLISION: {
    ...INVALID,
    remediation:
      'Pick an env var name that does not match a DO class binding name (UPPER_SNAKE form of the class URL name).',
  },
  CF_MIGRATION_TAG_MISMATCH: {
    ...REJECTED,
    remediation:
      'The local deploy state lost its Cloudflare migration tag. Retry — the service will attempt to backfill it from CF on the next call. If it persists, contact support so the script can be reset.',
  },
  CF_INVALID_MIGRATION: {
    ...REJECTED,
    remediation:
      'Cloudflare rejected the DO migration shape. Check that you are not renaming an existing class without an explicit rename migration.',
  },
  CF_DEPLOY_FAILED: {
    ...REJECTED,
    remediation:
      'Cloudflare rejected the deploy. Retry; if it persists, check the Cloudflare status page or contact support with the original error.',
  },
};
