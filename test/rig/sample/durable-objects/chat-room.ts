import { DurableObject } from 'cloudflare:workers';

interface Message {
  from: string;
  text: string;
  at: number;
}

/** How many messages a room remembers for those who join later. */
const REMEMBERED = 50;

/**
 * A chat room. Connect a WebSocket to `/_do/chat-room/<room>?name=<you>`: it sends what was said before, then
 * every message as it comes. `GET` without a WebSocket returns the remembered messages. The sockets hibernate,
 * so a quiet room costs nothing.
 */
export class ChatRoom extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    const history = await this.history();
    if (request.headers.get('Upgrade') !== 'websocket') return Response.json(history);
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment(new URL(request.url).searchParams.get('name') ?? 'somebody');
    for (const message of history) server.send(JSON.stringify(message));
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(socket: WebSocket, text: string | ArrayBuffer): Promise<void> {
    if (typeof text !== 'string') return;
    const message: Message = { from: String(socket.deserializeAttachment()), text, at: Date.now() };
    const history = await this.history();
    await this.ctx.storage.put('history', [...history, message].slice(-REMEMBERED));
    for (const member of this.ctx.getWebSockets()) member.send(JSON.stringify(message));
  }

  webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  private async history(): Promise<Message[]> {
    return (await this.ctx.storage.get<Message[]>('history')) ?? [];
  }
}
