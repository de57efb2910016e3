import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DoError } from '../../../../src/core/errors.ts';
import { generateKey } from '../../../../src/local/store/keyTable.ts';
import { Database, DatabaseError, isFull } from '../../../../src/local/store/database.ts';
import { Store } from '../../../../src/local/store/store.ts';

const NOW = '2026-11-22T12:00:00.000Z';
const LATER = '2026-11-22T13:00:00.000Z';

suite('store of the embedded platform', () => {
  let folder: string;
  let store: Store;

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'bb-store-'));
    store = new Store(join(folder, 'state', 'platform.sqlite'));
    store.apps.insert({
      id: 'app_1',
      ownerId: store.ownerId,
      name: 'one',
      subdomain: 'one',
      region: 'us-east-1',
      provisioningStatus: 'ready',
      dbProvisioned: true,
      pausedAt: null,
      pausedReason: null,
      anonKey: 'anon',
      functionKey: 'fn',
      port: 0,
      createdAt: NOW,
      updatedAt: NOW,
    });
  });

  teardown(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function reopen(): void {
    store.close();
    store = new Store(join(folder, 'state', 'platform.sqlite'));
  }

  test('only its owner can read the folder and the file', function () {
    if (process.platform === 'win32') this.skip();
    assert.equal(statSync(join(folder, 'state')).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'state', 'platform.sqlite')).mode & 0o777, 0o600);
  });

  test('everything is there after it was opened again', () => {
    const source = { name: 'room', className: 'Room', code: 'x', accessMode: 'public' } as const;
    const id = store.classes.submit('app_1', source, NOW);
    store.classes.setReady(id, LATER);
    store.env.set('app_1', 'KEY', 'välue\n', NOW);
    store.usage.add('app_1', '2026-11', { requests: 2, cpuMs: 1.5 });
    store.deploys.saveState('app_1', { classNames: ['Room'], migrationTag: 'v-1' }, NOW);
    const script = { migrationTag: 'v-1', classes: [source], env: { KEY: 'v' }, module: 'm', builder: 'b' };
    store.deploys.saveScript('app_1', script);
    const key = store.apiKey(NOW);
    const { ownerId, invokerToken } = store;

    reopen();

    const row = store.classes.find('app_1', 'room');
    assert.deepEqual([row?.status, row?.lastDeployedAt, row?.createdAt], ['READY', LATER, NOW]);
    assert.deepEqual(store.env.values('app_1'), { KEY: 'välue\n' });
    assert.deepEqual(store.usage.read('app_1', '2026-11'), { requests: 2, cpuMs: 1.5 });
    assert.deepEqual(store.deploys.state('app_1'), { classNames: ['Room'], migrationTag: 'v-1' });
    assert.deepEqual(store.deploys.script('app_1'), script);
    assert.deepEqual([store.apiKey(LATER), store.ownerId, store.invokerToken], [key, ownerId, invokerToken]);
  });

  test('a submitted source is written over the row of its name and keeps its id', () => {
    const id = store.classes.submit(
      'app_1',
      { name: 'a', className: 'A', code: '1', accessMode: 'public' },
      NOW,
    );
    store.classes.setError(id, 'broken', NOW);
    const again = store.classes.submit(
      'app_1',
      { name: 'a', className: 'B', code: '2', accessMode: 'service_key' },
      LATER,
    );
    assert.equal(again, id);
    const row = store.classes.find('app_1', 'a');
    assert.deepEqual(
      [row?.className, row?.code, row?.status, row?.errorMessage],
      ['B', '2', 'BUILDING', null],
    );
    assert.deepEqual([row?.createdAt, row?.updatedAt], [NOW, LATER]);
  });

  test('a deploy sends the rows that are not in ERROR, by name; the list is newest first', () => {
    for (const [name, at] of [
      ['b', NOW],
      ['a', LATER],
      ['c', LATER],
    ] as const) {
      const id = store.classes.submit('app_1', { name, className: name, code: '', accessMode: 'public' }, at);
      if (name === 'c') store.classes.setError(id, 'x', at);
    }
    assert.deepEqual(
      store.classes.active('app_1').map((row) => row.name),
      ['a', 'b'],
    );
    assert.deepEqual(
      store.classes.list('app_1').map((row) => row.name),
      ['c', 'a', 'b'],
    );
  });

  test('keys are kept as hashes and stop working when they are revoked or expired', () => {
    const { keys, ownerId } = store;
    const [plain, expired] = [generateKey(), generateKey()];
    assert.match(plain, /^bb_sk_[0-9a-f]{40}$/);
    const made = { ownerId, name: 'k', scopes: ['*'], scope: 'app' } as const;
    const row = keys.insert(plain, made, NOW);
    keys.insert(expired, { ...made, expiresAt: NOW }, NOW);
    assert.equal(keys.validate(plain, LATER)?.id, row.id);
    assert.equal(keys.validate(expired, LATER), undefined);
    assert.equal(keys.validate(generateKey(), LATER), undefined);
    assert.equal(keys.revoke(row.id, 'somebody else', LATER), false);
    assert.equal(keys.revoke(row.id, ownerId, LATER), true);
    assert.equal(keys.revoke(row.id, ownerId, LATER), false);
    assert.equal(keys.validate(plain, LATER), undefined);
    const raw = new DatabaseSync(join(folder, 'state', 'platform.sqlite'), { readOnly: true });
    const stored = JSON.stringify(raw.prepare('SELECT * FROM api_keys').all());
    raw.close();
    assert.ok(!stored.includes(plain.slice(12)));
  });

  test('a new key of the platform takes the place of one that was revoked', () => {
    const first = store.apiKey(NOW);
    store.keys.revoke(store.keys.list(store.ownerId)[0]?.id ?? '', store.ownerId, NOW);
    const second = store.apiKey(LATER);
    assert.notEqual(second, first);
    assert.ok(store.keys.validate(second, LATER));
  });

  test('keys of variables are sorted, their values come as they were last set', () => {
    store.env.set('app_1', 'B', '1', NOW);
    store.env.set('app_1', 'C', '2', NOW);
    store.env.set('app_1', 'A', '3', NOW);
    store.env.set('app_1', 'B', '4', LATER);
    assert.deepEqual(store.env.keys('app_1'), ['A', 'B', 'C']);
    assert.deepEqual(Object.entries(store.env.values('app_1')), [
      ['C', '2'],
      ['A', '3'],
      ['B', '4'],
    ]);
  });

  test('deleting an app takes its rows along, and a failed transaction leaves none', () => {
    store.env.set('app_1', 'A', '1', NOW);
    assert.throws(
      () =>
        store.transaction(() => {
          store.env.set('app_1', 'B', '2', NOW);
          throw new Error('stop');
        }),
      /stop/,
    );
    assert.deepEqual(store.env.keys('app_1'), ['A']);
    store.apps.delete('app_1');
    assert.deepEqual(store.env.keys('app_1'), []);
  });

  test('text with a NUL is refused as by PostgreSQL, except in values, which it keeps encrypted', () => {
    const source = { name: 'a', className: 'A', code: '// \0', accessMode: 'public' } as const;
    assert.throws(() => store.classes.submit('app_1', source, NOW), DatabaseError);
    assert.deepEqual(store.classes.list('app_1'), []);
    assert.throws(() => store.classes.find('app_1', 'a\0'), DatabaseError);
    assert.throws(() => store.env.delete('app_1', 'A\0'), DatabaseError);
    assert.throws(() => store.keys.revoke('\0', store.ownerId, NOW), DatabaseError);
    store.env.set('app_1', 'A', 'a\0b', NOW);
    assert.deepEqual(store.env.values('app_1'), { A: 'a\0b' });
  });

  const event = {
    appId: 'app_1',
    category: 'admin',
    action: 'create',
    resourceType: 'durable_object',
    resourceId: 'x',
    actorType: 'api_key',
    actorId: 'k',
    eventData: { name: 'x' },
    ipAddress: null,
    userAgent: null,
  } as const;

  test('audit events come newest first, filtered, in pages', () => {
    for (const [index, eventType] of ['one', 'two', 'one'].entries()) {
      store.audit.add({ ...event, eventType }, `2026-11-22T12:00:0${index}.000Z`);
    }
    const all = { equals: {}, from: undefined, to: undefined, limit: 2, offset: 0 };
    const page = store.audit.read('app_1', all);
    assert.equal(page.total, 3);
    assert.deepEqual(
      page.rows.map((row) => row.createdAt.slice(17, 19)),
      ['02', '01'],
    );
    assert.equal(store.audit.read('app_1', { ...all, equals: { event_type: 'one' } }).total, 2);
    assert.equal(store.audit.read('app_1', { ...all, from: '2026-11-22T12:00:01.000Z' }).total, 2);
    assert.equal(store.audit.read('app_1', { ...all, to: '2026-11-22T12:00:01.000Z' }).total, 1);
    assert.equal(store.audit.read('app_2', all).total, 0);
  });

  test('bounds of audit events are times in any form of ISO 8601, UTC without a zone', () => {
    store.audit.add({ ...event, eventType: 'one' }, '2026-11-22T12:00:01.000Z');
    const since = (from: string): number =>
      store.audit.read('app_1', { equals: {}, from, to: undefined, limit: 2, offset: 0 }).total;
    for (const from of [
      '',
      '2026-11-22',
      '20261122',
      '2026-11-22 12:00',
      '2026-11-22T12:00:01',
      '2026-11-22T13:00:01+01',
      '2026-11-22T07:00:01-0500',
    ]) {
      assert.equal(since(from), 1, from);
    }
    for (const from of ['2026-11-23', '2026-11-22 12:00:01.5', '2026-11-22T12:00:01-01:00']) {
      assert.equal(since(from), 0, from);
    }
    for (const from of ['soon', '2026-11', '2026-13-01', '2026-02-30', '2026-11-22T12', '1700000000', '\0']) {
      assert.throws(() => since(from), DatabaseError, from);
    }
  });

  test('data of audit events has its keys in the order of the hosted platform, short ones first', () => {
    const eventData = { target_app_id: null, prefix: 'bb_sk_', name: 'k', key_scope: 'account' };
    store.audit.add({ ...event, eventType: 'one', eventData }, NOW);
    const { rows } = store.audit.read('app_1', {
      equals: {},
      from: undefined,
      to: undefined,
      limit: 1,
      offset: 0,
    });
    assert.deepEqual(Object.keys(rows[0]?.eventData ?? {}), ['name', 'prefix', 'key_scope', 'target_app_id']);
  });

  test('a file that is no database is refused in words and stays as it is', () => {
    const path = join(folder, 'garbage.sqlite');
    const garbage = 'not a database '.repeat(1000);
    writeFileSync(path, garbage);
    assert.throws(
      () => new Store(path),
      (error) => error instanceof DoError && error.message.includes(path),
    );
    assert.equal(readFileSync(path, 'utf8'), garbage);
  });

  test('a full disk fails what it stops and nothing later', () => {
    const database = new Database(join(folder, 'full', 'platform.sqlite'));
    database.run('CREATE TABLE kept (text TEXT)');
    const [{ page_count: pages } = { page_count: 0 }] = database.all('PRAGMA page_count');
    const limit = (count: number): unknown => database.all(`PRAGMA max_page_count = ${count}`);
    limit(Number(pages) + 2);
    const insert = (text: string): void => {
      database.transaction(() => void database.run('INSERT INTO kept VALUES (?)', text));
    };
    assert.throws(
      () => insert('x'.repeat(100_000)),
      (error) => isFull(error) && error instanceof Error && /full/.test(error.message),
    );
    limit(1_000_000);
    insert('y');
    assert.deepEqual(
      database.all('SELECT text FROM kept').map(({ text }) => text),
      ['y'],
    );
    database.close();
  });

  test('a state folder of a later version is refused in words', () => {
    store.close();
    const path = join(folder, 'state', 'platform.sqlite');
    const raw = new DatabaseSync(path);
    const version = Number(raw.prepare('PRAGMA user_version').get()?.['user_version']);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    assert.throws(() => new Store(path), /later version/);
    const repaired = new DatabaseSync(path);
    repaired.exec(`PRAGMA user_version = ${version}`);
    repaired.close();
    store = new Store(path);
  });
});
