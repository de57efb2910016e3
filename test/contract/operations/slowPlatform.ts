import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of the next change that comes through. */
export type Fate =
  /** As without it. */
  | 'passed'
  /** It is carried out, and the answer is held back. */
  | 'held'
  /** It is carried out, and the connection ends without an answer. */
  | 'lost'
  /** It never gets to the platform, and is held. */
  | 'swallowed';

/** Stands between a client and the embedded platform, and does to changes what a bad network does. */
export class SlowPlatform {
  /** Fate of the next change. */
  next: Fate = 'passed';
  /** No request is answered any more: the network is gone. */
  isAway = false;
  /** Changes that came through and were carried out. */
  carriedOut = 0;
  /** Changes that came from the client. */
  received = 0;
  readonly #target: URL;
  readonly #server = createServer((request, response) => this.#take(request, response));

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (this.isAway) {
      request.socket.destroy();
      return;
    }
    const isChange = request.method !== 'GET';
    const fate = isChange ? this.next : 'passed';
    if (isChange) {
      this.next = 'passed';
      this.received += 1;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (fate === 'swallowed') return;
      this.#forward(request, Buffer.concat(chunks), fate, response, isChange);
    });
  }

  #forward(
    request: IncomingMessage,
    body: Buffer,
    fate: Fate,
    response: ServerResponse,
    isChange: boolean,
  ): void {
    const { method, url, headers } = request;
    const { hostname, port, host } = this.#target;
    const onward = httpRequest(
      { method, path: url, hostname, port, headers: { ...headers, host } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          if (isChange) this.carriedOut += 1;
          if (fate === 'lost') request.socket.resetAndDestroy();
          if (fate !== 'passed') return;
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          response.end(Buffer.concat(chunks));
        });
      },
    );
    onward.on('error', () => request.socket.destroy());
    onward.end(body);
  }
}
