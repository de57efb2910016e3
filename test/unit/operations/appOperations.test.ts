import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoError } from '../../../src/core/errors.ts';
import { findWorkerd } from '../../../src/local/workerdBinary.ts';
import { AppOperations } from '../../../src/operations/appOperations.ts';
import { History, type HistoryRecord } from '../../../src/operations/history/history.ts';
import { PendingChanges } from '../../../src/operations/pending/pendingChanges.ts';
import { Preflight } from '../../../src/operations/preflight/preflight.ts';
import type { DeployInput } from '../../../src/operations/sourceCheck.ts';
import { AppQueue } from '../../../src/platform/appQueue.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { KEY } from '../platform/fakePlatform.ts';
import { APP, ServedModel } from './servedModel.ts';

function source(name: string, className: string, body = ''): DeployInput {
  return { name, code: `export class ${className} { ${body} }`, accessMode: 'public' };
}

suite('operations on an app', function () {
  this.timeout(10_000);
  const preflight = new Preflight({ workerd: findWorkerd });
  let folder: string;
  let served: ServedModel;
  let client: PlatformClient;
  let saved: HistoryRecord[];
  let operations: AppOperations;

  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-operations-'));
    served = new ServedModel();
    await served.start();
    client = new PlatformClient({ origin: served.origin, apiKey: KEY });
    saved = [];
    operations = another();
  });

  teardown(async () => {
    await client.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** As another window would have them: own queue, same folders. */
  function another(
    onRecord: (record: HistoryRecord) => Promise<void> = () => Promise.resolve(),
  ): AppOperations {
    const history = new History(join(folder, 'history'));
    const record = history.record.bind(history);
    history.record = async (entry) => {
      await onRecord(entry);
      saved.push(entry);
      return record(entry);
    };
    return new AppOperations({
      client,
      app: APP,
      queue: new AppQueue({ folder: join(folder, 'locks') }),
      origin: served.origin,
      platform: served.origin,
      history,
      pending: new PendingChanges(join(folder, 'pending')),
      preflight,
      from: 'editor',
    });
  }

  /** What was kept because it goes, by event. */
  function kept(event: HistoryRecord['event']): HistoryRecord[] {
    return saved.filter((record) => record.event === event);
  }

  async function errorOf(promise: Promise<unknown>): Promise<DoError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DoError, `a DoError, not ${String(error)}`);
    return error;
  }

  /** The class is in ERROR and its storage still there (hazard b). */
  async function breakClass(name: string, className: string): Promise<void> {
    await operations.deploy(source(name, className));
    served.model.runtimeFails = '[10013] An unknown error has occurred.';
    assert.equal((await errorOf(operations.deploy(source(name, className, '/* 2 */')))).status, 502);
  }

  suite('deploy', () => {
    test('a first one, an update and the same again', async () => {
      const first = source('chat-room', 'ChatRoom');
      const { preflight: verdict, ...preview } = await operations.previewDeploy(first);
      assert.equal(verdict.kind, 'loads');
      assert.deepEqual(preview, {
        kind: 'create',
        cautions: [],
        stuck: [],
        className: 'ChatRoom',
        current: undefined,
        evicts: [],
        destroys: [],
      });
      assert.equal((await operations.deploy(first)).status, 'READY');
      await operations.deploy(source('counter', 'Counter'));
      const second = source('chat-room', 'ChatRoom', 'x = 1');
      const update = await operations.previewDeploy(second);
      assert.equal(update.kind, 'update');
      assert.deepEqual(update.evicts, ['chat-room', 'counter']);
      assert.equal(update.current?.code, first.code);
      await operations.deploy(second);
      assert.equal((await operations.previewDeploy(second)).kind, 'unchanged');
      assert.equal((await operations.deploy(second)).className, 'ChatRoom');
      assert.equal((await operations.previewDeploy({ ...second, accessMode: 'service_key' })).kind, 'update');
      assert.deepEqual(served.model.lost, []);
    });

    test('the source that goes is saved before the change goes out', async () => {
      const first = source('chat-room', 'ChatRoom');
      await operations.deploy(first);
      const changesWhenSaved: number[] = [];
      const saving = another(async (backup) => {
        await sleep(20);
        changesWhenSaved.push(served.changes.length);
        saved.push(backup);
      });
      await saving.deploy(source('chat-room', 'ChatRoom', 'x = 1'));
      assert.deepEqual(changesWhenSaved, [1, 2]);
      const [backup] = kept('replaced');
      assert.equal(backup?.code, first.code);
      assert.equal(backup.className, 'ChatRoom');
      assert.equal(backup.appId, APP.id);
      assert.ok(!Number.isNaN(Date.parse(backup.at)));
    });

    test('when the source cannot be saved, nothing is changed', async () => {
      await operations.deploy(source('chat-room', 'ChatRoom'));
      const failing = another(() => Promise.reject(new Error('disk full')));
      await assert.rejects(failing.deploy(source('chat-room', 'ChatRoom', 'x = 1')), /disk full/);
      await assert.rejects(failing.delete('chat-room'), /disk full/);
      assert.equal(served.changes.length, 1);
    });

    test('when the change cannot be noted, nothing is sent, and the message says why', async () => {
      await writeFile(join(folder, 'pending'), 'a file where the folder belongs');
      const error = await errorOf(operations.deploy(source('a', 'A')));
      assert.equal(error.code, 'BAD_CONFIG');
      assert.match(error.message, /pending/);
      assert.deepEqual(served.changes, []);
    });

    test('a: a renamed class is refused until the person agrees to lose its data', async () => {
      await operations.deploy(source('chat-room', 'ChatRoom'));
      const renamed = source('chat-room', 'Room');
      const preview = await operations.previewDeploy(renamed);
      assert.deepEqual(
        preview.destroys.map(({ name, className }) => [name, className]),
        [['chat-room', 'ChatRoom']],
      );
      const error = await errorOf(operations.deploy(renamed, { allowDestroy: ['Room'] }));
      assert.equal(error.code, 'WOULD_DESTROY');
      assert.match(error.message, /ChatRoom/);
      assert.equal(served.changes.length, 1);
      await operations.deploy(renamed, { allowDestroy: ['ChatRoom'] });
      assert.deepEqual(served.model.lost, ['ChatRoom']);
      assert.deepEqual(
        kept('replaced').map(({ className }) => className),
        ['ChatRoom'],
      );
    });

    test('b: while a class is in ERROR only its own repair goes through', async () => {
      await operations.deploy(source('b', 'B'));
      await breakClass('a', 'A');
      const before = served.changes.length;
      const refused = [
        operations.deploy(source('b', 'B', '/* 2 */')),
        operations.deploy(source('c', 'C')),
        operations.delete('b'),
        operations.setEnv('X', 'v'),
      ];
      for (const error of await Promise.all(refused.map(errorOf))) {
        assert.equal(error.code, 'WOULD_DESTROY');
        assert.match(error.message, /Deploy a first/);
      }
      assert.equal(served.changes.length, before);
      assert.deepEqual(
        (await operations.previewEnv()).destroys.map(({ className }) => className),
        ['A'],
      );
      await operations.deploy(source('a', 'A'));
      await operations.setEnv('X', 'v');
      assert.deepEqual(served.model.lost, []);
    });

    test('c, e, f: what would fail at the platform and leave a row in ERROR is not sent', async () => {
      await operations.deploy(source('room-a', 'Room'));
      assert.equal((await errorOf(operations.deploy(source('room-b', 'Room')))).code, 'DUPLICATE_CLASS_NAME');
      served.model.env.set('ROOM_B', 'v');
      const collision = await errorOf(operations.deploy(source('room-b', 'Hall')));
      assert.equal(collision.code, 'ENV_BINDING_COLLISION');
      for (const name of ['b', 'c', 'd', 'e']) await operations.deploy(source(name, name.toUpperCase()));
      assert.equal((await errorOf(operations.deploy(source('f', 'F')))).code, 'TOO_MANY_CLASSES');
      assert.equal(served.changes.length, 5);
      assert.ok(served.model.rows.every(({ status }) => status === 'READY'));
    });

    const bad: readonly (readonly [title: string, input: DeployInput, code: string])[] = [
      ['an empty file', { ...source('a', 'A'), code: ' \n' }, 'BAD_FILE'],
      ['NUL bytes', { ...source('a', 'A'), code: 'export class A {}\0' }, 'BAD_FILE'],
      ['half a character', { ...source('a', 'A'), code: 'export class A { x = "\ud83d" }' }, 'BAD_FILE'],
      ['2 MB', source('a', 'A', `/* ${'x'.repeat(2 * 1024 * 1024)} */`), 'BAD_FILE'],
      ['1 MiB of quotes that JSON doubles', source('a', 'A', `/* ${'"'.repeat(600_000)} */`), 'BAD_FILE'],
      ['no class', { ...source('a', 'A'), code: 'class A {}' }, 'NO_EXPORTED_CLASS'],
      [
        'two classes',
        { ...source('a', 'A'), code: 'export class A {} export class B {}' },
        'MULTIPLE_EXPORTED_CLASSES',
      ],
      [
        'an npm import',
        { ...source('a', 'A'), code: 'import x from "x"; export class A {}' },
        'DISALLOWED_IMPORT',
      ],
      ['a bad name', source('Chat_Room', 'A'), 'INVALID_NAME'],
      ['a name that could not be read back', source('env', 'A'), 'INVALID_INPUT'],
      ['a name of 101 characters', source('a'.repeat(101), 'A'), 'INVALID_INPUT'],
    ];
    for (const [title, input, code] of bad) {
      test(`${title} is refused before anything is asked or sent`, async () => {
        await served.close();
        const error = await errorOf(operations.deploy(input));
        assert.equal(error.code, code);
        assert.notEqual(error.nextStep, '');
        assert.equal((await errorOf(operations.previewDeploy(input))).code, code);
      });
    }

    test('a source of exactly the largest size goes out', async () => {
      const wrapping = JSON.stringify({ name: 'a', code: '', access_mode: 'public' }).length;
      const shell = 'export class A {/**/}';
      const code = `export class A {/*${'x'.repeat(1_048_576 - wrapping - shell.length)}*/}`;
      await operations.deploy({ name: 'a', code, accessMode: 'public' });
      assert.equal(
        (await errorOf(operations.deploy({ name: 'a', code: `${code} `, accessMode: 'public' }))).code,
        'BAD_FILE',
      );
    });

    test('what the platform shows afterwards is compared with what was sent', async () => {
      await operations.deploy(source('b', 'B'));
      served.onChanged = () => {
        for (const row of served.model.rows) {
          if (row.name === 'a') row.accessMode = 'authenticated';
          if (row.name === 'b') row.status = 'ERROR';
        }
      };
      const error = await errorOf(operations.deploy(source('a', 'A')));
      assert.equal(error.code, 'READ_BACK');
      assert.match(error.message, /access mode is authenticated instead of public; b is in ERROR/);
    });

    test('an answer that is lost is looked up: deployed all the same', async () => {
      served.nextAnswer = 'lost';
      const result = await operations.deploy(source('a', 'A'));
      assert.equal(result.status, 'READY');
      assert.equal(served.changes.length, 1);
      served.nextAnswer = 'lost';
      assert.equal((await operations.deploy(source('a', 'A'))).status, 'READY');
    });

    test('an answer that is lost is looked up: failed', async () => {
      served.nextAnswer = 'lost';
      served.model.runtimeFails = '[10021] Uncaught SyntaxError\n  at worker.mjs:81:6';
      const error = await errorOf(operations.deploy(source('a', 'A')));
      assert.equal(error.code, 'DEPLOY_FAILED');
      assert.match(error.message, /worker\.mjs:81:6/);
    });

    test('an answer that is lost is looked up: it never arrived', async () => {
      served.nextAnswer = 'never arrived';
      const error = await errorOf(operations.deploy(source('a', 'A')));
      assert.equal(error.code, 'NOT_ARRIVED');
      assert.match(error.message, /did not arrive; nothing was changed/);
    }).timeout(10_000);

    test('a deploy of somebody else is waited for', async () => {
      await operations.deploy(source('a', 'A'));
      const [row] = served.model.rows;
      assert.ok(row);
      row.status = 'BUILDING';
      row.updatedAt = new Date().toISOString();
      const deploying = operations.deploy(source('b', 'B'));
      await sleep(200);
      assert.equal(served.changes.length, 1);
      row.status = 'READY';
      await deploying;
    });

    test('a row that a dead deploy left in BUILDING does not block', async () => {
      await operations.deploy(source('a', 'A'));
      const [row] = served.model.rows;
      assert.ok(row);
      row.status = 'BUILDING';
      row.updatedAt = '2020-01-01T00:00:00.000Z';
      const { stuck } = await operations.previewDeploy(source('b', 'B'));
      assert.deepEqual(
        stuck.map(({ kind, about }) => [kind, about]),
        [['leftBuilding', ['a']]],
      );
      await operations.deploy(source('b', 'B'));
      row.code += 'missing();';
      const error = await errorOf(operations.deploy(source('b', 'B', '/* 2 */')));
      assert.equal(error.code, 'DOES_NOT_LOAD');
      assert.match(error.message, /a is at fault, not b[^]*still in BUILDING/);
      await operations.deploy(source('a', 'A'));
    });
  });

  suite('delete', () => {
    test('needs no further consent for the class itself, and saves its source', async () => {
      await operations.deploy(source('a', 'A'));
      await operations.deploy(source('b', 'B'));
      const preview = await operations.previewDelete('a');
      assert.equal(preview.className, 'A');
      assert.deepEqual(preview.evicts, ['b']);
      assert.deepEqual(
        preview.destroys.map(({ className }) => className),
        ['A'],
      );
      await operations.delete('a');
      assert.deepEqual(served.model.lost, ['A']);
      assert.deepEqual(
        kept('deleted').map(({ name, from }) => `${name} ${from}`),
        ['a editor'],
      );
    });

    test('a class that is not there', async () => {
      const error = await errorOf(operations.delete('a'));
      assert.equal(error.code, 'NO_SUCH_CLASS');
      assert.deepEqual(served.changes, []);
    });

    test('b4: the last active class would take one in ERROR with it', async () => {
      await operations.deploy(source('b', 'B'));
      await breakClass('a', 'A');
      assert.equal((await errorOf(operations.delete('b'))).code, 'WOULD_DESTROY');
      saved.length = 0;
      await operations.delete('b', { allowDestroy: ['A'] });
      assert.deepEqual(
        kept('deleted')
          .map(({ name }) => name)
          .sort(),
        ['a', 'b'],
      );
    });

    test('d: says when the row went although the platform failed', async () => {
      await operations.deploy(source('a', 'A'));
      await operations.deploy(source('b', 'B'));
      served.model.runtimeFails = '[10013] An unknown error has occurred.';
      const error = await errorOf(operations.delete('a'));
      assert.equal(error.code, 'EXTERNAL_CLOUDFLARE_ERROR');
      assert.match(error.message, /no longer listed/);
      assert.match(error.nextStep, /deploy a again from its saved source/);
      await operations.deploy(source('a', 'A'));
      assert.deepEqual(served.model.lost, []);
    });
  });

  suite('environment', () => {
    test('set, replace, list and delete', async () => {
      assert.deepEqual(await operations.setEnv('API_KEY', 'v'), { redeployed: false });
      await operations.deploy(source('a', 'A'));
      const { preflight: verdict, ...effects } = await operations.previewEnv();
      assert.equal(verdict.kind, 'loads');
      assert.deepEqual(effects, { evicts: ['a'], destroys: [], cautions: [], stuck: [] });
      assert.deepEqual(await operations.setEnv('API_KEY', 'w'), { redeployed: true });
      assert.deepEqual(await operations.listEnv(), ['API_KEY']);
      assert.deepEqual(await operations.deleteEnv('API_KEY'), { redeployed: true });
      assert.deepEqual(await operations.listEnv(), []);
    });

    test('what the platform would refuse, or keep although it refuses it (f), is not sent', async () => {
      await operations.deploy(source('chat-room', 'ChatRoom'));
      for (const [key, value] of [
        ['lower', 'v'],
        ['BUTTERBASE_X', 'v'],
        ['', 'v'],
        ['BIG', 'v'.repeat(8193)],
        ['CHAT_ROOM', 'v'],
      ] as const) {
        assert.equal((await errorOf(operations.setEnv(key, value))).code, 'INVALID_INPUT', key);
      }
      assert.equal(served.changes.length, 1);
    });

    test('deleting a key that is not set does not redeploy the app for nothing', async () => {
      await operations.deploy(source('a', 'A'));
      assert.equal((await errorOf(operations.deleteEnv('X'))).code, 'NO_SUCH_KEY');
      assert.equal(served.model.uploads, 1);
    });

    test('g: says when the value is stored although the redeploy failed', async () => {
      await operations.deploy(source('a', 'A'));
      served.model.runtimeFails = '[10013] An unknown error has occurred.';
      const error = await errorOf(operations.setEnv('X', 'v'));
      assert.match(error.message, /X is stored, but/);
    });
  });

  suite('one at a time', () => {
    test('two windows that change one app at once do not overlap', async () => {
      served.changeMs = 30;
      const windows = [operations, another()];
      await Promise.all(
        windows.flatMap((window, n) => [
          window.deploy(source(`a${n}`, `A${n}`)),
          window.setEnv(`X${n}`, 'v'),
          window.deploy(source(`b${n}`, `B${n}`)),
        ]),
      );
      assert.equal(served.mostRunning, 1);
      assert.equal(served.model.rows.filter(({ status }) => status === 'READY').length, 4);
    }).timeout(10_000);

    test('cancelled before it goes out, nothing is sent', async () => {
      served.changeMs = 200;
      const first = operations.deploy(source('a', 'A'));
      const abort = new AbortController();
      const second = errorOf(operations.deploy(source('b', 'B'), { signal: abort.signal }));
      await sleep(50);
      abort.abort();
      assert.equal((await second).code, 'CANCELLED');
      await first;
      assert.deepEqual(served.changes, ['POST ']);
    });

    test('cancelled while the source is being saved, nothing is sent', async () => {
      await operations.deploy(source('a', 'A'));
      const abort = new AbortController();
      const ended: string[] = [];
      const saving = another(async () => {
        abort.abort();
        await sleep(20);
        ended.push('saved');
      });
      const cancelled = errorOf(saving.deploy(source('a', 'A', '/* 2 */'), { signal: abort.signal }));
      assert.equal((await cancelled).code, 'CANCELLED');
      while (ended.length === 0) await sleep(5);
      await operations.setEnv('X', 'v');
      assert.deepEqual(served.changes, ['POST ', 'PUT /env/X']);
    });

    test('cancelled after it went out, it says so at once, and the next change waits for its end', async () => {
      served.changeMs = 300;
      const abort = new AbortController();
      const first = errorOf(operations.deploy(source('a', 'A'), { signal: abort.signal }));
      while (served.running === 0) await sleep(5);
      const begin = performance.now();
      abort.abort();
      assert.equal((await first).code, 'ALREADY_SENT');
      assert.ok(performance.now() - begin < 100);
      await operations.deploy(source('b', 'B'));
      assert.equal(served.mostRunning, 1);
      assert.equal(served.model.rows.length, 2);
    });
  });

  test('reads do not wait for changes', async () => {
    served.changeMs = 300;
    const deploying = operations.deploy(source('a', 'A'));
    while (served.running === 0) await sleep(5);
    assert.deepEqual(await operations.usage(), { requests: 7, cpuMs: 9 });
    assert.equal(served.running, 1);
    await deploying;
    assert.equal((await operations.get('a')).className, 'A');
    assert.equal((await operations.list()).length, 1);
  });
});
