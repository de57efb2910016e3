import { DoError, ERROR_CODES, toError, type Outage } from '../core/errors.ts';
import { seconds } from './duration.ts';
import type { ShownProxy } from './proxy.ts';
import type { NoAnswer } from './transport.ts';

/** A change went out and no answer came back: it may or may not have happened. */
export const ANSWER_LOST = 'ANSWER_LOST';

export interface RequestFacts {
  /** Base address, without key: fit to be shown. */
  readonly origin: string;
  /** The proxy on the way. */
  readonly proxy: ShownProxy | undefined;
  /** Whether the request changes something on the platform. */
  readonly changes: boolean;
  /** Milliseconds that the request was given. */
  readonly timeoutMs: number;
}

/** What failed connections mean: the sentence, and whether it may be another way a moment later. */
const NO_CONNECTION: Readonly<
  Record<string, { readonly says: (host: string) => string; readonly passes: boolean }>
> = {
  ECONNREFUSED: { says: (host) => `Nothing listens at ${host}: the connection was refused.`, passes: true },
  ENOTFOUND: { says: (host) => `There is no host of the name in ${host}.`, passes: false },
  EAI_AGAIN: { says: (host) => `The name in ${host} could not be looked up just now.`, passes: true },
  ENETUNREACH: { says: noPath, passes: true },
  EHOSTUNREACH: { says: noPath, passes: true },
  ENETDOWN: { says: noPath, passes: true },
  EADDRNOTAVAIL: { says: noPath, passes: true },
  EACCES: { says: (host) => `This machine does not allow a connection to ${host}.`, passes: false },
};

/** What an attempt without an answer means, and whether sending the request again may help. */
export interface Failure {
  readonly error: DoError;
  readonly passes: boolean;
}

/** What a request without a complete answer means: one sentence per kind of failure. */
export function networkFailure(failed: NoAnswer, facts: RequestFacts): Failure {
  if (failed.why === 'late') return late(failed, facts);
  return failed.wasSent ? broken(failed, facts) : notConnected(failed, facts);
}

/** Whether there was no connection because a certificate is not trusted. */
export function isDistrust(failed: NoAnswer): boolean {
  return !failed.wasSent && chainOf(failed.cause).some((error) => isCertificateCode(codeOf(error)));
}

/** The host did not answer several times in a row, and is not asked now. */
export function hostDown(
  origin: string,
  outage: Outage,
  last: DoError | undefined,
  changes: boolean,
): DoError {
  const { since, retryAt } = outage;
  const waitMs = retryAt - Date.now();
  const when = waitMs > 0 ? `in ${seconds(waitMs)}` : 'just now';
  const nothing = changes ? ' Nothing was sent.' : '';
  const how = last === undefined ? '' : ` ${last.message}`;
  return new DoError({
    code: ERROR_CODES.unreachable,
    message: `${origin} has not answered since ${timeOfDay(since)}.${how}${nothing}`,
    nextStep: `It is tried again by itself ${when}. ${last?.nextStep ?? CHECK_ADDRESS}`,
    outage,
    ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}),
    cause: last,
  });
}

/** The person stopped the request. */
export function cancelled(cause?: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.cancelled,
    message: 'Cancelled.',
    nextStep: 'Start it again when you want to.',
    cause,
  });
}

/** A change that went out and whose answer is missing or says nothing. */
export function answerLost(message: string, cause?: unknown, status?: number): DoError {
  return new DoError({
    code: ANSWER_LOST,
    message: `${message} The change may have been made all the same.`,
    nextStep: 'Look at what is deployed before you try again.',
    ...(status === undefined ? {} : { status }),
    cause,
  });
}

const CHECK_ADDRESS = 'Check the address, and that the platform runs there.';
const CHECK_PROXY =
  'Check the setting http.proxy of the editor, or the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY.';
const CHECK_NETWORK = 'Try again. If it keeps happening, check the network and the platform.';

function late({ wasSent, cause }: NoAnswer, facts: RequestFacts): Failure {
  const message = `${facts.origin} did not answer within ${Math.round(facts.timeoutMs / 100) / 10} seconds.`;
  const error =
    facts.changes && wasSent
      ? answerLost(message, cause)
      : new DoError({
          code: ERROR_CODES.timeout,
          message: facts.changes ? `${message} Nothing was sent.` : message,
          nextStep: CHECK_NETWORK,
          cause,
        });
  return { error, passes: true };
}

/** The request went out, at least a part of it. */
function broken(failed: NoAnswer, facts: RequestFacts): Failure {
  const { origin, changes } = facts;
  const cause = toError(failed.cause);
  const codes = chainOf(cause).map(codeOf);
  const said = codes.some((code) => code.startsWith('HPE_'))
    ? `${origin} answered with something that is not HTTP.`
    : codes.includes('UND_ERR_RES_EXCEEDED_MAX_SIZE')
      ? `The answer of ${origin} is larger than any answer of the platform.`
      : undefined;
  if (changes) {
    const message = said ?? `The connection to ${origin} broke before the answer came.`;
    return { error: answerLost(message, cause), passes: false };
  }
  if (said !== undefined) {
    const code = ERROR_CODES.badResponse;
    return { error: new DoError({ code, message: said, nextStep: CHECK_ADDRESS, cause }), passes: false };
  }
  return unreachable(
    `The connection to ${origin} broke before the answer was complete.`,
    origin.startsWith('http://')
      ? 'Try again. If it keeps happening, check whether the address must begin with https://.'
      : CHECK_NETWORK,
    cause,
    true,
  );
}

/** Nothing of the request went out: there was no connection for it. */
function notConnected(failed: NoAnswer, facts: RequestFacts): Failure {
  const { origin, proxy } = facts;
  const cause = toError(failed.cause);
  const refused = proxy === undefined ? undefined : proxyRefusal(cause, proxy, origin);
  if (refused !== undefined) return refused;
  const host = proxy === undefined ? origin : `the proxy ${proxy.origin}`;
  // A tunnel ends at the platform, so an encrypted connection that fails is mostly to that.
  const peer =
    proxy?.origin.startsWith('https:') === true ? `${origin} or of the proxy ${proxy.origin}` : origin;
  const check = proxy === undefined ? CHECK_ADDRESS : CHECK_PROXY;
  for (const code of chainOf(cause).map(codeOf)) {
    const known = NO_CONNECTION[code];
    if (known !== undefined) {
      const dns = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
      const step = dns && proxy === undefined ? 'Check the address and your network connection.' : check;
      return unreachable(known.says(host), step, cause, known.passes);
    }
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') {
      const message = `${host} did not accept a connection in time.`;
      const nextStep =
        proxy === undefined ? 'Check the address and your network connection, then try again.' : CHECK_PROXY;
      const error = new DoError({ code: ERROR_CODES.timeout, message: capital(message), nextStep, cause });
      return { error, passes: true };
    }
    if (isCertificateCode(code)) {
      return unreachable(
        `The certificate of ${peer} is not trusted (${code}).`,
        'Check the address. If the platform uses a certificate of your own, add it to the trust store of this machine.',
        cause,
        false,
      );
    }
    if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
      return unreachable(
        `No encrypted connection to ${origin} could be made.`,
        'Check whether the address must begin with http:// instead of https://.',
        cause,
        false,
      );
    }
  }
  return unreachable(`The connection to ${host} broke while it was made.`, CHECK_NETWORK, cause, true);
}

/** The proxy answered, but opened no way to the platform. */
function proxyRefusal(cause: Error, proxy: ShownProxy, origin: string): Failure | undefined {
  const found = /^Proxy response \((\d+)\)/.exec(cause.message)?.[1];
  if (found === undefined) return undefined;
  const status = Number(found);
  const passes = status >= 500 || status === 429;
  if (status === 407) return unreachable(...proxyWantsSignIn(proxy), cause, false);
  const message = `The proxy ${proxy.origin} did not open a connection to ${origin} (${status}).`;
  const nextStep = passes
    ? 'Try again in a moment. If it keeps happening, check the address and the proxy.'
    : 'Ask who runs the proxy to let that address through, or add its host to http.noProxy or NO_PROXY.';
  return unreachable(message, nextStep, cause, passes);
}

/** Sentence and next step for a 407. */
export function proxyWantsSignIn({ origin, signsIn }: ShownProxy): [message: string, nextStep: string] {
  const place = 'the address of the proxy (http.proxy or HTTPS_PROXY), as http://name:password@host:port';
  return signsIn
    ? [
        `The proxy ${origin} does not take the user name and password that it is given.`,
        `Correct them in ${place}, or in http.proxyAuthorization, which goes before them. Only a sign-in of the kind Basic is made from an address.`,
      ]
    : [
        `The proxy ${origin} wants a user name and password.`,
        `Put them into ${place}, or set http.proxyAuthorization.`,
      ];
}

function unreachable(message: string, nextStep: string, cause: Error, passes: boolean): Failure {
  const code = ERROR_CODES.unreachable;
  return { error: new DoError({ code, message: capital(message), nextStep, cause }), passes };
}

function noPath(host: string): string {
  return `There is no network path to ${host}.`;
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}

function timeOfDay(at: number): string {
  const time = new Date(at);
  const parts = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function isCertificateCode(code: string): boolean {
  return (
    code.startsWith('CERT_') ||
    code.startsWith('ERR_TLS_CERT') ||
    code.includes('SELF_SIGNED_CERT') ||
    code.startsWith('UNABLE_TO_') ||
    code === 'HOSTNAME_MISMATCH'
  );
}

/** The error, what it wraps, and the errors of the addresses that were tried. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next: unknown = error; next instanceof Error && chain.length < 10; next = next.cause) {
    chain.push(next);
    if (next instanceof AggregateError) chain.push(...(next.errors as unknown[]));
  }
  return chain;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'HTTPParserError' ? 'HPE_INVALID' : '';
}
