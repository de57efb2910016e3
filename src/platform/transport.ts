import type { Dispatcher } from 'undici';
import { openConnections, type ConnectionFacts, type Connections } from './connections.ts';
import { machineTrust } from './machineTrust.ts';
import type { Proxy } from './proxy.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Request {
  readonly method: Method;
  /** Behind the base address, with its leading slash; every segment encoded. */
  readonly path: string;
  /** Sent as JSON. A request without a body gets no Content-Type: the platform refuses that. */
  readonly body?: string;
}

/** A complete answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Why one attempt brought no complete answer. */
export class NoAnswer extends Error {
  /** `late`: its time was over. `stopped`: its signal aborted. `broke`: the cause says what happened. */
  readonly why: 'late' | 'stopped' | 'broke';
  /** Whether a part of the request may have gone out. If not, the platform cannot have seen it. */
  readonly wasSent: boolean;

  constructor(why: NoAnswer['why'], wasSent: boolean, cause: unknown) {
    super(`No answer: ${why}.`, { cause });
    this.name = 'NoAnswer';
    this.why = why;
    this.wasSent = wasSent;
  }
}

/**
 * The connections to one platform. Sends each request exactly once. Follows no redirect, so that the key goes
 * to its origin only. Changes go out on connections of their own, each on a fresh one: they wait for no read
 * that hangs, and none is lost because the other side had just closed an idle connection.
 */
export class Transport {
  readonly #prefix: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #outdated: Connections[] = [];
  #facts: ConnectionFacts;
  #reads: Connections;
  #changes: Connections;

  /**
   * @param origin as made by `normaliseOrigin`
   * @param headers of every request, with the key in them
   */
  constructor(origin: string, headers: Readonly<Record<string, string>>, proxy: Proxy | undefined) {
    const url = new URL(origin);
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#headers = headers;
    this.#facts = { origin: url.origin, proxy, trust: undefined };
    this.#reads = openConnections(this.#facts, true);
    this.#changes = openConnections(this.#facts, false);
  }

  get trustsMachine(): boolean {
    return this.#facts.trust !== undefined;
  }

  /** From now on trusts what this machine trusts; false when it cannot. */
  trustMachine(): boolean {
    if (this.trustsMachine) return true;
    const trust = machineTrust();
    if (trust === undefined) return false;
    this.#outdated.push(this.#reads, this.#changes);
    this.#facts = { ...this.#facts, trust };
    this.#reads = openConnections(this.#facts, true);
    this.#changes = openConnections(this.#facts, false);
    return true;
  }

  /**
   * Sends one request and reads its whole answer.
   * @param timeoutMs milliseconds until the answer must be complete
   * @throws NoAnswer
   */
  async send(request: Request, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
    const { dispatcher, pathPrefix, headers } = request.method === 'GET' ? this.#reads : this.#changes;
    const type = request.body === undefined ? {} : { 'content-type': 'application/json' };
    return attempt(
      dispatcher,
      {
        origin: this.#facts.origin,
        method: request.method,
        path: pathPrefix + this.#prefix + request.path,
        headers: { ...this.#headers, ...headers, ...type },
        body: request.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      timeoutMs,
      signal,
    );
  }

  /** Ends all connections, with what is under way on them. */
  async close(): Promise<void> {
    const all = [this.#reads, this.#changes, ...this.#outdated];
    await Promise.all(all.map(({ dispatcher }) => dispatcher.destroy()));
  }
}

function attempt(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let wasSent = false;
    let status = 0;
    let headers: Record<string, string> = {};
    const chunks: Buffer[] = [];
    let controller: Dispatcher.DispatchController | undefined;
    let failure: NoAnswer | undefined;
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    const fail = (why: NoAnswer['why'], cause: unknown): void => {
      if (failure !== undefined) return;
      end();
      failure = new NoAnswer(why, wasSent, cause);
      reject(failure);
      controller?.abort(failure);
    };
    const stop = (): void => fail('stopped', signal.reason);
    const timer = setTimeout(() => fail('late', undefined), timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      stop();
      return;
    }
    dispatcher.dispatch(options, {
      onRequestStart: (started) => {
        controller = started;
        // It waited for a connection longer than anybody waits for it; or it would go out a second time.
        if (failure !== undefined || wasSent) started.abort(failure ?? new Error('sent once already'));
        wasSent = true;
      },
      onResponseStart: (_controller, code, values) => {
        status = code;
        headers = firstValues(values);
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => {
        end();
        resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError: (_controller, error) => fail('broke', error),
    });
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
