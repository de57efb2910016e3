import type { FastifyInstance } from 'fastify';
import { generateKey, type KeyRow } from '../store/keyTable.ts';
import type { ApiParts } from './apiParts.ts';
import { recordAudit } from './audit.ts';
import { requireKey } from './auth.ts';
import { errorBody, HttpError } from './errors.ts';

/** Under which keys that are for no app are audited. */
const PLATFORM_APP_ID = '_platform';

const EXTRA_SCOPES: readonly string[] = ['ai:gateway', 'substrate'];

/** Keys of the account: make, list, revoke. */
export function addKeyRoutes(server: FastifyInstance, parts: ApiParts): void {
  const { keys } = parts.store;

  server.post('/api-keys', (request, reply) => {
    const { ownerId } = requireKey(request);
    const { name, access, scopes, targetAppId } = readKeyBody(request.body);
    const key = generateKey(access === 'substrate' ? 'bb_sub_' : 'bb_sk_');
    const row = keys.insert(key, { ownerId, name, scopes, scope: access }, new Date().toISOString());
    recordAudit(parts.store, request, {
      appId: targetAppId ?? PLATFORM_APP_ID,
      eventType: 'api_key.create',
      action: 'create',
      resourceType: 'api_key',
      resourceId: row.id,
      eventData: { name, scopes, prefix: row.prefix },
    });
    return reply.code(201).send({ key, keyId: row.id, prefix: row.prefix, name });
  });

  server.get<{ Querystring: { scope?: string } }>('/api-keys', (request) => {
    const { ownerId } = requireKey(request);
    const { scope } = request.query;
    const wanted = scope === 'app' || scope === 'substrate' || scope === 'both' ? scope : undefined;
    const rows = keys.list(ownerId).filter((row) => wanted === undefined || row.scope === wanted);
    return { keys: rows.map(wireKey) };
  });

  server.delete<{ Params: { keyId: string } }>('/api-keys/:keyId', (request) => {
    const { ownerId } = requireKey(request);
    const { keyId } = request.params;
    if (!keys.revoke(keyId, ownerId, new Date().toISOString())) {
      throw new HttpError(
        404,
        errorBody({
          code: 'RESOURCE_NOT_FOUND',
          message: 'API key not found',
          remediation: 'Verify the key ID is correct. The key may already be revoked.',
          documented: true,
        }),
      );
    }
    recordAudit(parts.store, request, {
      appId: PLATFORM_APP_ID,
      eventType: 'api_key.revoke',
      action: 'delete',
      resourceType: 'api_key',
      resourceId: keyId,
      eventData: {},
    });
    return { revoked: true };
  });
}

interface KeyBody {
  readonly name: string;
  readonly access: KeyRow['scope'];
  readonly scopes: readonly string[];
  readonly targetAppId: string | undefined;
}

function readKeyBody(body: unknown): KeyBody {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { name, key_scope: keyScope = 'account', target_app_id: target } = fields;
  if (typeof name !== 'string' || name === '') {
    throw refused(
      'VALIDATION_INVALID_SCHEMA',
      'name is required',
      'Provide a descriptive name for the API key.',
    );
  }
  const access = fields['scope'] ?? 'app';
  if (access !== 'app' && access !== 'substrate' && access !== 'both') {
    throw refused('VALIDATION_INVALID_SCOPE', "scope must be 'app', 'substrate', or 'both'", SCOPE_HELP);
  }
  if (keyScope !== 'account' && keyScope !== 'app') {
    throw refused('INVALID_KEY_SCOPE', "key_scope must be 'account' or 'app'", SCOPE_HELP);
  }
  if (keyScope === 'app' && typeof target !== 'string') {
    throw refused('TARGET_APP_REQUIRED', "target_app_id is required when key_scope is 'app'", SCOPE_HELP);
  }
  const extras = fields['additional_scopes'] ?? fields['scopes'] ?? [];
  const extraScopes: readonly unknown[] = Array.isArray(extras) ? extras : [extras];
  const unknown = extraScopes.find((scope) => !EXTRA_SCOPES.includes(String(scope)));
  if (unknown !== undefined) {
    const allowed = EXTRA_SCOPES.join(', ');
    throw refused(
      'UNKNOWN_SCOPE',
      `'${JSON.stringify(unknown)}' is not a valid scope. Allowed: ${allowed}.`,
      SCOPE_HELP,
    );
  }
  const targetAppId = typeof target === 'string' ? target : undefined;
  const base = targetAppId === undefined ? ['*'] : [`app:${targetAppId}`, 'ai:gateway'];
  return { name, access, scopes: [...base, ...extraScopes.map(String)], targetAppId };
}

const SCOPE_HELP = 'See key_scope/additional_scopes docs for valid values.';

function refused(code: string, message: string, remediation: string): HttpError {
  return new HttpError(400, errorBody({ code, message, remediation, documented: true }));
}

function wireKey(row: KeyRow): Record<string, unknown> {
  return {
    id: row.id,
    key_prefix: row.prefix,
    name: row.name,
    scopes: row.scopes,
    scope: row.scope,
    substrate_organization_id: null,
    last_used_at: row.lastUsedAt,
    expires_at: row.expiresAt,
    created_at: row.createdAt,
  };
}
