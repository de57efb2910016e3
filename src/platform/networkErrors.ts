import { DoError, ERROR_CODES, toError } from '../core/errors.ts';

/** A change went out and no answer came back: it may or may not have happened. */
export const ANSWER_LOST = 'ANSWER_LOST';

export interface RequestFacts {
  /** Base address, without key: fit to be shown. */
  readonly origin: string;
  /** Whether the request changes something on the platform. */
  readonly changes: boolean;
  /** Milliseconds that the request was given. */
  readonly timeoutMs: number;
}

/** Codes of connections that ended before an answer was there. A GET may be sent again after one. */
const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Codes with which nothing of the request can have arrived. */
const NEVER_SENT: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `Nothing listens at ${host}: the connection was refused.`,
  ENOTFOUND: (host) => `There is no host of the name in ${host}.`,
  EAI_AGAIN: (host) => `The name in ${host} could not be looked up just now.`,
  ENETUNREACH: (host) => `There is no network path to ${host}.`,
  EHOSTUNREACH: (host) => `There is no network path to ${host}.`,
  ENETDOWN: (host) => `There is no network path to ${host}.`,
  EADDRNOTAVAIL: (host) => `There is no network path to ${host}.`,
  EACCES: (host) => `This machine does not allow a connection to ${host}.`,
};

const CHECK_ADDRESS = 'Check the address, and that the platform runs there.';

/** Whether the connection broke before the answer was complete. */
export function isReset(error: unknown): boolean {
  return chainOf(error).some((cause) => RESET_CODES.has(codeOf(cause)));
}

/** What a failed request without a complete answer means, as a DoError: one sentence per kind of failure. */
export function networkError(error: unknown, facts: RequestFacts): DoError {
  const { origin } = facts;
  const codes = chainOf(error).map(codeOf);
  const cause = toError(error);
  const unreachable = (message: string, nextStep: string): DoError =>
    new DoError({ code: ERROR_CODES.unreachable, message, nextStep, cause });
  for (const code of codes) {
    const sentence = NEVER_SENT[code];
    if (sentence !== undefined) {
      const dns = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
      return unreachable(
        sentence(origin),
        dns ? 'Check the address and your network connection.' : CHECK_ADDRESS,
      );
    }
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
      return new DoError({
        code: ERROR_CODES.timeout,
        message: `${origin} did not accept a connection in time.`,
        nextStep: 'Check the address and your network connection, then try again.',
        cause,
      });
    }
    if (isCertificateCode(code)) {
      return unreachable(
        `The certificate of ${origin} is not trusted (${code}).`,
        'Check the address. If the platform uses a certificate of your own, add it to the trust store of this machine.',
      );
    }
    if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
      return unreachable(
        `No encrypted connection to ${origin} could be made.`,
        'Check whether the address must begin with http:// instead of https://.',
      );
    }
    if (code.startsWith('HPE_')) {
      return new DoError({
        code: facts.changes ? ANSWER_LOST : ERROR_CODES.badResponse,
        message: `${origin} answered with something that is not HTTP.`,
        nextStep: CHECK_ADDRESS,
        cause,
      });
    }
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
      return new DoError({
        code: facts.changes ? ANSWER_LOST : ERROR_CODES.badResponse,
        message: `The answer of ${origin} is larger than any answer of the platform.`,
        nextStep: CHECK_ADDRESS,
        cause,
      });
    }
    if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) return noAnswer(facts, cause);
  }
  if (facts.changes) return answerLost(`The connection to ${origin} broke before the answer came.`, cause);
  return unreachable(
    `The connection to ${origin} broke before the answer was complete.`,
    origin.startsWith('http://')
      ? 'Try again. If it keeps happening, check whether the address must begin with https://.'
      : 'Try again. If it keeps happening, check the network and the platform.',
  );
}

/** The answer did not come within the deadline. */
export function noAnswer(facts: RequestFacts, cause?: unknown): DoError {
  const seconds = Math.round(facts.timeoutMs / 100) / 10;
  const message = `${facts.origin} did not answer within ${seconds} seconds.`;
  if (facts.changes) return answerLost(message, cause);
  return new DoError({
    code: ERROR_CODES.timeout,
    message,
    nextStep: 'Try again. If it keeps happening, check the network and the platform.',
    cause,
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

function answerLost(message: string, cause: unknown): DoError {
  return new DoError({
    code: ANSWER_LOST,
    message: `${message} The change may have been made all the same.`,
    nextStep: 'Refresh to see what is deployed before you try again.',
    cause,
  });
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
