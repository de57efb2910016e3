import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEntry } from '../../../../src/operations/history/entry.ts';
import { EntryLog } from '../../../../src/operations/history/entryLog.ts';
import { entry } from './facts.ts';

suite('index of the history', () => {
  let folder: string;

  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-log-'));
  });
  teardown(() => rm(folder, { recursive: true, force: true }));

  test('what is appended while the files are put together is there once it was appended', async () => {
    const stop = new AbortController();
    const compacting = (async () => {
      while (!stop.signal.aborted) await new EntryLog(folder).compact((entries) => entries);
    })();
    const appending = Array.from({ length: 200 }, async (_unused, number) => {
      const entry = numbered(number);
      await new EntryLog(folder).append(entry);
      const ids = (await new EntryLog(folder).read()).map(({ id }) => id);
      assert.ok(ids.includes(entry.id), `${entry.id} is there`);
    });
    await Promise.all(appending).finally(() => stop.abort());
    await compacting;
    assert.equal((await new EntryLog(folder).read()).length, 200);
  });

  test('an entry that went to a file which was just taken away is written again', async () => {
    const stop = new AbortController();
    const taken = new Set<string>();
    const take = (entries: readonly HistoryEntry[]): HistoryEntry[] => {
      for (const { id } of entries) taken.add(id);
      return [];
    };
    const clearing = (async () => {
      while (!stop.signal.aborted) await new EntryLog(folder).compact(take);
    })();
    const appending = Array.from({ length: 4 }, async (_unused, who) => {
      for (let number = 0; number < 350; number += 1) {
        await new EntryLog(folder).append(numbered(who * 1000 + number));
      }
    });
    await Promise.all(appending).finally(() => stop.abort());
    await clearing;
    take(await new EntryLog(folder).read());
    assert.equal(taken.size, 1400);
  });

  test('what died while it put files together leaves nothing that counts, and not for long', async () => {
    const log = new EntryLog(folder);
    await log.append(numbered(1));
    // As after a crash between writing the new file and removing those in it.
    await log.compact((entries) => entries);
    const [sealed = ''] = await readdir(folder);
    await copyFile(join(folder, sealed), join(folder, sealed.replace('index-0', 'index-1')));
    const unfinished = join(folder, 'index-000000000000001-00.jsonl.1-ab.tmp');
    await writeFile(unfinished, '{');
    await utimes(unfinished, 1, 1);
    await log.append(numbered(2));
    assert.deepEqual((await log.read()).map(({ id }) => id).sort(), ['entry 1', 'entry 2']);
    await log.compact((entries) => entries);
    assert.equal((await readdir(folder)).length, 1);
    assert.equal((await log.read()).length, 2);
  });
});

function numbered(number: number): HistoryEntry {
  return entry(number, { id: `entry ${number}` });
}
