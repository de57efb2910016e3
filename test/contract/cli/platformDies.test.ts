import '../../unit/ui/vscodeStub.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StuckState } from '../../../src/core/plan/stuck.ts';
import { Store } from '../../../src/local/store/store.ts';
import { classNodes } from '../../../src/ui/tree/classNodes.ts';
import { CommandLine, counter } from './commandLine.ts';

const { classView } = await import('../../../src/ui/tree/classView.ts');
const { stuckNodes, stuckView } = await import('../../../src/ui/tree/stuckView.ts');

interface Status {
  readonly classes: readonly { readonly name: string; readonly status: string; readonly sync: string }[];
  readonly stuck: readonly StuckState[];
  readonly recovered: readonly {
    readonly outcome: string;
    readonly message: string;
    readonly nextStep: string;
  }[];
}

interface Plan {
  readonly outcome: string;
  readonly classes: readonly { readonly name: string; readonly fate: string }[];
  readonly stuck: readonly StuckState[];
}

/** Takes seconds to load, in which the platform can be killed. */
const SLOW = 'let turns = 0;\nwhile (turns < 1_500_000_000) turns += 1;\n';

suite('a platform that dies in the middle of a deploy', function () {
  this.timeout(120_000);
  const cli = new CommandLine();
  let kill: () => Promise<void>;

  suiteSetup(async () => {
    kill = await cli.startApart();
    await cli.begin();
    cli.classes({ counter: counter('Counter') });
    assert.equal((await cli.run('deploy')).code, 0);
    assert.equal(await cli.call('counter/a'), '1');
    cli.write('durable-objects/counter.ts', counter('Counter', 2, SLOW));
    const deploy = cli.begun(['deploy']);
    while ((await cli.rows())[0] !== 'counter Counter BUILDING') {
      assert.equal(deploy.child.exitCode, null, deploy.err());
      await sleep(10);
    }
    await kill();
    const cut = await deploy.ended;
    assert.notEqual(cut.code, 0);
    assert.match(cut.err, /may have been made/);
    kill = await cli.startApart();
  });
  suiteTeardown(() => cli.stop());

  /** As on another machine, where nothing is known of the change. */
  const elsewhere = { env: { HOME: join(cli.folder, 'elsewhere') } };

  test('while it may still be going on, it is shown as such, and what ran before runs', async () => {
    const { document } = await cli.json<Status>(['status'], elsewhere);
    assert.deepEqual(
      document.classes.map(({ name, status, sync }) => [name, status, sync]),
      [['counter', 'BUILDING', 'unknown']],
    );
    assert.deepEqual(document.stuck, []);
    const [row] = await cli.client.list(cli.appId);
    const [node] = classNodes('place', row === undefined ? [] : [row], []);
    assert.ok(node);
    const view = classView(node, {
      sync: 'unknown',
      instanceBase: undefined,
      filePath: undefined,
      change: undefined,
      formatTime: String,
      formatAgo: String,
    });
    assert.match(view.description ?? '', /^building/);
    assert.equal(await cli.call('counter/a'), '2');
  });

  test('later status, plan and tree say that it never ended, and what settles it', async () => {
    await kill();
    age('counter', 10 * 60_000);
    kill = await cli.startApart();

    const { document } = await cli.json<Status>(['status']);
    const [recovered] = document.recovered;
    assert.equal(recovered?.outcome, 'unclear');
    assert.match(
      recovered.message,
      /The deploy of counter was cut off\. The platform has begun it and did not finish/,
    );
    assert.equal(recovered.nextStep, 'Deploy counter again.');
    const [stuck] = document.stuck;
    assert.equal(stuck?.kind, 'leftBuilding');
    assert.match(stuck.message, /A deploy of counter ended without saying how/);
    assert.match(stuck.nextStep, /Deploy counter again/);

    const [node] = stuckNodes('place', document.stuck);
    assert.ok(node);
    assert.equal(stuckView(node).label, 'The last deploy of counter never ended');

    const plan = (await cli.json<Plan>(['plan'])).document;
    assert.deepEqual(plan.stuck, document.stuck);
    assert.deepEqual(
      [plan.outcome, ...plan.classes.map(({ name, fate }) => `${name} ${fate}`)],
      ['ready', 'counter updated'],
    );
  });

  test('a deploy settles it at once, and what the instances stored is kept', async () => {
    const { code, err } = await cli.run('deploy');
    assert.equal(code, 0, err);
    assert.deepEqual(await cli.rows(), ['counter Counter READY']);
    assert.equal(await cli.call('counter/a'), '4');
    assert.deepEqual((await cli.json<Status>(['status'])).document.stuck, []);
  });

  function age(name: string, ms: number): void {
    const store = new Store(join(cli.stateDir, 'platform.sqlite'));
    try {
      const row = store.classes.find(cli.appId, name);
      assert.ok(row);
      store.classes.putBack(cli.appId, name, {
        ...row,
        updatedAt: new Date(Date.parse(row.updatedAt) - ms).toISOString(),
      });
    } finally {
      store.close();
    }
  }
});
