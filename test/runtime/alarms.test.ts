import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { AppUnderTest, eventually } from './appUnderTest.ts';

const BELL = `
import { DurableObject } from 'cloudflare:workers';
export class Bell extends DurableObject {
  async fetch(request: Request) {
    const ms = Number(new URL(request.url).searchParams.get('in'));
    if (ms > 0) await this.ctx.storage.setAlarm(Date.now() + ms);
    return new Response(String((await this.ctx.storage.get('rung')) ?? 0));
  }
  async alarm() {
    await this.ctx.storage.put('rung', ((await this.ctx.storage.get<number>('rung')) ?? 0) + 1);
  }
}
`;

suite('alarms on the embedded platform', () => {
  let app: AppUnderTest;

  setup(async () => {
    app = new AppUnderTest();
    await app.mustDeploy({ bell: BELL });
  });

  teardown(() => app.close());

  const rung = async () => Number(await app.text('bell', 'x')) || undefined;

  test('ring', async () => {
    assert.equal(await app.text('bell', 'x', '?in=50'), '0');
    assert.equal(await eventually(rung), 1);
  });

  test('ring after the start when they fell due while nothing ran', async () => {
    await app.text('bell', 'x', '?in=300');
    await app.runtime.stop();
    await delay(400);
    await app.mustDeploy({ bell: BELL });
    assert.equal(await eventually(rung), 1);
  });

  test('survive a redeploy', async () => {
    await app.text('bell', 'x', '?in=400');
    await app.mustDeploy({ bell: BELL });
    assert.equal(await eventually(rung), 1);
  });
});
