import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { AppUnderTest, eventually } from './appUnderTest.ts';

const ROOM = `
import { DurableObject } from 'cloudflare:workers';
let born = 0;
export class Room extends DurableObject {
  #wakes: number;
  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    this.#wakes = ++born;
  }
  async fetch(request: Request) {
    if (request.headers.get('upgrade') !== 'websocket') return new Response(String(this.ctx.getWebSockets().length));
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1], ['member']);
    pair[1].serializeAttachment({ name: new URL(request.url).searchParams.get('name') });
    return new Response(null, { status: 101, webSocket: pair[0] });
  }
  async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer) {
    const { name } = socket.deserializeAttachment();
    const text = typeof message === 'string' ? message : 'bytes ' + message.byteLength;
    for (const other of this.ctx.getWebSockets('member')) other.send(name + ': ' + text + ' (' + this.#wakes + ')');
  }
  async webSocketClose(socket: WebSocket, code: number) {
    socket.close(code, 'bye');
  }
}
`;

suite('WebSockets on the embedded platform', () => {
  let app: AppUnderTest;
  const open: WebSocket[] = [];

  setup(async () => {
    app = new AppUnderTest();
    await app.mustDeploy({ room: ROOM });
  });

  const messages = new Map<WebSocket, string[]>();

  teardown(async () => {
    for (const socket of open.splice(0)) socket.terminate();
    await app.close();
  });

  async function join(name: string, headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = new WebSocket(app.url('room', 'lobby', `?name=${name}`).replace('http:', 'ws:'), {
      headers,
    });
    open.push(socket);
    const own: string[] = [];
    messages.set(socket, own);
    socket.on('message', (data: Buffer) => own.push(data.toString()));
    await once(socket, 'open');
    return socket;
  }

  function heard(socket: WebSocket, text: string): Promise<boolean> {
    return eventually(() => messages.get(socket)?.includes(text) === true || undefined);
  }

  test('reach every member, and close with code and reason', async () => {
    const [ann, bob] = [await join('ann'), await join('bob')];
    ann.send('hello');
    await heard(bob, 'ann: hello (1)');
    bob.send(Buffer.alloc(70_000));
    await heard(ann, 'bob: bytes 70000 (1)');
    const closed = once(ann, 'close');
    ann.close(4001);
    assert.deepEqual([(await closed)[0], String((await closed)[1])], [4001, 'bye']);
    assert.equal(await app.text('room', 'lobby'), '1');
  });

  test('survive hibernation: a message wakes the object with its sockets and attachments', async function () {
    this.timeout(30_000);
    const [ann, bob] = [await join('ann'), await join('bob')];
    // workerd evicts an idle object after 10 s.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    ann.send('still there?');
    await heard(bob, 'ann: still there? (2)');
  });

  test('from a foreign origin are refused, from a webview accepted', async () => {
    await assert.rejects(join('eve', { origin: 'https://evil.example' }), /403/);
    await join('me', { origin: 'vscode-webview://1a2b3c' });
  });

  test('drop when the app is redeployed, and do not hold it up', async () => {
    const ann = await join('ann');
    const closed = once(ann, 'close');
    const before = performance.now();
    await app.mustDeploy({ room: ROOM });
    assert.ok(performance.now() - before < 4000);
    assert.equal((await closed)[0], 1006);
    assert.equal(await app.text('room', 'lobby'), '0');
  });
});
