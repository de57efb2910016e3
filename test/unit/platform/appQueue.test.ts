import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoError } from '../../../src/core/errors.ts';
import { AppQueue } from '../../../src/platform/appQueue.ts';

const KEY = 'http://x app_1';

suite('queue of an app', () => {
  let folder: string;
  const children: ChildProcess[] = [];

  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-queue-'));
  });

  teardown(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  function incrementing(times: number, mode = ''): { child: ChildProcess; output: () => string } {
    const program = join(import.meta.dirname, 'incrementingProcess.ts');
    const args = [program, join(folder, 'locks'), join(folder, 'number'), String(times), mode];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, output: () => text };
  }

  async function until(condition: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
    const end = performance.now() + ms;
    while (!(await condition())) {
      assert.ok(performance.now() < end, 'in time');
      await sleep(10);
    }
  }

  test('changes of one app run one after the other, in the order of the calls', async () => {
    const queue = new AppQueue({ folder });
    const events: string[] = [];
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        queue.run(KEY, async () => {
          events.push(`begin ${n}`);
          await sleep(5);
          events.push(`end ${n}`);
        }),
      ),
    );
    assert.deepEqual(
      events,
      [1, 2, 3, 4].flatMap((n) => [`begin ${n}`, `end ${n}`]),
    );
  });

  test('changes of different apps do not wait for each other', async () => {
    const queue = new AppQueue({ folder });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = queue.run('http://x app_1', () => held);
    await queue.run('http://x app_2', () => Promise.resolve());
    release();
    await first;
  });

  test('two queues of one process respect each other', async () => {
    let running = 0;
    const task = async (): Promise<void> => {
      running += 1;
      assert.equal(running, 1);
      await sleep(5);
      running -= 1;
    };
    const queues = [new AppQueue({ folder }), new AppQueue({ folder })];
    await Promise.all(queues.flatMap((queue) => [queue.run(KEY, task), queue.run(KEY, task)]));
  });

  test('a task that fails lets the next one run, and its error comes through', async () => {
    const queue = new AppQueue({ folder });
    const failed = queue.run(KEY, () => Promise.reject(new Error('boom')));
    const next = queue.run(KEY, () => Promise.resolve('next'));
    await assert.rejects(failed, /boom/);
    assert.equal(await next, 'next');
  });

  test('who waits can cancel at once, and does not disturb the others', async () => {
    const queue = new AppQueue({ folder });
    let release: (() => void) | undefined;
    const first = queue.run(KEY, async () => new Promise<void>((resolve) => (release = resolve)));
    await until(() => release !== undefined);
    const abort = new AbortController();
    let ran = false;
    const second = queue.run(KEY, () => Promise.resolve((ran = true)), abort.signal);
    const third = queue.run(KEY, () => Promise.resolve('third'));
    const begin = performance.now();
    abort.abort();
    await assert.rejects(second, { code: 'CANCELLED' });
    assert.ok(performance.now() - begin < 100);
    release?.();
    await first;
    assert.equal(await third, 'third');
    assert.equal(ran, false);
  });

  test('four processes with 50 increments each lose none, though a fifth is killed while it holds the lock', async () => {
    await writeFile(join(folder, 'number'), '0');
    const hanging = incrementing(5, 'hang');
    await until(() => hanging.output().includes('holding'));
    const others = [1, 2, 3, 4].map(() => incrementing(50));
    await sleep(200);
    assert.equal(await readFile(join(folder, 'number'), 'utf8'), '4');
    hanging.child.kill('SIGKILL');
    await Promise.all(others.map(({ child }) => once(child, 'exit')));
    assert.deepEqual(
      others.map(({ output }) => output()),
      ['done\n', 'done\n', 'done\n', 'done\n'],
    );
    assert.equal(await readFile(join(folder, 'number'), 'utf8'), '204');
    assert.ok((await readdir(join(folder, 'locks'))).length <= 10, 'old lock files are removed');
  }).timeout(60_000);

  test('who waits too long is told who holds the lock', async () => {
    await writeFile(join(folder, 'number'), '0');
    const hanging = incrementing(1, 'hang');
    await until(() => hanging.output().includes('holding'));
    const queue = new AppQueue({ folder: join(folder, 'locks'), waitMs: 150 });
    await assert.rejects(
      queue.run(KEY, () => Promise.resolve()),
      (error: unknown) =>
        error instanceof DoError &&
        error.code === 'APP_BUSY' &&
        error.message.includes(`a test (process ${hanging.child.pid ?? 0} on ${hostname()})`),
    );
  }).timeout(10_000);

  test('a lock whose process cannot be seen counts as dead when it is silent', async () => {
    const queue = new AppQueue({ folder, silenceMs: 200 });
    await queue.run(KEY, () => Promise.resolve());
    const [file = ''] = await readdir(folder);
    const elsewhere = { pid: 1, host: 'another-machine', who: 'x', since: '', token: 't' };
    await writeFile(join(folder, file), JSON.stringify(elsewhere));
    const begin = performance.now();
    await queue.run(KEY, () => Promise.resolve());
    const waited = performance.now() - begin;
    assert.ok(waited >= 200 && waited < 2000, `${waited} ms`);
  });

  test('a lock file that is empty or nonsense does not block for ever', async () => {
    const queue = new AppQueue({ folder, silenceMs: 150 });
    for (const text of ['', '{"pid":', 'null', '[]']) {
      await queue.run(KEY, () => Promise.resolve());
      const files = (await readdir(folder)).sort((a, b) => a.length - b.length || a.localeCompare(b));
      await writeFile(join(folder, files.at(-1) ?? ''), text);
    }
    await queue.run(KEY, () => Promise.resolve());
  });

  test('a pid that is another process by now is dead', async function () {
    if (process.platform !== 'linux') this.skip();
    const queue = new AppQueue({ folder });
    await queue.run(KEY, () => Promise.resolve());
    const [file = ''] = await readdir(folder);
    const holder = { pid: process.pid, startTime: '1', host: hostname(), who: 'x', since: '', token: 't' };
    await writeFile(join(folder, file), JSON.stringify(holder));
    const begin = performance.now();
    await queue.run(KEY, () => Promise.resolve());
    assert.ok(performance.now() - begin < 1000);
  });

  test('a folder that cannot be made is a clear error', async () => {
    await writeFile(join(folder, 'file'), '');
    const queue = new AppQueue({ folder: join(folder, 'file', 'locks') });
    await assert.rejects(
      queue.run(KEY, () => Promise.resolve()),
      { code: 'BAD_CONFIG' },
    );
  });

  test('a folder that cannot be written is a clear error', async function () {
    // Where nobody may make a file, not even root.
    if (process.platform !== 'linux') this.skip();
    await assert.rejects(
      new AppQueue({ folder: '/proc/self/task' }).run(KEY, () => Promise.resolve()),
      { code: 'BAD_CONFIG' },
    );
  });

  test('a holder that is stopped for a while keeps its turn', async function () {
    if (process.platform === 'win32') this.skip();
    await writeFile(join(folder, 'number'), '0');
    const stopped = incrementing(3, 'slow');
    await until(() => stopped.output().includes('holding'));
    stopped.child.kill('SIGSTOP');
    const queue = new AppQueue({ folder: join(folder, 'locks'), silenceMs: 100, waitMs: 600 });
    await assert.rejects(
      queue.run(KEY, () => Promise.resolve()),
      { code: 'APP_BUSY' },
    );
    stopped.child.kill('SIGCONT');
    await once(stopped.child, 'exit');
    assert.equal(await readFile(join(folder, 'number'), 'utf8'), '3');
  }).timeout(15_000);

  test('a holder on another machine counts as alive while its file changes, whatever its clock says', async () => {
    const queue = new AppQueue({ folder, silenceMs: 250 });
    await queue.run(KEY, () => Promise.resolve());
    const [file = ''] = await readdir(folder);
    const elsewhere = { pid: 1, host: 'another-machine', who: 'x', since: '', token: 't' };
    await writeFile(join(folder, file), JSON.stringify(elsewhere));
    const clock = [0, 4e9, 1e9, 1.9e9, 86_400, 3e9, 2e9, 5e8];
    const begin = performance.now();
    let entered = 0;
    const running = queue.run(KEY, () => Promise.resolve((entered = performance.now())));
    for (const seconds of clock) {
      await sleep(100);
      await utimes(join(folder, file), seconds, seconds);
    }
    const lastBeat = performance.now();
    await running;
    assert.ok(
      lastBeat - begin > 250 && entered - lastBeat > 200,
      `${entered - lastBeat} ms after the last beat`,
    );
  });

  test('time in which this machine slept is no silence of the holder', async () => {
    const queue = new AppQueue({ folder, silenceMs: 1000 });
    await queue.run(KEY, () => Promise.resolve());
    const [file = ''] = await readdir(folder);
    const elsewhere = { pid: 1, host: 'another-machine', who: 'x', since: '', token: 't' };
    await writeFile(join(folder, file), JSON.stringify(elsewhere));
    const realNow = performance.now.bind(performance);
    let slept = 0;
    const clock = mock.method(performance, 'now', () => realNow() + slept);
    let entered = false;
    const running = queue.run(KEY, () => Promise.resolve((entered = true)));
    try {
      await sleep(150);
      slept = 100_000;
      await sleep(150);
      assert.equal(entered, false);
    } finally {
      clock.mock.restore();
    }
    await utimes(join(folder, file), 1, 1);
    await running;
  });

  test('who lost its turn while it slept is stopped before it changes anything', async () => {
    const queue = new AppQueue({ folder });
    const taken = queue.run(KEY, async (_signal, verify) => {
      await verify();
      const [file = ''] = await readdir(folder);
      // As another machine does it that has not heard of this one for long.
      await writeFile(join(folder, file.replace(/-\d+\.lock$/, '-99.lock')), '');
      await verify();
    });
    await assert.rejects(taken, { code: 'LOCK_LOST' });
  });

  test('a task that ends because its turn was lost says so, and not that somebody cancelled', async () => {
    const queue = new AppQueue({ folder });
    const taken = queue.run(KEY, async (signal) => {
      await rm(folder, { recursive: true, force: true });
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw new DoError({ code: 'CANCELLED', message: 'Cancelled.', nextStep: '' });
    });
    await assert.rejects(taken, { code: 'LOCK_LOST' });
  }).timeout(10_000);

  test('a process of another container with the same pid and host name is not taken for one of here', async function () {
    if (process.platform !== 'linux') this.skip();
    const queue = new AppQueue({ folder, silenceMs: 300 });
    await queue.run(KEY, () => Promise.resolve());
    const [file = ''] = await readdir(folder);
    const holder = {
      pid: 999_999,
      startTime: '1',
      host: hostname(),
      place: 'another boot pid:[1]',
      who: 'x',
    };
    await writeFile(join(folder, file), JSON.stringify(holder));
    const begin = performance.now();
    await queue.run(KEY, () => Promise.resolve());
    assert.ok(performance.now() - begin >= 300);
  });
});
