import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AppOperations } from '../../../src/operations/appOperations.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { CLOUDFLARE_FAILS, counter, errorOf, World, type AppUnderChange } from './appUnderChange.ts';
import type { Errand } from './dyingWindow.ts';
import { SlowPlatform } from './slowPlatform.ts';

suite('a change that is cut off is found again, and its outcome is read', function () {
  this.timeout(60_000);
  const world = new World();
  let network: SlowPlatform;
  let app: AppUnderChange;
  const processes: ChildProcess[] = [];

  suiteSetup(async () => {
    await world.start();
    network = new SlowPlatform(world.embedded.url);
    await network.start();
  });
  suiteTeardown(async () => {
    await network.stop();
    await world.stop();
  });
  setup(async () => {
    app = await world.app();
    network.next = 'passed';
    network.isAway = false;
  });
  teardown(() => {
    for (const each of processes.splice(0)) each.kill('SIGKILL');
  });

  const a = counter('a', 'A');
  const changed = { ...a, code: `${a.code}// 2\n` };

  /** Begins a change in a process of its own, whose answer does not come. */
  async function begin(change: Errand['change'], fate: 'held' | 'swallowed'): Promise<ChildProcess> {
    network.next = fate;
    const before = { received: network.received, carriedOut: network.carriedOut };
    const errand: Errand = {
      home: world.home,
      origin: network.origin,
      apiKey: world.embedded.apiKey,
      platform: world.embedded.url,
      app: app.app,
      change,
    };
    const script = fileURLToPath(new URL('dyingWindow.ts', import.meta.url));
    const child = spawn(process.execPath, [script, JSON.stringify(errand)], { stdio: 'inherit' });
    processes.push(child);
    const isUnderWay = (): boolean =>
      network.received > before.received && (fate !== 'held' || network.carriedOut > before.carriedOut);
    while (!isUnderWay()) {
      assert.equal(child.exitCode, null, 'the process ended by itself');
      await sleep(10);
    }
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  function records(): string[] {
    const folder = join(world.home, '.butterbase', 'durable-objects', 'pending');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  }

  /** Over the bad network. */
  function distant(timeoutMs: number): { operations: AppOperations; client: PlatformClient } {
    const client = new PlatformClient(
      { origin: network.origin, apiKey: world.embedded.apiKey },
      { timeoutMs },
    );
    return { client, operations: app.window(app.newTools(), client) };
  }

  test('the process was killed: the deploy was made, and is in the history', async () => {
    await app.given(a);
    await kill(await begin({ kind: 'deploy', input: changed }, 'held'));
    const changes = app.changes;
    const [found, ...more] = await app.operations.recover();
    assert.deepEqual(more, []);
    assert.equal(found?.outcome, 'made');
    assert.match(found.message, /The deploy of a was cut off\. It was made all the same/);
    assert.equal(app.changes, changes, 'nothing is sent again');
    const [newest] = await app.tools.history.list({ appId: app.app.id, name: 'a' });
    assert.deepEqual([newest?.event, newest?.status, newest?.from], ['deployed', 'READY', 'cli']);
    assert.deepEqual(await app.operations.recover(), []);
    assert.deepEqual(records(), []);
  });

  test('the process was killed: the deploy failed', async () => {
    await app.given(a);
    app.failNext(CLOUDFLARE_FAILS);
    await kill(await begin({ kind: 'deploy', input: changed }, 'held'));
    const [found] = await app.operations.recover();
    assert.equal(found?.outcome, 'failed');
    assert.match(found.message, /10013/);
    assert.match(found.nextStep, /Deploy a again before any other change/);
  });

  test('the process was killed: the deploy never arrived', async () => {
    await app.given(a);
    await kill(await begin({ kind: 'deploy', input: changed }, 'swallowed'));
    const [found] = await app.operations.recover();
    assert.equal(found?.outcome, 'notMade');
    assert.match(found.message, /nothing was changed/);
    assert.equal((await app.operations.get('a')).code, a.code);
  });

  test('the process was killed: deletion and environment', async () => {
    await app.given(a, counter('b', 'B'));
    await kill(await begin({ kind: 'setEnv', key: 'SECRET', value: 'do not keep me' }, 'held'));
    assert.doesNotMatch(records().join(), /do not keep me/);
    const [set] = await app.operations.recover();
    assert.equal(set?.outcome, 'made');
    assert.match(set.message, /SECRET was cut off\. It is set/);
    await kill(await begin({ kind: 'setEnv', key: 'SECRET', value: 'another' }, 'held'));
    assert.equal((await app.operations.recover())[0]?.outcome, 'unclear');
    await kill(await begin({ kind: 'delete', name: 'b' }, 'held'));
    const [deleted] = await app.operations.recover();
    assert.equal(deleted?.outcome, 'made', deleted?.message);
    await kill(await begin({ kind: 'delete', name: 'a' }, 'swallowed'));
    assert.equal((await app.operations.recover())[0]?.outcome, 'notMade');
    assert.deepEqual(await app.states(), { a: 'READY' });
  });

  test('a change of a process that lives is not cut off; of several windows one tells of it', async () => {
    await app.given(a);
    const child = await begin({ kind: 'deploy', input: changed }, 'held');
    assert.deepEqual(await app.operations.recover(), []);
    assert.equal(records().length, 1);
    await kill(child);
    const found = await Promise.all(
      [app.operations, app.window(), app.window()].map((each) => each.recover()),
    );
    assert.deepEqual(found.map(({ length }) => length).sort(), [0, 0, 1]);
  });

  test('the network goes in the middle of it: found out when it is back, without another request', async () => {
    await app.given(a);
    const { operations, client } = distant(500);
    network.next = 'held';
    const before = network.received;
    const deploying = errorOf(operations.deploy(changed));
    while (network.received === before) await sleep(5);
    network.isAway = true;
    const error = await deploying;
    assert.equal(error.code, 'ANSWER_LOST');
    assert.match(error.nextStep, /looked up as soon as the platform answers again/);
    assert.deepEqual(await operations.recover(), []);
    assert.equal(records().length, 1);
    network.isAway = false;
    await sleep(100);
    const [found] = await app.operations.recover();
    assert.equal(found?.outcome, 'made');
    assert.deepEqual(records(), []);
    await client.close();
  });

  test('an answer that gets lost is looked up at once, and nothing is left to find', async () => {
    await app.given(a);
    const { operations, client } = distant(5_000);
    network.next = 'lost';
    assert.equal((await operations.deploy(changed)).status, 'READY');
    network.next = 'lost';
    await operations.delete('a');
    assert.deepEqual(await app.states(), {});
    assert.deepEqual(records(), []);
    await client.close();
  });

  test('a deletion that was cut off and failed half way is not taken for done', async () => {
    await app.given(a, counter('b', 'B'));
    app.failNext(CLOUDFLARE_FAILS);
    await kill(await begin({ kind: 'delete', name: 'b' }, 'held'));
    const [deleted] = await app.operations.recover();
    assert.equal(deleted?.outcome, 'unclear');
    assert.match(deleted.message, /b is no longer listed/);
    assert.equal((await errorOf(app.operations.deploy(changed))).code, 'WOULD_DESTROY');
    assert.deepEqual(app.lost, []);
  });

  test('a change elsewhere since then is not taken for the one that was cut off', async () => {
    await app.given(a);
    await kill(await begin({ kind: 'deploy', input: changed }, 'held'));
    await world.client.register(app.app.id, { ...a, code: `${a.code}// somebody else\n` });
    const [found] = await app.operations.recover();
    assert.equal(found?.outcome, 'unclear');
    assert.match(found.message, /Another source was deployed since/);
  });
});
