import http from 'node:http';
import type { Readable } from 'node:stream';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { readTally, type Tally } from './tally.ts';

export interface DispatchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: Readable | Buffer | string;
  readonly signal?: AbortSignal;
}

export interface DispatchResponse {
  readonly status: number;
  /** In order, with repeated names (`set-cookie`) repeated. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Readable;
}

/** Headers of one connection (RFC 9110, 7.6.1), and those that the control socket sets itself. */
const NOT_PASSED_ON = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);

const TOKEN_HEADER = 'x-bb-control';

/** Talks to the control socket of one workerd process. */
export class ControlClient {
  readonly #port: number;
  readonly #token: string;
  readonly #agent = new http.Agent({ keepAlive: true });

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  async counts(timeoutMs: number): Promise<Tally> {
    const response = await this.#send('/counts', {
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(timeoutMs),
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response.body) chunks.push(chunk as Buffer);
    return readTally(Buffer.concat(chunks).toString('utf8'));
  }

  /** Gives an instance a request from inside: no access check, segments decoded (platform-contract, "Internal path"). */
  dispatch(name: string, instance: string, request: DispatchRequest): Promise<DispatchResponse> {
    return this.#send(`/_dispatch/${encodeURIComponent(name)}/${encodeURIComponent(instance)}`, request);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(path: string, request: DispatchRequest): Promise<DispatchResponse> {
    return new Promise((resolve, reject) => {
      const outgoing = http.request({
        host: '127.0.0.1',
        port: this.#port,
        agent: this.#agent,
        path,
        method: request.method,
        headers: { ...passedOn(request.headers), [TOKEN_HEADER]: this.#token },
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      outgoing.once('response', (incoming) => {
        resolve({ status: incoming.statusCode ?? 502, headers: responseHeaders(incoming), body: incoming });
      });
      outgoing.on('error', (cause) => reject(dispatchFailed(cause)));
      const { body } = request;
      if (body === undefined) outgoing.end();
      else if (typeof body === 'string' || Buffer.isBuffer(body)) outgoing.end(body);
      else {
        body.once('error', (error) => outgoing.destroy(error));
        body.pipe(outgoing);
      }
    });
  }
}

function passedOn(headers: DispatchRequest['headers']): Record<string, string | string[]> {
  const named = new Set(
    [headers['connection'] ?? []]
      .flat()
      .flatMap((value) => value.split(','))
      .map((token) => token.trim().toLowerCase()),
  );
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (value === undefined || NOT_PASSED_ON.has(lower) || named.has(lower) || lower === TOKEN_HEADER)
      continue;
    kept[lower] = typeof value === 'string' ? value : [...value];
  }
  return kept;
}

function responseHeaders(incoming: http.IncomingMessage): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at] ?? '';
    if (!NOT_PASSED_ON.has(name.toLowerCase())) headers.push([name, incoming.rawHeaders[at + 1] ?? '']);
  }
  return headers;
}

function dispatchFailed(cause: Error): Error {
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError') return cause;
  return new DoError({
    code: ERROR_CODES.localPlatform,
    message: `The app did not answer: ${cause.message}.`,
    nextStep: 'It may be restarting: try again. Its log says more.',
    cause,
  });
}
