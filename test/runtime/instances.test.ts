import assert from 'node:assert/strict';
import http from 'node:http';
import { PassThrough } from 'node:stream';
import { AppUnderTest, COUNTER } from './appUnderTest.ts';

suite('instances on the embedded platform', () => {
  let app: AppUnderTest;

  setup(() => {
    app = new AppUnderTest();
  });

  teardown(() => app.close());

  test('keep what they store, each for itself', async () => {
    await app.mustDeploy({ counter: COUNTER });
    assert.equal(await app.text('counter', 'a'), '1');
    assert.equal(await app.text('counter', 'a'), '2');
    assert.equal(await app.text('counter', 'b'), '1');
  });

  test('list, delete and read many keys', async () => {
    await app.mustDeploy({
      store: `export class Store {
        constructor(private state: DurableObjectState) {}
        async fetch() {
          await this.state.storage.put({ a: 1, b: new Map([['x', new Date(0)]]), c: 'three' });
          await this.state.storage.delete('a');
          const all = await this.state.storage.list();
          const b = all.get('b') as Map<string, Date>;
          return Response.json([[...all.keys()], b.get('x')!.toISOString(), (await this.state.storage.get(['b', 'c'])).size]);
        }
      }`,
    });
    assert.equal(await app.text('store', 'x'), '[["b","c"],"1970-01-01T00:00:00.000Z",2]');
  });

  test('see the request as it came: method, path, query, headers, body', async () => {
    await app.mustDeploy({
      echo: `export class Echo {
        async fetch(request: Request) {
          const url = new URL(request.url);
          return new Response(await request.text(), {
            status: 207,
            headers: { 'x-method': request.method, 'x-path': url.pathname + url.search, 'x-own': request.headers.get('x-own') ?? '' },
          });
        }
      }`,
    });
    const response = await fetch(app.url('echo', 'one', '/deep/er?q=%20'), {
      method: 'PATCH',
      headers: { 'x-own': 'yes' },
      body: 'ü'.repeat(100_000),
    });
    assert.equal(response.status, 207);
    assert.equal(response.headers.get('x-method'), 'PATCH');
    assert.equal(response.headers.get('x-path'), '/_do/echo/one/deep/er?q=%20');
    assert.equal(response.headers.get('x-own'), 'yes');
    assert.equal((await response.text()).length, 100_000);
  });

  test('get every env value as it was set, whatever is in it', async () => {
    const everyBmp = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const values: Record<string, string> = {
      EMPTY: '',
      QUOTES: `"'\\ \\" \\\\ \\n $(x) \${y} ; }, ] ) #`,
      CONTROL: everyBmp.slice(0, 0xa0).join(''),
      LINES: 'a\r\nb\n\u2028\u2029\u0085',
      EMOJI: '👩‍👩‍👧‍👦 \u{10FFFF} \u{1F1EA}\u{1F1FA}',
      LONE: 'a\ud800b\udc00',
      BOM: '\ufeffx\ufffe\uffff',
      JSON: '{"a":"\\u0000"}',
      __BB_LOCAL: 'theirs',
    };
    for (let from = 0xa0; from < 0xd800; from += 0x1f00)
      values[`BMP_${from}`] = everyBmp.slice(from, from + 0x1f00).join('');
    const source = (
      key: string,
    ) => `export class Env { constructor(s: unknown, private env: Record<string, string>) {}
      async fetch(request: Request) { const keys = Object.keys(this.env).filter((k) => typeof this.env[k] === 'string' && k !== '__BB_LOCAL'); return Response.json(Object.fromEntries(keys.map((k) => [k, this.env[k]]))); } } // ${key}`;
    await app.mustDeploy({ env: source('') }, values);
    const expected = Object.fromEntries(Object.entries(values).filter(([key]) => key !== '__BB_LOCAL'));
    assert.deepEqual(JSON.parse(await app.text('env', 'x')), expected);
  });

  test('are told apart by the raw name in public and the decoded name inside', async () => {
    await app.mustDeploy({ counter: COUNTER });
    assert.equal(await app.text('counter', 'a%20b'), '1');
    assert.equal(await app.text('counter', 'a%20b'), '2');
    assert.equal(await bodyOf(app, 'a b'), '1', 'inside, "a b" is the name itself');
    assert.equal(await bodyOf(app, 'a%20b'), '3', 'inside, the raw public name has to be spelled out');
    const { instances, requests } = await app.runtime.counts();
    assert.equal(requests, 4);
    assert.deepEqual({ ...instances['counter'] }, { 'a%20b': 3, 'a b': 1 });
  });

  test('have the name that the parsed URL says, however it is written', async () => {
    await app.mustDeploy({ hello: `export class Hello { async fetch() { return new Response('hello'); } }` });
    const paths = [
      '/_do/hello/plain',
      '/_do/hello/plain?q=/../x',
      '/_do/hello/plain/deep/er/',
      '/_do/hello/plain//',
      '/_do/hello/a/../b',
      '/_do/hello/a/%2e%2E/c',
      '/_do/hello/./d',
      '/_do/hello/e\\..\\f',
      '/_do/hello/with.dot',
      '/_do/hello/%41%zz',
      '/_do/hello//',
      '/_do/hello',
      '/_do//hello/x',
      '/x/../_do/hello/g',
      '/_DO/hello/x',
      '/_do/hello/x-_9',
    ];
    const expected: Record<string, number> = {};
    for (const path of paths) {
      const parsed = new URL(`http://127.0.0.1${path}`).pathname;
      const [, name, instance] = /^\/_do\/([^/]+)\/([^/]+)/.exec(parsed) ?? [];
      const known = name === 'hello' && instance !== undefined;
      if (known) expected[instance] = (expected[instance] ?? 0) + 1;
      assert.equal(await statusOf(app.runtime.port, path, {}), known ? 200 : 404, path);
    }
    assert.deepEqual({ ...(await app.runtime.counts()).instances['hello'] }, expected);
  });

  test('check the shape of the Authorization header by access mode', async () => {
    const code = (name: string) => `export class ${name} { async fetch() { return new Response('in'); } }`;
    await app.mustDeploy({
      open: { code: code('Open'), accessMode: 'public' },
      users: { code: code('Users'), accessMode: 'authenticated' },
      service: { code: code('Service'), accessMode: 'service_key' },
    });
    const status = async (name: string, authorization?: string) =>
      (await fetch(app.url(name, 'x'), authorization === undefined ? {} : { headers: { authorization } }))
        .status;
    assert.equal(await status('open'), 200);
    assert.equal(await status('users'), 401);
    assert.equal(await status('users', 'Basic x'), 401);
    assert.equal(await status('users', 'Bearer anything'), 200);
    assert.equal(await status('service', 'Bearer anything'), 401);
    assert.equal(await status('service', 'Bearer bb_sk_x'), 200);
    assert.equal(await status('nobody'), 404);
    assert.equal((await fetch(`http://127.0.0.1:${app.runtime.port}/`)).status, 404);
  });

  test('cannot be reached by a foreign Host or Origin, nor as internal.butterbase', async () => {
    await app.mustDeploy({ counter: COUNTER });
    const status = (headers: http.OutgoingHttpHeaders, path = '/_do/counter/x') =>
      statusOf(app.runtime.port, path, headers);
    assert.equal(await status({ host: 'evil.example' }), 403);
    assert.equal(await status({ host: 'internal.butterbase' }, '/_dispatch/counter/x'), 403);
    assert.equal(await status({ host: 'internal.butterbase' }), 403);
    assert.equal(await status({ origin: 'https://evil.example' }), 403);
    assert.equal(await status({ origin: 'null' }), 403);
    assert.equal(await status({ host: 'localhost' }), 200);
    assert.equal(await status({ origin: 'http://localhost:3000' }), 200);
    assert.equal(await status({ origin: 'vscode-webview://1a2b' }), 200);
    assert.equal((await app.runtime.counts()).requests, 3, 'only the answered ones count');
  });

  test('can be reached under an allowed host', async () => {
    const other = new AppUnderTest({ allowedHosts: ['box.internal'] });
    try {
      await other.mustDeploy({ counter: COUNTER });
      assert.equal(await statusOf(other.runtime.port, '/_do/counter/x', { host: 'box.internal' }), 200);
      assert.equal(
        await statusOf(other.runtime.port, '/_do/counter/x', { host: 'box.internal.evil.example' }),
        403,
      );
    } finally {
      await other.close();
    }
  });

  test('reach each other through an invoker', async () => {
    const invoker = http.createServer((request, response) => {
      const name = String(request.headers['x-butterbase-class']);
      const instance = String(request.headers['x-butterbase-instance']);
      app.runtime
        .dispatch(name, instance, {
          method: request.method ?? 'GET',
          headers: request.headers,
          body: request,
        })
        .then((answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers));
          answer.body.pipe(response);
        })
        .catch((error: unknown) => response.writeHead(502).end(String(error)));
    });
    await new Promise<void>((resolve) => invoker.listen(0, '127.0.0.1', resolve));
    const address = invoker.address();
    assert.ok(typeof address === 'object' && address !== null);
    try {
      await app.mustDeploy(
        {
          caller: `export class Caller {
            constructor(private state: DurableObjectState, private env: unknown) {}
            async fetch(request: Request) {
              const ctx = butterbase.ctx(request, this.env, this.state);
              const answer = await ctx.invokeDO('callee', 'room 1/2', { hello: 'world' });
              return new Response(answer.status + ' ' + (await answer.text()));
            }
          }`,
          callee: {
            accessMode: 'service_key',
            code: `export class Callee {
              constructor(private state: DurableObjectState, private env: unknown) {}
              async fetch(request: Request) {
                const { request: { loopDepth } } = butterbase.ctx(request, this.env, this.state);
                return Response.json([request.method, await request.json(), loopDepth, new URL(request.url).host]);
              }
            }`,
          },
        },
        {
          DO_INVOKER_URL: `http://127.0.0.1:${address.port}`,
          DO_INVOKER_TOKEN: 't',
          BUTTERBASE_APP_ID: 'app_1',
        },
      );
      assert.equal(await app.text('caller', 'x'), '200 ["POST",{"hello":"world"},1,"internal.butterbase"]');
      assert.deepEqual({ ...(await app.runtime.counts()).instances['callee'] }, { 'room 1/2': 1 });
    } finally {
      invoker.close();
      invoker.closeAllConnections();
    }
  });

  test('stream in both directions when called from inside', async () => {
    await app.mustDeploy({
      upper: `export class Upper {
        async fetch(request: Request) {
          const { readable, writable } = new TransformStream();
          const writer = writable.getWriter();
          const pump = async () => {
            for await (const chunk of request.body!) await writer.write(new TextEncoder().encode(new TextDecoder().decode(chunk).toUpperCase()));
            await writer.close();
          };
          void pump();
          return new Response(readable, { headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] });
        }
      }`,
    });
    const body = new PassThrough();
    body.write('one');
    const answer = await app.runtime.dispatch('upper', 'x', {
      method: 'POST',
      headers: { connection: 'keep-alive, x-hop', 'x-hop': '1', 'transfer-encoding': 'chunked' },
      body,
    });
    const cookies = answer.headers.filter(([name]) => name.toLowerCase() === 'set-cookie');
    assert.deepEqual(
      cookies.map(([, value]) => value),
      ['a=1', 'b=2'],
    );
    const chunks = answer.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    assert.equal(String((await chunks.next()).value), 'ONE', 'before the request has ended');
    body.end('two');
    assert.equal(String((await chunks.next()).value), 'TWO');
    assert.equal((await chunks.next()).done, true);
  });

  test('can be given up on from inside', async () => {
    await app.mustDeploy({
      slow: `export class Slow { async fetch() { await new Promise((r) => setTimeout(r, 60_000)); return new Response(); } }`,
    });
    const giveUp = new AbortController();
    const answer = app.runtime.dispatch('slow', 'x', { method: 'GET', headers: {}, signal: giveUp.signal });
    setTimeout(() => giveUp.abort(), 50);
    await assert.rejects(answer, { name: 'AbortError' });
  });

  test('write to the log: console output and what nobody caught', async () => {
    await app.mustDeploy({
      loud: `export class Loud { async fetch() { console.warn('careful', { a: 1 }); throw new RangeError('too far'); } }`,
    });
    assert.equal((await fetch(app.url('loud', 'x'))).status, 500);
    while (app.lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    const [warned, thrown] = app.lines;
    assert.deepEqual([warned?.level, warned?.text, warned?.stream], ['warn', 'careful { a: 1 }', 'console']);
    assert.deepEqual(
      [thrown?.level, thrown?.text, thrown?.stream],
      ['error', 'Uncaught RangeError: too far', 'exception'],
    );
    assert.ok(Math.abs((thrown?.at ?? 0) - Date.now()) < 60_000);
  });
});

async function bodyOf(app: AppUnderTest, instance: string): Promise<string> {
  const answer = await app.runtime.dispatch('counter', instance, { method: 'GET', headers: {} });
  let text = '';
  for await (const chunk of answer.body) text += String(chunk);
  return text;
}

function statusOf(
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject);
  });
}
