/** Three classes as people write them. The first answers with a version, so that one sees which code runs. */
export function threeClasses(version: string): { name: string; code: string }[] {
  return [
    { name: 'chat-room', code: chatRoom(version) },
    { name: 'counter', code: COUNTER },
    { name: 'rate-limiter', code: RATE_LIMITER },
  ];
}

const chatRoom = (version: string) => `import { DurableObject } from 'cloudflare:workers';

interface Message {
  readonly from: string;
  readonly text: string;
  readonly at: number;
}

export class ChatRoom extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname.endsWith('/version')) return new Response('${version}');
    if (request.headers.get('upgrade') !== 'websocket') {
      const history = (await this.ctx.storage.get<Message[]>('history')) ?? [];
      return Response.json({ members: this.ctx.getWebSockets().length, history });
    }
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    pair[1].serializeAttachment(url.searchParams.get('name') ?? 'somebody');
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  async webSocketMessage(socket: WebSocket, text: string): Promise<void> {
    const message: Message = { from: socket.deserializeAttachment() as string, text, at: Date.now() };
    const history = (await this.ctx.storage.get<Message[]>('history')) ?? [];
    await this.ctx.storage.put('history', [...history, message].slice(-100));
    for (const other of this.ctx.getWebSockets()) other.send(JSON.stringify(message));
  }

  webSocketClose(socket: WebSocket, code: number): void {
    socket.close(code);
  }
}
`;

const COUNTER = `import { DurableObject } from 'cloudflare:workers';

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    const value = ((await this.ctx.storage.get<number>('value')) ?? 0) + 1;
    await this.ctx.storage.put('value', value);
    return Response.json({ value });
  }
}
`;

const RATE_LIMITER = `import { DurableObject } from 'cloudflare:workers';

const LIMIT = 100;
const WINDOW_MS = 60_000;

export class RateLimiter extends DurableObject {
  async fetch(): Promise<Response> {
    const used = ((await this.ctx.storage.get<number>('used')) ?? 0) + 1;
    if (used === 1) await this.ctx.storage.setAlarm(Date.now() + WINDOW_MS);
    await this.ctx.storage.put('used', used);
    return Response.json({ allowed: used <= LIMIT, left: Math.max(0, LIMIT - used) });
  }

  async alarm(): Promise<void> {
    await this.ctx.storage.delete('used');
  }
}
`;
