import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine, counter } from './commandLine.ts';

interface Failed {
  readonly error: { readonly code: string; readonly message: string; readonly nextStep: string };
}

interface Changed {
  readonly changed: readonly { readonly key: string; readonly redeployed: boolean }[];
  readonly notDone: readonly string[];
}

interface HistoryDocument {
  readonly entries: readonly {
    readonly number: number;
    readonly hash: string;
    readonly name: string;
    readonly event: string;
    readonly from: string;
  }[];
}

suite('command line: env, delete, history and status', function () {
  this.timeout(120_000);
  const cli = new CommandLine();

  suiteSetup(() => cli.start());
  suiteTeardown(() => cli.stop());
  setup(() => cli.begin());

  test('values from an argument, a pipe and a file; none is ever written', async () => {
    cli.classes({ counter: counter('Counter') });
    assert.equal((await cli.run('deploy')).code, 0);
    const set = await cli.json<Changed>(['env', 'set', 'MODE=a=b', 'EMPTY=']);
    assert.equal(set.code, 0, set.err);
    assert.deepEqual(set.document.changed, [
      { key: 'MODE', redeployed: true },
      { key: 'EMPTY', redeployed: true },
    ]);
    const piped = await cli.begun(['env', 'set', 'TOKEN'], { input: 'very-secret-token\n' }).ended;
    assert.equal(piped.code, 0, piped.err);
    cli.write('.env', 'FILE_TOKEN="line one\\nline two" # comment\n');
    const filed = await cli.run('env', 'set', '--file', '.env');
    assert.equal(filed.code, 0, filed.err);
    const seen = JSON.parse(await cli.call('counter/a/env')) as Record<string, string>;
    assert.equal(seen['MODE'], 'a=b');
    assert.equal(seen['EMPTY'], '');
    assert.equal(seen['TOKEN'], 'very-secret-token');
    assert.equal(seen['FILE_TOKEN'], 'line one\nline two');
    for (const ran of [set, piped, filed]) assert.doesNotMatch(ran.out + ran.err, /a=b|very-secret|line one/);

    const listed = await cli.json<{ keys: string[] }>(['env']);
    assert.deepEqual(listed.document.keys, ['EMPTY', 'FILE_TOKEN', 'MODE', 'TOKEN']);
    const deleted = await cli.json<Changed>(['env', 'delete', 'MODE', 'TOKEN']);
    assert.equal(deleted.code, 0, deleted.err);
    assert.deepEqual(await cli.client.listEnv(cli.appId), ['EMPTY', 'FILE_TOKEN']);
  });

  test('a key that cannot be set or is not there stops all of them', async () => {
    cli.classes({ 'chat-room': counter('ChatRoom') });
    assert.equal((await cli.run('deploy')).code, 0);
    const wrong = [
      ['set', 'GOOD=1', 'bad-key=2'],
      ['set', 'GOOD=1', 'CHAT_ROOM=2'],
      ['set', 'GOOD=1', 'GOOD=2'],
      ['set', 'GOOD=1', `LONG=${'x'.repeat(8193)}`],
    ];
    await Promise.all(
      wrong.map(async (args) => assert.equal((await cli.json(['env', ...args])).code, 2, args.join(' '))),
    );
    assert.equal((await cli.json<Failed>(['env', 'delete', 'NOPE'])).document.error.code, 'NO_SUCH_KEY');
    assert.equal((await cli.begun(['env', 'set', 'GOOD'], { input: '\n' }).ended).code, 2);
    cli.write('.env', 'GOOD=1\nthis is no variable\n');
    const file = await cli.run('env', 'set', '--file', '.env');
    assert.equal(file.code, 2);
    assert.match(file.err, /\.env:2/);
    assert.deepEqual(await cli.client.listEnv(cli.appId), []);
  });

  test('an env change brings a class in ERROR back first', async () => {
    cli.classes({ counter: counter('Counter'), other: counter('Other') });
    assert.equal((await cli.run('deploy')).code, 0);
    await cli.call('counter/a');
    await cli.fail({ name: 'serverError' });
    await assert.rejects(
      cli.client.register(cli.appId, { name: 'counter', code: counter('Counter', 5), accessMode: 'public' }),
    );
    const ran = await cli.json<Changed>(['env', 'set', 'A=b']);
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.err, /counter is in ERROR and is brought back first/);
    assert.deepEqual(await cli.rows(), ['counter Counter READY', 'other Other READY']);
    assert.equal(await cli.call('counter/a'), '2');
  });

  test('delete wants the name twice, and its source can be restored', async () => {
    cli.classes({ counter: counter('Counter'), other: counter('Other') });
    assert.equal((await cli.run('deploy')).code, 0);
    const refused = await cli.json<Failed>(['delete', 'counter']);
    assert.equal(refused.code, 3);
    assert.match(refused.document.error.nextStep, /--destroy counter/);
    const typo = await cli.json<Failed>(['delete', 'counter', '--destroy', 'counter', '--destroy', 'other']);
    assert.equal(typo.code, 2);
    const dry = await cli.json<{ outcome: string; evicted: string[] }>([
      'delete',
      'counter',
      '--destroy',
      'counter',
      '--dry-run',
    ]);
    assert.equal(dry.code, 0);
    assert.deepEqual(dry.document.evicted, ['other']);
    assert.deepEqual(await cli.rows(), ['counter Counter READY', 'other Other READY']);

    const done = await cli.json<{ outcome: string; destroyed: { className: string }[] }>([
      'delete',
      'counter',
      '--destroy',
      'counter',
    ]);
    assert.equal(done.code, 0, done.err);
    assert.deepEqual(
      done.document.destroyed.map(({ className }) => className),
      ['Counter'],
    );
    assert.deepEqual(await cli.rows(), ['other Other READY']);
    assert.deepEqual((await cli.json<Failed>(['delete', 'counter'])).document.error, {
      code: 'NO_SUCH_CLASS',
      message: 'This app has no Durable Object named counter.',
      nextStep: 'It may have been deleted already. There is: other. Nothing was changed.',
    });

    const history = await cli.json<HistoryDocument>(['history', 'counter']);
    assert.equal(history.document.entries[0]?.event, 'deleted');
    const restored = await cli.json<{ outcome: string }>([
      'history',
      'restore',
      'counter',
      history.document.entries[0].hash.slice(0, 8),
    ]);
    assert.equal(restored.code, 0, restored.err);
    assert.deepEqual(await cli.rows(), ['counter Counter READY', 'other Other READY']);
  });

  test('history: list, show, export and restore, without asking the platform', async () => {
    for (const step of [1, 2]) {
      cli.classes({ counter: counter('Counter', step) });
      assert.equal((await cli.run('deploy')).code, 0);
    }
    const away = { env: { BUTTERBASE_API_KEY: undefined } };
    const list = await cli.json<HistoryDocument>(['history'], away);
    assert.equal(list.code, 0, list.err);
    assert.deepEqual(
      list.document.entries.map(({ number, name, event, from }) => `${number} ${name} ${event} ${from}`),
      ['1 counter deployed cli', '2 counter deployed cli'],
    );
    const show = await cli.begun(['history', 'show', '2'], away).ended;
    assert.equal(show.out, counter('Counter', 1));
    const hash = list.document.entries[0]?.hash ?? '';
    assert.equal(
      (await cli.begun(['history', 'show', hash.slice(0, 12)], away).ended).out,
      counter('Counter', 2),
    );
    assert.equal(
      (await cli.json<Failed>(['history', 'show', 'ffff'], away)).document.error.code,
      'NO_SUCH_SOURCE',
    );
    const exported = await cli.json<{ files: string[] }>(['history', 'export', 'kept'], away);
    const [first] = exported.document.files;
    assert.equal(exported.document.files.length, 3);
    assert.equal(readFileSync(first ?? '', 'utf8'), counter('Counter', 2));
    assert.ok(first?.startsWith(join(cli.project, 'kept')));

    assert.equal(await cli.call('counter/a'), '2');
    const restored = await cli.run('history', 'restore', 'counter', '2');
    assert.equal(restored.code, 0, restored.err);
    assert.equal(await cli.call('counter/a'), '3');
  });

  test('status says how the files relate to what is deployed', async () => {
    cli.classes({
      same: counter('Same'),
      changed: counter('Changed'),
      gone: counter('Gone'),
      fresh: counter('Fresh'),
    });
    assert.equal((await cli.run('deploy', 'same', 'changed', 'gone')).code, 0);
    await cli.client.register(cli.appId, { name: 'foreign', code: counter('Foreign'), accessMode: 'public' });
    cli.classes({ same: counter('Same'), changed: counter('Changed', 2), fresh: counter('Fresh') });
    const manifest = JSON.parse(
      readFileSync(join(cli.project, '.butterbase/durable-objects.json'), 'utf8'),
    ) as { classes: Record<string, object> };
    manifest.classes['gone'] = { source: 'durable-objects/nowhere.ts', accessMode: 'public' };
    cli.write('.butterbase/durable-objects.json', JSON.stringify(manifest));

    interface Row {
      readonly name: string;
      readonly status: string | null;
      readonly sync: string;
      readonly file: string | null;
    }
    const all = await cli.json<{ classes: Row[]; usage: object }>(['status']);
    assert.equal(all.code, 0, all.err);
    assert.deepEqual(
      all.document.classes.map(({ name, status, sync }) => `${name} ${status ?? '-'} ${sync}`),
      [
        'changed READY modified',
        'foreign READY noFile',
        'fresh - notDeployed',
        'gone READY missing',
        'same READY inSync',
      ],
    );
    assert.deepEqual(Object.keys(all.document.usage), ['requests', 'cpuMs']);
    const one = await cli.run('status', 'same');
    assert.match(one.out, /same +Same +READY +public +\S+ +in sync/);
    assert.match(one.out, /Instances: http.*\/_do\/same\/<instance-id>/);
    assert.doesNotMatch(one.out, /\u001B/);
    assert.equal((await cli.run('status', 'nothing')).code, 2);
  });
});
