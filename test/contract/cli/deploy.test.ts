import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppQueue } from '../../../src/platform/appQueue.ts';
import { CommandLine, counter } from './commandLine.ts';

interface PlanDocument {
  readonly kind: string;
  readonly outcome: string;
  readonly refusal: { readonly code: string } | null;
  readonly classes: readonly { readonly name: string; readonly className: string; readonly fate: string }[];
  readonly steps: readonly { readonly name: string; readonly action: string; readonly source: string }[];
  readonly inSync: readonly string[];
  readonly findings: readonly { readonly file: string; readonly code: string }[];
  readonly module: { readonly bytes: number | null };
}

interface DeployDocument {
  readonly outcome: string;
  readonly error?: { readonly code: string; readonly message: string; readonly nextStep: string };
  readonly deployed: readonly {
    readonly name: string;
    readonly action: string;
    readonly url: string | null;
  }[];
  readonly failed: string | null;
  readonly notDone: readonly string[];
}

/** More steps than any linter takes. */
const ONLY_THE_RUNTIME_REFUSES = `let n = 0; while (n < 3_000_000) n += 1; if (n > 0) throw new Error('far');`;

suite('command line: plan and deploy', function () {
  this.timeout(120_000);
  const cli = new CommandLine();

  suiteSetup(() => cli.start());
  suiteTeardown(() => cli.stop());
  setup(() => cli.begin());

  function fates({ classes }: PlanDocument): string[] {
    return classes.map(({ name, className, fate }) => `${name} ${className} ${fate}`).sort();
  }

  test('two classes, from nothing to in sync, and nothing to do the second time', async () => {
    cli.classes({ counter: counter('Counter'), tally: counter('Tally', 10) });
    const planned = await cli.json<PlanDocument>(['plan', '--detailed-exitcode']);
    assert.equal(planned.code, 7);
    assert.deepEqual(fates(planned.document), ['counter Counter created', 'tally Tally created']);
    assert.ok((planned.document.module.bytes ?? 0) > 1000);
    assert.deepEqual(await cli.rows(), []);

    const first = await cli.json<DeployDocument>(['deploy']);
    assert.equal(first.code, 0, first.err);
    assert.equal(first.document.outcome, 'done');
    assert.deepEqual(
      first.document.deployed.map(({ name, action }) => `${name} ${action}`),
      ['counter create', 'tally create'],
    );
    assert.match(first.document.deployed[0]?.url ?? '', /^http:\/\/.*\/_do\/counter\/<instance-id>$/);
    assert.equal(await cli.call('counter/a'), '1');
    assert.equal(await cli.call('tally/a'), '10');

    const again = await cli.json<DeployDocument & { plan: PlanDocument }>(['deploy', 'counter', 'tally']);
    assert.equal(again.code, 0);
    assert.equal(again.document.outcome, 'nothing');
    assert.deepEqual(again.document.plan.inSync, ['counter', 'tally']);
    assert.equal((await cli.run('plan', '--detailed-exitcode')).code, 0);
  });

  test('a rename is planned as destroyed, refused, and carried out when the name is given', async () => {
    cli.classes({ room: counter('ChatRoom'), other: counter('Other') });
    assert.equal((await cli.run('deploy')).code, 0);
    assert.equal(await cli.call('room/a'), '1');
    cli.write('durable-objects/room.ts', counter('Room'));

    const plan = await cli.json<PlanDocument>(['plan']);
    assert.equal(plan.code, 3);
    assert.equal(plan.document.outcome, 'wouldDestroy');
    assert.deepEqual(fates(plan.document), ['other Other evicted', 'room ChatRoom destroyed']);

    const refused = await cli.json<DeployDocument>(['deploy']);
    assert.equal(refused.code, 3);
    assert.equal(refused.document.error?.code, 'WOULD_DESTROY');
    assert.match(refused.err, /--destroy room/);
    assert.deepEqual(refused.document.notDone, ['room']);
    assert.equal(await cli.call('room/a'), '2');

    const typo = await cli.json<{ error: { code: string; message: string } }>([
      'deploy',
      '--destroy',
      'other',
    ]);
    assert.equal(typo.code, 2);
    assert.match(
      typo.document.error.message,
      /other would not be destroyed by this\. What would be is room\./,
    );
    assert.deepEqual(await cli.rows(), ['other Other READY', 'room ChatRoom READY']);

    const planned = await cli.json<PlanDocument>(['plan', '--destroy', 'room']);
    assert.equal(planned.code, 0);
    const done = await cli.json<DeployDocument>(['deploy', '--destroy', 'room']);
    assert.equal(done.code, 0, done.err);
    assert.equal(await cli.call('room/a'), '1');
    const trash = readdirSync(join(cli.stateDir, 'apps', cli.appId, 'trash'));
    assert.equal(trash.length, 1, 'its storage is in the trash');
  });

  test('a class in ERROR is brought back before another one is deployed, and nothing is lost', async () => {
    cli.classes({ counter: counter('Counter'), other: counter('Other') });
    assert.equal((await cli.run('deploy', 'counter')).code, 0);
    assert.equal(await cli.call('counter/a'), '1');
    await cli.fail({ name: 'serverError' });
    await assert.rejects(
      cli.client.register(cli.appId, { name: 'counter', code: counter('Counter', 5), accessMode: 'public' }),
    );
    assert.deepEqual(await cli.rows(), ['counter Counter ERROR']);

    const plan = await cli.json<PlanDocument>(['plan', 'other']);
    assert.equal(plan.code, 0, plan.err);
    assert.deepEqual(
      plan.document.steps.map(({ name, action, source }) => `${name} ${action} ${source}`),
      ['counter repair history', 'other create file'],
    );
    const ran = await cli.json<DeployDocument>(['deploy', 'other']);
    assert.equal(ran.code, 0, ran.err);
    assert.deepEqual(await cli.rows(), ['counter Counter READY', 'other Other READY']);
    assert.equal(await cli.call('counter/a'), '2');
  });

  test('a class in ERROR that cannot be brought back stops everything', async () => {
    cli.classes({ other: counter('Other') });
    await cli.client.register(cli.appId, { name: 'lost', code: counter('Lost'), accessMode: 'public' });
    await cli.call('lost/a');
    const broken = `${counter('Lost')}missing();`;
    await assert.rejects(
      cli.client.register(cli.appId, { name: 'lost', code: broken, accessMode: 'public' }),
    );
    const ran = await cli.json<DeployDocument>(['deploy']);
    assert.equal(ran.code, 3);
    assert.match(ran.err, /lost cannot be brought back/);
    assert.deepEqual(await cli.rows(), ['lost Lost ERROR']);
    const agreed = await cli.json<DeployDocument>(['deploy', '--destroy', 'lost']);
    assert.equal(agreed.code, 0, agreed.err);
  });

  test('a name that moves from one file to the other decides the order', async () => {
    const shared = 'const LIMIT = 5;\n';
    cli.classes({ alpha: `${shared}${counter('Alpha')}`, beta: counter('Beta') });
    assert.equal((await cli.run('deploy')).code, 0);
    // Deployed in the order of the manifest, `LIMIT` would be there twice after the first.
    cli.classes({ beta: `${shared}${counter('Beta')}`, alpha: counter('Alpha') });
    const ran = await cli.json<DeployDocument>(['deploy']);
    assert.equal(ran.code, 0, ran.err);
    assert.deepEqual(
      ran.document.deployed.map(({ name }) => name),
      ['alpha', 'beta'],
    );
  });

  test('what somebody else deployed since is not replaced unseen', async () => {
    cli.classes({ counter: counter('Counter'), other: counter('Other') });
    assert.equal((await cli.run('deploy')).code, 0);
    await cli.client.register(cli.appId, {
      name: 'counter',
      code: counter('Counter', 7),
      accessMode: 'public',
    });
    cli.write('durable-objects/counter.ts', counter('Counter', 2));
    const refused = await cli.json<DeployDocument>(['deploy']);
    assert.equal(refused.code, 1);
    assert.equal(refused.document.error?.code, 'CHANGED_ELSEWHERE');
    const hash = /history show (\w+)/.exec(refused.document.error.nextStep)?.[1] ?? '';
    assert.equal((await cli.run('history', 'show', hash)).out, counter('Counter', 7));
    assert.equal(await cli.call('counter/a'), '7');
    const done = await cli.json<DeployDocument>(['deploy', '--overwrite', 'counter']);
    assert.equal(done.code, 0, done.err);
    assert.equal(await cli.call('counter/a'), '9');
    assert.equal((await cli.json<DeployDocument>(['deploy'])).document.outcome, 'nothing');
  });

  test('more classes than an app can have: the plan says which, and ends', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    cli.classes(Object.fromEntries(names.map((name) => [name, counter(name.toUpperCase())])));
    const ran = await cli.json<PlanDocument>(['plan']);
    assert.equal(ran.code, 1);
    assert.equal(ran.document.refusal?.code, 'TOO_MANY_CLASSES');
    assert.equal((await cli.run('plan', 'a', 'b', 'c', 'd', 'e')).code, 0);
  });

  test('a file can be named by its path, also without a manifest', async () => {
    cli.write('src/ChatRoom.ts', counter('ChatRoom'));
    const none = await cli.json<DeployDocument>(['deploy']);
    assert.equal(none.code, 2);
    assert.equal(none.document.error?.code, 'BAD_CONFIG');
    const ran = await cli.json<DeployDocument>(['deploy', 'src/ChatRoom.ts', '--access-mode', 'public']);
    assert.equal(ran.code, 0, ran.err);
    assert.deepEqual(await cli.rows(), ['chat-room ChatRoom READY']);
    assert.equal(await cli.call('chat-room/a'), '1');
    cli.write('src/ChatRoom.ts', counter('ChatRoom', 4));
    assert.equal((await cli.run('deploy', 'src/ChatRoom.ts')).code, 0);
    assert.equal(await cli.call('chat-room/a'), '5', 'it is public as before');
    cli.classes({ counter: counter('Counter'), other: counter('Other') });
    const one = await cli.json<DeployDocument>(['deploy', './durable-objects/counter.ts']);
    assert.equal(one.code, 0, one.err);
    assert.deepEqual(
      one.document.deployed.map(({ name }) => name),
      ['counter'],
    );
    assert.equal((await cli.run('deploy', 'src/nothing.ts')).code, 2);
    assert.equal((await cli.run('deploy', 'src/ChatRoom.ts', '--access-mode', 'all')).code, 2);
  });

  test('errors in a file stop the deploy of all, with the place on GitHub and in JSON', async () => {
    cli.classes({ good: counter('Good'), bad: `import z from 'zod';\n${counter('Bad')}` });
    const ran = await cli.json<DeployDocument & { plan: PlanDocument }>(['deploy'], {
      env: { GITHUB_ACTIONS: 'true' },
    });
    assert.equal(ran.code, 1);
    assert.equal(ran.document.error?.code, 'LINT');
    assert.match(ran.document.error.message, /^durable-objects\/bad\.ts has errors\. Nothing was sent\.$/);
    assert.equal(ran.document.plan.refusal?.code, 'LINT');
    assert.deepEqual(
      ran.document.plan.findings.map(({ file, code }) => `${file} ${code}`),
      ['durable-objects/bad.ts DISALLOWED_IMPORT'],
    );
    assert.match(ran.err, /^::error file=durable-objects\/bad\.ts,line=1,/m);
    assert.deepEqual(await cli.rows(), []);
  });

  test('a pipeline sees what becomes of every class, and what stands in the way of which', async () => {
    cli.classes({ stays: counter('Stays'), renamed: counter('Before'), changed: counter('Changed') });
    assert.equal((await cli.run('deploy')).code, 0);
    cli.classes({
      stays: counter('Stays'),
      renamed: counter('After'),
      changed: counter('Changed', 2),
      added: counter('Added'),
      bad: `import z from 'zod';\n${counter('Bad')}`,
    });
    const ran = await cli.json<PlanDocument>(['plan']);
    assert.equal(ran.code, 3);
    assert.deepEqual(fates(ran.document), [
      'added Added created',
      'bad  refused',
      'changed Changed updated',
      'renamed Before destroyed',
      'stays Stays evicted',
    ]);
    assert.equal(ran.document.refusal?.code, 'WOULD_DESTROY');
    const text = await cli.run('plan');
    assert.match(text.out, /\n {2}\d\. Deploy renamed \(refused\)\n/);
    assert.match(text.err, /To lose it all the same: --destroy renamed\n/);
  });

  test('a key in the way of a new class: which, and the way out', async () => {
    cli.classes({ counter: counter('Counter') });
    assert.equal((await cli.run('deploy')).code, 0);
    await cli.client.setEnv(cli.appId, 'TALLY', '1');
    cli.classes({ counter: counter('Counter'), tally: counter('Tally') });
    const ran = await cli.json<DeployDocument & { plan: PlanDocument }>(['deploy']);
    assert.equal(ran.code, 1);
    assert.equal(ran.document.error?.code, 'ENV_BINDING_COLLISION');
    assert.deepEqual(fates(ran.document.plan), ['counter Counter idle', 'tally Tally refused']);
    assert.deepEqual(await cli.rows(), ['counter Counter READY']);
  });

  test('what only the runtime refuses is found before anything is sent', async () => {
    cli.classes({ counter: counter('Counter') });
    assert.equal((await cli.run('deploy')).code, 0);
    cli.write('durable-objects/counter.ts', counter('Counter', 1, ONLY_THE_RUNTIME_REFUSES));
    const ran = await cli.json<DeployDocument>(['deploy']);
    assert.equal(ran.code, 1);
    assert.equal(ran.document.error?.code, 'DOES_NOT_LOAD');
    assert.match(ran.document.error.message, /counter\.ts:\d+:\d+/);
    assert.deepEqual(await cli.rows(), ['counter Counter READY']);
  });

  test('the first failure ends it: what was done and what was not is said', async () => {
    cli.classes({ alpha: counter('Alpha'), beta: counter('Beta'), gamma: counter('Gamma') });
    await cli.fail({ name: 'none' }, { name: 'serverError', on: 'change' });
    const ran = await cli.json<DeployDocument>(['deploy']);
    assert.equal(ran.code, 1, ran.err);
    assert.equal(ran.document.outcome, 'failed');
    assert.deepEqual(
      ran.document.deployed.map(({ name }) => name),
      ['alpha'],
    );
    assert.equal(ran.document.failed, 'beta');
    assert.deepEqual(ran.document.notDone, ['gamma']);
    assert.match(ran.err, /Not deployed: gamma\./);
    assert.deepEqual(await cli.rows(), ['alpha Alpha READY', 'beta Beta ERROR']);
    const mended = await cli.json<DeployDocument>(['deploy']);
    assert.equal(mended.code, 0, mended.err);
    assert.deepEqual(
      mended.document.deployed.map(({ name }) => name),
      ['beta', 'gamma'],
    );
  });

  test('the plan is the summary of a GitHub workflow, and no name becomes Markdown', async () => {
    cli.classes({ counter: counter('Counter') });
    const summary = join(cli.home, 'summary.md');
    const ran = await cli.begun(['plan'], {
      env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    }).ended;
    assert.equal(ran.code, 0, ran.err);
    const text = readFileSync(summary, 'utf8');
    assert.match(text, /^### Durable Objects: app-\d+/m);
    assert.match(text, /\| <code>counter<\/code> \| <code>Counter<\/code> \| 🟢 create \|/);
  });

  test('Ctrl-C while another program changes the app: nothing is sent', async () => {
    cli.classes({ alpha: counter('Alpha') });
    const queue = new AppQueue({ folder: join(cli.home, '.butterbase', 'durable-objects', 'locks') });
    await queue.run(`${cli.platform.url} ${cli.appId}`, async () => {
      const running = cli.begun(['deploy', '--json']);
      await delay(4000);
      assert.equal(running.child.exitCode, null, 'it waits for its turn');
      running.child.kill('SIGINT');
      const { code, out, err } = await running.ended;
      assert.equal(code, 130, err);
      assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, 'CANCELLED');
      assert.match(err, /Nothing was changed/);
    });
    assert.deepEqual(await cli.rows(), []);
  });

  test('Ctrl-C when a deploy is under way: its outcome is said, and the rest is not begun', async () => {
    cli.classes({ alpha: counter('Alpha'), beta: counter('Beta') });
    await cli.fail({ name: 'none', slowMs: 4000, on: 'change' });
    const running = cli.begun(['deploy', '--json']);
    while (!running.err().includes('Create alpha')) await delay(50);
    while ((await cli.rows())[0] !== 'alpha Alpha BUILDING') await delay(50);
    running.child.kill('SIGINT');
    const { code, out, err } = await running.ended;
    assert.equal(code, 130, err);
    assert.match(err, /was sent already/);
    const document = JSON.parse(out) as DeployDocument;
    assert.equal(document.outcome, 'interrupted');
    assert.deepEqual(
      document.deployed.map(({ name }) => name),
      ['alpha'],
    );
    assert.deepEqual(document.notDone, ['beta']);
    assert.deepEqual(await cli.rows(), ['alpha Alpha READY']);
  });

  test('a second Ctrl-C leaves at once, and status tells what became of the deploy', async () => {
    cli.classes({ alpha: counter('Alpha') });
    await cli.fail({ name: 'none', slowMs: 4000, on: 'change' });
    const running = cli.begun(['deploy', '--json']);
    while ((await cli.rows())[0] !== 'alpha Alpha BUILDING') await delay(50);
    running.child.kill('SIGINT');
    while (!running.err().includes('Press Ctrl-C again')) await delay(20);
    running.child.kill('SIGINT');
    const left = await running.ended;
    assert.equal(left.code, 130);
    assert.equal((JSON.parse(left.out) as DeployDocument).error?.code, 'LEFT_EARLY');
    while ((await cli.rows())[0] !== 'alpha Alpha READY') await delay(50);
    const status = await cli.json<{ recovered: { change: string; name: string; outcome: string }[] }>([
      'status',
    ]);
    assert.deepEqual(
      status.document.recovered.map(({ change, name, outcome }) => `${change} ${name} ${outcome}`),
      ['deploy alpha made'],
    );
    assert.deepEqual((await cli.json<{ recovered: unknown[] }>(['status'])).document.recovered, []);
  });
});
