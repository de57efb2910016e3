import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

interface Ready {
  readonly url: string;
  readonly apiKey: string;
  readonly apps: readonly { readonly id: string; readonly origin: string }[];
  readonly attached?: true;
}

suite('command line: local', function () {
  this.timeout(30_000);
  let stateDir: string;
  const running = new Set<ChildProcess>();

  setup(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'bb-cli-'));
  });

  teardown(async () => {
    for (const child of running) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(stateDir, { recursive: true, force: true });
  });

  function run(...args: string[]): { child: ChildProcess; out: () => string; err: () => string } {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    running.add(child);
    child.once('exit', () => running.delete(child));
    return { child, out: () => out, err: () => err };
  }

  async function start(): Promise<{ child: ChildProcess; ready: Ready }> {
    const { child, out, err } = run('local', '--state', stateDir, '--json');
    while (!out().includes('\n')) {
      assert.equal(child.exitCode, null, err());
      await delay(10);
    }
    assert.equal(out().trim().split('\n').length, 1);
    return { child, ready: JSON.parse(out()) as Ready };
  }

  async function finish(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const { child, out, err } = run(...args);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out: out(), err: err() };
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`${signal} ends it cleanly, and no process stays`, async function () {
      if (process.platform === 'win32') this.skip();
      const { child, ready } = await start();
      const [app] = ready.apps;
      assert.equal((await fetch(`${app?.origin}/_do/x/y`)).status, 404);
      const headers = { Authorization: `Bearer ${ready.apiKey}` };
      const events = await fetch(`${ready.url}/_local/events`, { headers });
      const streamEnds = assert.rejects(events.text());
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0);
      await streamEnds;
      assert.deepEqual(processesNaming(stateDir), []);
    });
  }

  test('a start that fails ends too when the process that started it keeps a channel to it', async () => {
    const folder = join(stateDir, 'file');
    writeFileSync(folder, '');
    const child = spawn(process.execPath, [MAIN, 'local', '--state', folder], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 1);
  });

  test('a second start ends too when the process that started it keeps a channel to it', async () => {
    await start();
    const child = spawn(process.execPath, [MAIN, 'local', '--state', stateDir], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });

  test('an empty state folder is refused and does not become the current one', async () => {
    const { code, err } = await finish('local', '--state', '');
    assert.equal(code, 2);
    assert.match(err, /^--state takes a value that is not empty\./);
  });

  test('ends when the process that started it and has a channel to it dies', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const args = ${JSON.stringify([MAIN, 'local', '--state'])}.concat(process.argv[1], '--json');
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      child.stdout.once('data', () => console.log(child.pid));
    `;
    const parent = spawn(process.execPath, ['-e', script, stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(parent);
    parent.once('exit', () => running.delete(parent));
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(chunk.toString());
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const giveUpAt = Date.now() + 10_000;
    while (isAlive(pid)) {
      assert.ok(Date.now() < giveUpAt, 'it still runs');
      await delay(20);
    }
    assert.deepEqual(processesNaming(stateDir), []);
  });

  test('a channel to the process that started it does not keep it alive', async function () {
    if (process.platform === 'win32') this.skip();
    const child = spawn(process.execPath, [MAIN, 'local', '--state', stateDir, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    await once(child.stdout ?? process, 'data');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });

  test('a second start attaches to the first', async () => {
    const { ready } = await start();
    const second = await finish('local', '--state', stateDir, '--json');
    assert.equal(second.code, 0, second.err);
    assert.deepEqual(JSON.parse(second.out), {
      ...ready,
      apps: JSON.parse(JSON.stringify(ready.apps)) as unknown,
      attached: true,
    });
  });

  test('of two that start at once, one attaches to the other', async () => {
    const both = await Promise.all([start(), start()]);
    const [first, second] = both.map(({ ready }) => ready);
    assert.equal(first?.url, second?.url);
    assert.equal([first, second].filter((ready) => ready?.attached === true).length, 1);
  });

  test('a platform that was killed leaves nothing in the way of the next', async function () {
    if (process.platform === 'win32') this.skip();
    const first = await start();
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await start();
    assert.equal(second.ready.attached, undefined);
    assert.equal(second.ready.apiKey, first.ready.apiKey);
    assert.equal((await fetch(`${second.ready.apps[0]?.origin}/_do/x/y`)).status, 404);
  });

  test('wrong options are explained, with exit code 2', async () => {
    for (const args of [
      ['local', '--port', '70000'],
      ['local', '--port', 'x'],
      ['local', '--nope'],
      ['local', 'nope'],
      ['local', '--allow-host', '*.example'],
      ['lint', '--nope'],
      ['lint'],
      ['nope'],
      ['--nope'],
      [],
    ]) {
      const { code, err, out } = await finish(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, /--help|Usage/, `${args.join(' ')}: ${err}`);
      assert.equal(out, '');
    }
  });

  test('help and version are answers, not errors', async () => {
    for (const [args, answer] of [
      [['--help'], /^Usage: .*\n\nCommands:\n {2}status [^]*\n {2}lint [^]*\n {2}local /],
      [['help'], /^Usage:/],
      [['local', '--help'], /--exit-when-unused/],
      [['lint', '-h'], /--format/],
      [['--version'], /^\d+\.\d+\.\d+\n$/],
    ] as const) {
      const { code, out, err } = await finish(...args);
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, answer);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Command lines of this machine's processes that name the folder. Only where /proc tells them. */
function processesNaming(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder));
}
