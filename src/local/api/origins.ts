import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, HttpError } from './errors.ts';

const ALLOWED_HEADERS =
  'Content-Type, Authorization, X-Signup-Source, X-Signup-Referrer, X-Organization-Id, X-Butterbase-As-User';

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Refuses requests that a foreign page could make a browser send: a Host that is not loopback (DNS rebinding) and
 * an Origin that is not a loopback page. `allowedHosts` are host names besides loopback, without a port.
 */
export class OriginCheck {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowedHosts: readonly string[]) {
    this.#allowed = new Set([...LOOPBACK_HOSTS, ...allowedHosts.map((host) => host.toLowerCase())]);
  }

  /** @throws HttpError 403 */
  refuseForeign(request: Pick<FastifyRequest, 'headers'>): void {
    const { host, origin } = request.headers;
    if (host === undefined || !this.#allowed.has(hostName(host))) {
      throw refused('HOST_NOT_ALLOWED', `The Host header "${host ?? ''}" is not allowed`, 'host');
    }
    if (origin !== undefined && !this.#allowsOrigin(origin)) {
      throw refused('ORIGIN_NOT_ALLOWED', `The Origin "${origin}" is not allowed`, 'origin');
    }
  }

  #allowsOrigin(origin: string): boolean {
    if (!URL.canParse(origin)) return false;
    const { protocol, hostname } = new URL(origin);
    return (protocol === 'http:' || protocol === 'https:') && this.#allowed.has(hostname);
  }
}

/** The headers that the platform puts on every answer, and those that let a page of an allowed origin read it. */
export function addCorsHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('vary', 'Origin').header('access-control-allow-credentials', 'true');
  const { origin } = request.headers;
  if (origin !== undefined) void reply.header('access-control-allow-origin', origin);
}

/** Whether this is OPTIONS, which is for a browser's question before a request only; then it is answered here. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
  const { headers, method } = request;
  if (method !== 'OPTIONS') return false;
  if (headers.origin === undefined || headers['access-control-request-method'] === undefined) {
    void reply.code(400).type('text/plain').send('Invalid Preflight Request');
    return true;
  }
  void reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, OPTIONS')
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('content-length', '0')
    .send();
  return true;
}

/** `[::1]:4123` -> `[::1]`, `LOCALHOST:80` -> `localhost`. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

function refused(code: string, message: string, what: 'host' | 'origin'): HttpError {
  const remediation =
    what === 'host'
      ? 'Call the embedded platform by 127.0.0.1 or localhost, or allow the host name with --allow-host.'
      : 'The embedded platform answers only pages from this machine. Allow the host of the page with --allow-host.';
  return new HttpError(403, errorBody({ code, message, remediation }));
}
