import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What may happen to a request on its way to the platform, or to the answer on its way back. */
export const FAULTS = [
  /** The request is held back for a while. */
  'delay',
  /** It arrives when the caller has given up. */
  'late',
  /** The connection breaks before, in and after the request's body; the platform gets nothing. */
  'resetBeforeBody',
  'resetInBody',
  'resetAfterBody',
  /** The platform gets the request; its answer does not come, or not all of it. */
  'resetAfterApply',
  'resetInAnswer',
  'truncated',
  'hangAfterApply',
  'gatewayAfterApply',
  /** Somebody else answers. */
  'gatewayEmpty',
  'gatewayPage',
  'gatewayUnavailable',
  'loginPage',
  /** Nobody answers. */
  'hang',
  /** The platform's own refusal, in seconds and as a date. */
  'rateLimited',
  'rateLimitedUntil',
  /** The network delivers it twice: one after the other, with the first or the second answer; or both at once. */
  'twiceFirst',
  'twiceSecond',
  'twiceAtOnce',
] as const;

export type Fault = (typeof FAULTS)[number];

/** One request that changes something, as it came from the client. */
export interface Arrival {
  readonly line: string;
  readonly fault: Fault | undefined;
  /** Statuses with which the platform answered each delivery of it. */
  readonly answers: number[];
}

export interface ChaosOptions {
  /** Milliseconds after which the caller of a change has given up. */
  readonly lateMs: number;
  /** What happens to the next request of an app. */
  readonly next: (appId: string, method: string) => Fault | undefined;
}

/** Stands between client and platform, and spoils what passes. What the platform does with it all is noted. */
export class ChaosProxy {
  /** How often each fault was injected. */
  readonly injected = new Map<string, number>();
  /** How often connections were cut and refused for a while. */
  outages = 0;
  readonly #options: ChaosOptions;
  readonly #target: URL;
  readonly #server: http.Server;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #sockets = new Set<Socket>();
  readonly #arrivals = new Map<string, Arrival[]>();
  readonly #deliveries = new Map<string, Set<Promise<unknown>>>();
  #port = 0;

  static async start(target: string, options: ChaosOptions): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target, options);
    await proxy.#listen();
    return proxy;
  }

  private constructor(target: string, options: ChaosOptions) {
    this.#target = new URL(target);
    this.#options = options;
    this.#server = http.createServer((request, response) => void this.#handle(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** The changes of an app that have come since the last call. */
  takeArrivals(appId: string): readonly Arrival[] {
    const arrivals = this.#arrivals.get(appId) ?? [];
    this.#arrivals.delete(appId);
    return arrivals;
  }

  /** Resolves when the platform has answered every request of the app that was or will be passed on. */
  async delivered(appId: string): Promise<void> {
    for (;;) {
      const open = this.#deliveries.get(appId);
      if (open === undefined || open.size === 0) return;
      await Promise.allSettled(open);
    }
  }

  /** Cuts every connection and accepts none for a while. */
  async outage(ms: number): Promise<void> {
    this.outages += 1;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#cut();
    await closed;
    await sleep(ms);
    await this.#listen();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#cut();
    await closed;
    this.#agent.destroy();
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', socket } = request;
    const appId = /^\/v1\/(\w+)\//.exec(url)?.[1] ?? '';
    const fault = this.#options.next(appId, method);
    const arrival: Arrival = { line: `${method} ${url}`, fault, answers: [] };
    if (method !== 'GET') this.#arrivals.set(appId, [...(this.#arrivals.get(appId) ?? []), arrival]);
    if (fault !== undefined) this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
    response.on('error', () => undefined);
    if (fault === 'resetBeforeBody') {
      socket.resetAndDestroy();
      return;
    }
    if (fault === 'resetInBody') request.once('data', () => socket.resetAndDestroy());
    const body = await bodyOf(request);
    if (body === undefined) return;
    const pass = (afterMs = 0): Promise<Passed> => this.#deliver(appId, request, body, arrival, afterMs);
    try {
      await this.#spoil(fault, pass, response, socket);
    } catch {
      socket.destroy();
    }
  }

  async #spoil(
    fault: Fault | undefined,
    pass: (afterMs?: number) => Promise<Passed>,
    response: ServerResponse,
    socket: Socket,
  ): Promise<void> {
    switch (fault) {
      case undefined:
        send(response, await pass());
        return;
      case 'delay':
        send(response, await pass(60));
        return;
      case 'late':
        send(response, await pass(this.#options.lateMs));
        return;
      case 'resetBeforeBody':
      case 'resetInBody':
      case 'resetAfterBody':
        socket.resetAndDestroy();
        return;
      case 'resetAfterApply':
        await pass();
        socket.resetAndDestroy();
        return;
      case 'resetInAnswer': {
        const { status, headers, body } = await pass();
        response.writeHead(status, { ...headers, 'content-length': body.length });
        response.write(body.subarray(0, body.length / 2), () => socket.resetAndDestroy());
        return;
      }
      case 'truncated': {
        const { status, headers, body } = await pass();
        send(response, { status, headers, body: body.subarray(0, body.length / 2) });
        return;
      }
      case 'hangAfterApply':
        await pass();
        return;
      case 'gatewayAfterApply':
        await pass();
        send(response, page(504, '<html>Gateway time-out</html>'));
        return;
      case 'gatewayEmpty':
        send(response, { status: 502, headers: {}, body: Buffer.alloc(0) });
        return;
      case 'gatewayPage':
        send(response, page(502, '<html><h1>Bad gateway</h1></html>'));
        return;
      case 'gatewayUnavailable':
        send(response, page(503, 'Service Unavailable', 'text/plain'));
        return;
      case 'loginPage':
        send(response, page(200, '<!doctype html><title>Sign in to the network</title>'));
        return;
      case 'hang':
        return;
      case 'rateLimited':
        send(response, rateLimit('1'));
        return;
      case 'rateLimitedUntil':
        send(response, rateLimit(new Date(Date.now() + 1000).toUTCString()));
        return;
      case 'twiceFirst': {
        const first = await pass();
        await pass();
        send(response, first);
        return;
      }
      case 'twiceSecond':
        await pass();
        send(response, await pass());
        return;
      case 'twiceAtOnce': {
        const both = [pass(), pass()];
        send(response, await Promise.race(both));
      }
    }
  }

  #deliver(
    appId: string,
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    arrival: Arrival,
    afterMs: number,
  ): Promise<Passed> {
    const delivery = sleep(afterMs).then(
      () =>
        new Promise<Passed>((resolve, reject) => {
          const { hostname: host, port } = this.#target;
          const kept = without(headers, ['host', 'connection']);
          const onward = http.request(
            { host, port, method, path: url, headers: kept, agent: this.#agent },
            (answer) => {
              bodyOf(answer).then((text = Buffer.alloc(0)) => {
                const { statusCode: status = 0 } = answer;
                const rest = without(answer.headers, ['connection', 'transfer-encoding', 'keep-alive']);
                arrival.answers.push(status);
                resolve({ status, headers: rest, body: text });
              }, reject);
            },
          );
          onward.on('error', reject);
          onward.end(body);
        }),
    );
    const open = this.#deliveries.get(appId) ?? new Set();
    this.#deliveries.set(appId, open.add(delivery));
    void delivery.catch(() => undefined).finally(() => open.delete(delivery));
    return delivery;
  }
}

interface Passed {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

function without(headers: http.IncomingHttpHeaders, names: readonly string[]): http.IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** Undefined when the connection broke. */
async function bodyOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: Passed): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

function page(status: number, text: string, type = 'text/html'): Passed {
  return { status, headers: { 'content-type': type }, body: Buffer.from(text) };
}

function rateLimit(retryAfter: string): Passed {
  const error = { code: 'REQUEST_ERROR', message: 'Rate limit exceeded, retry in 1 second' };
  const headers = { 'content-type': 'application/json', 'retry-after': retryAfter };
  return { status: 429, headers, body: Buffer.from(JSON.stringify({ error })) };
}
