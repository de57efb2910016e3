import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup, suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import type { DoClass } from '../../../../src/core/model/app.ts';
import type { LintInput } from '../../../../src/core/rules/subject.ts';
import { LintClient, type LintClientOptions } from '../../../../src/ui/diagnostics/lintClient.ts';

const WORKER = fileURLToPath(new URL('../../../../src/ui/diagnostics/lintWorker.ts', import.meta.url));

suite('LintClient', function () {
  this.timeout(20_000);
  let folder = '';
  let clients: LintClient[] = [];

  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lint-client-'));
  });
  suiteTeardown(() => rm(folder, { recursive: true, force: true }));
  setup(() => {
    clients = [];
  });
  teardown(() => clients.forEach((client) => client.dispose()));

  function start(workerPath: string, options?: LintClientOptions): LintClient {
    const client = new LintClient(workerPath, options);
    clients.push(client);
    return client;
  }

  /** A worker of the tests' own, with `n` as the number of workers that were started before it. */
  async function worker(name: string, body: string): Promise<string> {
    const path = join(folder, `${name}.mjs`);
    const counter = join(folder, `${name}.count`);
    await writeFile(
      path,
      `import { parentPort } from 'node:worker_threads';
import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(counter)}, 'x');
const n = readFileSync(${JSON.stringify(counter)}, 'utf8').length - 1;
parentPort.on('message', (request) => { ${body} });
const reply = (request, ...uris) => parentPort.postMessage({ id: request.id, findings: uris.map((uri) => [uri, []]), ms: 0 });
`,
    );
    return path;
  }

  test('the real worker keeps files between requests, forgets removed ones, and knows what is deployed', async () => {
    const client = start(WORKER);
    const first = await client.lint({
      files: [file('a', 'class A { fetch() {} }'), file('b', 'export class B { fetch() {} }')],
    });
    assert.deepEqual(codes(first), { a: ['NO_EXPORTED_CLASS'], b: [] });
    const second = await client.lint({ files: [file('a', 'export class A { fetch() {} }')], envKeys: ['B'] });
    assert.deepEqual(codes(second), { a: [], b: ['ENV_BINDING_COLLISION'] });
    const third = await client.lint({ removed: ['a'] });
    assert.deepEqual(codes(third), { b: ['ENV_BINDING_COLLISION'] });
    assert.deepEqual(codes(await client.lint({ envKeys: undefined })), { b: [] });
  });

  test('the real worker holds files against deployed sources, which are sent once', async () => {
    const client = start(WORKER);
    const files = [file('a', 'export class A { fetch() {} }')];
    const deployedSources = new Map([['a', 'export class A {}']]);
    assert.deepEqual(codes(await client.lint({ files, deployedSources })), { a: ['drift'] });
    assert.deepEqual(codes(await client.lint({ files })), { a: ['drift'] });
    assert.deepEqual(codes(await client.lint({ deployedSources: new Map() })), { a: [] });

    const told = start(
      await worker('sources', 'reply(request, String(request.deployedSources?.size), String(n))'),
    );
    const sizes: unknown[] = [];
    for (const sources of [deployedSources, new Map(deployedSources), new Map<string, string>()])
      sizes.push([...(await told.lint({ deployedSources: sources })).keys()][0]);
    assert.deepEqual(sizes, ['1', 'undefined', '0']);
  });

  test('a worker that replaces another gets the deployed sources, too', async () => {
    const client = start(
      await worker(
        'sources-again',
        'if (n === 0 && request.id === 2) process.exit(1); reply(request, String(request.deployedSources?.size))',
      ),
    );
    await client.lint({ deployedSources: new Map([['a', 'x']]) });
    assert.deepEqual([...(await client.lint({ files: [file('a', '')] })).keys()], ['1']);
  });

  test('a worker that was started before anybody asked gets all files with the first question', async () => {
    const client = start(WORKER);
    client.warmUp();
    client.warmUp();
    const text = 'export default class A {}';
    const found = await client.lint({ files: [file('a', text), file('b', text)], isPartial: true });
    assert.deepEqual([...found.keys()], ['a', 'b']);
    client.dispose();
    client.warmUp();
    assert.equal((await client.lint({ files: [file('a', text)] })).size, 0);
  });

  test('the real worker looks for what hangs on other files once they are all there', async () => {
    const client = start(WORKER);
    const files = [file('a', 'const helper = 1;\nexport class A { fetch() {} }')];
    const more = [file('b', 'const helper = 2;\nexport class B { fetch() {} }')];
    assert.deepEqual((await client.lint({ files, isPartial: true })).get('a'), []);
    const rules = (await client.lint({ files: more })).get('a')?.map(({ rule }) => rule);
    assert.deepEqual(rules, ['duplicate-top-level-name']);
  });

  test('the real worker knows which env keys no class reads', async () => {
    const client = start(WORKER);
    assert.equal(await client.unusedEnvKeys(), undefined);
    const deployed = [doClass('a')];
    const files = [file('a', 'export class A { fetch(r, env) { return env.USED; } }')];
    await client.lint({ files, deployed, envKeys: ['USED', 'OLD'] });
    assert.deepEqual(await client.unusedEnvKeys(), ['OLD']);
    await client.lint({ removed: ['a'] });
    assert.equal(await client.unusedEnvKeys(), undefined);
  });

  test('the real worker fixes a file that it knows', async () => {
    const client = start(WORKER);
    assert.equal(await client.fixAll('a', {}), undefined);
    await client.lint({ files: [file('a', 'export const limit = 5;\nexport class A { fetch() {} }')] });
    assert.equal(await client.fixAll('a', {}), 'const limit = 5;\nexport class A { fetch() {} }');
    assert.equal(
      await client.fixAll('a', { 'extra-export': 'off' }),
      'export const limit = 5;\nexport class A { fetch() {} }',
    );
    assert.equal(await client.fixAll('b', {}), undefined);
  });

  test('a worker that dies or is silent fixes nothing', async () => {
    const reply = "if (request.kind === 'lint') reply(request, 'a');";
    const silent = start(await worker('silent-fix', reply), { hangMs: 200 });
    await silent.lint({ files: [file('a', '')] });
    assert.equal(await silent.fixAll('a', {}), undefined);
    const dying = start(await worker('dying-fix', `${reply} else process.exit(1);`));
    await dying.lint({ files: [file('a', '')] });
    assert.equal(await dying.fixAll('a', {}), undefined);
  });

  test('updates that come while the worker is busy are united, and each gets findings of its own state or newer', async () => {
    const path = await worker(
      'slow',
      'setTimeout(() => reply(request, ...request.files.map((f) => f.text)), 50)',
    );
    const client = start(path);
    const answers = ['1', '2', '3', '4'].map((text) => client.lint({ files: [file('a', text)] }));
    const texts = (await Promise.all(answers)).map((findings) => [...findings.keys()]);
    assert.deepEqual(texts, [['1'], ['4'], ['4'], ['4']]);
  });

  test('a worker that dies is replaced unseen, and the new one gets all files', async () => {
    const path = await worker(
      'dies',
      'if (n === 0 && request.id === 2) process.exit(1); reply(request, ...request.files.map((f) => f.uri))',
    );
    const restarts: string[] = [];
    const client = start(path, { onRestart: (reason) => restarts.push(reason) });
    await client.lint({ files: [file('a', ''), file('b', '')] });
    const after = await client.lint({ files: [file('b', 'x')] });
    assert.deepEqual([...after.keys()], ['a', 'b']);
    assert.deepEqual(restarts, ['it ended with code 1']);
  });

  test('a worker that throws is replaced unseen', async () => {
    const path = await worker('throws', "if (n === 0) throw new Error('boom'); reply(request, 'a')");
    const restarts: string[] = [];
    const client = start(path, { onRestart: (reason) => restarts.push(reason) });
    assert.deepEqual([...(await client.lint({ files: [file('a', '')] })).keys()], ['a']);
    assert.deepEqual(restarts, ['boom']);
  });

  test('a worker that starts slowly, as all do on a busy machine, gets more time each time', async () => {
    const slow = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900);';
    const client = start(await worker('slow', `${slow} reply(request, 'a')`), { hangMs: 600 });
    assert.deepEqual([...(await client.lint({ files: [file('a', '')] })).keys()], ['a']);
  });

  test('a worker that hangs is replaced unseen', async () => {
    const path = await worker('hangs', "if (n === 0) for (;;) {} reply(request, 'a')");
    const client = start(path, { hangMs: 500 });
    assert.deepEqual([...(await client.lint({ files: [file('a', '')] })).keys()], ['a']);
  });

  test('files that bring down one worker after another are given up, and the next update works', async () => {
    const path = await worker(
      'always',
      "if (request.files.some((f) => f.text === 'bad')) process.exit(3); reply(request, 'a')",
    );
    const client = start(path);
    assert.deepEqual([...(await client.lint({ files: [file('a', 'bad')] })).keys()], []);
    assert.deepEqual([...(await client.lint({ files: [file('a', 'good')] })).keys()], ['a']);
  });

  test('a worker file that is not there gives empty answers instead of a crash', async () => {
    assert.deepEqual(
      [...(await start(join(folder, 'none.mjs')).lint({ files: [file('a', '')] })).keys()],
      [],
    );
  });

  test('apps that are checked side by side know nothing of each other', async () => {
    const client = start(WORKER);
    const code = 'export class Room { fetch() { return new Response(); } }';
    const of = (app: string): LintInput => ({ ...file('room', code), uri: `${app}/room.ts`, app });
    const both = await client.lint({ files: [of('one'), of('two')], app: 'one', envKeys: ['ROOM'] });
    assert.deepEqual(codes(both), { 'one/room.ts': ['ENV_BINDING_COLLISION'], 'two/room.ts': [] });
    assert.deepEqual(codes(await client.lint({ app: 'two' })), {
      'one/room.ts': [],
      'two/room.ts': ['ENV_BINDING_COLLISION'],
    });
    const second = { ...of('two'), uri: 'two/other.ts', name: 'other' };
    assert.deepEqual(codes(await client.lint({ files: [second], envKeys: [] })), {
      'one/room.ts': [],
      'two/room.ts': ['duplicate-class-name'],
      'two/other.ts': ['duplicate-class-name'],
    });
  });

  test('dispose ends what waits', async () => {
    const path = await worker('never', '');
    const client = start(path);
    const answers = [client.lint({ files: [file('a', '')] }), client.lint({ files: [file('b', '')] })];
    client.dispose();
    assert.deepEqual(
      (await Promise.all(answers)).map((findings) => findings.size),
      [0, 0],
    );
    assert.equal((await client.lint({})).size, 0);
  });
});

function file(uri: string, text: string): LintInput {
  return { uri, name: uri, accessMode: 'public', text };
}

function doClass(name: string): DoClass {
  return {
    id: name,
    name,
    className: name.toUpperCase(),
    status: 'READY',
    accessMode: 'public',
    lastDeployedAt: '2026-08-01T10:00:00.000Z',
    errorMessage: undefined,
  };
}

function codes(findings: Map<string, { readonly code: string }[]>): Record<string, string[]> {
  return Object.fromEntries([...findings].map(([uri, found]) => [uri, found.map((finding) => finding.code)]));
}
