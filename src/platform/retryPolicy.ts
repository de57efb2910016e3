import { headerWait } from './retryAfter.ts';
import { readEnvelope } from './envelope.ts';
import { rateLimitWait } from './rateGate.ts';
import type { Answer } from './transport.ts';

export interface RetryPolicy {
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** Milliseconds up to which the first pause lasts; doubled for each one after it. */
  readonly baseMs: number;
  /** Milliseconds that a pause lasts at most. */
  readonly maxMs: number;
  /** Milliseconds for one attempt at least, before a read is sent anew because none of it came. */
  readonly patienceMs: number;
}

export const RETRY_POLICY: RetryPolicy = { attempts: 4, baseMs: 150, maxMs: 2_000, patienceMs: 5_000 };

/** Exponential backoff with full jitter: anything from 0 to what the attempt is worth, in milliseconds. */
export function backoff(policy: RetryPolicy, attempt: number): number {
  return Math.random() * Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
}

/**
 * Milliseconds to wait before a read that was answered like this is sent again; undefined when the answer is to
 * be taken as it is.
 */
export function pauseAfter(answer: Answer, policy: RetryPolicy, attempt: number): number | undefined {
  if (answer.status === 429) return spread(rateLimitWait(answer));
  if (!isPassing(answer)) return undefined;
  const asked = headerWait(answer.headers['retry-after']);
  return asked === undefined ? backoff(policy, attempt) : spread(asked);
}

/** Whether a proxy answers that it cannot reach what is behind it; the platform's own errors have its envelope. */
export function isGatewayFailure(answer: Answer): boolean {
  return GATEWAY.has(answer.status) && readEnvelope(answer.text, answer.status) === undefined;
}

/** 520 to 524: a host behind Cloudflare that does not answer, or not as it should. */
const GATEWAY = new Set([502, 503, 504, 520, 521, 522, 523, 524]);

/** Whether the same request can be answered otherwise a moment later. */
function isPassing(answer: Answer): boolean {
  const { status, text } = answer;
  if (status === 408 || GATEWAY.has(status)) return true;
  if (status === 500) return readEnvelope(text, status) === undefined;
  return status === 200 && isCutOff(answer);
}

/** JSON that ends too early: its length was not said, and the connection ended. */
function isCutOff({ text, headers }: Answer): boolean {
  if (!(headers['content-type'] ?? '').includes('json')) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

/** Somewhat later than asked: all who were told the same moment must not come back in it. */
function spread(ms: number): number {
  return ms + Math.random() * Math.min(1_000, 50 + ms / 10);
}
