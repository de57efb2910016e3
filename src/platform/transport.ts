import { Pool } from 'undici';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import { cancelled, isReset, networkError, noAnswer, type RequestFacts } from './networkErrors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Call {
  readonly method: Method;
  /** Behind the base address, with its leading slash; every segment encoded. */
  readonly path: string;
  /** Sent as JSON. A request without a body gets no Content-Type: the platform refuses that. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** A complete answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Milliseconds to get a connection. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Bytes: a source of 1 MiB whose every character is escaped in JSON has 6 MiB. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Why a request is stopped when its time is over. */
const LATE = new Error('deadline');

/** As many at once as the editor has views that ask. */
const MAX_CONNECTIONS = 8;

/**
 * The connections to one platform: kept alive and shared, with deadlines and cancellation. Follows no
 * redirect, so that the key goes to its origin only.
 */
export class Transport {
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #closing = new AbortController();
  readonly #changes = new Set<Promise<unknown>>();

  /** @param origin as made by `normaliseOrigin` */
  constructor(origin: string, apiKey: string, userAgent: string) {
    const url = new URL(origin);
    this.#origin = origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#headers = {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      'user-agent': userAgent,
    };
    this.#pool = new Pool(url.origin, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  /**
   * Sends one request and reads its whole answer. A GET whose connection broke is sent once more: a kept-alive
   * connection may have been closed by the other side just then. Nothing else is ever sent twice.
   * @throws DoError when there is no complete answer.
   */
  async send(call: Call): Promise<Answer> {
    if (this.#closing.signal.aborted) throw cancelled();
    if (call.method === 'GET') return this.#read(call);
    const change = this.#once(call, call.timeoutMs, call.signal);
    this.#changes.add(change);
    try {
      return await change;
    } finally {
      this.#changes.delete(change);
    }
  }

  /**
   * Ends all connections. Reads under way fail as cancelled; changes under way come to their end first: the
   * platform would carry them out anyway, and nobody would know.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#changes);
    await this.#pool.destroy();
  }

  async #read(call: Call): Promise<Answer> {
    const closing = this.#closing.signal;
    const signal = call.signal === undefined ? closing : AbortSignal.any([call.signal, closing]);
    const begin = performance.now();
    try {
      return await this.#once(call, call.timeoutMs, signal);
    } catch (error) {
      const left = call.timeoutMs - (performance.now() - begin);
      if (!isReset(error) || left <= 0) throw error;
      return await this.#once(call, left, signal);
    }
  }

  async #once(call: Call, timeoutMs: number, signal: AbortSignal | undefined): Promise<Answer> {
    const facts: RequestFacts = {
      origin: this.#origin,
      changes: call.method !== 'GET',
      timeoutMs: call.timeoutMs,
    };
    if (isAborted(signal)) throw cancelled(signal?.reason);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(LATE), timeoutMs);
    const onAbort = (): void => stop.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const response = await this.#pool.request({
        method: call.method,
        path: this.#prefix + call.path,
        headers:
          call.body === undefined ? this.#headers : { ...this.#headers, 'content-type': 'application/json' },
        body: call.body ?? null,
        signal: stop.signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      return {
        status: response.statusCode,
        headers: firstValues(response.headers),
        text: await response.body.text(),
      };
    } catch (error) {
      if (isAborted(signal)) throw cancelled(error);
      if (stop.signal.reason === LATE) throw noAnswer(facts, error);
      throw networkError(error, facts);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** The key as it can stand in a header. @throws DoError `INVALID_INPUT` for one that cannot. */
export function checkedKey(apiKey: string): string {
  const key = apiKey.trim();
  if (/^[\x21-\x7e]{1,4096}$/.test(key)) return key;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message: key === '' ? 'The API key is empty.' : 'The API key has characters that no key has.',
    nextStep: 'Copy the key again from the dashboard; it begins with bb_sk_.',
  });
}

function firstValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined) first[name.toLowerCase()] = text;
  }
  return first;
}
