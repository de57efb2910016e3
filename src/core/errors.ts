/**
 * The one error type that people and agents see. `code` is stable and machine-readable, `message` says
 * what happened, `nextStep` what to do about it. The cause stays attached for the log.
 *
 * Codes of ours are listed here; codes that a platform answered (such as `VALIDATION_INVALID_SCHEMA`)
 * pass through unchanged.
 */
export const ERROR_CODES = {
  /**
   * No connection could be made: refused, reset, no such host. With `outage` the host is not even asked at the
   * moment, because it did not answer several times in a row.
   */
  unreachable: 'UNREACHABLE',
  /** No answer within the deadline. */
  timeout: 'TIMEOUT',
  /** The person cancelled. */
  cancelled: 'CANCELLED',
  /** The answer is not what the contract says: HTML, broken JSON, a missing field. */
  badResponse: 'BAD_RESPONSE',
  /** An empty 204: the app lives in another region and the edge did not replay the request. */
  otherRegion: 'OTHER_REGION',
  /** An argument that must not reach the network, such as a name with a slash. */
  invalidInput: 'INVALID_INPUT',
  /** A file that is no UTF-8 text, too large, or gone. */
  badFile: 'BAD_FILE',
  /** The embedded platform did not start or died. */
  localPlatform: 'LOCAL_PLATFORM',
  /** The manifest or the CLI's config file cannot be read or written. */
  badConfig: 'BAD_CONFIG',
  /** Not allowed in a workspace that is not trusted. */
  untrusted: 'UNTRUSTED',
} as const;

/**
 * A host that did not answer several times in a row: until `retryAt` it is not asked, and every call fails at
 * once. It recovers by itself with the first call after that. For views: what was last known stays shown as of
 * `since`, and asking again before `retryAt` is of no use.
 */
export interface Outage {
  /** Milliseconds since 1970 of the first call that got no answer. */
  readonly since: number;
  /** Milliseconds since 1970 from which on it is asked again; in the past when it is being asked just now. */
  readonly retryAt: number;
}

export interface DoErrorOptions {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
  /** HTTP status, when a platform answered. */
  readonly status?: number;
  /** Milliseconds to wait before a retry can succeed, when the platform named them. */
  readonly retryAfterMs?: number;
  /** When the host counts as unreachable since this error or before it. */
  readonly outage?: Outage;
  /** A page that explains more. */
  readonly url?: string;
  readonly cause?: unknown;
}

/** Marks a DoError in every chunk of the build: each has a copy of the class, and one's errors reach another. */
const BRAND = Symbol.for('butterbase-durable-objects.DoError');

export class DoError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  readonly [BRAND] = true;
  readonly code: string;
  readonly nextStep: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly outage: Outage | undefined;
  readonly url: string | undefined;

  constructor(options: DoErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DoError';
    this.code = options.code;
    this.nextStep = options.nextStep;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.outage = options.outage;
    this.url = options.url;
  }
}

/** Any thrown value as an Error. */
export function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}

/** Whether the error means that somebody cancelled: nothing to show then. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof DoError) return error.code === ERROR_CODES.cancelled;
  // The second is the editor's own, for what it drops when a window closes.
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled');
}
