import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** One request to the proxy: `CONNECT host:port`, or a method with a whole address. */
export interface Proxied {
  readonly line: string;
  readonly authorization: string | undefined;
}

/** A real HTTP proxy: opens tunnels and passes requests with whole addresses on. */
export class TestProxy {
  readonly seen: Proxied[] = [];
  /** What it answers instead of doing its work. */
  refuseWith: number | undefined;
  /** `name:password` without which nobody gets through. */
  signIn: string | undefined;
  /** The port on this machine at which a host is really reached. */
  readonly hosts = new Map<string, number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<TestProxy> {
    const proxy = new TestProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', () => resolve()));
    return proxy;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      const refused = this.#enter(`${request.method ?? ''} ${request.url ?? ''}`, request);
      if (refused !== undefined) {
        response.writeHead(refused, { 'content-type': 'text/html' });
        response.end('<html>Refused</html>');
        return;
      }
      const url = new URL(request.url ?? '');
      const { method = 'GET', headers } = request;
      const port = this.hosts.get(url.hostname) ?? 1;
      const path = url.pathname + url.search;
      const onward = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.writeHead(502).end());
      request.pipe(onward);
    });
    this.#server.on('connect', (request, client: Socket) => {
      const refused = this.#enter(`CONNECT ${request.url ?? ''}`, request);
      if (refused !== undefined) {
        client.end(`HTTP/1.1 ${refused} Refused\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const onward = connect(
        this.hosts.get((request.url ?? '').split(':')[0] ?? '') ?? 1,
        '127.0.0.1',
        () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          onward.pipe(client).pipe(onward);
        },
      );
      for (const socket of [client, onward]) {
        socket.on('error', () => {
          client.destroy();
          onward.destroy();
        });
      }
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Takes note of a request. @returns the status with which it is refused, if it is */
  #enter(line: string, { headers }: IncomingMessage): number | undefined {
    const authorization = headers['proxy-authorization'];
    this.seen.push({ line, authorization });
    if (this.refuseWith !== undefined || this.signIn === undefined) return this.refuseWith;
    return authorization === `Basic ${Buffer.from(this.signIn).toString('base64')}` ? undefined : 407;
  }
}
