import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { mock } from 'node:test';
import { inspect } from 'node:util';
import { DoError } from '../../../src/core/errors.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { FakePlatform, json, KEY, type Respond } from './fakePlatform.ts';

const APP = 'app_wz5kna6c0e7d';

async function errorOf(promise: Promise<unknown>): Promise<DoError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DoError, `a DoError, not ${String(error)}`);
  assert.ok(!inspect(error, { depth: 10 }).includes(KEY), 'no error holds the key');
  return error;
}

/** Until the condition holds; fails after two seconds. */
async function until(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !condition(); n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition());
}

suite('platform client', () => {
  const open: { close(): Promise<void> }[] = [];
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

  suiteSetup(() => process.on('unhandledRejection', onUnhandled));
  suiteTeardown(() => void process.off('unhandledRejection', onUnhandled));
  teardown(async () => {
    for (const part of open.splice(0).reverse()) await part.close();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(unhandled, []);
  });

  async function serve(
    respond: Respond,
    options: { timeoutMs?: number; path?: string } = {},
  ): Promise<{ platform: FakePlatform; client: PlatformClient }> {
    const platform = await FakePlatform.start(respond);
    const { timeoutMs = 5000, path = '' } = options;
    const client = new PlatformClient({ origin: platform.origin + path, apiKey: KEY }, { timeoutMs });
    open.push(platform, client);
    return { platform, client };
  }

  suite('what it sends', () => {
    test('the key as Bearer, and no Content-Type without a body', async () => {
      const { platform, client } = await serve((request, response) =>
        request.method === 'DELETE'
          ? json(response, 200, { deleted: true, name: 'chat-room' })
          : json(response, 200, { apps: [] }),
      );
      await client.listApps();
      await client.delete(APP, 'chat-room');
      for (const { headers } of platform.received) {
        assert.equal(headers.authorization, `Bearer ${KEY}`);
        assert.equal(headers['content-type'], undefined);
      }
      assert.equal(platform.received[1]?.body, '');
    });

    test('the fields of a register request', async () => {
      const { platform, client } = await serve((_request, response) =>
        json(response, 200, { id: '1', name: 'chat-room', status: 'READY', class_name: 'ChatRoom' }),
      );
      const result = await client.register(APP, {
        name: 'chat-room',
        code: 'export class ChatRoom { /* é */ }',
        accessMode: 'service_key',
      });
      assert.deepEqual(result, { id: '1', name: 'chat-room', status: 'READY', className: 'ChatRoom' });
      const [request] = platform.received;
      assert.equal(request?.path, `/v1/${APP}/durable-objects`);
      assert.equal(request.headers['content-type'], 'application/json');
      assert.deepEqual(JSON.parse(request.body), {
        name: 'chat-room',
        code: 'export class ChatRoom { /* é */ }',
        access_mode: 'service_key',
      });
    });

    test('base addresses keep their path and lose their trailing slashes', async () => {
      const { platform, client } = await serve((_request, response) => json(response, 200, { apps: [] }), {
        path: '/butter/api//',
      });
      await client.listApps();
      assert.equal(platform.received[0]?.path, '/butter/api/apps');
      assert.equal(client.origin, `${platform.origin}/butter/api`);
    });

    test('connections are kept and used again', async () => {
      const { platform, client } = await serve((_request, response) => json(response, 200, { apps: [] }));
      for (let n = 0; n < 20; n += 1) await client.listApps();
      assert.ok(platform.connections <= 2, `${platform.connections} connections`);
    });

    test('a new app is read back from the list, with its subdomain', async () => {
      const { platform, client } = await serve((request, response) =>
        request.path === '/init'
          ? json(response, 201, { app_id: 'app_2', name: 'two', url: 'https://two.example' })
          : json(response, 200, {
              apps: [
                {
                  id: 'app_1',
                  name: 'one',
                  subdomain: 'one',
                  region: 'us-east-1',
                  provisioning_status: 'ready',
                },
                { id: 'app_2', name: 'two', subdomain: null },
              ],
            }),
      );
      assert.deepEqual(await client.createApp('two'), {
        id: 'app_2',
        name: 'two',
        subdomain: undefined,
        region: undefined,
      });
      assert.deepEqual(JSON.parse(platform.received[0]?.body ?? ''), { name: 'two' });
    });

    test('nothing goes out that would leave its route or that the platform cannot route', async () => {
      const { platform, client } = await serve((_request, response) => json(response, 200, {}));
      const refused = [
        () => client.list('app_1/../app_2'),
        () => client.list(''),
        () => client.list('..'),
        () => client.list('app%2f'),
        () => client.get(APP, 'env'),
        () => client.get(APP, 'env/KEY'),
        () => client.delete(APP, 'env/KEY'),
        () => client.delete(APP, '../functions/pay'),
        () => client.delete(APP, '.'),
        () => client.get(APP, 'a?b'),
        () => client.get(APP, 'a#b'),
        () => client.get(APP, 'a'.repeat(101)),
        () => client.setEnv(APP, '../X', 'v'),
        () => client.setEnv(APP, 'lower', 'v'),
        () => client.setEnv(APP, 'BUTTERBASE_X', 'v'),
        () => client.setEnv(APP, 'K'.repeat(101), 'v'),
        () => client.deleteEnv(APP, ''),
        () => client.deleteEnv(APP, 'A/B'),
        () => client.register(APP, { name: 'big', code: 'x'.repeat(1_048_576), accessMode: 'public' }),
      ];
      for (const call of refused) {
        const error = await errorOf(call());
        assert.equal(error.code, 'INVALID_INPUT', call.toString());
      }
      assert.deepEqual(platform.received, []);
    });

    test('a class named env can be deleted, and a reserved key that is stored too', async () => {
      const { platform, client } = await serve((_request, response) =>
        json(response, 200, { deleted: true, redeployed: false }),
      );
      await client.delete(APP, 'env');
      await client.deleteEnv(APP, 'BUTTERBASE_API_KEY');
      assert.equal(platform.received.length, 2);
    });
  });

  suite('keys and addresses that cannot be', () => {
    for (const origin of [
      '',
      'nonsense address',
      'ftp://x',
      'http://user:pw@x',
      'https://x/?a=1',
      'https://x/#a',
    ]) {
      test(`address ${JSON.stringify(origin)}`, () => {
        assert.throws(() => new PlatformClient({ origin, apiKey: KEY }), { code: 'INVALID_INPUT' });
      });
    }
    for (const apiKey of ['', '  ', 'a b', 'key\nX: y', 'ключ']) {
      test(`key ${JSON.stringify(apiKey)}`, () => {
        assert.throws(
          () => new PlatformClient({ origin: 'http://127.0.0.1:1', apiKey }),
          (error: unknown) =>
            error instanceof DoError && error.code === 'INVALID_INPUT' && !error.message.includes('ключ'),
        );
      });
    }
  });

  suite('answers that are not the platform’s', () => {
    const answers: readonly (readonly [
      title: string,
      respond: Respond,
      want: { code: string; message: RegExp },
    ])[] = [
      [
        'a web page',
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'text/html' });
          response.end('<!doctype html><title>Sign in</title>');
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /a web page/ },
      ],
      [
        'a web page that says 404',
        (_request, response) => {
          response.writeHead(404, { 'content-type': 'text/html' });
          response.end('<html>nginx</html>');
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /does not seem to be a Butterbase platform/ },
      ],
      [
        'a bad gateway page',
        (_request, response) => {
          response.writeHead(502, { 'content-type': 'text/html' });
          response.end('<html>Bad gateway</html>');
          return undefined;
        },
        { code: 'HTTP_502', message: /answered 502\.$/ },
      ],
      [
        'plain text',
        (_request, response) => {
          response.writeHead(403, { 'content-type': 'text/plain' });
          response.end(`blocked by policy for ${KEY}\nmore`);
          return undefined;
        },
        { code: 'HTTP_403', message: /answered 403: blocked by policy for …\.$/ },
      ],
      [
        'truncated JSON',
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{"durable_objects":[{"id":');
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /not complete or not JSON/ },
      ],
      [
        'no body',
        (_request, response) => {
          response.writeHead(200);
          response.end();
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /without any data/ },
      ],
      [
        'an empty 204 of nobody knows where',
        (_request, response) => {
          response.writeHead(204);
          response.end();
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /204 without any data/ },
      ],
      [
        'another schema',
        (_request, response) => json(response, 200, { objects: [] }),
        { code: 'BAD_RESPONSE', message: /durable_objects/ },
      ],
      [
        'a status that we do not know',
        (_request, response) =>
          json(response, 200, {
            durable_objects: [
              { id: '1', name: 'a', class_name: 'A', status: 'SLEEPING', access_mode: 'public' },
            ],
          }),
        { code: 'BAD_RESPONSE', message: /durable_objects\.0\.status/ },
      ],
      [
        'a redirect',
        (_request, response) => {
          response.writeHead(302, { location: 'https://evil.example/steal' });
          response.end();
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /redirects to https:\/\/evil\.example\. The key was not sent/ },
      ],
      [
        'more than any answer has',
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('[' + ' '.repeat(9 * 1024 * 1024) + ']');
          return undefined;
        },
        { code: 'BAD_RESPONSE', message: /larger than any/ },
      ],
      [
        'a rate limit of a proxy',
        (_request, response) => {
          response.writeHead(429, { 'retry-after': '7' });
          response.end('slow down');
          return undefined;
        },
        { code: 'HTTP_429', message: /slow down/ },
      ],
    ];
    for (const [title, respond, want] of answers) {
      test(title, async () => {
        const { client } = await serve(respond);
        const error = await errorOf(client.list(APP));
        assert.equal(error.code, want.code);
        assert.match(error.message, want.message);
        assert.notEqual(error.nextStep, '');
      });
    }

    test('a redirect is not followed', async () => {
      const target = await serve((_request, response) => json(response, 200, { apps: [] }));
      const { client } = await serve((_request, response) => {
        response.writeHead(307, { location: `${target.platform.origin}/apps` });
        response.end();
        return undefined;
      });
      await errorOf(client.listApps());
      assert.deepEqual(target.platform.received, []);
    });

    test('fields that we do not know are no problem', async () => {
      const { client } = await serve((_request, response) =>
        json(response, 200, { keys: ['A'], more: { of: 'it' } }),
      );
      assert.deepEqual(await client.listEnv(APP), ['A']);
    });
  });

  test('a platform without variables of the whole app is one that does not tell them', async () => {
    const missing = { message: 'Route GET:/v1/app_1/env not found', error: 'Not Found', statusCode: 404 };
    const { client } = await serve((_request, response) => json(response, 404, missing));
    assert.equal(await client.listAppEnv(APP), undefined);
    const gone = { error: { code: 'RESOURCE_NOT_FOUND', message: 'App not found' } };
    const other = await serve((_request, response) => json(response, 404, gone));
    assert.equal((await errorOf(other.client.listAppEnv(APP))).code, 'RESOURCE_NOT_FOUND');
  });

  suite('connections that fail', () => {
    test('refused', async () => {
      const { platform, client } = await serve(() => undefined);
      await platform.close();
      const error = await errorOf(client.listApps());
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /refused/);
    });

    test('no such host', async () => {
      const client = new PlatformClient({ origin: 'http://no-such-host.invalid', apiKey: KEY });
      open.push(client);
      const error = await errorOf(client.listApps({ timeoutMs: 20_000 }));
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /name/);
    }).timeout(25_000);

    test('https where http is spoken', async () => {
      const { platform } = await serve(() => undefined);
      const client = new PlatformClient({ origin: platform.origin.replace('http:', 'https:'), apiKey: KEY });
      open.push(client);
      const error = await errorOf(client.listApps());
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.nextStep, /http:\/\//);
    });

    test('something that is not HTTP', async () => {
      const server = await listen(
        createServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
        }),
      );
      const client = new PlatformClient({ origin: server.origin, apiKey: KEY });
      open.push(server, client);
      const error = await errorOf(client.listApps());
      assert.equal(error.code, 'BAD_RESPONSE');
      assert.match(error.message, /not HTTP/);
    });

    test('no answer at all', async () => {
      const { client } = await serve(() => undefined, { timeoutMs: 100 });
      const error = await errorOf(client.listApps());
      assert.equal(error.code, 'TIMEOUT');
      assert.match(error.message, /within 0\.1 seconds/);
    });

    test('headers and then nothing', async () => {
      const { client } = await serve(
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('{"apps":');
          return undefined;
        },
        { timeoutMs: 150 },
      );
      assert.equal((await errorOf(client.listApps())).code, 'TIMEOUT');
    });

    test('a body that trickles without end', async () => {
      const { client } = await serve(
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const timer = setInterval(() => response.write(' '), 20);
          response.on('close', () => clearInterval(timer));
          return undefined;
        },
        { timeoutMs: 200 },
      );
      assert.equal((await errorOf(client.listApps())).code, 'TIMEOUT');
    });

    test('reset in the middle of the body, every time', async () => {
      const { platform, client } = await serve((_request, response, socket) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"apps":', () => socket.resetAndDestroy());
        return undefined;
      });
      const error = await errorOf(client.listApps());
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /broke before the answer was complete/);
      assert.equal(platform.received.length, 4);
    });

    test('a read is sent again when a kept-alive connection breaks', async () => {
      let count = 0;
      const { platform, client } = await serve((_request, response, socket) => {
        count += 1;
        if (count === 2) {
          socket.resetAndDestroy();
          return undefined;
        }
        json(response, 200, { apps: [] });
      });
      await client.listApps();
      assert.deepEqual(await client.listApps(), []);
      assert.equal(platform.received.length, 3);
    });

    test('a change is never sent again, and its outcome is said to be unknown', async () => {
      const { platform, client } = await serve((_request, _response, socket) => {
        socket.resetAndDestroy();
        return undefined;
      });
      const changes = [
        () => client.setEnv(APP, 'KEY', 'v'),
        () => client.deleteEnv(APP, 'KEY'),
        () => client.delete(APP, 'chat-room'),
        () => client.register(APP, { name: 'a', code: 'x', accessMode: 'public' }),
      ];
      for (const change of changes) {
        const error = await errorOf(change());
        assert.equal(error.code, 'ANSWER_LOST');
        assert.match(error.message, /may have been made/);
      }
      assert.equal(platform.received.length, changes.length);
    });

    test('a change that gets no answer in time has an unknown outcome', async () => {
      const { client } = await serve(() => undefined);
      assert.equal((await errorOf(client.delete(APP, 'a', { timeoutMs: 100 }))).code, 'ANSWER_LOST');
    });
  });

  suite('cancelling and closing', () => {
    test('a request that hangs ends within 100 ms of the abort', async () => {
      const { platform, client } = await serve(() => undefined);
      const abort = new AbortController();
      const running = errorOf(client.listApps({ signal: abort.signal }));
      await until(() => platform.received.length === 1);
      const begin = performance.now();
      abort.abort();
      assert.equal((await running).code, 'CANCELLED');
      assert.ok(performance.now() - begin < 100);
      await client.close();
      await until(() => platform.openSockets === 0);
    });

    test('also while the body comes', async () => {
      const { platform, client } = await serve((_request, response) => {
        response.writeHead(200);
        response.write('{');
        return undefined;
      });
      const abort = new AbortController();
      const running = errorOf(client.listApps({ signal: abort.signal }));
      await until(() => platform.received.length === 1);
      abort.abort();
      assert.equal((await running).code, 'CANCELLED');
    });

    test('an aborted signal sends nothing', async () => {
      const { platform, client } = await serve(() => undefined);
      assert.equal((await errorOf(client.listApps({ signal: AbortSignal.abort() }))).code, 'CANCELLED');
      assert.deepEqual(platform.received, []);
    });

    test('a request that is over leaves no deadline behind', async () => {
      const { client } = await serve((_request, response) => json(response, 200, { apps: [] }));
      const armed = mock.method(globalThis, 'setTimeout');
      const cleared = mock.method(globalThis, 'clearTimeout');
      await client.listApps({ timeoutMs: 7_000 });
      const isDeadline = (ms: unknown): boolean => Number(ms) > 6_500 && Number(ms) <= 7_000;
      const deadlines = armed.mock.calls.filter((call) => isDeadline(call.arguments[1]));
      assert.equal(deadlines.length, 1);
      assert.ok(cleared.mock.calls.some((call) => call.arguments[0] === deadlines[0]?.result));
      mock.restoreAll();
    });

    test('after close() no socket is left, and what was under way is cancelled', async () => {
      let count = 0;
      const { platform, client } = await serve((_request, response) => {
        count += 1;
        if (count === 1) json(response, 200, { apps: [] });
        return undefined;
      });
      await client.listApps();
      const running = errorOf(client.listApps());
      await until(() => platform.received.length === 2);
      await client.close();
      await client.close();
      assert.equal((await running).code, 'CANCELLED');
      await until(() => platform.openSockets === 0);
      assert.equal((await errorOf(client.listApps())).code, 'CANCELLED');
    });
  });

  test('close() lets a change that is on its way come to its end', async () => {
    let answer = (): void => undefined;
    const { platform, client } = await serve((_request, response) => {
      answer = () => json(response, 200, { deleted: true });
      return undefined;
    });
    const deleting = client.delete(APP, 'chat-room');
    await until(() => platform.received.length === 1);
    const closing = client.close();
    answer();
    await deleting;
    await closing;
    await until(() => platform.openSockets === 0);
  });

  test('the key does not show when the client is printed', () => {
    const client = new PlatformClient({ origin: 'http://127.0.0.1:1', apiKey: KEY });
    open.push(client);
    assert.ok(!inspect(client, { depth: 10, showHidden: true }).includes(KEY));
    assert.ok(!JSON.stringify(client).includes(KEY));
  });
});

async function listen(server: Server): Promise<{ origin: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
