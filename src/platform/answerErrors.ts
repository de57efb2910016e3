import { DoError, ERROR_CODES } from '../core/errors.ts';
import { adviceFor } from './answerAdvice.ts';
import { seconds } from './duration.ts';
import { readEnvelope, type Envelope } from './envelope.ts';
import { answerLost, proxyWantsSignIn } from './networkErrors.ts';
import type { ShownProxy } from './proxy.ts';
import { rateLimitWait } from './rateGate.ts';
import { redact } from './redact.ts';
import { headerWait } from './retryAfter.ts';
import type { Answer } from './transport.ts';

export interface AnswerContext {
  /** Base address, without key. */
  readonly origin: string;
  /** Never shows up in an error. */
  readonly apiKey: string;
  /** The proxy on the way. */
  readonly proxy: ShownProxy | undefined;
  /** Whether the request changes something: then what is no answer of the platform leaves open what happened. */
  readonly changes: boolean;
}

/** The error that an answer other than "200 with JSON" stands for, in every shape that the platform has. */
export function answerError(answer: Answer, context: AnswerContext): DoError {
  const region = replayRegion(answer);
  if (region !== undefined && answer.text === '') return otherRegion(region, context);
  if (answer.status >= 300 && answer.status < 400) return redirected(answer, context);
  if (answer.status < 300) return noData(answer, context);
  const envelope = readEnvelope(answer.text, answer.status);
  if (envelope === undefined) return foreignAnswer(answer, context);
  const retryAfterMs = waitOf(answer, envelope);
  const advice = adviceFor(answer.status, envelope, retryAfterMs, context.origin);
  const original = redact(envelope.message, context.apiKey);
  return new DoError({
    code: envelope.code,
    message: redact(advice.message, context.apiKey),
    // For the log: what the platform said in its own words.
    ...(advice.message.includes(original) ? {} : { cause: new Error(original) }),
    nextStep: redact(advice.nextStep, context.apiKey),
    status: answer.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(envelope.url === undefined ? {} : { url: redact(envelope.url, context.apiKey) }),
  });
}

/** An answer of status 200 whose body is not JSON. */
export function notJson(answer: Answer, context: AnswerContext, cause?: unknown): DoError {
  if (answer.text.trim() === '') return noData(answer, context);
  if (isWebPage(answer)) return foreignAnswer(answer, context);
  const message = `The answer of ${context.origin} is not complete or not JSON.`;
  if (context.changes) return answerLost(message, cause, answer.status);
  return new DoError({
    code: ERROR_CODES.badResponse,
    message,
    nextStep: 'Try again. If it keeps happening, check that the address is that of a Butterbase platform.',
    status: answer.status,
    cause,
  });
}

/** JSON that is not what the contract says; `where` is the path of the first deviation and what is wrong there. */
export function wrongShape(answer: Answer, where: string, context: AnswerContext): DoError {
  const message = redact(
    `The answer of ${context.origin} is not what this version understands: ${where}.`,
    context.apiKey,
  );
  if (context.changes) return answerLost(message, undefined, answer.status);
  return new DoError({
    code: ERROR_CODES.badResponse,
    message,
    nextStep:
      'Check that the address is that of a Butterbase platform, and whether there is an update of this extension.',
    status: answer.status,
  });
}

/** The region that an empty answer asks the edge to replay the request in. */
function replayRegion(answer: Answer): string | undefined {
  return /(?:^|[;,\s])region=([\w-]+)/.exec(answer.headers['fly-replay'] ?? '')?.[1];
}

function otherRegion(region: string, context: AnswerContext): DoError {
  return new DoError({
    code: ERROR_CODES.otherRegion,
    message: `This app lives in the region ${region}, and ${context.origin} did not pass the request on to it.`,
    nextStep: `Try again in a moment. If it stays so, connect to the address of the platform in ${region}.`,
    status: 204,
  });
}

function noData(answer: Answer, context: AnswerContext): DoError {
  const message = `${context.origin} answered ${answer.status} without any data.`;
  if (context.changes) return answerLost(message, undefined, answer.status);
  return new DoError({
    code: ERROR_CODES.badResponse,
    message,
    nextStep: 'Try again in a moment: an app that lives in another region can answer like this.',
    status: answer.status,
  });
}

function redirected(answer: Answer, context: AnswerContext): DoError {
  const target = originOf(answer.headers['location'], context.origin);
  return new DoError({
    code: ERROR_CODES.badResponse,
    message: redact(
      `${context.origin} redirects to ${target ?? 'another address'}. The key was not sent there.`,
      context.apiKey,
    ),
    nextStep: 'If you trust that address, use it as the address of the platform.',
    status: answer.status,
  });
}

function originOf(location: string | undefined, base: string): string | undefined {
  if (location === undefined) return undefined;
  try {
    return new URL(location, base).origin;
  } catch {
    return undefined;
  }
}

function isWebPage(answer: Answer): boolean {
  return (
    (answer.headers['content-type'] ?? '').toLowerCase().includes('html') || /^\s*<[!a-z?]/i.test(answer.text)
  );
}

/** An answer that no part of the platform gives: a proxy, a login page, another program. */
function foreignAnswer(answer: Answer, context: AnswerContext): DoError {
  const retryAfterMs = headerWait(answer.headers['retry-after']);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const { status } = answer;
  if (status === 407 && context.proxy !== undefined) {
    const [message, nextStep] = proxyWantsSignIn(context.proxy);
    return new DoError({ code: ERROR_CODES.unreachable, message, nextStep, status });
  }
  if (status >= 500 && context.changes) {
    const by = GATEWAY_STATUS.has(status) ? `A proxy before ${context.origin}` : context.origin;
    return answerLost(`${by} answered ${status}${quoted(answer, context)}.`, undefined, status);
  }
  if (status >= 400 && status !== 404) {
    return new DoError({
      code: `HTTP_${status}`,
      message: `${context.origin} answered ${status}${quoted(answer, context)}.`,
      nextStep:
        status === 429
          ? `Wait ${seconds(retryAfterMs ?? 60_000)} and try again.`
          : status >= 500
            ? 'The platform or a proxy before it is not available. Try again in a moment.'
            : 'Check the address of the platform, and whether a proxy stands between.',
      status,
      ...wait,
    });
  }
  if (status < 300 && context.changes) {
    return answerLost(`Instead of ${context.origin} a web page answered.`, undefined, status);
  }
  return new DoError({
    code: ERROR_CODES.badResponse,
    message: `${context.origin} answered with ${isWebPage(answer) ? 'a web page' : `something else than data (${status})`}: it does not seem to be a Butterbase platform.`,
    nextStep: 'Check the address of the platform; a proxy or login page may be answering for it.',
    status,
  });
}

/** The first line of a plain text answer, when there is a short one. */
function quoted(answer: Answer, context: AnswerContext): string {
  const line = isWebPage(answer) ? '' : (answer.text.trim().split('\n')[0] ?? '').slice(0, 200);
  return line === '' ? '' : `: ${redact(line, context.apiKey).replaceAll(/[^\P{C}]/gu, ' ')}`;
}

/** Statuses with which a proxy says that it has no answer of what is behind it. */
const GATEWAY_STATUS = new Set([502, 503, 504]);

/** Milliseconds to wait, from the headers or, for a rate limit, the text. */
function waitOf(answer: Answer, envelope: Envelope): number | undefined {
  const header = headerWait(answer.headers['retry-after']);
  if (header !== undefined || answer.status !== 429) return header;
  return headerWait(/retry in (\d+) seconds/.exec(envelope.message)?.[1]) ?? rateLimitWait(answer);
}
