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
    const { name, access, keyScope, targetAppId, extraScopes } = readKeyBody(request.body);
    refuseOtherOrganization(request.body, ownerId, parts.store.organizationId);
    const key = generateKey(access === 'substrate' ? 'bb_sub_' : 'bb_sk_');
    const base = targetAppId === null ? ['*'] : [`app:${targetAppId}`, 'ai:gateway'];
    const scopes = [...base, ...extraScopes];
    const row = keys.insert(key, { ownerId, name, scopes, scope: access }, new Date().toISOString());
    recordAudit(parts.store, request, {
      appId: targetAppId ?? PLATFORM_APP_ID,
      eventType: 'api_key.create',
      action: 'create',
      resourceType: 'api_key',
      resourceId: row.id,
      eventData: {
        name,
        key_scope: keyScope,
        target_app_id: targetAppId,
        additional_scopes: extraScopes,
        substrate_access: access,
        prefix: row.prefix,
      },
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
  readonly keyScope: 'account' | 'app';
  readonly targetAppId: string | null;
  readonly extraScopes: readonly string[];
}

/** Checks in the platform's order. @throws HttpError 400; TypeError for what the platform fails on itself */
function readKeyBody(body: unknown): KeyBody {
  if (body === null || body === undefined) {
    throw new TypeError(`Cannot destructure property 'name' of 'request.body' as it is ${String(body)}.`);
  }
  const fields = body as Record<string, unknown>;
  const { name, scope: access = 'app', scopes: legacy, additional_scopes: additional } = fields;
  if (typeof name !== 'string' || name === '') {
    throw refused(
      'VALIDATION_INVALID_SCHEMA',
      'name is required',
      'Provide a descriptive name for the API key.',
    );
  }
  if (access !== 'app' && access !== 'substrate' && access !== 'both') {
    throw refused(
      'VALIDATION_INVALID_SCOPE',
      "scope must be 'app', 'substrate', or 'both'",
      "Omit the scope field for an app key (default), set 'substrate' for a substrate-only key, or 'both' for a single key that works on both surfaces.",
    );
  }
  if (legacy !== undefined && (fields['key_scope'] !== undefined || additional !== undefined)) {
    throw refused(
      'VALIDATION_INVALID_SCHEMA',
      'Cannot mix legacy `scopes` array with `key_scope`/`additional_scopes`. Use the new fields.',
      'Drop the `scopes` field and use `key_scope` plus optional `additional_scopes`.',
    );
  }
  const keyScope = fields['key_scope'] ?? 'account';
  if (keyScope !== 'account' && keyScope !== 'app') {
    throw refusedScope('INVALID_KEY_SCOPE', "key_scope must be 'account' or 'app'");
  }
  const target = fields['target_app_id'];
  const hasTarget = Boolean(target);
  if (keyScope === 'app' && !hasTarget) {
    throw refusedScope('TARGET_APP_REQUIRED', "target_app_id is required when key_scope is 'app'");
  }
  if (keyScope === 'account' && hasTarget) {
    throw refusedScope('TARGET_APP_NOT_ALLOWED', "target_app_id must not be set when key_scope is 'account'");
  }
  const extraScopes = readExtraScopes(additional ?? legacy ?? []);
  return { name, access, keyScope, targetAppId: hasTarget ? String(target) : null, extraScopes };
}

function readExtraScopes(value: unknown): readonly string[] {
  const scopes = [...(value as Iterable<string>)];
  for (const scope of scopes) {
    if (scope === '*' || scope.startsWith('app:')) {
      throw refusedScope(
        'RESERVED_SCOPE',
        `'${scope}' is a reserved scope. Use key_scope to control account/app scope instead.`,
      );
    }
    if (!EXTRA_SCOPES.includes(scope)) {
      const allowed = EXTRA_SCOPES.join(', ');
      throw refusedScope('UNKNOWN_SCOPE', `'${scope}' is not a valid scope. Allowed: ${allowed}.`);
    }
  }
  return scopes;
}

/** There is one organization, and everybody is in it. */
function refuseOtherOrganization(body: unknown, ownerId: string, organizationId: string): void {
  const { organization_id: wished } = body as { organization_id?: string | null };
  if (!wished || wished === organizationId) return;
  throw new HttpError(
    403,
    errorBody({
      code: 'AUTH_ORG_FORBIDDEN',
      message: `generateApiKey: user ${ownerId} is not a member of organization ${wished}`,
      remediation:
        'You do not have permission to perform this action. Check your role/membership or use a different key.',
    }),
  );
}

function refusedScope(code: string, message: string): HttpError {
  return refused(code, message, 'See key_scope/additional_scopes docs for valid values.');
}

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
