import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoError } from '../../src/core/errors.ts';
import type { App } from '../../src/core/model/app.ts';
import { startLocalPlatform, type LocalPlatform } from '../../src/local/platform.ts';
import { AppOperations } from '../../src/operations/appOperations.ts';
import { operationTools } from '../../src/operations/operationTools.ts';
import type { DeployInput } from '../../src/operations/sourceCheck.ts';
import { PlatformClient } from '../../src/platform/client.ts';

function counter(name: string, className: string, step = 1): DeployInput {
  return {
    name,
    accessMode: 'public',
    code: `
export class ${className} {
  constructor(private readonly state: DurableObjectState, private readonly env: Record<string, string>) {}

  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.endsWith('/env')) return Response.json(Object.keys(this.env));
    const value = ((await this.state.storage.get<number>('value')) ?? 0) + ${step};
    await this.state.storage.put('value', value);
    return new Response(String(value));
  }
}
`,
  };
}

suite('client and operations against the embedded platform', function () {
  this.timeout(60_000);
  let folder: string;
  let platform: LocalPlatform;
  let client: PlatformClient;
  let app: App;
  let instances: string;
  let operations: AppOperations;

  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-client-'));
    platform = await startLocalPlatform({ stateDir: join(folder, 'state'), port: 0, log: () => undefined });
    client = new PlatformClient({ origin: platform.url, apiKey: platform.apiKey });
  });

  suiteTeardown(async () => {
    await client.close();
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  });

  setup(async function () {
    app = await client.createApp(
      `app-${(this.currentTest?.title ?? '').replaceAll(/\W+/g, '-').slice(0, 20).toLowerCase()}`,
    );
    const state = (await (
      await fetch(`${platform.url}/_local/state`, { headers: { authorization: `Bearer ${platform.apiKey}` } })
    ).json()) as { apps: { id: string; origin: string }[] };
    instances = state.apps.find(({ id }) => id === app.id)?.origin ?? '';
    operations = window();
  });

  function window(): AppOperations {
    return new AppOperations({
      ...operationTools({ home: folder, env: {} }),
      client,
      app,
      origin: platform.url,
      platform: platform.url,
      from: 'editor',
    });
  }

  /** The newest source that was READY and is not this one. */
  async function lastGood(
    name: string,
    code: string,
  ): Promise<{ code: string; className: string } | undefined> {
    return operationTools({ home: folder, env: {} }).history.lastGood(app.id, name, { code });
  }

  async function call(path: string): Promise<string> {
    const response = await fetch(`${instances}/_do/${path}`);
    assert.equal(response.status, 200, path);
    return response.text();
  }

  async function errorOf(promise: Promise<unknown>): Promise<DoError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DoError, `a DoError, not ${String(error)}`);
    return error;
  }

  test('a class from its first deploy to its end', async () => {
    assert.deepEqual(await operations.list(), []);
    const first = counter('counter', 'Counter');
    assert.equal((await operations.deploy(first)).status, 'READY');
    assert.equal(await call('counter/one'), '1');
    assert.equal(await call('counter/one'), '2');

    await operations.deploy(counter('counter', 'Counter', 10));
    assert.equal((await lastGood('counter', counter('counter', 'Counter', 10).code))?.code, first.code);
    assert.equal(await call('counter/one'), '12');

    const { evicts, destroys, preflight } = await operations.previewEnv();
    assert.deepEqual([evicts, destroys, preflight.kind], [['counter'], [], 'loads']);
    assert.deepEqual(await operations.setEnv('API_BASE', 'x'), { redeployed: true });
    assert.ok((JSON.parse(await call('counter/one/env')) as string[]).includes('API_BASE'));
    assert.deepEqual(await operations.deleteEnv('API_BASE'), { redeployed: true });
    assert.equal((await errorOf(operations.deleteEnv('API_BASE'))).code, 'NO_SUCH_KEY');

    assert.ok((await operations.usage()).requests >= 0);
    const events = (await client.auditLogs(app.id)).map(({ eventType }) => eventType);
    assert.deepEqual([...new Set(events)].sort(), [
      'durable_object.create',
      'durable_object.env.delete',
      'durable_object.env.set',
    ]);

    await operations.delete('counter');
    assert.deepEqual(await operations.list(), []);
    assert.equal((await errorOf(operations.get('counter'))).code, 'RESOURCE_NOT_FOUND');
  });

  test('variables of the whole app are told and reach its classes', async () => {
    assert.deepEqual(await operations.listAppEnv(), []);
    await operations.deploy(counter('counter', 'Counter'));
    const changed = await fetch(`${platform.url}/v1/${app.id}/env`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${platform.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ envVars: { STRIPE_KEY: 'x' } }),
    });
    assert.equal(changed.status, 200);
    assert.deepEqual(await operations.listAppEnv(), ['STRIPE_KEY']);
    assert.deepEqual(await operations.listEnv(), []);
    assert.ok((JSON.parse(await call('counter/one/env')) as string[]).includes('STRIPE_KEY'));
  });

  test('a wrong key, an unknown app and an app without the class', async () => {
    const stranger = new PlatformClient({ origin: platform.url, apiKey: `bb_sk_${'0'.repeat(40)}` });
    const error = await errorOf(stranger.listApps());
    assert.equal(error.status, 401);
    assert.equal(error.code, 'AUTH_INVALID_API_KEY');
    await stranger.close();
    assert.equal((await errorOf(client.list('app_doesnotexist'))).status, 404);
    assert.equal((await errorOf(operations.get('nope'))).status, 404);
  });

  test('a class that does not load says where, and goes back to READY when it is repaired', async () => {
    await operations.deploy(counter('counter', 'Counter'));
    await call('counter/one');
    const broken = {
      ...counter('counter', 'Counter'),
      code: 'export class Counter { fetch() { return new Response() } }\nmissing();',
    };
    const refused = await errorOf(operations.deploy(broken));
    assert.equal(refused.code, 'DOES_NOT_LOAD');
    assert.match(refused.message, /counter\.ts:2/);
    assert.equal((await operations.list())[0]?.status, 'READY');
    // Somebody else sends it without trying it first.
    const error = await errorOf(client.register(app.id, broken));
    assert.equal(error.status, 502);
    assert.match(error.message, /counter\.ts:2/);
    const [row] = await operations.list();
    assert.equal(row?.status, 'ERROR');

    const other = await errorOf(operations.deploy(counter('other', 'Other')));
    assert.equal(other.code, 'WOULD_DESTROY');
    assert.equal((await operations.list()).length, 1);

    await operations.deploy(counter('counter', 'Counter'));
    await operations.deploy(counter('other', 'Other'));
    assert.equal(await call('counter/one'), '2');
  });

  test('renaming a class is refused until its loss is agreed to', async () => {
    await operations.deploy(counter('room', 'ChatRoom'));
    await call('room/a');
    const renamed = counter('room', 'Room');
    assert.equal((await errorOf(operations.deploy(renamed))).code, 'WOULD_DESTROY');
    assert.equal(await call('room/a'), '2');
    await operations.deploy(renamed, { allowDestroy: ['ChatRoom'] });
    assert.equal(await call('room/a'), '1');
    assert.equal((await lastGood('room', renamed.code))?.className, 'ChatRoom');
  });

  test('two windows that deploy at once both succeed', async () => {
    const windows = [window(), window()];
    await Promise.all(
      windows.flatMap((one, n) => [
        one.deploy(counter(`a${n}`, `A${n}`)),
        one.deploy(counter(`b${n}`, `B${n}`)),
      ]),
    );
    const rows = await operations.list();
    assert.deepEqual(rows.map(({ name, status }) => `${name} ${status}`).sort(), [
      'a0 READY',
      'a1 READY',
      'b0 READY',
      'b1 READY',
    ]);
    for (const name of ['a0', 'a1', 'b0', 'b1']) assert.equal(await call(`${name}/x`), '1');
  });
});
