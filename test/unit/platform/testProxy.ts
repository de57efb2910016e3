import { createServer, request as httpRequest, type Server } from 'node:http';
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
      this.#note(`${request.method ?? ''} ${request.url ?? ''}`, request.headers['proxy-authorization']);
      if (this.refuseWith !== undefined) {
        response.writeHead(this.refuseWith, { 'content-type': 'text/html' });
        response.end('<html>Refused</html>');
        return;
      }
      const url = new URL(request.url ?? '');
      const { method = 'GET', headers } = request;
      const port = this.hosts.get(url.hostname) ?? 1;
      const onward = httpRequest(
        { host: '127.0.0.1', port, method, path: url.pathname, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on('error', () => response.writeHead(502).end());
      request.pipe(onward);
    });
    this.#server.on('connect', (request, client: Socket) => {
      this.#note(`CONNECT ${request.url ?? ''}`, request.headers['proxy-authorization']);
      if (this.refuseWith !== undefined) {
        client.end(`HTTP/1.1 ${this.refuseWith} Refused\r\ncontent-length: 0\r\n\r\n`);
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

  #note(line: string, authorization: string | undefined): void {
    this.seen.push({ line, authorization });
  }
}
