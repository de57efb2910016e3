import type { FastifyRequest } from 'fastify';
import type { Store } from '../store/store.ts';
import { authenticationRequired, errorBody, HttpError } from './errors.ts';

/** Who asks. A key's scopes do not matter: the platform does not check them on these routes. */
export type Caller =
  { readonly kind: 'anonymous' } | { readonly kind: 'key'; readonly ownerId: string; readonly keyId: string };

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Asks for no key, and a wrong one does not matter. */
    public?: boolean;
  }
}

const ANONYMOUS: Caller = { kind: 'anonymous' };

/** How long a key's last use may lag behind, ms: it is not worth a write per request. */
const TOUCH_INTERVAL_MS = 60_000;

/** Reads `Authorization: Bearer bb_sk_…`, exactly so written, as the platform does. */
export class Authenticator {
  readonly #store: Store;
  readonly #touched = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * No usable header, a substrate key and an end user's token are anonymous callers.
   * @throws HttpError 401 for a key that is not in force and for any other token
   */
  identify(authorization: string | undefined): Caller {
    if (authorization?.startsWith('Bearer ') !== true) return ANONYMOUS;
    // Node strips white space at the end of a header, so that `Bearer ` never arrives with nothing behind it.
    const token = authorization.slice('Bearer '.length);
    if (token.startsWith('bb_sk_')) return this.#keyHolder(token);
    if (token.startsWith('bb_sub_') || isEndUserToken(token)) return ANONYMOUS;
    throw new HttpError(
      401,
      errorBody({
        code: 'AUTH_INVALID_TOKEN',
        message: 'Invalid JWT token',
        remediation:
          'Verify your JWT token is valid and not expired. If using Cognito, ensure the token was issued for the correct user pool.',
        documented: true,
      }),
    );
  }

  #keyHolder(key: string): Caller {
    const now = new Date();
    const row = this.#store.keys.validate(key, now.toISOString());
    if (row === undefined) {
      throw new HttpError(
        401,
        errorBody({
          code: 'AUTH_INVALID_API_KEY',
          message: 'Invalid or revoked API key',
          remediation:
            'Check that your API key is correct and has not been revoked. Generate a new key if needed.',
          documented: true,
        }),
      );
    }
    if (now.getTime() - (this.#touched.get(row.id) ?? 0) > TOUCH_INTERVAL_MS) {
      this.#touched.set(row.id, now.getTime());
      this.#store.keys.touch(row.id, now.toISOString());
    }
    return { kind: 'key', ownerId: row.ownerId, keyId: row.id };
  }
}

/** @throws HttpError 401 for an anonymous caller */
export function requireKey(request: Pick<FastifyRequest, 'caller'>): Extract<Caller, { kind: 'key' }> {
  if (request.caller.kind === 'key') return request.caller;
  throw authenticationRequired();
}

/** A token that an app gave to one of its users: it is checked by what the app runs, not here. */
function isEndUserToken(token: string): boolean {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64').toString()) as unknown;
    const issuer = (payload as { iss?: unknown }).iss;
    return typeof issuer === 'string' && issuer.startsWith('butterbase:app:');
  } catch {
    return false;
  }
}
