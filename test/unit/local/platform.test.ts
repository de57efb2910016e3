import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startLocalPlatform, StateInUseError, type LocalPlatform } from '../../../src/local/platform.ts';
import type { HostProbe } from '../../../src/local/service/scriptHost.ts';
import { Store } from '../../../src/local/store/store.ts';

const COUNTER = `export class Counter {
  constructor(private state: any, private env: any) {}
  async fetch(request: Request): Promise<Response> {
    const context = butterbase.ctx(request, this.env, this.state);
    const url = new URL(request.url);
    const peer = url.searchParams.get('peer');
    if (peer !== null) {
      const answer = await context.invokeDO('counter', peer, { from: 'a' }, { headers: { 'x-mine': '1' } });
      return new Response('peer: ' + (await answer.text()), { status: answer.status });
    }
    if (url.searchParams.has('env')) return Response.json(context.env);
    if (url.searchParams.has('log')) console.log('seen', url.searchParams.get('log'));
    const n = ((await this.state.storage.get('n')) ?? 0) + 1;
    await this.state.storage.put('n', n);
    return new Response(String(n));
  }
}
`;

interface Api {
  status: number;
  body: Record<string, unknown>;
}

suite('embedded platform', function () {
  this.timeout(30_000);
  let stateDir: string;
  let platform: LocalPlatform;
  const logged: string[] = [];

  setup(async () => {
    stateDir = join(mkdtempSync(join(tmpdir(), 'bb-platform-')), 'state');
    platform = await start();
  });

  teardown(async () => {
    await platform.close();
    rmSync(join(stateDir, '..'), { recursive: true, force: true });
  });

  function start(probe: HostProbe = {}): Promise<LocalPlatform> {
    logged.length = 0;
    return startLocalPlatform({ stateDir, port: 0, log: (line) => logged.push(line) }, { probe });
  }

  async function api(method: string, path: string, body?: unknown): Promise<Api> {
    const response = await fetch(platform.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${platform.apiKey}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  function app(): LocalPlatform['apps'][number] {
    const [first] = platform.apps;
    assert.ok(first);
    return first;
  }

  const classes = (): string => `/v1/${app().id}/durable-objects`;

  async function deploy(code = COUNTER, name = 'counter'): Promise<void> {
    const { status, body } = await api('POST', classes(), { name, code, access_mode: 'public' });
    assert.equal(status, 200, JSON.stringify(body));
  }

  async function ask(path = '/_do/counter/a'): Promise<string> {
    return (await fetch(app().origin + path)).text();
  }

  test('has one app from the start, which has no class', async () => {
    assert.equal(platform.apps.length, 1);
    for (const [path, text] of [
      ['/_do/counter/a', 'No Durable Objects deployed for this app.'],
      ['/_do/counter', 'No Durable Objects deployed for this app.'],
      ['/', 'not found'],
    ] as const) {
      const response = await fetch(app().origin + path);
      assert.deepEqual([response.status, await response.text()], [404, text]);
    }
  });

  test('keeps rows, storage, environment, key and ports over a restart', async () => {
    await deploy();
    await api('PUT', `${classes()}/env/GREETING`, { value: 'hi' });
    assert.equal(await ask(), '1');
    const before = { url: platform.url, apiKey: platform.apiKey, apps: platform.apps };
    await platform.close();
    platform = await start();
    assert.deepEqual({ url: platform.url, apiKey: platform.apiKey, apps: platform.apps }, before);
    assert.equal(await ask(), '2');
    assert.equal((JSON.parse(await ask('/_do/counter/a?env')) as { GREETING?: string }).GREETING, 'hi');
    const { body } = await api('GET', `${classes()}/x/usage`);
    assert.equal(body['do_requests'], 3);
  });

  test('takes another port when that of last time is taken', async () => {
    const { url } = platform;
    await platform.close();
    const other = createServer().listen(Number(new URL(url).port), '127.0.0.1');
    await once(other, 'listening');
    try {
      platform = await start();
      assert.notEqual(platform.url, url);
      assert.equal((await api('GET', '/apps')).status, 200);
    } finally {
      other.close();
    }
  });

  test('gives a class what the platform gives it, and hides its own secrets', async () => {
    await deploy();
    const env = JSON.parse(await ask('/_do/counter/a?env')) as Record<string, unknown>;
    assert.equal(env['BUTTERBASE_APP_ID'], app().id);
    assert.equal(env['BUTTERBASE_API_URL'], platform.url);
    assert.equal(env['BUTTERBASE_SUBDOMAIN'], app().subdomain);
    assert.equal(env['BUTTERBASE_REGION'], 'us-east-1');
    for (const secret of ['DO_INVOKER_TOKEN', 'DO_INVOKER_URL', 'BUTTERBASE_INTERNAL_FN_KEY', '__BB_LOCAL']) {
      assert.ok(!(secret in env), secret);
    }
  });

  test('gives a class the variables of the whole app, under its own', async () => {
    const seen = async () => {
      const env = JSON.parse(await ask('/_do/counter/a?env')) as Record<string, string>;
      return Object.fromEntries(Object.entries(env).filter(([key]) => /^(STRIPE|OWN)/.test(key)));
    };
    const path = `/v1/${app().id}/env`;
    assert.deepEqual((await api('GET', path)).body, { keys: [], updatedAt: null });
    const first = await api('PATCH', path, { envVars: { STRIPE_KEY: 'app', OWN: 'app' } });
    assert.deepEqual(first.body['updatedKeys'], ['STRIPE_KEY', 'OWN']);
    assert.deepEqual(first.body['invalidated'], {
      functions: [],
      count: 0,
      durable_objects_redeployed: false,
    });
    await deploy();
    await api('PUT', `${classes()}/env/OWN`, { value: 'class' });
    assert.deepEqual(await seen(), { STRIPE_KEY: 'app', OWN: 'class' });
    await api('DELETE', `${classes()}/env/OWN`);
    const second = await api('PATCH', path, { envVars: { STRIPE_KEY: null, STRIPE_MODE: 'test' } });
    assert.deepEqual(second.body['updatedKeys'], ['OWN', 'STRIPE_MODE']);
    assert.deepEqual(await seen(), { OWN: 'app', STRIPE_MODE: 'test' });
    await platform.close();
    platform = await start();
    assert.deepEqual(await seen(), { OWN: 'app', STRIPE_MODE: 'test' });
    assert.deepEqual((await api('GET', path)).body['keys'], ['OWN', 'STRIPE_MODE']);

    // As on the platform: what collides is kept, and only the deploy does not happen.
    const collision = await api('PATCH', path, { envVars: { COUNTER: 'x' } });
    assert.deepEqual(
      [collision.status, collision.body['invalidated']],
      [200, { functions: [], count: 0, durable_objects_redeployed: false }],
    );
    await api('PATCH', path, { envVars: { COUNTER: null } });
    for (const body of [{}, { envVars: {} }, { envVars: [] }, { envVars: { butterbase_x: 'x' } }]) {
      assert.equal((await api('PATCH', path, body)).status, 400, JSON.stringify(body));
    }
  });

  test('lets classes call each other, past the access mode', async () => {
    await deploy();
    const { status } = await api('POST', classes(), {
      name: 'counter',
      code: COUNTER,
      access_mode: 'service_key',
    });
    assert.equal(status, 200);
    const response = await fetch(`${app().origin}/_do/counter/a?peer=b%2Fc`, {
      headers: { Authorization: 'Bearer bb_sk_any' },
    });
    assert.deepEqual([response.status, await response.text()], [200, 'peer: 1']);
  });

  test('the invoker asks for its token and for every header', async () => {
    await deploy();
    const token = withStore((store) => store.invokerToken);
    const invoke = async (headers: Record<string, string>) => {
      const response = await fetch(`${platform.url}/invoke`, { method: 'POST', headers, body: 'x' });
      return [response.status, await response.text()];
    };
    const authorization = `Bearer ${token}`;
    const named = { 'x-butterbase-app': app().id, 'x-butterbase-class': 'counter' };
    assert.deepEqual(await invoke({}), [401, 'unauthorized']);
    assert.deepEqual(await invoke({ authorization: `Bearer ${platform.apiKey}` }), [401, 'unauthorized']);
    assert.deepEqual(await invoke({ authorization }), [400, 'x-butterbase-app required']);
    assert.deepEqual(await invoke({ authorization, ...named }), [400, 'x-butterbase-instance required']);
    assert.deepEqual(
      await invoke({ authorization, ...named, 'x-butterbase-instance': 'a', 'x-butterbase-app': 'app_none' }),
      [404, 'unknown app: app_none'],
    );
    assert.deepEqual(await invoke({ authorization, ...named, 'x-butterbase-instance': 'a' }), [200, '1']);
  });

  test('says where in the file a module does not parse, and keeps what runs', async () => {
    await deploy();
    await ask();
    const broken = 'export class Counter {\n  async fetch() {\n    const x = ;\n  }\n}\n';
    const { status, body } = await api('POST', classes(), {
      name: 'counter',
      code: broken,
      access_mode: 'public',
    });
    assert.equal(status, 502);
    assert.match(
      (body['error'] as { message: string }).message,
      /Unexpected token ';'\n {2}at counter\.ts:3:\d+$/,
    );
    assert.equal(await ask(), '2');
    const row = (await api('GET', `${classes()}/counter`)).body;
    assert.deepEqual([row['status'], row['code']], ['ERROR', broken]);
  });

  test('a restart after a failed deploy runs the last good module', async () => {
    await deploy();
    await ask();
    await api('POST', classes(), { name: 'counter', code: 'export class Counter { x = ; }' });
    await platform.close();
    platform = await start();
    assert.equal(await ask(), '2');
  });

  test('a row left BUILDING by a crash is part of the next deploy, and the last good module runs', async () => {
    await deploy();
    await ask();
    await platform.close();
    withStore((store) => {
      const code = 'export class Late { fetch() { return new Response("late"); } }';
      const source = { name: 'late', className: 'Late', code, accessMode: 'public' } as const;
      store.classes.submit(store.apps.all()[0]?.id ?? '', source, new Date().toISOString());
    });
    platform = await start();
    assert.equal(await ask(), '2');
    assert.equal(await ask('/_do/late/a'), 'unknown DO');
    await deploy();
    assert.equal(await ask('/_do/late/a'), 'late');
    assert.equal((await api('GET', `${classes()}/late`)).body['status'], 'BUILDING');
  });

  test('a module that an earlier version built is built again from its sources', async () => {
    await deploy();
    await ask();
    await platform.close();
    withStore((store) => {
      const appId = store.apps.all()[0]?.id ?? '';
      const script = store.deploys.script(appId);
      assert.ok(script);
      store.deploys.saveScript(appId, { ...script, module: 'throw new Error("old")', builder: 'old' });
    });
    platform = await start();
    assert.equal(await ask(), '2');
    assert.deepEqual(logged, []);
  });

  test('an app whose module does not load any more is reported, and can be repaired', async () => {
    await deploy();
    await ask();
    await platform.close();
    withStore((store) => {
      const appId = store.apps.all()[0]?.id ?? '';
      const script = store.deploys.script(appId);
      assert.ok(script);
      store.deploys.saveScript(appId, { ...script, module: 'throw new Error("gone")' });
    });
    platform = await start();
    assert.match(logged.join(), /does not start: Uncaught Error: gone/);
    const [state] = (await api('GET', '/_local/state')).body['apps'] as { running: boolean }[];
    assert.equal(state?.running, false);
    await deploy();
    assert.equal(await ask(), '2');
  });

  test('storage that a crash kept from the trash gets there with the next start', async () => {
    await deploy();
    await ask();
    await platform.close();
    withStore((store) => {
      const appId = store.apps.all()[0]?.id ?? '';
      store.deploys.deleteScript(appId);
      store.deploys.addPendingTrash(appId, 'Counter');
    });
    platform = await start();
    const items = (await api('GET', '/_local/trash')).body['items'] as { className: string }[];
    assert.deepEqual(
      items.map((item) => item.className),
      ['Counter'],
    );
  });

  test('a change that finds the disk full is refused, and everything stays as it was', async () => {
    await deploy();
    await api('PUT', `${classes()}/env/GREETING`, { value: 'hi' });
    const before = [
      (await api('GET', `${classes()}/counter`)).body,
      (await api('GET', `${classes()}/env`)).body,
    ];
    await platform.close();
    // What SQLite throws then.
    const full = (): never => {
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    };
    platform = await start({ intercept: full });
    for (const [method, path, body] of [
      ['POST', '', { name: 'counter', code: `${COUNTER}// changed`, access_mode: 'public' }],
      ['DELETE', '/counter', undefined],
      ['PUT', '/env/GREETING', { value: 'ho' }],
    ] as const) {
      const answer = await api(method, classes() + path, body);
      assert.equal(answer.status, 503, JSON.stringify(answer.body));
      assert.match((answer.body['error'] as { remediation: string }).remediation, /^Free some space/);
    }
    assert.deepEqual(
      [(await api('GET', `${classes()}/counter`)).body, (await api('GET', `${classes()}/env`)).body],
      before,
    );
  });

  test('a client that goes away does not stop its deploy', async () => {
    await platform.close();
    platform = await start({ intercept: () => delay(300).then(() => undefined) });
    const abort = new AbortController();
    const request = fetch(platform.url + classes(), {
      method: 'POST',
      headers: { Authorization: `Bearer ${platform.apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'counter', code: COUNTER, access_mode: 'public' }),
      signal: abort.signal,
    });
    await until(async () => (await statusOf('counter')) === 'BUILDING');
    abort.abort();
    await assert.rejects(request);
    await until(async () => (await statusOf('counter')) === 'READY');
    assert.equal(await ask(), '1');
  });

  async function statusOf(name: string): Promise<unknown> {
    return (await api('GET', `${classes()}/${name}`)).body['status'];
  }

  test('deleted storage can be restored, and what it replaces goes to the trash itself', async () => {
    await deploy();
    await ask();
    await ask();
    await api('DELETE', `${classes()}/counter`);
    const listed = (await api('GET', '/_local/trash')).body['items'] as { id: string; className: string }[];
    assert.deepEqual(
      listed.map((item) => item.className),
      ['Counter'],
    );
    const id = listed[0]?.id ?? '';
    const missing = await api('POST', `/_local/trash/${id}/restore`);
    assert.equal(missing.status, 409);

    await deploy();
    assert.equal(await ask(), '1');
    assert.equal((await api('POST', `/_local/trash/${id}/restore`)).status, 409, 'it has newer data');
    assert.equal((await api('POST', `/_local/trash/${id}/restore`, { replace: true })).status, 200);
    assert.equal(await ask(), '3');
    assert.equal(((await api('GET', '/_local/trash')).body['items'] as unknown[]).length, 1);
    assert.equal((await api('POST', '/_local/trash/none/restore')).status, 404);
  });

  test('tells its events to those who watch', async () => {
    const abort = new AbortController();
    const response = await fetch(`${platform.url}/_local/events`, {
      headers: { Authorization: `Bearer ${platform.apiKey}` },
      signal: abort.signal,
    });
    assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? [])
        text += Buffer.from(chunk as Uint8Array).toString('utf8');
    })();
    await deploy();
    await ask('/_do/counter/a?log=it');
    await until(() => Promise.resolve(text.includes('seen it')));
    await api('PUT', `${classes()}/env/GREETING`, { value: 'a-secret-value' });
    await api('DELETE', `${classes()}/env/GREETING`);
    await api('DELETE', `${classes()}/counter`);
    await until(() => Promise.resolve(text.includes('classDeleted')));
    abort.abort();
    await assert.rejects(reading);
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; text?: string });
    const { id: appId, name: appName } = app();
    assert.deepEqual(
      events.filter((event) => event.type === 'deploy').map((event) => ({ ...event, ms: 0 })),
      [
        { cause: { kind: 'classDeployed', name: 'counter' }, classes: ['counter'] },
        { cause: { kind: 'variableSet', name: 'GREETING' }, classes: ['counter'] },
        { cause: { kind: 'variableDeleted', name: 'GREETING' }, classes: ['counter'] },
        { cause: { kind: 'classDeleted', name: 'counter' }, classes: [] },
      ].map((each) => ({ type: 'deploy', appId, appName, ok: true, ...each, ms: 0 })),
    );
    assert.ok(!text.includes('a-secret-value'));
    assert.ok(events.some((event) => event.type === 'state'));
    assert.equal(events.find((event) => event.type === 'log')?.text, 'seen it');
  });

  test('keys can be made and revoked', async () => {
    const made = await api('POST', '/api-keys', { name: 'ci' });
    assert.equal(made.status, 201);
    const key = String(made.body['key']);
    const list = (): Promise<Response> =>
      fetch(`${platform.url}/apps`, { headers: { Authorization: `Bearer ${key}` } });
    assert.equal((await list()).status, 200);
    assert.equal(((await api('GET', '/api-keys')).body['keys'] as unknown[]).length, 2);
    assert.deepEqual((await api('DELETE', `/api-keys/${String(made.body['keyId'])}`)).body, {
      revoked: true,
    });
    assert.equal((await list()).status, 401);
    assert.equal((await api('DELETE', `/api-keys/${randomUUID()}`)).status, 404);
    assert.equal((await api('POST', '/api-keys', {})).status, 400);
  });

  test('makes apps that answer at once, and keeps the data of a deleted one', async () => {
    const made = await api('POST', '/init', { name: 'second' });
    assert.equal(made.status, 201);
    const again = await api('POST', '/init', { name: 'second' });
    assert.deepEqual([again.status, again.body['app_id']], [200, made.body['app_id']]);
    assert.equal((await fetch(`${String(made.body['url'])}/_do/x/y`)).status, 404);
    assert.equal((await api('POST', '/init', { name: 'Not A Name' })).status, 400);
    assert.equal((await api('POST', '/init', { name: 'third', region: 'mars' })).status, 400);

    const id = String(made.body['app_id']);
    const { body } = await api('GET', `/apps/${id}/status`);
    assert.equal(body['provisioning_status'], 'ready');
    assert.equal((await api('DELETE', `/apps/${id}`)).status, 200);
    assert.equal((await api('GET', `/apps/${id}/status`)).status, 404);
    assert.deepEqual(
      platform.apps.map((each) => each.name),
      ['local-app'],
    );
  });

  test('asks for a key on every route but those that the platform leaves open', async () => {
    for (const [method, path] of [
      ['GET', '/_local/state'],
      ['GET', '/_local/events'],
      ['GET', '/_local/trash'],
      ['POST', '/_local/trash/x/restore'],
      ['POST', '/_local/shutdown'],
      ['GET', '/apps'],
      ['DELETE', `/apps/${app().id}`],
      ['GET', '/api-keys'],
      ['GET', classes()],
    ] as const) {
      assert.equal((await fetch(platform.url + path, { method })).status, 401, path);
    }
    assert.equal((await fetch(`${platform.url}/v1/regions`)).status, 200);
  });

  test('pages of this machine may ask, after their browser asked first', async () => {
    const preflight = await fetch(`${platform.url}/apps`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'http://localhost:5173');
    const foreign = await fetch(`${platform.url}/apps`, { headers: { origin: 'https://evil.example' } });
    assert.equal(foreign.status, 403);
  });

  test('tells where it is, to its owner only, while it runs', async function () {
    const file = join(stateDir, 'platform.json');
    const info = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(
      [info['pid'], info['url'], info['apiKey']],
      [process.pid, platform.url, platform.apiKey],
    );
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    await assert.rejects(start(), StateInUseError);
    await platform.close();
    assert.equal(existsSync(file), false);
  });

  test('ends when it is asked to', async () => {
    assert.deepEqual((await api('POST', '/_local/shutdown')).body, { stopping: true });
    await platform.closed;
    await assert.rejects(fetch(platform.url));
  });

  test('a wished port that is taken is an error that names it', async () => {
    const port = Number(new URL(platform.url).port);
    const other = join(stateDir, '..', 'other');
    await assert.rejects(
      startLocalPlatform({ stateDir: other, port, log: () => undefined }),
      new RegExp(String(port)),
    );
    const second = await startLocalPlatform({ stateDir: other, port: 0, log: () => undefined });
    await second.close();
  });

  function withStore<T>(use: (store: Store) => T): T {
    const store = new Store(join(stateDir, 'platform.sqlite'));
    try {
      return use(store);
    } finally {
      store.close();
    }
  }
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  while (!(await condition())) {
    assert.ok(Date.now() < giveUpAt, 'nothing came of it in 15 s');
    await delay(20);
  }
}
