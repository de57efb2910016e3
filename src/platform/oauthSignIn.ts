import { DoError, ERROR_CODES } from '../core/errors.ts';
import { cancelled } from './networkErrors.ts';
import { OAuthHttp } from './oauthHttp.ts';
import { makePkce } from './oauthPkce.ts';
import { authorizationUrl, discoverOAuth, exchangeCode, registerClient } from './oauthServer.ts';
import type { ProxySettings } from './proxy.ts';

/** Where the browser comes back to with the answer. */
export interface RedirectReceiver {
  readonly redirectUri: string;
  /** Has to come back with the answer; anything else is not an answer to us. */
  readonly state: string;
  /** Resolves to what the browser brought for our state, once. Rejects when the signal aborts. */
  answer(signal: AbortSignal): Promise<RedirectAnswer>;
  close(): void;
}

export type RedirectAnswer = { readonly code: string } | { readonly error: string };

export interface BrowserSignIn {
  /** Address of the platform. */
  readonly origin: string;
  /** As the person reads it on the page that asks, and later in the list of keys. */
  readonly clientName: string;
  readonly receiver: RedirectReceiver;
  /** Shows the person the page that asks. */
  readonly open: (url: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** Milliseconds that the person has. */
  readonly limitMs?: number;
  /** The editor's settings; what they leave open is taken from the environment. */
  readonly proxy?: ProxySettings;
}

const UNTIL_DONE = new AbortController().signal;

/** Milliseconds; the platform itself gives ten minutes. */
const LIMIT_MS = 5 * 60_000;

/**
 * Signs a person in through the browser and resolves to the key that they gave: authorization code with PKCE.
 * Closes the receiver. Who cancels while the key is on its way gets it all the same.
 * @throws DoError `CANCELLED`, `TIMEOUT` when nobody answered, `access_denied` when the person said no
 */
export async function signInByBrowser(options: BrowserSignIn): Promise<string> {
  const { origin, receiver, limitMs = LIMIT_MS } = options;
  const limit = AbortSignal.timeout(limitMs);
  try {
    const http = new OAuthHttp(origin, options.proxy);
    return await signIn(options, http, AbortSignal.any([options.signal, limit])).finally(() => http.close());
  } catch (error) {
    if (options.signal.aborted) throw cancelled(error);
    if (limit.aborted) throw late(origin, limitMs);
    throw error;
  } finally {
    receiver.close();
  }
}

async function signIn(options: BrowserSignIn, http: OAuthHttp, signal: AbortSignal): Promise<string> {
  const { redirectUri, state } = options.receiver;
  const server = await discoverOAuth(http, signal);
  const clientId = await registerClient(http, server, { name: options.clientName, redirectUri }, signal);
  const { verifier, challenge } = makePkce();
  // Listened for first: the browser may be faster than the promise that it was opened.
  const coming = options.receiver.answer(signal);
  const opening = options.open(authorizationUrl(server, { clientId, redirectUri, state, challenge }));
  const [answer] = await Promise.all([coming, opening]);
  if ('error' in answer) throw denied(http.origin, answer.error);
  signal.throwIfAborted();
  // From here on there may be a key: who asked has to get it, or nobody could revoke it.
  return exchangeCode(http, server, { code: answer.code, clientId, redirectUri, verifier }, UNTIL_DONE);
}

function denied(origin: string, error: string): DoError {
  const isDenied = error === 'access_denied';
  return new DoError({
    code: /^\w{1,64}$/.test(error) ? error : ERROR_CODES.badResponse,
    message: isDenied ? `The sign-in to ${origin} was denied.` : `${origin} ended the sign-in with an error.`,
    nextStep: isDenied
      ? 'Start to sign in again when you want to.'
      : 'Start to sign in again, or sign in with an API key.',
  });
}

function late(origin: string, limitMs: number): DoError {
  return new DoError({
    code: ERROR_CODES.timeout,
    message: `Nobody finished the sign-in to ${origin} within ${Math.round(limitMs / 60_000)} minutes.`,
    nextStep: 'Start to sign in again, or sign in with an API key.',
  });
}
