import { toError } from '../../core/errors.ts';
import type { FastifyReply } from 'fastify';

/** The platform's usual error body. The order of the fields is the wire's. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remediation: string;
    readonly documentation_url?: string;
    readonly details?: unknown;
  };
}

export interface ErrorParts {
  readonly code: string;
  readonly message: string;
  readonly remediation: string;
  /** Whether a link to the code's description goes with it. */
  readonly documented?: boolean;
  readonly details?: unknown;
}

export function errorBody(parts: ErrorParts): ErrorBody {
  return {
    error: {
      code: parts.code,
      message: parts.message,
      remediation: parts.remediation,
      ...(parts.documented === true ? { documentation_url: documentationUrl(parts.code) } : {}),
      ...(parts.details === undefined ? {} : { details: parts.details }),
    },
  };
}

/** Thrown by a route or hook to end the request with this status and body. */
export class HttpError extends Error {
  readonly statusCode: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    statusCode: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
    cause?: unknown,
  ) {
    super(`HTTP ${statusCode}`, cause === undefined ? undefined : { cause });
    this.name = 'HttpError';
    this.statusCode = statusCode;
    this.body = body;
    this.headers = headers;
  }
}

/** A request without a key where one is due: 401. */
export function authenticationRequired(): HttpError {
  return new HttpError(401, requestError('Authentication required'));
}

/** An app that there is not, or that belongs to somebody else, in the words of the routes for classes: 404. */
export function appNotFound(): HttpError {
  return noApp('Verify the app_id is correct.');
}

/** The same in the words of most other routes. */
export function appNotListed(): HttpError {
  return noApp('Verify the app_id is correct. Use list_apps to see available apps.');
}

/** The same on a route that leaves it to the server to say so. */
export function unknownApp(appId: string): HttpError {
  return new HttpError(
    404,
    errorBody({
      code: 'RESOURCE_NOT_FOUND',
      message: `App not found: ${appId}`,
      remediation:
        'Verify the app id with `butterbase apps list` (or list_apps via MCP). Ensure the caller owns the app.',
    }),
  );
}

/** What the platform answers on some routes for whatever goes wrong there. */
export function databaseFailure(message: string): HttpError {
  return new HttpError(
    500,
    errorBody({
      code: 'EXTERNAL_DB_ERROR',
      message,
      remediation:
        'Retry the operation. If the problem persists, check database connectivity or contact support.',
      documented: true,
    }),
  );
}

export function requestError(message: string): ErrorBody {
  return errorBody({
    code: 'REQUEST_ERROR',
    message,
    remediation: 'Check your request parameters and retry.',
  });
}

/**
 * Turns whatever a route threw into the platform's answer. A body that fails validation keeps the platform's 500
 * and its code, but says what was wrong.
 */
export function answerError(error: unknown, reply: FastifyReply, log: (line: string) => void): void {
  if (error instanceof HttpError) {
    if (error.cause !== undefined) logCause(error.cause, log);
    void reply.code(error.statusCode).headers(error.headers).send(error.body);
    return;
  }
  const { statusCode, validation } = error as { statusCode?: number; validation?: unknown };
  const cause = toError(error);
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) {
    const invalid = cause.name === 'ZodError';
    if (!invalid) logCause(cause, log);
    void reply.code(500).send(
      errorBody({
        code: 'INTERNAL_ERROR',
        message: invalid
          ? summaryOf(cause.message)
          : 'An internal error occurred while processing your request',
        remediation:
          'This is an unexpected error. Please retry the request. If the problem persists, check your inputs and consult the documentation.',
        details: { error_class: cause.name, error_message: cause.message },
      }),
    );
    return;
  }
  if (validation !== undefined) {
    void reply.code(statusCode).send(
      errorBody({
        code: 'VALIDATION_INVALID_SCHEMA',
        message: cause.message,
        remediation: 'Review the validation errors and correct your request.',
        details: validation,
      }),
    );
    return;
  }
  void reply.code(statusCode).send(requestError(cause.message));
}

function noApp(remediation: string): HttpError {
  return new HttpError(
    404,
    errorBody({ code: 'RESOURCE_NOT_FOUND', message: 'App not found', remediation, documented: true }),
  );
}

/** `name: Required; code: Required`, out of the JSON text that a ZodError has for a message. */
function summaryOf(issuesText: string): string {
  const issues = JSON.parse(issuesText) as { path: readonly string[]; message: string }[];
  return issues
    .map(({ path, message }) => (path.length === 0 ? `body: ${message}` : `${path.join('.')}: ${message}`))
    .join('; ');
}

function logCause(cause: unknown, log: (line: string) => void): void {
  const error = toError(cause);
  log(error.stack ?? error.message);
}

function documentationUrl(code: string): string {
  return `https://docs.butterbase.ai/errors#${code.toLowerCase().replaceAll('_', '-')}`;
}
