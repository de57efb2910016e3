import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { AppUnderTest, COUNTER, eventually, processesWith, temporaryFolder } from './appUnderTest.ts';

suite('processes of the embedded platform', () => {
  const folders: string[] = [];
  const children: ChildProcess[] = [];

  suiteSetup(function () {
    if (process.platform !== 'linux') this.skip();
  });

  teardown(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) {
      await eventually(() => processesWith(folder).length === 0 || undefined);
      await fs.promises.rm(folder, { recursive: true, force: true });
    }
  });

  function newFolder(): string {
    const folder = temporaryFolder();
    folders.push(folder);
    return folder;
  }

  async function startParent(folder: string): Promise<{ parent: ChildProcess; url: string }> {
    const script = path.join(import.meta.dirname, 'runsUntilKilled.ts');
    const parent = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(parent);

    const port = String((await once(parent.stdout, 'data'))[0]).trim();
    return { parent, url: `http://127.0.0.1:${port}/_do/counter/a` };
  }

  test('are gone after stop, with the watchdog, and nothing secret is left in the folder', async () => {
    const app = new AppUnderTest({ folder: newFolder() });
    const before = childrenOf(process.pid);
    await app.mustDeploy({ counter: COUNTER }, { SECRET: 'hunter2-in-the-clear' });
    assert.equal(processesWith(app.folder).length, 1);
    assert.equal(filesWith(app.folder, 'hunter2').length, 0, 'gone as soon as workerd has read it');
    await app.deploy({ broken: 'export class Broken { static x = y; }' }, { SECRET: 'hunter2-in-the-clear' });
    assert.equal(await app.text('counter', 'a'), '1');
    await app.runtime.stop();
    assert.deepEqual(processesWith(app.folder), []);
    assert.deepEqual(childrenOf(process.pid), before);
    assert.equal(filesWith(app.folder, 'hunter2').length, 0);
    assert.deepEqual(fs.readdirSync(app.folder).sort(), ['do', 'runtime.lock']);
  });

  test('show secrets to nobody else while they start', async () => {
    const app = new AppUnderTest({ folder: newFolder() });
    const seen: string[] = [];
    const watcher = fs.watch(app.folder, (_, name) => {
      if (!String(name).startsWith('run-')) return;
      try {
        const own = path.join(app.folder, String(name));
        seen.push((fs.statSync(own).mode & 0o777).toString(8));
        seen.push((fs.statSync(path.join(own, 'config.capnp')).mode & 0o777).toString(8));
      } catch {
        // Already removed.
      }
    });
    try {
      await app.mustDeploy({ counter: COUNTER }, { SECRET: 'hunter2' });
      await eventually(() => seen.length > 0 || undefined);
    } finally {
      watcher.close();
      await app.runtime.stop();
    }
    assert.deepEqual(
      [...new Set(seen)].filter((mode) => mode !== '700' && mode !== '600'),
      [],
    );
  });

  test('do not outlive a parent that is killed, and storage survives it', async () => {
    const folder = newFolder();
    const { parent, url } = await startParent(folder);
    for (let n = 1; n <= 20; n++) assert.equal(await (await fetch(url)).text(), String(n));
    parent.kill('SIGKILL');
    await eventually(() => processesWith(folder).length === 0 || undefined);
    const app = new AppUnderTest({ folder });
    await app.mustDeploy({ counter: COUNTER });
    assert.equal(await app.text('counter', 'a'), '21');
    await app.runtime.stop();
  });

  test('that outlived parent and watchdog are ended by the next start, and nothing else is', async () => {
    const folder = newFolder();
    const { parent } = await startParent(folder);
    const [orphan] = processesWith('config.capnp').filter((pid) => processesWith(folder).includes(pid));
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    children.push(bystander);
    assert.ok(orphan !== undefined && parent.pid !== undefined && bystander.pid !== undefined);
    for (const pid of childrenOf(parent.pid)) if (pid !== orphan) process.kill(pid, 'SIGKILL');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    assert.ok(processesWith(folder).includes(orphan), 'nobody was there to end it');
    // The pid of a process that ended long ago may belong to somebody else now.
    fs.appendFileSync(path.join(folder, 'workerd.pids'), `${bystander.pid} run-0123456789abcdef\n`);
    fs.mkdirSync(path.join(folder, 'run-0123456789abcdef'));

    const app = new AppUnderTest({ folder });
    await app.mustDeploy({ counter: COUNTER });
    assert.ok(!processesWith(folder).includes(orphan));
    assert.equal(bystander.exitCode, null);
    assert.equal(fs.existsSync(path.join(folder, 'run-0123456789abcdef')), false);
    await app.runtime.stop();
    assert.equal(fs.existsSync(path.join(folder, 'workerd.pids')), false);
  });

  test('are guarded again when somebody kills the watchdog', async () => {
    const folder = newFolder();
    const { parent } = await startParent(folder);
    assert.ok(parent.pid !== undefined);
    const { pid } = parent;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const [first] = childrenOf(pid).filter((child) => !processesWith(folder).includes(child));
    assert.ok(first !== undefined);
    process.kill(first, 'SIGKILL');
    await eventually(() =>
      childrenOf(pid).find((child) => child !== first && !processesWith(folder).includes(child)),
    );
    // The new one is there before it was told what to watch; that is done when the parent answers.
    const answered = once(parent.stdout ?? parent, 'data');
    parent.kill('SIGUSR2');
    await answered;
    parent.kill('SIGKILL');
    await eventually(() => processesWith(folder).length === 0 || undefined);
  });

  test('never share a folder', async () => {
    const folder = newFolder();
    const app = new AppUnderTest({ folder });
    await app.mustDeploy({ counter: COUNTER });
    const second = new AppUnderTest({ folder });
    await assert.rejects(second.deploy({ counter: COUNTER }), /Another runtime uses the storage/);
    await assert.rejects(startInParent(folder), /Another runtime uses the storage/);
    assert.equal(await app.text('counter', 'a'), '1');
    await app.runtime.stop();
    await second.mustDeploy({ counter: COUNTER });
    assert.equal(await second.text('counter', 'a'), '2');
    await second.runtime.stop();
  });

  test('end at once when stopped in the middle of a start', async () => {
    const app = new AppUnderTest({ folder: newFolder() });
    await app.mustDeploy({ counter: COUNTER });
    const endless = app.deploy({ counter: `for (;;);\n${COUNTER}` });
    await eventually(() => processesWith(app.folder).length === 2 || undefined);
    const before = performance.now();
    await app.runtime.stop();
    assert.ok(performance.now() - before < 3000);
    assert.deepEqual(await endless, {
      ok: false,
      fault: 'machine',
      message: 'The embedded platform was stopped meanwhile. (The start was cancelled.)',
      nextStep: 'Start it and try again.',
    });
    assert.deepEqual(processesWith(app.folder), []);
  });

  async function startInParent(folder: string): Promise<void> {
    const script = path.join(import.meta.dirname, 'runsUntilKilled.ts');
    const parent = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(parent);
    let complaint = '';
    parent.stderr.on('data', (chunk) => (complaint += String(chunk)));
    const [code] = (await once(parent, 'close')) as [number];
    if (code !== 0) throw new Error(complaint);
  }
});

function childrenOf(parent: number): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(ppid) === parent && state !== 'Z';
      } catch {
        return false;
      }
    })
    .map(Number);
}

function filesWith(folder: string, text: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => fs.readFileSync(file).includes(text));
}
