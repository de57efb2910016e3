import assert from 'node:assert/strict';
import { request, type IncomingHttpHeaders } from 'node:http';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { buildModule, type ModuleClass } from '../../src/core/bundle/buildModule.ts';
import { loadModule, type LoadedModule } from './bundleWorkerd.ts';

/** Answers with what it sees of the request and of its environment. */
const ECHO = `export class Echo {
  constructor(private readonly state: DurableObjectState, private readonly env: Record<string, unknown>) {}
  async fetch(request: Request): Promise<Response> {
    const ctx = butterbase.ctx(request, this.env, this.state);
    return Response.json({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      id: String(this.state.id),
      env: Object.keys(ctx.env).sort(),
      user: ctx.user,
      request: ctx.request,
    });
  }
}`;

const CLASSES: readonly ModuleClass[] = [
  { name: 'echo', code: ECHO, accessMode: 'public' },
  { name: 'signed-in', code: ECHO.replace('Echo', 'SignedIn'), accessMode: 'authenticated' },
  { name: 'with-key', code: ECHO.replace('Echo', 'WithKey'), accessMode: 'service_key' },
];

const ENV = {
  OWN: '1',
  BUTTERBASE_APP_ID: 'app_1',
  DO_INVOKER_URL: 'http://127.0.0.1:1',
  DO_INVOKER_TOKEN: 'token',
  BUTTERBASE_INTERNAL_FN_KEY: 'key',
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

for (const flavour of ['platform', 'local'] as const) {
  suite(`the dispatcher, ${flavour} flavour`, function () {
    this.timeout(20_000);
    let loaded: LoadedModule;

    suiteSetup(async () => {
      loaded = await load(flavour);
    });
    suiteTeardown(() => loaded.stop());

    const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
      ask(loaded.ports['http'] ?? 0, path, { headers });

    test('only the shape of the Authorization header is checked, by access mode', async () => {
      const bearer = { authorization: 'Bearer x' };
      const key = { authorization: 'Bearer bb_sk_x' };
      assert.equal((await get('/_do/echo/a')).status, 200);
      assert.deepEqual(brief(await get('/_do/signed-in/a')), [401, 'unauthorized']);
      assert.equal((await get('/_do/signed-in/a', { authorization: 'bearer x' })).status, 401);
      assert.equal((await get('/_do/signed-in/a', bearer)).status, 200);
      assert.deepEqual(brief(await get('/_do/with-key/a', bearer)), [401, 'unauthorized']);
      assert.equal((await get('/_do/with-key/a', key)).status, 200);
    });

    test('unknown paths and names', async () => {
      assert.deepEqual(brief(await get('/')), [404, 'not found']);
      assert.deepEqual(brief(await get('/_do/echo')), [404, 'not found']);
      assert.deepEqual(brief(await get('/_do/echo/')), [404, 'not found']);
      assert.deepEqual(brief(await get('/_do/none/a')), [404, 'unknown DO']);
    });

    test('the instance gets the request as it came, and instance names are not decoded', async () => {
      const port = loaded.ports['http'] ?? 0;
      const answer = await ask(port, '/_do/echo/a%20b/deeper?x=1', {
        method: 'PUT',
        headers: { 'x-own': 'y' },
        body: 'text',
      });
      const seen = JSON.parse(answer.text) as Record<string, unknown>;
      assert.equal(seen['method'], 'PUT');
      assert.equal(seen['url'], `http://127.0.0.1:${port}/_do/echo/a%20b/deeper?x=1`);
      assert.equal((seen['headers'] as Record<string, string>)['x-own'], 'y');
      assert.equal(seen['body'], 'text');
      assert.notEqual(seen['id'], idOf(await get('/_do/echo/a%20B')));
      assert.equal(seen['id'], idOf(await get('/_do/echo/a%20b')));
    });

    test('ctx gives the environment without what is not for classes, the user and the caller', async () => {
      const seen = JSON.parse(
        (
          await get('/_do/echo/a', {
            'x-butterbase-caller-user': 'u1',
            'x-butterbase-loop-depth': '2',
            'x-butterbase-internal-caller': 'fn:f',
          })
        ).text,
      ) as Record<string, unknown>;
      assert.deepEqual(seen['env'], ['BUTTERBASE_APP_ID', 'ECHO', 'OWN', 'SIGNED_IN', 'WITH_KEY']);
      assert.deepEqual(seen['user'], { id: 'u1' });
      assert.deepEqual(seen['request'], { caller: 'fn:f', loopDepth: 2 });
    });
  });
}

suite('the dispatcher, what only the local flavour does', function () {
  this.timeout(20_000);
  let loaded: LoadedModule;
  let http = 0;
  let control = 0;

  suiteSetup(async () => {
    loaded = await load('local');
    http = loaded.ports['http'] ?? 0;
    control = loaded.ports['control'] ?? 0;
  });
  suiteTeardown(() => loaded.stop());

  const HOSTS: readonly (readonly [host: string, status: number])[] = [
    ['127.0.0.1:4000', 200],
    ['localhost', 200],
    ['[::1]:80', 200],
    ['box.example', 200],
    ['box.example:8080', 200],
    ['ported.example:81', 200],
    ['ported.example:82', 403],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['internal.butterbase', 403],
  ];
  for (const [host, status] of HOSTS) {
    test(`a request for the host ${host} gets ${status}`, async () => {
      assert.equal((await ask(http, '/_do/echo/a', { headers: { host } })).status, status);
    });
  }

  test('the internal dispatch cannot be reached by a Host header', async () => {
    assert.equal(
      (await ask(http, '/_dispatch/with-key/a', { headers: { host: 'internal.butterbase' } })).status,
      403,
    );
    assert.equal((await ask(http, '/_dispatch/with-key/a')).status, 404);
  });

  const ORIGINS: readonly (readonly [origin: string, status: number])[] = [
    ['http://localhost:3000', 200],
    ['https://127.0.0.1', 200],
    ['https://box.example', 200],
    ['vscode-webview://abc', 200],
    ['https://evil.example', 403],
    ['null', 403],
    ['file://', 403],
    ['chrome-extension://localhost', 403],
  ];
  for (const [origin, status] of ORIGINS) {
    test(`a request from the origin ${origin} gets ${status}`, async () => {
      assert.equal((await ask(http, '/_do/echo/a', { headers: { origin } })).status, status);
    });
  }

  test('the control socket answers to the token only', async () => {
    assert.equal((await ask(control, '/counts')).status, 403);
    assert.equal((await ask(control, '/counts', { headers: { 'x-bb-control': 'wrong' } })).status, 403);
    assert.equal((await ask(control, '/other', { headers: { 'x-bb-control': 'secret' } })).status, 404);
  });

  test('requests that reach an instance are counted by class and instance', async () => {
    const fresh = await load('local');
    try {
      const [open = 0, closed = 0] = [fresh.ports['http'], fresh.ports['control']];
      for (const path of [
        '/_do/echo/a',
        '/_do/echo/a/b',
        '/_do/echo/__proto__',
        '/_do/signed-in/a',
        '/_do/none/a',
      ])
        await ask(open, path);
      await ask(open, '/_do/echo/a', { headers: { host: 'evil.example' } });
      const token = { 'x-bb-control': 'secret' };
      await ask(closed, '/_dispatch/signed-in/a', { headers: token });
      const counts: unknown = JSON.parse((await ask(closed, '/counts', { headers: token })).text);
      assert.deepEqual(
        counts,
        JSON.parse('{"requests":4,"instances":{"echo":{"a":2,"__proto__":1},"signed-in":{"a":1}}}'),
      );
    } finally {
      await fresh.stop();
    }
  });

  test('the internal dispatch gives the instance what it gets on the hosted platform', async () => {
    const answer = await ask(control, '/_dispatch/with-key/a%20b', {
      method: 'POST',
      headers: { 'x-bb-control': 'secret', 'x-own': 'y' },
      body: '{"a":1}',
    });
    const seen = JSON.parse(answer.text) as Record<string, unknown>;
    assert.equal(seen['method'], 'POST');
    assert.equal(seen['url'], 'https://internal.butterbase/_dispatch/with-key/a%20b');
    assert.equal(seen['body'], '{"a":1}');
    const headers = seen['headers'] as Record<string, string>;
    assert.equal(headers['x-own'], 'y');
    assert.equal(headers['x-bb-control'], undefined);
    const outside = await ask(http, '/_do/with-key/a%20b', { headers: { authorization: 'Bearer bb_sk_x' } });
    assert.notEqual(seen['id'], idOf(outside), 'inside, names are decoded');
    const unknown = await ask(control, '/_dispatch/none/a', { headers: { 'x-bb-control': 'secret' } });
    assert.deepEqual(brief(unknown), [404, 'unknown class: none']);
  });
});

async function load(flavour: 'platform' | 'local'): Promise<LoadedModule> {
  const settings = JSON.stringify({
    allowedHosts: ['box.example', 'ported.example:81'],
    controlToken: 'secret',
  });
  const loaded = await loadModule(
    buildModule(CLASSES, { flavour }),
    flavour === 'local' ? { env: { ...ENV, __BB_LOCAL: settings }, control: '__bbLocal' } : { env: ENV },
  );
  if (typeof loaded === 'string') throw new Error(loaded);
  return loaded;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `fetch` neither sends a Host of one's own nor a path as it stands. */
function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', fail).end(body);
  });
}

function brief(answer: Answer): [number, string] {
  return [answer.status, answer.text];
}

function idOf(answer: Answer): unknown {
  return (JSON.parse(answer.text) as { id: unknown }).id;
}
