import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/core/model/app.ts';
import { startLocalPlatform, type LocalPlatform } from '../../src/local/platform.ts';
import { History, type HistoryEntry } from '../../src/operations/history/history.ts';
import { recordSeen, type SeenParts } from '../../src/operations/history/recordSeen.ts';
import { AppQueue } from '../../src/platform/appQueue.ts';
import { PlatformClient } from '../../src/platform/client.ts';

const source = (answer: string): string =>
  `export class Room {\n  fetch() {\n    return new Response('${answer}');\n  }\n}\n`;

suite('what was deployed elsewhere', function () {
  this.timeout(60_000);
  let folder: string;
  let platform: LocalPlatform;
  /** The person. */
  let mine: PlatformClient;
  /** A colleague, with a key of their own. */
  let theirs: PlatformClient;
  let app: App;
  let history: History;
  let parts: SeenParts;

  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-seen-'));
    platform = await startLocalPlatform({ stateDir: join(folder, 'state'), port: 0, log: () => undefined });
    mine = new PlatformClient({ origin: platform.url, apiKey: platform.apiKey });
    theirs = new PlatformClient({ origin: platform.url, apiKey: await newKey('Bea, laptop') });
  });

  suiteTeardown(async () => {
    await mine.close();
    await theirs.close();
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  });

  setup(async function () {
    const title = this.currentTest?.title ?? '';
    app = await mine.createApp(`app-${title.replaceAll(/\W+/g, '-').slice(0, 30).toLowerCase()}`);
    history = new History(join(folder, 'history'));
    const queue = new AppQueue({ folder: join(folder, 'locks') });
    parts = { client: mine, app, queue, origin: platform.url, platform: 'local', history };
  });

  async function newKey(name: string): Promise<string> {
    const response = await fetch(`${platform.url}/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    return ((await response.json()) as { key: string }).key;
  }

  async function deploy(client: PlatformClient, code: string, name = 'room'): Promise<void> {
    await client.register(app.id, { name, code, accessMode: 'public' }).catch(() => undefined);
  }

  async function told(): Promise<string[]> {
    const tell = ({ event, from, by, status }: HistoryEntry): string =>
      [event, from, status, by].filter((each) => each !== undefined).join(' ');
    return (await history.list({ appId: app.id, platform: 'local' })).map(tell);
  }

  test('is recorded once, with the name of the key that did it', async () => {
    await deploy(theirs, source('one'));
    const first = await recordSeen(parts);
    assert.equal(first.get('room')?.by, 'API key Bea, laptop');
    await recordSeen(parts);
    await deploy(theirs, source('two'));
    await recordSeen(parts);
    assert.deepEqual(await told(), Array(2).fill('seen elsewhere READY API key Bea, laptop'));
    const [newest] = await history.list({ appId: app.id });
    const [row] = await mine.list(app.id);
    assert.equal(newest?.at, new Date(row?.lastDeployedAt ?? '').toISOString());
    assert.equal(await history.source(newest.hash), source('two'));
    assert.deepEqual([newest.appName, newest.className, newest.accessMode], [app.name, 'Room', 'public']);
  });

  test('is nothing new when a program of this person deployed it, however late it is recorded', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const deploying = new AppQueue({ folder: join(folder, 'locks') }).run(
      `${platform.url} ${app.id}`,
      async () => {
        await deploy(mine, source('mine'));
        await held;
        await history.record({
          ...{ platform: 'local', appId: app.id, name: 'room', className: 'Room', accessMode: 'public' },
          ...{
            status: 'READY',
            event: 'deployed',
            from: 'cli',
            at: new Date().toISOString(),
            code: source('mine'),
          },
        });
      },
    );
    while ((await mine.list(app.id)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const seeing = recordSeen(parts);
    await new Promise((resolve) => setTimeout(resolve, 300));
    release();
    await deploying;
    assert.equal((await seeing).get('room')?.from, 'cli');
    assert.deepEqual(await told(), ['deployed cli READY']);
  });

  test('gets its name and its time later, when it was kept before a change without asking who it was', async () => {
    await deploy(mine, source('before'));
    await recordSeen(parts);
    await deploy(theirs, source('theirs'));
    await history.record({
      ...{ platform: 'local', appId: app.id, name: 'room', className: 'Room', accessMode: 'public' },
      ...{
        status: 'READY',
        event: 'seen',
        from: 'elsewhere',
        at: new Date().toISOString(),
        code: source('theirs'),
      },
    });
    assert.equal((await recordSeen(parts)).get('room')?.by, 'API key Bea, laptop');
    await recordSeen(parts);
    const entries = await history.list({ appId: app.id });
    assert.equal(entries.length, 2);
    const [row] = await mine.list(app.id);
    assert.deepEqual(
      [entries[0]?.by, entries[0]?.at],
      ['API key Bea, laptop', new Date(row?.lastDeployedAt ?? '').toISOString()],
    );
  });

  test('is a failed deploy too, which is in no log, and its repair', async () => {
    await deploy(theirs, source('good'));
    await recordSeen(parts);
    await deploy(theirs, `${source('bad')}\nmissing();\n`);
    await recordSeen(parts);
    await deploy(theirs, source('good'));
    await recordSeen(parts);
    const seen = 'seen elsewhere READY API key Bea, laptop';
    assert.deepEqual(await told(), [seen, 'seen elsewhere ERROR', seen]);
    assert.equal((await history.lastGood(app.id, 'room'))?.code, source('good'));
  });

  test('is a deletion, with the source that went', async () => {
    await deploy(theirs, source('gone'));
    await deploy(theirs, source('stays').replace('Room', 'Stays'), 'stays');
    await recordSeen(parts);
    await theirs.delete(app.id, 'room');
    const seen = await recordSeen(parts);
    await recordSeen(parts);
    assert.deepEqual([...seen.keys()], ['stays']);
    const [last, ...before] = await history.list({ appId: app.id, name: 'room' });
    assert.deepEqual([last?.event, last?.from, last?.by], ['deleted', 'elsewhere', 'API key Bea, laptop']);
    assert.equal(before.length, 1);
    assert.equal(await history.source(last?.hash ?? ''), source('gone'));
    await deploy(theirs, source('gone'));
    await recordSeen(parts);
    assert.equal((await history.list({ appId: app.id, name: 'room' }))[0]?.event, 'seen');
  });

  test('is not read again when it is known, and needs no key names to be recorded', async () => {
    await deploy(theirs, source('x'));
    assert.deepEqual([...(await recordSeen(parts, new Set(['room']))).keys()], []);
    assert.deepEqual(await told(), []);
    const silent = Object.create(mine, {
      auditLogs: { value: () => Promise.reject(new Error('no audit log here')) },
      listKeys: { value: () => Promise.reject(new Error('no keys here')) },
      list: { value: mine.list.bind(mine) },
      get: { value: mine.get.bind(mine) },
    }) as PlatformClient;
    await recordSeen({ ...parts, client: silent });
    assert.deepEqual(await told(), ['seen elsewhere READY']);
    assert.ok((await readdir(join(folder, 'history'))).includes('sources'));
  });
});
