import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoError } from '../../../src/core/errors.ts';
import { PlatformClient, type ClientOptions } from '../../../src/platform/client.ts';
import { backoff, RETRY_POLICY } from '../../../src/platform/retryPolicy.ts';
import { FakePlatform, json, KEY, type Received, type Respond } from './fakePlatform.ts';

const APP = 'app_wz5kna6c0e7d';
const APPS = { apps: [] };

async function errorOf(promise: Promise<unknown>): Promise<DoError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DoError, `a DoError, not ${String(error)}`);
  return error;
}

/** A port at which nothing listens. */
async function closedPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

suite('patience of the platform client', () => {
  const open: { close(): Promise<void> }[] = [];

  teardown(async () => {
    for (const part of open.splice(0).reverse()) await part.close();
  });

  async function serve(
    respond: Respond,
    options: ClientOptions = {},
  ): Promise<{ platform: FakePlatform; client: PlatformClient }> {
    const platform = await FakePlatform.start(respond);
    const client = new PlatformClient(
      { origin: platform.origin, apiKey: KEY },
      { timeoutMs: 5000, ...options },
    );
    open.push(platform, client);
    return { platform, client };
  }

  /** Answers the nth request with the nth of these, and all later ones with the last. */
  function inTurn(...answers: readonly Respond[]): Respond {
    let count = 0;
    return (request, response, socket) => {
      const answer = answers[Math.min(count, answers.length - 1)];
      count += 1;
      return answer?.(request, response, socket);
    };
  }

  const fine: Respond = (request, response) =>
    json(response, 200, request.path === '/apps' ? APPS : { durable_objects: [] });
  const html =
    (status: number): Respond =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<html>Bad gateway</html>');
      return undefined;
    };
  const empty =
    (status: number): Respond =>
    (_request, response) => {
      response.writeHead(status);
      response.end();
      return undefined;
    };
  const refused =
    (headers: Record<string, string>): Respond =>
    (_request, response) => {
      const error = { code: 'REQUEST_ERROR', message: 'Rate limit exceeded, retry in 1 second' };
      json(response, 429, { error }, headers);
      return undefined;
    };

  const CHANGES: readonly (readonly [string, (client: PlatformClient) => Promise<unknown>])[] = [
    ['register', (client) => client.register(APP, { name: 'a', code: 'x', accessMode: 'public' })],
    ['delete', (client) => client.delete(APP, 'a')],
    ['setEnv', (client) => client.setEnv(APP, 'KEY', 'v')],
    ['deleteEnv', (client) => client.deleteEnv(APP, 'KEY')],
    ['createApp', (client) => client.createApp('a')],
  ];

  suite('a read is sent again', () => {
    const passing: readonly (readonly [string, Respond])[] = [
      ['after an empty 502', empty(502)],
      ['after a web page that says 503', html(503)],
      ['after a 504', html(504)],
      ['after a 500 that is not the platform’s', html(500)],
      [
        'after JSON that was cut off',
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{"apps":[');
          return undefined;
        },
      ],
      [
        'after a reset before the answer',
        (_request, _response, socket) => {
          socket.resetAndDestroy();
          return undefined;
        },
      ],
      [
        'after a reset in the middle of the body',
        (_request, response, socket) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          response.write('{"apps":', () => socket.resetAndDestroy());
          return undefined;
        },
      ],
    ];
    for (const [title, first] of passing) {
      test(title, async () => {
        const { platform, client } = await serve(inTurn(first, first, fine));
        assert.deepEqual(await client.listApps(), []);
        assert.equal(platform.received.length, 3);
      });
    }

    test('no more than four times', async () => {
      const { platform, client } = await serve(html(502));
      assert.equal((await errorOf(client.listApps())).code, 'HTTP_502');
      assert.equal(platform.received.length, 4);
    });

    test('after pauses that may be anything up to a time that doubles', () => {
      for (const [attempt, longest] of [150, 300, 600, 1200, 2000, 2000].entries()) {
        const pauses = Array.from({ length: 400 }, () => backoff(RETRY_POLICY, attempt + 1));
        assert.ok(Math.min(...pauses) >= 0 && Math.min(...pauses) < longest * 0.1);
        assert.ok(Math.max(...pauses) <= longest && Math.max(...pauses) > longest * 0.9);
      }
    });

    test('but not when the platform itself refuses', async () => {
      for (const status of [400, 401, 403, 404, 409, 410, 500]) {
        const { platform, client } = await serve((_request, response) =>
          json(response, status, { error: { code: 'SOME_CODE', message: 'No.' } }),
        );
        await errorOf(client.listApps());
        assert.equal(platform.received.length, 1, String(status));
      }
    });

    test('and all of it together keeps to the deadline', async () => {
      const { client } = await serve(html(503), { retry: { attempts: 1000, maxMs: 50 } });
      const begin = performance.now();
      // The last time it is sent may have to end before its answer.
      assert.match((await errorOf(client.listApps({ timeoutMs: 400 }))).code, /^(HTTP_503|TIMEOUT)$/);
      const took = performance.now() - begin;
      assert.ok(took < 1500, `${took} ms`);
    });

    test('on another connection when the first one is silent', async () => {
      const { platform, client } = await serve(
        inTurn(() => undefined, fine),
        { retry: { patienceMs: 100 } },
      );
      assert.deepEqual(await client.listApps({ timeoutMs: 600 }), []);
      assert.equal(platform.received.length, 2);
    });

    test('and a person who cancels ends the pause at once', async () => {
      const { platform, client } = await serve(refused({ 'retry-after': '3' }));
      const abort = new AbortController();
      const running = errorOf(client.listApps({ signal: abort.signal }));
      while (platform.received.length === 0) await sleep(5);
      await sleep(50);
      const begin = performance.now();
      abort.abort();
      assert.equal((await running).code, 'CANCELLED');
      assert.ok(performance.now() - begin < 500);
    });
  });

  suite('rate limits', () => {
    const waits: readonly (readonly [string, () => Record<string, string>])[] = [
      ['Retry-After in seconds', () => ({ 'retry-after': '1' })],
      ['Retry-After as a date', () => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() })],
      ['only x-ratelimit-reset', () => ({ 'x-ratelimit-reset': '1', 'x-ratelimit-remaining': '0' })],
    ];
    for (const [title, headers] of waits) {
      test(`a read waits as long as it is asked to: ${title}`, async () => {
        const at: number[] = [];
        const { client } = await serve((request, response, socket) => {
          at.push(performance.now());
          return (at.length === 1 ? refused(headers()) : fine)(request, response, socket);
        });
        assert.deepEqual(await client.list(APP), []);
        const waited = (at[1] ?? 0) - (at[0] ?? 0);
        assert.ok(waited >= 950 && waited < 4000, `${waited} ms`);
      });
    }

    test('other reads of the route wait too; those of another route and another app do not', async () => {
      let limited = true;
      const { platform, client } = await serve((request, response, socket) =>
        limited && request.path.includes(APP)
          ? refused({ 'retry-after': '1' })(request, response, socket)
          : fine(request, response, socket),
      );
      const first = client.list(APP);
      while (platform.received.length === 0) await sleep(5);
      await sleep(20);
      limited = false;
      const begin = performance.now();
      await Promise.all([client.listApps(), client.list('app_other')]);
      assert.ok(performance.now() - begin < 500);
      await Promise.all([first, client.list(APP)]);
      assert.ok(performance.now() - begin >= 900);
    });

    test('when the last request of a window is used up, the next read waits for the next window', async () => {
      const { platform, client } = await serve((_request, response) =>
        json(
          response,
          200,
          { durable_objects: [] },
          { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
        ),
      );
      await client.list(APP);
      const begin = performance.now();
      await client.list(APP);
      assert.ok(performance.now() - begin >= 950);
      assert.equal(platform.received.length, 2);
    });

    test('when there is no time to wait, the error says how long', async () => {
      const { platform, client } = await serve(refused({ 'retry-after': '42' }));
      const begin = performance.now();
      const error = await errorOf(client.list(APP));
      assert.ok(performance.now() - begin < 1000);
      assert.equal(error.retryAfterMs, 42_000);
      assert.match(error.nextStep, /Wait 42 seconds/);
      assert.equal(platform.received.length, 1);
    });

    for (const [title, change] of CHANGES) {
      test(`a change that was refused is not sent again: ${title}`, async () => {
        const { platform, client } = await serve(refused({ 'retry-after': '1' }));
        const error = await errorOf(change(client));
        assert.equal(error.status, 429);
        assert.equal(error.retryAfterMs, 1000);
        assert.match(error.nextStep, /Wait 1 second/);
        await sleep(20);
        assert.equal(platform.received.length, 1);
      });
    }
  });

  suite('a change', () => {
    for (const [title, change] of CHANGES) {
      for (const [what, respond] of [
        ['an empty 502', empty(502)],
        ['a 503 page', html(503)],
        ['a 504 page', html(504)],
        ['a web page instead of the answer', html(200)],
        ['an empty 200', empty(200)],
      ] as const) {
        test(`${title} that a proxy answers with ${what} went out once and may have been made`, async () => {
          const { platform, client } = await serve(respond);
          const error = await errorOf(change(client));
          assert.equal(error.code, 'ANSWER_LOST');
          assert.match(error.message, /may have been made/);
          assert.notEqual(error.nextStep, '');
          assert.equal(platform.received.length, 1);
        });
      }
    }

    test('whose answer was cut off may have been made', async () => {
      const { client } = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"deleted":tr');
        return undefined;
      });
      assert.equal((await errorOf(client.delete(APP, 'a'))).code, 'ANSWER_LOST');
    });

    test('that the platform itself answers with 502 or 503 is as the platform says', async () => {
      for (const [status, body, code] of [
        [502, { error: { code: 'EXTERNAL_CLOUDFLARE_ERROR', message: 'x' } }, 'EXTERNAL_CLOUDFLARE_ERROR'],
        [503, { error: 'app_migrating', message: 'x' }, 'app_migrating'],
      ] as const) {
        const { client } = await serve((_request, response) => json(response, status, body));
        assert.equal((await errorOf(client.delete(APP, 'a'))).code, code);
      }
    });

    test('goes out again while there is no connection for it, and then once', async () => {
      const port = await closedPort();
      const client = new PlatformClient(
        { origin: `http://127.0.0.1:${port}`, apiKey: KEY },
        { retry: { attempts: 20, maxMs: 200 } },
      );
      open.push(client);
      const deleting = client.delete(APP, 'a');
      await sleep(150);
      let received: Received[] = [];
      const server = await FakePlatform.start(
        (_request, response) => json(response, 200, { deleted: true }),
        port,
      );
      received = server.received;
      open.push(server);
      await deleting;
      assert.equal(received.length, 1);
    });

    test('that there was no connection for was not made', async () => {
      const client = new PlatformClient({ origin: `http://127.0.0.1:${await closedPort()}`, apiKey: KEY });
      open.push(client);
      const error = await errorOf(client.delete(APP, 'a'));
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /refused/);
    });

    test('never goes out on a connection that was used before', async () => {
      const { platform, client } = await serve((request, response) =>
        json(response, 200, request.method === 'GET' ? APPS : { deleted: true }),
      );
      await client.listApps();
      await client.delete(APP, 'a');
      await client.delete(APP, 'b');
      await client.listApps();
      assert.equal(platform.connections, 3);
    });

    test('waits for no read that hangs', async () => {
      const { client } = await serve((request, response) =>
        request.method === 'GET' ? undefined : json(response, 200, { deleted: true }),
      );
      const reads = Array.from({ length: 12 }, () => errorOf(client.listApps()));
      await client.delete(APP, 'a');
      await client.close();
      for (const error of await Promise.all(reads)) assert.equal(error.code, 'CANCELLED');
    });

    test('that is cancelled on its way may have been made', async () => {
      const { platform, client } = await serve(() => undefined);
      const abort = new AbortController();
      const running = errorOf(client.delete(APP, 'a', { signal: abort.signal }));
      while (platform.received.length === 0) await sleep(5);
      abort.abort();
      assert.equal((await running).code, 'ANSWER_LOST');
    });
  });

  suite('a host that does not answer', () => {
    const quick = { retry: { attempts: 1 }, breaker: { firstPauseMs: 400, longestPauseMs: 400 } };

    async function downAndOut(
      options: ClientOptions = quick,
    ): Promise<{ port: number; client: PlatformClient }> {
      const port = await closedPort();
      const client = new PlatformClient({ origin: `http://127.0.0.1:${port}`, apiKey: KEY }, options);
      open.push(client);
      for (let n = 0; n < 3; n += 1) assert.equal((await errorOf(client.listApps())).outage, undefined);
      return { port, client };
    }

    test('is left alone: the error comes at once and says since when, why, and when it is tried again', async () => {
      const before = Date.now();
      const { client } = await downAndOut();
      const begin = performance.now();
      const error = await errorOf(client.listApps());
      assert.ok(performance.now() - begin < 100);
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /has not answered since \d\d:\d\d:\d\d\..*refused/);
      assert.match(error.nextStep, /tried again by itself in 1 second/);
      const { since = 0, retryAt = 0 } = error.outage ?? {};
      assert.ok(since >= before && since <= Date.now());
      assert.ok(retryAt > Date.now() && retryAt <= Date.now() + 400);
    });

    test('gets no change either, and nothing of it went out', async () => {
      const { client } = await downAndOut();
      const error = await errorOf(client.delete(APP, 'a'));
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /Nothing was sent/);
    });

    test('is asked by a single call after the pause, and by all when that one was answered', async () => {
      const { port, client } = await downAndOut();
      const seen: number[] = [];
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const platform = await FakePlatform.start(async (_request, response) => {
        seen.push(performance.now());
        if (seen.length === 1) await released;
        json(response, 200, APPS);
        return undefined;
      }, port);
      open.push(platform);
      await sleep(420);
      const calls = Array.from({ length: 5 }, () => client.listApps());
      while (seen.length === 0) await sleep(5);
      await sleep(100);
      assert.equal(seen.length, 1);
      release();
      await Promise.all(calls);
      assert.equal(seen.length, 5);
      assert.deepEqual(await client.listApps(), []);
    });

    test('is left alone again when it does not answer the single call', async () => {
      const { client } = await downAndOut();
      await sleep(420);
      assert.equal((await errorOf(client.listApps())).outage, undefined);
      assert.notEqual((await errorOf(client.listApps())).outage, undefined);
    });

    test('is asked all the same when a person insists', async () => {
      const { port, client } = await downAndOut();
      open.push(await FakePlatform.start(fine, port));
      assert.notEqual((await errorOf(client.listApps())).outage, undefined);
      assert.deepEqual(await client.listApps({ insist: true }), []);
      assert.deepEqual(await client.listApps(), []);
    });

    test('also when a proxy answers for it', async () => {
      const { platform, client } = await serve(html(502), quick);
      for (let n = 0; n < 3; n += 1) assert.equal((await errorOf(client.listApps())).code, 'HTTP_502');
      const error = await errorOf(client.listApps());
      assert.match(error.message, /has not answered since .* answered 502/);
      assert.equal(platform.received.length, 3);
    });

    test('one that refuses what is asked is there', async () => {
      const { platform, client } = await serve(
        (_request, response) => json(response, 500, { error: { code: 'X', message: 'No.' } }),
        quick,
      );
      for (let n = 0; n < 5; n += 1) assert.equal((await errorOf(client.listApps())).code, 'X');
      assert.equal(platform.received.length, 5);
    });

    test('calls that a person cancelled say nothing about it', async () => {
      const { client } = await serve(() => undefined, quick);
      for (let n = 0; n < 5; n += 1) {
        assert.equal((await errorOf(client.listApps({ signal: AbortSignal.timeout(10) }))).code, 'CANCELLED');
      }
    });
  });
});
