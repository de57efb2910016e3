import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DoError } from '../../../../src/core/errors.ts';
import { History } from '../../../../src/operations/history/history.ts';
import { hashOf, SourceStore } from '../../../../src/operations/history/sourceStore.ts';
import { record, timeOf } from './facts.ts';

const APP = { appId: 'app_1' };

suite('history', () => {
  let folder: string;
  let history: History;
  const children: ChildProcess[] = [];

  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-history-'));
    history = new History(join(folder, 'history'));
  });

  teardown(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const index = (appId = 'app_1'): string => join(folder, 'history', 'apps', appId, 'index.jsonl');

  async function sources(): Promise<string[]> {
    const root = join(folder, 'history', 'sources');
    return (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  async function codes(filter: { appId: string; name?: string } = APP): Promise<string[]> {
    return Promise.all((await history.list(filter)).map(({ hash }) => history.source(hash)));
  }

  test('what was recorded is listed, newest first, with its source', async () => {
    await history.record(record(1, { by: 'ann@example.com' }));
    await history.record(record(3, { event: 'deleted', from: 'cli', status: 'ERROR' }));
    await history.record(record(2, { name: 'counter', className: 'Counter', accessMode: 'service_key' }));
    const [newest, middle, oldest] = await new History(join(folder, 'history')).list(APP);
    assert.deepEqual([newest?.at, middle?.at, oldest?.at], [timeOf(3), timeOf(2), timeOf(1)]);
    assert.deepEqual([newest?.event, newest?.from, newest?.status], ['deleted', 'cli', 'ERROR']);
    assert.deepEqual(
      [middle?.name, middle?.className, middle?.accessMode],
      ['counter', 'Counter', 'service_key'],
    );
    assert.equal(oldest?.by, 'ann@example.com');
    assert.equal(await history.source(oldest.hash), record(1).code);
    assert.ok(newest !== undefined && !('code' in newest));
    assert.deepEqual((await history.list({ appId: 'app_1', name: 'counter' })).length, 1);
  });

  test('apps, and platforms that have the same app id, are kept apart', async () => {
    await history.record(record(1));
    await history.record(record(2, { appId: 'App_1' }));
    await history.record(record(3, { platform: 'https://self.example.com' }));
    assert.deepEqual(
      (await history.list(APP)).map(({ at }) => at),
      [timeOf(3), timeOf(1)],
    );
    assert.deepEqual(
      (await history.list({ ...APP, platform: 'local' })).map(({ at }) => at),
      [timeOf(1)],
    );
    assert.deepEqual(
      (await history.list({ appId: 'App_1' })).map(({ at }) => at),
      [timeOf(2)],
    );
    assert.deepEqual(await history.list({ appId: 'none' }), []);
  });

  test('an app id or name of a hostile platform stays inside of the folder', async () => {
    for (const appId of ['../../out', '/etc', 'con', '..', '', 'a'.repeat(4000), 'ü/\0']) {
      await history.record(record(1, { appId, name: '../../../x' }));
      assert.equal((await history.list({ appId })).length, 1, appId.slice(0, 20));
    }
    assert.deepEqual(await readdir(folder), ['history']);
    const files = await history.exportTo({ appId: '/etc' }, join(folder, 'out'));
    assert.ok(
      files.every((file) => file.startsWith(join(folder, 'out'))),
      files.join(),
    );
    await assert.rejects(history.source('../../apps/x'), { code: 'SOURCE_LOST' });
  });

  test('one source is one file, whoever deployed it', async () => {
    const code = 'export class Same {}\n';
    await history.record(record(1, { code }));
    await history.record(record(2, { code, appId: 'app_2' }));
    await history.record(record(3, { code, name: 'other' }));
    assert.equal((await sources()).length, 1);
    assert.equal((await sources())[0]?.endsWith(`${hashOf(code)}.ts`), true);
  });

  test('what was only seen again, or is saved before a change, makes no second entry', async () => {
    await history.record(record(1));
    const { code } = record(1);
    await history.record(record(2, { code, event: 'seen', from: 'elsewhere' }));
    await history.record(record(3, { code, event: 'replaced' }));
    assert.equal((await history.list(APP)).length, 1);
    await history.record(record(4, { code, event: 'seen', accessMode: 'authenticated', from: 'elsewhere' }));
    await history.record(record(5, { code, event: 'deployed' }));
    await history.record(record(6, { code, event: 'deployed' }));
    assert.deepEqual(
      (await history.list(APP)).map(({ at }) => at),
      [6, 5, 4, 1].map(timeOf),
    );
  });

  test('two windows that see one change at once show it once', async () => {
    const other = new History(join(folder, 'history'));
    const seen = record(1, { event: 'seen', from: 'elsewhere' });
    await Promise.all([history.record(seen), other.record(seen), history.record(seen), other.record(seen)]);
    assert.equal((await history.list(APP)).length, 1);
  });

  test('any text comes back as it was', async () => {
    for (const code of [
      '',
      '\uFEFFexport class A {}',
      'a\r\nb\n',
      '\u2028 "quotes" \\ 😀',
      'x'.repeat(1_000_000),
    ]) {
      const { hash } = await history.record(record(1, { code }));
      assert.equal(await history.source(hash), code);
    }
  });

  test('only this person can read the files', async () => {
    await history.record(record(1));
    const modes = [index(), ...(await sources())].map(async (file) => (await stat(file)).mode & 0o777);
    assert.deepEqual(await Promise.all(modes), [0o600, 0o600]);
    for (const each of ['history', 'history/apps', 'history/apps/app_1', 'history/sources']) {
      assert.equal((await stat(join(folder, each))).mode & 0o777, 0o700, each);
    }
  });

  suite('after damage', () => {
    test('a last line that a crash cut off is skipped, and the next entry is whole', async () => {
      await history.record(record(1));
      const whole = await readFile(index(), 'utf8');
      for (let length = 1; length < whole.length - 2; length += 37) {
        await writeFile(index(), whole + whole.slice(0, length));
        assert.equal((await history.list(APP)).length, 1, `${length} bytes`);
        await history.record(record(2));
        assert.deepEqual(
          (await history.list(APP)).map(({ at }) => at),
          [timeOf(2), timeOf(1)],
        );
      }
    });

    test('lines that are no entries are skipped, wherever they are', async () => {
      await history.record(record(1));
      await appendFile(index(), '\0\0\0\n[]\nnull\n{"id":1}\n"text"\n{"id":"x","hash":"../../x"}\n\n');
      await history.record(record(2));
      assert.equal((await history.list(APP)).length, 2);
    });

    test('lines of another version are kept when the file is cleared', async () => {
      const small = new History(join(folder, 'history'), { indexBytes: 1 });
      await small.record(record(1));
      await writeFile(index(), '{"version":9,"of":"tomorrow"}\n{broken\n');
      await small.record(record(2));
      const files = await readdir(join(folder, 'history', 'apps', 'app_1'));
      const text = await readFile(join(folder, 'history', 'apps', 'app_1', files[0] ?? ''), 'utf8');
      assert.equal(files.length, 1);
      assert.ok(text.startsWith('{"version":9,"of":"tomorrow"}\n{"platform"'), text);
      assert.equal((await small.list(APP)).length, 2);
    });

    test('a source that was changed on disk is refused, the others are there, and deploying it again mends it', async () => {
      const { hash } = await history.record(record(1));
      const good = await history.record(record(2));
      const file = (await sources()).find((each) => each.includes(hash)) ?? '';
      await writeFile(file, 'something else');
      await assert.rejects(history.source(hash), (error: DoError) => {
        assert.equal(error.code, 'SOURCE_LOST');
        assert.match(error.message, /changed on disk/);
        return true;
      });
      assert.equal(await history.source(good.hash), record(2).code);
      await history.record(record(1));
      assert.equal(await history.source(hash), record(1).code);
      await rm(file);
      await assert.rejects(history.source(hash), /not in the history any more/);
    });

    test('a folder that cannot be written is an error that says what to do, and nothing else is lost', async () => {
      await history.record(record(1));
      await rm(index());
      await mkdir(index());
      await assert.rejects(history.record(record(2)), (error: DoError) => {
        assert.equal(error.code, 'HISTORY_FAILED');
        assert.match(error.message, /cannot be written/);
        assert.ok(error.message.includes(folder));
        return true;
      });
      await assert.rejects(history.list(APP), { code: 'HISTORY_FAILED' });
      await history.record(record(3, { appId: 'app_2' }));
    });
  });

  suite('several processes at once', () => {
    function recording(
      who: string,
      times: number,
      indexBytes = 0,
    ): { child: ChildProcess; ids: () => string[] } {
      const program = join(import.meta.dirname, 'recordingProcess.ts');
      const args = [program, join(folder, 'history'), who, String(times), String(indexBytes)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      return { child, ids: () => text.split('\n').slice(0, -1) };
    }

    async function listed(): Promise<Set<string>> {
      const entries = [
        ...(await history.list({ appId: 'app_even' })),
        ...(await history.list({ appId: 'app_odd' })),
      ];
      for (const { hash } of entries) await history.source(hash);
      return new Set(entries.map(({ id }) => id));
    }

    for (const [what, indexBytes] of [
      ['', 0],
      [' while they clear the files all the time', 2000],
    ] as const) {
      test(`lose nothing${what}`, async function () {
        this.timeout(30_000);
        const running = ['a', 'b', 'c'].map((who) => recording(who, 60, indexBytes));
        await Promise.all(running.map(({ child }) => once(child, 'exit')));
        assert.deepEqual(
          running.map(({ child }) => child.exitCode),
          [0, 0, 0],
        );
        const ids = running.flatMap((each) => each.ids());
        const found = await listed();
        assert.equal(ids.length, 180);
        assert.deepEqual(
          ids.filter((id) => !found.has(id)),
          [],
        );
        assert.equal(found.size, 180);
      });
    }

    test('killed at any moment, leave everything that they said was safe', async function () {
      this.timeout(30_000);
      const said: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        const one = recording(`k${round}`, 100_000, round % 2 === 0 ? 0 : 1500);
        while (one.ids().length < 5 + round) await once(one.child.stdout ?? one.child, 'data');
        one.child.kill('SIGKILL');
        await once(one.child, 'close');
        said.push(...one.ids());
      }
      const found = await listed();
      assert.deepEqual(
        said.filter((id) => !found.has(id)),
        [],
      );
      // At most the one that was written when the kill came is there besides.
      assert.ok(found.size <= said.length + 6, `${found.size} of ${said.length}`);
    });
  });

  suite('within bounds', () => {
    test('a class has so many entries; the last good one stays however old', async () => {
      history = new History(join(folder, 'history'), { entriesPerClass: 3, indexBytes: 2000 });
      await history.record(record(1));
      await history.record(record(1, { name: 'quiet' }));
      for (let minute = 2; minute <= 24; minute += 1)
        await history.record(record(minute, { status: 'ERROR' }));
      const entries = await history.list({ ...APP, name: 'chat-room' });
      assert.deepEqual(
        entries.map(({ at }) => at),
        [24, 23, 22, 1].map(timeOf),
      );
      assert.equal((await history.lastGood('app_1', 'chat-room'))?.code, record(1).code);
      assert.equal((await history.list({ ...APP, name: 'quiet' })).length, 1);
      const files = await readdir(join(folder, 'history', 'apps', 'app_1'));
      const sizes = files.map(
        async (name) => (await stat(join(folder, 'history', 'apps', 'app_1', name))).size,
      );
      const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      assert.ok(total < 6000, `${total} bytes in ${files.join()}`);
    });

    test('all sources together have so many bytes; what cannot be had again stays', async () => {
      const limits = { bytes: 20_000, indexBytes: 3000 };
      history = new History(join(folder, 'history'), limits);
      const long = (minute: number): string => `// ${minute} ${'x'.repeat(1000)}\n`;
      await history.record(record(1, { name: 'quiet', code: long(1) }));
      await history.record(record(2, { name: 'gone', code: long(2) }));
      await history.record(
        record(3, { name: 'gone', code: long(2), event: 'deleted', at: new Date().toISOString() }),
      );
      for (let minute = 4; minute < 34; minute += 1) {
        await history.record(
          record(minute, { code: long(minute), appId: minute % 2 === 0 ? 'app_1' : 'app_2' }),
        );
        for (const file of await sources()) await utimes(file, 1, 1);
      }
      // A new process looks at once.
      await new History(join(folder, 'history'), limits).record(record(34, { code: long(34) }));
      const bytes = (
        await Promise.all((await sources()).map(async (file) => (await stat(file)).size))
      ).reduce((sum, size) => sum + size, 0);
      assert.ok(bytes <= limits.bytes + 2 * 1020, `${bytes} bytes`);
      assert.equal((await history.lastGood('app_1', 'quiet'))?.code, long(1));
      assert.equal((await history.lastGood('app_1', 'gone'))?.code, long(2));
      assert.deepEqual((await codes()).at(0)?.slice(0, 6), long(2).slice(0, 6));
      for (const appId of ['app_1', 'app_2']) {
        for (const { hash } of await history.list({ appId })) await history.source(hash);
      }
    });

    test('a source that gets an entry while it is cleared away stays', async () => {
      const store = new SourceStore(join(folder, 'sources'));
      const code = 'export class A {}\n';
      const hash = hashOf(code);
      await store.put(hash, code);
      const [bucket = ''] = await readdir(join(folder, 'sources'));
      await utimes(join(folder, 'sources', bucket, `${hash}.ts`), 1, 1);
      const answers: ReadonlySet<string>[] = [new Set(), new Set([hash])];
      await store.removeUnreferenced(() => Promise.resolve(answers.shift() ?? new Set()));
      assert.equal(await store.get(hash), code);
      await utimes(join(folder, 'sources', bucket, `${hash}.ts`), 1, 1);
      await store.removeUnreferenced(() => Promise.resolve(new Set()));
      await assert.rejects(store.get(hash), { code: 'SOURCE_LOST' });
    });
  });

  suite('last good source', () => {
    test('is the newest that was READY and is not the one that failed', async () => {
      await history.record(record(1));
      await history.record(record(2));
      await history.record(record(3, { status: 'ERROR' }));
      assert.equal((await history.lastGood('app_1', 'chat-room'))?.code, record(2).code);
      const other = await history.lastGood('app_1', 'chat-room', { code: record(2).code });
      assert.deepEqual([other?.code, other?.at, other?.className], [record(1).code, timeOf(1), 'ChatRoom']);
      assert.equal(await history.lastGood('app_1', 'other'), undefined);
      assert.equal(
        await history.lastGood('app_1', 'chat-room', {}, 'https://elsewhere.example.com'),
        undefined,
      );
    });

    test('is an older one when the newest cannot be read', async () => {
      await history.record(record(1));
      const { hash } = await history.record(record(2));
      await rm((await sources()).find((file) => file.includes(hash)) ?? '');
      assert.equal((await history.lastGood('app_1', 'chat-room'))?.code, record(1).code);
    });
  });

  suite('export', () => {
    test('writes each source as a file, with what is known about it', async () => {
      await history.record(record(1));
      await history.record(record(1, { code: 'another at the same time\n' }));
      await history.record(record(2, { name: 'counter', by: 'ann' }));
      const out = join(folder, 'out');
      const files = await history.exportTo(APP, out);
      assert.deepEqual(
        files.map((file) => file.slice(out.length + 1)),
        [
          'counter/2026-01-01T00-02-00.000Z.ts',
          'chat-room/2026-01-01T00-01-00.000Z.ts',
          'chat-room/2026-01-01T00-01-00.000Z-2.ts',
          'index.json',
        ],
      );
      const { entries } = JSON.parse(await readFile(join(out, 'index.json'), 'utf8')) as {
        entries: { file: string; hash: string; by?: string }[];
      };
      for (const { file, hash } of entries)
        assert.equal(hashOf(await readFile(join(out, file), 'utf8')), hash);
      assert.equal(entries[0]?.by, 'ann');
      assert.deepEqual(await history.exportTo(APP, out), files);
    });

    test('overwrites nothing of anybody else', async () => {
      await history.record(record(1));
      const out = join(folder, 'out');
      await mkdir(join(out, 'chat-room'), { recursive: true });
      await writeFile(join(out, 'chat-room', '2026-01-01T00-01-00.000Z.ts'), 'mine');
      await writeFile(join(out, 'index.json'), '{"name":"mine"}');
      await assert.rejects(history.exportTo(APP, out), { code: 'EXPORT_FAILED' });
      assert.equal(await readFile(join(out, 'index.json'), 'utf8'), '{"name":"mine"}');
      await rm(join(out, 'index.json'));
      const [file] = await history.exportTo(APP, out);
      assert.ok(file?.endsWith('2026-01-01T00-01-00.000Z-2.ts'));
      assert.equal(await readFile(join(out, 'chat-room', '2026-01-01T00-01-00.000Z.ts'), 'utf8'), 'mine');
      await chmod(join(out, 'index.json'), 0o600);
    });
  });
});
