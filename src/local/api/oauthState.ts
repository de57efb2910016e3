import { createHmac, timingSafeEqual } from 'node:crypto';

/** The request of a client that a person is asked about. */
export interface AuthorizeRequest {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly scope: string;
  readonly state: string;
  readonly code_challenge: string;
}

/** Seconds that a person has to decide, as on the platform. */
const LIFETIME_S = 600;

/** Carries the request from `authorize` to the page that asks, and from there to the decision, unchanged. */
export function signRequest(request: AuthorizeRequest, secret: string, now = Date.now()): string {
  const iat = Math.floor(now / 1000);
  const { client_id, redirect_uri, scope, state, code_challenge } = request;
  const claims = { client_id, redirect_uri, scope, state, code_challenge, iat, exp: iat + LIFETIME_S };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, secret)}`;
}

/** The request, when this platform signed it and its time is not over. */
export function readRequest(
  token: string | undefined,
  secret: string,
  now = Date.now(),
): AuthorizeRequest | undefined {
  const [header = '', body = '', signature = '', ...more] = (token ?? '').split('.');
  if (more.length > 0 || !isSame(signature, signatureOf(`${header}.${body}`, secret))) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as AuthorizeRequest & {
    readonly exp: number;
  };
  return claims.exp < Math.floor(now / 1000) ? undefined : claims;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signatureOf(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
