import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { DoError } from '../../src/core/errors.ts';
import { AppUnderTest, COUNTER, eventually } from './appUnderTest.ts';

const OTHER = `export class Other { async fetch() { return new Response('other'); } }`;

const COUNTER_WITH_PEEK = COUNTER.replace(
  'const next',
  `if (request.url.endsWith('?peek')) return new Response(String((await this.ctx.storage.get('n')) ?? 'none'));
    const next`,
);

const BELL = `
import { DurableObject } from 'cloudflare:workers';
export class Bell extends DurableObject {
  async fetch(request: Request) {
    if (new URL(request.url).searchParams.has('set')) await this.ctx.storage.setAlarm(Date.now() + 700);
    return new Response((await this.ctx.storage.get<string>('rung')) ?? 'silent');
  }
  async alarm() { await this.ctx.storage.put('rung', 'rung'); }
}
`;

suite('the trash of the embedded platform', () => {
  let app: AppUnderTest;

  setup(() => {
    app = new AppUnderTest();
  });

  teardown(() => app.close());

  test('holds the data of a deleted class, and gives it back', async () => {
    await app.mustDeploy({ counter: COUNTER, other: OTHER });
    await app.text('counter', 'a');
    await app.text('counter', 'a');
    await app.mustDeploy({ other: OTHER });
    const item = await app.runtime.trashStorage('Counter');
    assert.equal(item?.className, 'Counter');
    assert.ok(item.bytes > 0);
    assert.ok(Math.abs(Date.parse(item.deletedAt) - Date.now()) < 60_000);
    assert.deepEqual(await app.runtime.listTrash(), [item]);
    assert.equal(await app.text('other', 'x'), 'other', 'the others go on');

    await assert.rejects(app.runtime.restoreStorage(item.id), refusal(409, 'CLASS_MISSING'));
    await app.mustDeploy({ counter: COUNTER_WITH_PEEK, other: OTHER });
    assert.equal(
      await app.text('counter', 'a', '?peek'),
      'none',
      'an object that was only called has no data',
    );
    await app.runtime.restoreStorage(item.id);
    assert.equal(await app.text('counter', 'a'), '3');
    assert.deepEqual(await app.runtime.listTrash(), []);
  });

  test('does not put old data over newer data, unless that goes to the trash itself', async () => {
    await app.mustDeploy({ counter: COUNTER });
    await app.text('counter', 'a');
    const old = await app.runtime.trashStorage('Counter');
    assert.ok(old !== undefined);
    assert.equal(await app.text('counter', 'a'), '1', 'a running class starts empty');
    await app.text('counter', 'a');
    await assert.rejects(app.runtime.restoreStorage(old.id), refusal(409, 'STORAGE_EXISTS'));
    assert.equal(await app.text('counter', 'a'), '3', 'still running on the newer data');
    await app.runtime.restoreStorage(old.id, { replace: true });
    assert.equal(await app.text('counter', 'a'), '2');
    const [newer] = await app.runtime.listTrash();
    assert.ok(newer !== undefined);
    await app.runtime.restoreStorage(newer.id, { replace: true });
    assert.equal(await app.text('counter', 'a'), '4');
  });

  test('keeps alarms with the data', async () => {
    await app.mustDeploy({ bell: BELL, other: OTHER });
    assert.equal(await app.text('bell', 'x', '?set'), 'silent');
    await app.mustDeploy({ other: OTHER });
    const item = await app.runtime.trashStorage('Bell');
    assert.ok(item !== undefined);
    await delay(800);
    await app.mustDeploy({ bell: BELL, other: OTHER });
    assert.equal(await app.text('other', 'x'), 'other');
    await app.runtime.restoreStorage(item.id);
    await eventually(async () => (await app.text('bell', 'x')) === 'rung' || undefined);
  });

  test('has nothing of a class that stored nothing, and refuses ids that are none', async () => {
    await app.mustDeploy({ other: OTHER });
    assert.equal(await app.text('other', 'x'), 'other');
    assert.equal(await app.runtime.trashStorage('Other'), undefined);
    assert.equal(await app.runtime.trashStorage('Never'), undefined);
    assert.deepEqual(await app.runtime.listTrash(), []);
    for (const id of ['', '..', '../do', '2026-01-01T00-00-00.000Z-Gone', 'x/y']) {
      await assert.rejects(app.runtime.restoreStorage(id), refusal(404, 'TRASH_ITEM_NOT_FOUND'));
    }
  });
});

function refusal(status: number, code: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof DoError && error.status === status && error.code === code && error.nextStep !== '';
}
