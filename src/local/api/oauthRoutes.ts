import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { generateKey } from '../store/keyTable.ts';
import type { Grant } from '../store/oauthTable.ts';
import type { ApiParts } from './apiParts.ts';
import { HttpError } from './errors.ts';
import { ClientMetadataError, readClientMetadata } from './oauthClient.ts';
import { consentPage, refusalPage } from './oauthPage.ts';
import { readRequest, signRequest, type AuthorizeRequest } from './oauthState.ts';

const SCOPES: readonly string[] = ['mcp', 'ai:gateway'];
const EXTRA_SCOPES: readonly string[] = ['ai:gateway', 'substrate'];

/** Registrations per hour and address, as on the platform. */
const REGISTRATIONS = 10;
const HOUR_MS = 3_600_000;

const CONSENT_PATH = '/oauth/consent';

/**
 * Signing in through a browser, as the platform has it: OAuth 2 with PKCE and dynamic registration. What comes out
 * is an ordinary API key without an end; there are no refresh tokens, and no revocation but that of keys.
 * The page that asks is on the platform's dashboard, here on the platform itself.
 */
export function addOAuthRoutes(server: FastifyInstance, parts: ApiParts): void {
  addMetadata(server);
  addRegistration(server, parts);
  addAuthorization(server, parts);
  addDecision(server, parts);
  addToken(server, parts);
}

function addMetadata(server: FastifyInstance): void {
  server.get('/.well-known/oauth-protected-resource', { config: { public: true } }, (request) => ({
    resource: `${baseOf(request)}/mcp`,
    authorization_servers: [baseOf(request)],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
    resource_documentation: 'https://docs.butterbase.ai/mcp',
  }));

  server.get('/.well-known/oauth-authorization-server', { config: { public: true } }, (request) => ({
    issuer: baseOf(request),
    authorization_endpoint: `${baseOf(request)}/oauth/authorize`,
    token_endpoint: `${baseOf(request)}/oauth/token`,
    registration_endpoint: `${baseOf(request)}/oauth/register`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: SCOPES,
    token_endpoint_auth_methods_supported: ['none'],
  }));
}

function addRegistration(server: FastifyInstance, parts: ApiParts): void {
  const counts = new Map<string, { count: number; readonly until: number }>();

  server.post('/oauth/register', { config: { public: true } }, (request, reply) => {
    const now = Date.now();
    const known = counts.get(request.ip);
    const bucket = known === undefined || known.until < now ? { count: 0, until: now + HOUR_MS } : known;
    counts.set(request.ip, bucket);
    bucket.count += 1;
    if (bucket.count > REGISTRATIONS) {
      throw oauthError('too_many_requests', 'Rate limit exceeded; try again in an hour.', 429);
    }
    const { redirect_uris: uris, client_name: name } = fieldsOf(request.body);
    if (!Array.isArray(uris)) {
      throw oauthError('invalid_redirect_uri', 'redirect_uris is required and must be an array');
    }
    const metadata = readMetadata(uris, name);
    const at = new Date(now);
    const client = parts.store.oauth.addClient(metadata.name, metadata.redirectUris, at.toISOString());
    return reply.code(201).send({
      client_id: client.clientId,
      client_name: client.name,
      redirect_uris: client.redirectUris,
      client_id_issued_at: Math.floor(now / 1000),
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    });
  });
}

function readMetadata(uris: readonly unknown[], name: unknown): ReturnType<typeof readClientMetadata> {
  try {
    return readClientMetadata(uris, name);
  } catch (error) {
    if (error instanceof ClientMetadataError) throw oauthError('invalid_client_metadata', error.message);
    throw error;
  }
}

function addAuthorization(server: FastifyInstance, parts: ApiParts): void {
  server.get('/oauth/authorize', { config: { public: true } }, (request, reply) => {
    const asked = checkedAuthorization(parts, fieldsOf(request.query));
    const query = new URLSearchParams({ st: signRequest(asked, parts.store.oauthSecret) });
    const target = `${consentBase(request, parts.url())}${CONSENT_PATH}?${query.toString()}`;
    return reply.code(302).header('location', target).send();
  });

  server.get(CONSENT_PATH, { config: { public: true } }, (request, reply) => {
    const asked = readRequest(textOf(fieldsOf(request.query)['st']), parts.store.oauthSecret);
    const client = asked === undefined ? undefined : parts.store.oauth.client(asked.client_id);
    if (asked === undefined || client === undefined) {
      const { html, headers } = refusalPage('The request is too old or broken. Start to sign in again.');
      return reply.code(400).headers(headers).send(html);
    }
    const { html, headers } = consentPage({
      clientName: client.name,
      redirectUri: asked.redirect_uri,
      signedRequest: textOf(fieldsOf(request.query)['st']) ?? '',
    });
    return reply.headers(headers).send(html);
  });

  server.get('/oauth/authorize/details', (request) => {
    requireOwnPage(request);
    const asked = requestOf(parts, fieldsOf(request.query)['st']);
    const ownerId = requirePerson(request);
    const client = parts.store.oauth.client(asked.client_id);
    if (client === undefined) throw oauthError('invalid_request', 'unknown client_id');
    const apps = parts.registry.list().filter((app) => app.ownerId === ownerId);
    return {
      client_name: client.name,
      redirect_uri: asked.redirect_uri,
      scope: asked.scope,
      apps: apps.map(({ id, name }) => ({ id, name })),
    };
  });
}

/** @throws HttpError 400 for the first thing that is wrong, in the platform's order */
function checkedAuthorization(parts: ApiParts, query: Readonly<Record<string, unknown>>): AuthorizeRequest {
  if (query['response_type'] !== 'code') {
    throw oauthError('unsupported_response_type', 'response_type must be "code"');
  }
  if (query['code_challenge_method'] !== 'S256') {
    throw oauthError('invalid_request', 'code_challenge_method must be S256');
  }
  const challenge = textOf(query['code_challenge']) ?? '';
  if (!/^[A-Za-z0-9_-]{43,128}$/.test(challenge)) {
    throw oauthError('invalid_request', 'code_challenge missing or malformed');
  }
  const [clientId, redirectUri, scope, state] = ['client_id', 'redirect_uri', 'scope', 'state'].map(
    (key) => textOf(query[key]) ?? '',
  );
  if (!clientId || !redirectUri || !scope || !state) {
    throw oauthError('invalid_request', 'client_id, redirect_uri, scope, state are required');
  }
  const unknown = scope.split(/\s+/).find((one) => one !== '' && !SCOPES.includes(one));
  if (unknown !== undefined) throw oauthError('invalid_scope', `scope "${unknown}" is not supported`);
  const client = parts.store.oauth.client(clientId);
  if (client === undefined) throw oauthError('invalid_request', 'unknown client_id');
  if (!client.redirectUris.includes(redirectUri)) {
    throw oauthError('invalid_request', 'redirect_uri is not registered for this client');
  }
  return { client_id: clientId, redirect_uri: redirectUri, scope, state, code_challenge: challenge };
}

function addDecision(server: FastifyInstance, parts: ApiParts): void {
  server.post('/oauth/authorize/decide', (request) => {
    requireOwnPage(request);
    const ownerId = requirePerson(request);
    const { st, decision, target } = fieldsOf(request.body);
    if (!textOf(st) || (decision !== 'approve' && decision !== 'deny')) throw oauthError('invalid_request');
    const asked = requestOf(parts, st);
    if (decision === 'deny') return { redirect_to: answerUrl(asked, 'error', 'access_denied') };
    const grant = readGrant(ownerId, asked.scope, fieldsOf(target));
    const code = parts.store.oauth.issueCode(
      {
        clientId: asked.client_id,
        redirectUri: asked.redirect_uri,
        codeChallenge: asked.code_challenge,
        grant,
      },
      new Date(),
    );
    return { redirect_to: answerUrl(asked, 'code', code) };
  });
}

function readGrant(ownerId: string, scope: string, target: Readonly<Record<string, unknown>>): Grant {
  const keyScope = target['key_scope'] === 'app' ? 'app' : 'account';
  const targetAppId = textOf(target['target_app_id']) ?? null;
  if (keyScope === 'app' && !targetAppId) {
    throw oauthError('invalid_request', 'target_app_id required when key_scope is app');
  }
  const extras: readonly unknown[] = Array.isArray(target['additional_scopes'])
    ? target['additional_scopes']
    : [];
  const additionalScopes = extras.filter((each) => typeof each === 'string');
  return { ownerId, scope, keyScope, targetAppId, additionalScopes };
}

function addToken(server: FastifyInstance, parts: ApiParts): void {
  const { keys, oauth } = parts.store;

  server.post('/oauth/token', { config: { public: true } }, (request) => {
    const body = formOf(request.body);
    if (body['grant_type'] !== 'authorization_code') throw oauthError('unsupported_grant_type');
    const [code, clientId, redirectUri, verifier] = [
      'code',
      'client_id',
      'redirect_uri',
      'code_verifier',
    ].map((key) => textOf(body[key]) ?? '');
    if (!code || !clientId || !redirectUri || !verifier) {
      throw oauthError('invalid_request', 'code, client_id, redirect_uri, code_verifier required');
    }
    const now = new Date();
    const claimed = oauth.claimCode({ code, clientId, redirectUri }, now);
    if (claimed === undefined || !proves(verifier, claimed.codeChallenge)) throw oauthError('invalid_grant');
    const { grant } = claimed;
    const key = generateKey();
    keys.insert(
      key,
      {
        ownerId: grant.ownerId,
        name: `OAuth: ${oauth.client(clientId)?.name ?? clientId}`,
        scopes: scopesOf(grant),
        scope: grant.scope.split(/\s+/).includes('mcp') ? 'both' : 'app',
      },
      now.toISOString(),
    );
    return { access_token: key, token_type: 'Bearer', scope: grant.scope };
  });
}

/** @throws Error for what the platform answers with 500 */
function scopesOf({ keyScope, targetAppId, additionalScopes }: Grant): readonly string[] {
  if (keyScope === 'account' && targetAppId !== null) {
    throw new Error("target_app_id must not be set when key_scope is 'account'");
  }
  const unknown = additionalScopes.find((scope) => !EXTRA_SCOPES.includes(scope));
  if (unknown !== undefined) throw new Error(`'${unknown}' is not a scope that a key can have`);
  const base = targetAppId === null ? ['*'] : [`app:${targetAppId}`, 'ai:gateway'];
  return [...base, ...additionalScopes];
}

function proves(verifier: string, challenge: string): boolean {
  const [made, wanted] = [
    Buffer.from(createHash('sha256').update(verifier).digest('base64url')),
    Buffer.from(challenge),
  ];
  return made.length === wanted.length && timingSafeEqual(made, wanted);
}

function answerUrl(asked: AuthorizeRequest, name: 'code' | 'error', value: string): string {
  const url = new URL(asked.redirect_uri);
  url.searchParams.set(name, value);
  url.searchParams.set('state', asked.state);
  return url.toString();
}

/** Only the page that asks may decide: no other page of this machine, and nothing that names no page. @throws HttpError 403 */
function requireOwnPage({ headers }: FastifyRequest): void {
  const { origin = '', host } = headers;
  if (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return;
  throw oauthError('invalid_origin', 'Origin not allowed', 403);
}

/** @throws HttpError 401 */
function requirePerson({ caller }: FastifyRequest): string {
  if (caller.kind === 'key') return caller.ownerId;
  throw oauthError('login_required', undefined, 401);
}

/** @throws HttpError 400 */
function requestOf(parts: ApiParts, st: unknown): AuthorizeRequest {
  const asked = readRequest(textOf(st), parts.store.oauthSecret);
  if (asked === undefined) throw oauthError('invalid_request', 'invalid or expired state');
  return asked;
}

/**
 * Where the browser finds the page that asks. Behind a proxy (the editor's own, in a browser window) that may be
 * below a path that is not known here; the answer leads there from `/oauth/authorize` all the same.
 */
function consentBase(request: FastifyRequest, url: string): string {
  const [asked, own] = [new URL(baseOf(request)), new URL(url)];
  return asked.port === own.port ? baseOf(request) : '..';
}

/** How the caller names this platform: a checked Host, so that an address it typed is the one it is told. */
function baseOf({ headers }: FastifyRequest): string {
  return `http://${headers.host ?? ''}`;
}

function oauthError(error: string, description?: string, status = 400): HttpError {
  return new HttpError(status, {
    error,
    ...(description === undefined ? {} : { error_description: description }),
  });
}

/** A form or JSON: the platform takes both. */
function formOf(body: unknown): Readonly<Record<string, unknown>> {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : body;
  return typeof text === 'string' ? Object.fromEntries(new URLSearchParams(text)) : fieldsOf(text);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
