/** A class that passes messages between WebSockets and keeps the last ones. */
export function chatRoomSource(doName: string, className: string): string {
  return `import { DurableObject } from 'cloudflare:workers';

interface ChatMessage {
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * A chat room. Every instance is a room of its own.
 *
 *   WebSocket /_do/${doName}/<room>?name=Ada   joins: sends the last messages, then every new one as JSON
 *   GET       /_do/${doName}/<room>            the last messages
 *
 * The first visitor may lock the room with ?token=…; from then on the token is asked of everybody.
 * Deploy it with access mode "public": a browser cannot send an Authorization header with a WebSocket.
 */
export class ${className} extends DurableObject {
  // One stored value may have 128 KiB: 50 messages of 1000 characters stay below it.
  private static readonly historyLength = 50;
  private static readonly maxTextLength = 1000;

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (!(await this.mayEnter(url.searchParams.get('token') ?? ''))) {
      return new Response('This room needs its token.', { status: 401 });
    }
    if (request.headers.get('Upgrade') !== 'websocket') return Response.json(await this.history());

    const { user } = butterbase.ctx(request, this.env, this.ctx);
    const { 0: client, 1: server } = new WebSocketPair();

    // The room may leave memory while the socket stays open; what is attached to the socket comes back with it.
    this.ctx.acceptWebSocket(server);
    const name = url.searchParams.get('name') ?? user?.id ?? 'guest';
    server.serializeAttachment({ name: name.slice(0, 40) });
    for (const message of await this.history()) server.send(JSON.stringify(message));
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    if (typeof data !== 'string' || data.length > ${className}.maxTextLength) {
      socket.close(1003, 'Send short text.');
      return;
    }
    const { name } = socket.deserializeAttachment() as { name: string };
    const message: ChatMessage = { from: name, text: data, at: Date.now() };
    const history = [...(await this.history()), message].slice(-${className}.historyLength);
    await this.ctx.storage.put('history', history);
    for (const each of this.ctx.getWebSockets()) {
      if (each.readyState === WebSocket.OPEN) each.send(JSON.stringify(message));
    }
  }

  webSocketClose(socket: WebSocket): void {
    socket.close(1000);
  }

  private async history(): Promise<ChatMessage[]> {
    return (await this.ctx.storage.get<ChatMessage[]>('history')) ?? [];
  }

  private async mayEnter(token: string): Promise<boolean> {
    const expected = await this.ctx.storage.get<string>('token');
    if (expected === undefined) await this.ctx.storage.put('token', token);
    return expected === undefined || expected === '' || token === expected;
  }
}
`;
}
