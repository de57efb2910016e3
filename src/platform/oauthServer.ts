import * as z from 'zod';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import type { OAuthHttp } from './oauthHttp.ts';

/** What a platform says about signing in through a browser. All of it is below the platform's own address. */
export interface OAuthServer {
  readonly authorizationEndpoint: string;
  readonly tokenPath: string;
  readonly registrationPath: string;
}

/** The platform has no sign-in through the browser. */
export const NO_OAUTH = 'NO_OAUTH';

const METADATA_PATH = '/.well-known/oauth-authorization-server';

/** The scope that a key for the platform's management needs; what others add is not for us. */
const SCOPE = 'mcp';

const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  registration_endpoint: z.string(),
  code_challenge_methods_supported: z.array(z.string()),
});

const registration = z.object({ client_id: z.string().min(1) });

const token = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
});

/**
 * Asks a platform how it signs people in (RFC 8414).
 * @throws DoError `NO_OAUTH` when it does not do so through a browser, `BAD_RESPONSE` when it names another address
 *   than its own: the code and the key would go there.
 */
export async function discoverOAuth(http: OAuthHttp, signal: AbortSignal): Promise<OAuthServer> {
  const { origin } = http;
  const found = checked(metadata, await readMetadata(http, signal), origin);
  if (!found.code_challenge_methods_supported.includes('S256')) throw noOAuth(origin);
  const pathOf = (endpoint: string): string => {
    if (!endpoint.startsWith(`${origin}/`)) throw elsewhere(origin, endpoint);
    return endpoint.slice(origin.length);
  };
  if (found.issuer.replace(/\/+$/, '') !== origin) throw elsewhere(origin, found.issuer);
  return {
    authorizationEndpoint: origin + pathOf(found.authorization_endpoint),
    tokenPath: pathOf(found.token_endpoint),
    registrationPath: pathOf(found.registration_endpoint),
  };
}

async function readMetadata(http: OAuthHttp, signal: AbortSignal): Promise<unknown> {
  try {
    return await http.ask({ method: 'GET', path: METADATA_PATH }, signal);
  } catch (error) {
    if (error instanceof DoError && error.status === 404) throw noOAuth(http.origin, error);
    throw error;
  }
}

/** Registers this program with one address to come back to (RFC 7591); resolves to its client id. */
export async function registerClient(
  http: OAuthHttp,
  server: OAuthServer,
  client: { readonly name: string; readonly redirectUri: string },
  signal: AbortSignal,
): Promise<string> {
  const body = {
    client_name: client.name,
    redirect_uris: [client.redirectUri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  const answer = await http.ask({ method: 'POST', path: server.registrationPath, body }, signal);
  return checked(registration, answer, http.origin).client_id;
}

/** The page that the person is sent to. */
export function authorizationUrl(
  server: OAuthServer,
  request: {
    readonly clientId: string;
    readonly redirectUri: string;
    readonly state: string;
    readonly challenge: string;
  },
): string {
  const url = new URL(server.authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: SCOPE,
    state: request.state,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.toString();
}

/** Exchanges a code for a key. It has no end: it counts until somebody revokes it. */
export async function exchangeCode(
  http: OAuthHttp,
  server: OAuthServer,
  exchange: {
    readonly code: string;
    readonly clientId: string;
    readonly redirectUri: string;
    readonly verifier: string;
  },
  signal: AbortSignal,
): Promise<string> {
  const { code, clientId, redirectUri, verifier } = exchange;
  const body = {
    grant_type: 'authorization_code',
    code,
    client_id: clientId,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  const secrets = [code, verifier];
  const answer = await http.ask({ method: 'POST', path: server.tokenPath, body, secrets }, signal);
  return checked(token, answer, http.origin).access_token;
}

/** Says which field is wrong, never what is in it. */
function checked<T>(schema: z.ZodType<T>, value: unknown, origin: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DoError({
    code: ERROR_CODES.badResponse,
    message: `${origin} signs people in in a way that this version does not understand (${result.error.issues[0]?.path.join('.') ?? ''}).`,
    nextStep: 'Sign in with an API key.',
  });
}

function noOAuth(origin: string, cause?: unknown): DoError {
  return new DoError({
    code: NO_OAUTH,
    message: `${origin} does not sign people in through the browser.`,
    nextStep: 'Sign in with an API key.',
    cause,
  });
}

function elsewhere(origin: string, address: string): DoError {
  const named = URL.canParse(address) ? new URL(address).origin : 'another address';
  return new DoError({
    code: ERROR_CODES.badResponse,
    message: `${origin} wants people to sign in at ${named}. Nothing was sent there.`,
    nextStep: 'If you trust that address, use it as the address of the platform, or sign in with an API key.',
  });
}
