import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHolder, StateLock } from '../../../src/local/lock.ts';

suite('lock of a state folder', () => {
  let folder: string;

  setup(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'bb-lock-')), 'state');
  });

  teardown(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  test('one at a time, and free again after release', () => {
    const lock = StateLock.take(folder);
    assert.ok(lock);
    assert.equal(StateLock.take(folder), undefined);
    lock.release();
    const again = StateLock.take(folder);
    assert.ok(again);
    again.release();
  });

  test('a process that was killed leaves no lock behind', async () => {
    const script = `
      const { StateLock } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/local/lock.ts'))});
      StateLock.take(${JSON.stringify(folder)}).publish({ pid: process.pid, url: 'http://127.0.0.1:1', apiKey: 'k', startedAt: '' });
      console.log('held');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      assert.equal(StateLock.take(folder), undefined);
      assert.deepEqual(await findHolder(folder, 0), { kind: 'silent', pid: child.pid });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const lock = StateLock.take(folder);
    assert.ok(lock);
    assert.equal(existsSync(join(folder, 'platform.json')), false, 'what the dead one told is forgotten');
    lock.release();
  });
});
