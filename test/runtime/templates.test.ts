import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { GLOBALS } from '../../scripts/types.mjs';
import { lintApp } from '../../src/core/rules/engine.ts';
import { sourceOf, TEMPLATES } from '../../src/core/templates/templates.ts';
import { AppUnderTest } from './appUnderTest.ts';

suite('templates and declarations on real workerd', () => {
  let app: AppUnderTest;
  const open: WebSocket[] = [];

  suiteSetup(async () => {
    app = new AppUnderTest();
    await app.mustDeploy({
      ...Object.fromEntries(TEMPLATES.map((template) => [template.id, sourceOf(template, template.id)])),
      globals: `export class Globals {
        async fetch() {
          const names = ${JSON.stringify([...GLOBALS])};
          return Response.json(names.filter((name) => globalThis[name] === undefined));
        }
      }`,
    });
  });

  suiteTeardown(async () => {
    for (const socket of open.splice(0)) socket.terminate();
    await app.close();
  });

  async function join(
    room: string,
    query: string,
  ): Promise<{ socket: WebSocket; next: () => Promise<string> }> {
    const socket = new WebSocket(app.url('chat-room', room, query).replace('http:', 'ws:'));
    open.push(socket);
    const heard: string[] = [];
    const waiting: ((text: string) => void)[] = [];
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const waiter = waiting.shift();
      if (waiter === undefined) heard.push(text);
      else waiter(text);
    });
    await once(socket, 'open');
    const next = (): Promise<string> => {
      const text = heard.shift();
      return text === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(text);
    };
    return { socket, next };
  }

  test('no template has a finding, alone or beside the others', () => {
    const files = TEMPLATES.map((template) => ({
      uri: `file:///durable-objects/${template.id}.ts`,
      name: template.id,
      accessMode: template.accessMode,
      text: sourceOf(template, template.id),
    }));
    for (const context of [files, ...files.map((file) => [file])]) {
      const found = [
        ...lintApp({ files: context, deployed: [], envKeys: [], appEnvKeys: [] }).values(),
      ].flat();
      assert.deepEqual(found, []);
    }
  });

  test('the counter counts, reads and starts over', async () => {
    const call = (method: string): Promise<string> => app.text('counter', 'a', '', { method });
    assert.equal(await call('POST'), '{"value":1}');
    assert.equal(await call('POST'), '{"value":2}');
    assert.equal(await call('GET'), '{"value":2}');
    assert.equal(await app.text('counter', 'other'), '{"value":0}');
    assert.equal(await call('DELETE'), '{"value":0}');
    assert.equal((await fetch(app.url('counter', 'a'), { method: 'PATCH' })).status, 405);
  });

  test('the chat room passes messages on and shows the last ones to who comes later', async () => {
    const ada = await join('tea', '?name=Ada');
    const bob = await join('tea', '?name=Bob');
    ada.socket.send('hello');
    for (const each of [ada, bob]) {
      const message = JSON.parse(await each.next()) as { from: string; text: string };
      assert.deepEqual([message.from, message.text], ['Ada', 'hello']);
    }
    const late = await join('tea', '');
    assert.match(await late.next(), /"text":"hello"/);
    const history = JSON.parse(await app.text('chat-room', 'tea')) as unknown[];
    assert.equal(history.length, 1);
  });

  test('the chat room refuses bytes and long texts, and lets others go on', async () => {
    const ada = await join('strict', '?name=Ada');
    const bob = await join('strict', '?name=Bob');
    bob.socket.send(Buffer.from([1, 2, 3]));
    const [code] = (await once(bob.socket, 'close')) as [number];
    assert.equal(code, 1003);
    ada.socket.send('still here');
    assert.match(await ada.next(), /still here/);
  });

  test('fifty messages of the greatest length stay below what one stored value may have', async () => {
    const ada = await join('long', `?name=${'Ä'.repeat(40)}`);
    for (let index = 0; index < 55; index += 1) {
      ada.socket.send('€'.repeat(1000));
      await ada.next();
    }
    const history = JSON.parse(await app.text('chat-room', 'long')) as { text: string; from: string }[];
    assert.equal(history.length, 50);
    const units = history.reduce((sum, { text, from }) => sum + text.length + from.length + 40, 0);
    assert.ok(units * 2 < 128 * 1024);
  });

  test('a locked chat room asks for its token', async () => {
    assert.equal(await app.text('chat-room', 'locked', '?token=secret'), '[]');
    assert.equal((await fetch(app.url('chat-room', 'locked'))).status, 401);
    assert.equal((await fetch(app.url('chat-room', 'locked', '?token=wrong'))).status, 401);
    assert.equal((await fetch(app.url('chat-room', 'locked', '?token=secret'))).status, 200);
    assert.equal((await fetch(app.url('chat-room', 'open'))).status, 200);
    assert.equal((await fetch(app.url('chat-room', 'open', '?token=later'))).status, 200);
  });

  test('the rate limiter counts down, refuses, and sets an alarm', async () => {
    const call = (method = 'POST'): Promise<Response> => fetch(app.url('rate-limiter', 'me'), { method });
    for (let remaining = 9; remaining >= 0; remaining -= 1) {
      const response = await call();
      assert.equal(response.status, 200);
      assert.equal(((await response.json()) as { remaining: number }).remaining, remaining);
    }
    const refused = await call();
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 50);
    const looked = (await (await call('GET')).json()) as { resetsInSeconds: number; remaining: number };
    assert.equal(looked.remaining, 0);
    assert.ok(looked.resetsInSeconds > 50);
  });

  test('every global that the declarations have is there at run time', async () => {
    assert.equal(await app.text('globals', 'a'), '[]');
  });
});
