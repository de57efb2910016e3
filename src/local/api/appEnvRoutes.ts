import type { FastifyInstance } from 'fastify';
import { ownApp, type ApiParts } from './apiParts.ts';
import { recordAudit } from './audit.ts';
import { errorBody, HttpError, unknownApp } from './errors.ts';
import { unavailableAnswer } from './unavailable.ts';

interface AppParams {
  readonly appId: string;
}

const PATH = '/v1/:appId/env';
const ROUTE = { config: { appRoute: true } };

/** The variables of a whole app, which its Durable Objects get under those of their own. */
export function addAppEnvRoutes(server: FastifyInstance, parts: ApiParts): void {
  const { store, registry } = parts;

  server.get<{ Params: AppParams }>(PATH, ROUTE, (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId, unknownApp);
    const { values, updatedAt } = store.appEnv.read(appId);
    return { keys: Object.keys(values), updatedAt };
  });

  server.patch<{ Params: AppParams }>(PATH, ROUTE, async (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId, unknownApp);
    const changes = readChanges(request.body);
    const { keys, redeployed } = await registry
      .service(appId)
      .changeAppEnv(changes)
      .catch((error: unknown) => {
        throw unavailableAnswer(error) ?? error;
      });
    const changed = Object.keys(changes);
    recordAudit(store, request, {
      appId,
      eventType: 'app.env.update',
      action: 'update',
      resourceType: 'app',
      resourceId: appId,
      eventData: {
        env_var_keys: changed,
        set_keys: changed.filter((key) => changes[key] !== null),
        deleted_keys: changed.filter((key) => changes[key] === null),
      },
    });
    return {
      message: 'App-level environment variables updated successfully',
      updatedKeys: keys,
      invalidated: { functions: [], count: 0, durable_objects_redeployed: redeployed },
    };
  });
}

/** Key -> new value, or null for a key that goes. @throws HttpError 400; TypeError for no body or null, as on the platform */
function readChanges(body: unknown): Record<string, string | null> {
  const given = (body as { envVars?: unknown }).envVars;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(
      'envVars must be a non-empty object',
      'Provide envVars as a key-value object with at least one key. Example: {"STRIPE_SECRET": "sk_..."}',
    );
  }
  const changes = Object.entries(given as Record<string, unknown>);
  if (changes.length === 0) {
    throw invalid(
      'envVars must contain at least one key',
      'Include at least one key to set (STRING) or delete (null).',
    );
  }
  const reserved = changes.find(([key]) => /^BUTTERBASE_/i.test(key))?.[0];
  if (reserved !== undefined) {
    throw invalid(
      `Reserved key: "${reserved}" — keys starting with BUTTERBASE_ are reserved for platform use`,
      'Rename the key.',
    );
  }
  return Object.fromEntries(
    changes.map(([key, value]) => [
      key,
      value === null ? null : typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function invalid(message: string, remediation: string): HttpError {
  return new HttpError(
    400,
    errorBody({ code: 'VALIDATION_INVALID_SCHEMA', message, remediation, documented: true }),
  );
}
