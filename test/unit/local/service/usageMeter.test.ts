import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageMeter } from '../../../../src/local/service/usageMeter.ts';
import type { RuntimePort } from '../../../../src/local/service/runtimePort.ts';
import { Store } from '../../../../src/local/store/store.ts';

suite('usage of an app', () => {
  let folder: string;
  let store: Store;

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'bb-usage-'));
    store = new Store(join(folder, 'platform.sqlite'));
    const at = '2026-11-22T12:00:00.000Z';
    store.apps.insert({
      id: 'app_1',
      ownerId: 'o',
      name: 'one',
      subdomain: 'one',
      region: 'us-east-1',
      provisioningStatus: 'ready',
      dbProvisioned: true,
      pausedAt: null,
      pausedReason: null,
      anonKey: '',
      functionKey: '',
      port: 0,
      createdAt: at,
      updatedAt: at,
    });
  });

  teardown(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('adds what came since the last look, once, also when a look tells less', async () => {
    const told = { requests: 0, cpuMs: 0 };
    const runtime: Pick<RuntimePort, 'port' | 'counts' | 'cpuMs'> = {
      port: 1,
      counts: () => Promise.resolve({ requests: told.requests, instances: {} }),
      cpuMs: () => Promise.resolve(told.cpuMs),
    };
    const meter = new UsageMeter('app_1', store.usage, runtime);
    for (const [requests, cpuMs] of [
      [5, 10.5],
      [3, 4],
      [8, 12],
      [8, 12],
    ] as const) {
      Object.assign(told, { requests, cpuMs });
      await meter.flush();
    }
    assert.deepEqual(await meter.read(), { requests: 8, cpuMs: 12 });
    assert.deepEqual(await new UsageMeter('app_1', store.usage, { ...runtime, port: 0 }).read(), {
      requests: 8,
      cpuMs: 12,
    });
  });
});
