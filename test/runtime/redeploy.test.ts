import assert from 'node:assert/strict';
import net from 'node:net';
import { mapPositions } from '../../src/core/bundle/positions.ts';
import { AppUnderTest, COUNTER, eventually } from './appUnderTest.ts';

const say = (text: string, name = 'Say') =>
  `export class ${name} { async fetch() { return new Response('${text}'); } }`;

const DIES = `
export class Dies {
  async fetch(request: Request) {
    if (new URL(request.url).searchParams.has('loop')) for (;;);
    const hoard: unknown[] = [];
    if (new URL(request.url).searchParams.has('die')) for (;;) hoard.push(new Array(1_000_000).fill(1.5));
    return new Response('alive');
  }
}`;

suite('a redeploy on the embedded platform', () => {
  let app: AppUnderTest;

  setup(() => {
    app = new AppUnderTest({ loadDeadlineMs: 3000 });
  });

  teardown(() => app.close());

  test('keeps port, storage and counts', async () => {
    await app.mustDeploy({ counter: COUNTER });
    const { port } = app.runtime;
    for (let n = 1; n <= 3; n++) {
      assert.equal(await app.text('counter', 'a'), String(n));
      await app.mustDeploy({ counter: COUNTER, say: say(String(n)) });
      assert.equal(app.runtime.port, port);
      assert.equal(await app.text('say', 'x'), String(n));
    }
    const { requests, instances } = await app.runtime.counts();
    assert.equal(requests, 6);
    assert.deepEqual([{ ...instances['counter'] }, { ...instances['say'] }], [{ a: 3 }, { x: 3 }]);
  });

  test('counts the CPU that classes use over all restarts, and not that of the starts', async () => {
    const burn = `export class Burn { async fetch() { let x = 0; for (let i = 0; i < 2e8; i++) x += i % 7; return new Response(String(x)); } }`;
    for (let n = 0; n < 4; n++) await app.mustDeploy({ burn }, { N: String(n) });
    const idle = await app.runtime.cpuMs();
    await app.text('burn', 'x');
    const busy = await app.runtime.cpuMs();
    await app.mustDeploy({ burn });
    const after = await app.runtime.cpuMs();
    assert.ok(idle < 60, `${idle} ms without a request`);
    assert.ok(busy >= idle + 80, `${busy} ms after a request that computes`);
    assert.ok(after >= busy && after < busy + 60, `${after} ms after a restart`);
  });

  test('of a module that does not load says why, in the source, and leaves the running one alone', async () => {
    await app.mustDeploy({ say: say('one') });
    const pid = app.runtime.state.kind === 'running' ? app.runtime.state.pid : 0;
    const result = await app.deploy({
      say: say('two'),
      broken: `interface Gone {\n  a: string\n}\nexport class Broken {\n  static x = nowhere.y;\n}`,
    });
    assert.ok(!result.ok && app.module !== undefined);
    assert.match(
      mapPositions(result.message, app.module),
      /^Uncaught ReferenceError: nowhere is not defined\n {2}at broken\.ts:5:/,
    );
    assert.equal(await app.text('say', 'x'), 'one');
    assert.deepEqual(app.runtime.state, { kind: 'running', port: app.runtime.port, pid });
  });

  test('of a module that never finishes loading ends at a deadline', async () => {
    await app.mustDeploy({ say: say('one') });
    const waits = await app.deploy({ say: `await new Promise(() => {});\n${say('two')}` });
    assert.ok(!waits.ok);
    assert.match(waits.message, /Top-level await in module is unsettled/);
    const loops = await app.deploy({ say: `for (;;);\n${say('two')}` });
    assert.ok(!loops.ok && loops.fault === 'module', 'others start');
    assert.match(loops.message, /did not finish loading within 3 seconds/);
    assert.equal(await app.text('say', 'x'), 'one');
  });

  test('of a module without the class it declares is refused', async () => {
    const result = await app.runtime.deploy({
      module: 'export const __bbLocal = { fetch() {} }; export default { fetch() {} };',
      classes: [{ name: 'ghost', className: 'Ghost', binding: 'GHOST' }],
      env: {},
    });
    assert.deepEqual(result, {
      ok: false,
      fault: 'module',
      message: 'The module does not export a Durable Object class named "Ghost".',
    });
    assert.deepEqual(app.runtime.state, { kind: 'stopped' });
  });

  test('shows what a module printed before it failed, and once when it loads', async () => {
    await app.deploy({ say: `console.log('about to fail');\nthrow new Error('x');\n${say('one')}` });
    await app.mustDeploy({ say: `console.log('loading');\n${say('one')}` });
    await eventually(() => app.lines.some((line) => line.text === 'loading') || undefined);
    const printed = app.lines.filter((line) => line.stream === 'console').map((line) => line.text);
    assert.deepEqual(printed, ['about to fail', 'loading']);
  });

  test('brings env changes to the classes', async () => {
    const code = `export class Env { constructor(s: unknown, private env: { A?: string }) {} async fetch() { return new Response(this.env.A ?? 'none'); } }`;
    await app.mustDeploy({ env: code }, { A: 'one' });
    assert.equal(await app.text('env', 'x'), 'one');
    await app.mustDeploy({ env: code }, { A: 'two' });
    assert.equal(await app.text('env', 'x'), 'two');
    await app.mustDeploy({ env: code });
    assert.equal(await app.text('env', 'x'), 'none');
  });

  test('of the last class away leaves an app that says so', async () => {
    await app.mustDeploy({ say: say('one') });
    await app.mustDeploy({});
    assert.equal(await app.text('say', 'x'), 'No Durable Objects deployed for this app.');
  });

  test('replaces a class that hangs in an endless loop', async () => {
    await app.mustDeploy({ dies: DIES });
    const hung = fetch(app.url('dies', 'x', '?loop')).catch(() => 'dropped');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await app.mustDeploy({ say: say('again') });
    assert.equal(await app.text('say', 'x'), 'again');
    assert.equal(await hung, 'dropped');
  });

  test('many at the same time run one after the other', async () => {
    const results = await Promise.all([1, 2, 3, 4].map((n) => app.deploy({ say: say(String(n)) })));
    assert.deepEqual(results, Array(4).fill({ ok: true, port: app.runtime.port }));
    assert.equal(await app.text('say', 'x'), '4');
  });

  test('holds inside requests back instead of losing them', async () => {
    await app.mustDeploy({ say: say('old') });
    const answers: string[] = [];
    const ask = async () => {
      const answer = await app.runtime.dispatch('say', 'x', { method: 'GET', headers: {} });
      for await (const chunk of answer.body) answers.push(String(chunk));
    };
    let deployed = false;
    const deploy = app.deploy({ say: say('new') }).finally(() => (deployed = true));
    await eventually(() => deployed || app.runtime.state.kind === 'changing' || undefined);
    await Promise.all([ask(), ask(), ask()]);
    await deploy;
    assert.deepEqual(answers, ['new', 'new', 'new']);
  });

  test('takes another port when a program has taken ours', async () => {
    await app.mustDeploy({ counter: COUNTER });
    await app.text('counter', 'a');
    const { port } = app.runtime;
    await app.runtime.stop();
    const thief = net.createServer().listen(port, '127.0.0.1');
    try {
      const result = await app.deploy({ counter: COUNTER });
      assert.ok(result.ok);
      assert.notEqual(result.port, port);
      assert.equal(await app.text('counter', 'a'), '2');
    } finally {
      thief.close();
    }
  });

  test('says so when workerd itself does not start', async () => {
    const missing = new AppUnderTest({ workerd: '/nowhere/workerd' });
    const other = new AppUnderTest({ workerd: process.execPath });
    try {
      const absent = await missing.deploy({ say: say('x') });
      assert.ok(!absent.ok && absent.fault === 'machine' && /missing.*ENOENT/.test(absent.message));
      const wrong = await other.deploy({ say: say('x') });
      assert.ok(!wrong.ok && wrong.fault === 'machine' && wrong.message !== '');
    } finally {
      await missing.close();
      await other.close();
    }
  });

  test('has a wished port, if it is free', async () => {
    const probe = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as net.AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const wished = new AppUnderTest({ port });
    try {
      assert.deepEqual(await wished.deploy({ say: say('x') }), { ok: true, port });
    } finally {
      await wished.close();
    }
  });

  test('is not needed after a crash: the process starts again and has its data', async function () {
    this.timeout(40_000);
    await app.mustDeploy({ dies: DIES, counter: COUNTER });
    assert.equal(await app.text('counter', 'a'), '1');
    const { port } = app.runtime;
    await fetch(app.url('dies', 'x', '?die')).catch(() => undefined);
    await eventually(() => app.exits.find((event) => event.kind === 'restarted'), 20_000);
    const [crash] = app.exits;
    assert.ok(crash?.kind === 'crashed');
    assert.match(crash.reason, /heap out of memory/);
    assert.equal(app.runtime.port, port);
    assert.equal(await app.text('counter', 'a'), '2');
  });

  test('is needed after many quick crashes: it gives up and keeps the reason', async function () {
    this.timeout(30_000);
    await app.mustDeploy({ counter: COUNTER });
    for (let crash = 1; crash <= 5; crash++) {
      const { pid } = await eventually(
        () => (app.runtime.state.kind === 'running' ? app.runtime.state : undefined),
        8000,
      );
      process.kill(pid, 'SIGKILL');
      await eventually(
        () => app.exits.filter((event) => event.kind !== 'restarted').length === crash || undefined,
      );
    }
    assert.equal(app.exits.at(-1)?.kind, 'gaveUp');
    assert.deepEqual(app.runtime.state, { kind: 'failed', reason: 'workerd ended with SIGKILL' });
    await assert.rejects(
      app.runtime.dispatch('counter', 'a', { method: 'GET', headers: {} }),
      /does not run: workerd ended/,
    );
    await app.mustDeploy({ counter: COUNTER });
    assert.equal(await app.text('counter', 'a'), '1');
  });
});
