import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPlatform, type LocalPlatform } from '../../src/local/platform.ts';
import type { Fault, FaultName } from '../../src/local/service/faultSwitch.ts';
import { send, type Answer } from './http.ts';
import { transcripts } from './transcripts.ts';

suite('the fault switch of the embedded platform', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'bb-faults-'));
  let platform: LocalPlatform;
  let appId = '';
  let apps = 0;

  suiteSetup(async () => {
    platform = await startLocalPlatform({
      stateDir: join(folder, 'state'),
      port: 0,
      faults: true,
      log: () => undefined,
    });
  });

  setup(async () => {
    const { text } = await ask('POST', '/init', { name: `faults-${(apps += 1)}` });
    appId = (JSON.parse(text) as { app_id: string }).app_id;
  });

  suiteTeardown(async () => {
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function ask(method: string, path: string, body?: object): Promise<Answer> {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return send(platform.url, {
      method,
      path,
      headers: { Authorization: `Bearer ${platform.apiKey}`, ...type },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async function fail(...faults: Fault[]): Promise<void> {
    assert.equal((await ask('POST', '/_local/faults', { appId, faults })).status, 200);
  }

  function deploy(name: string, className: string): Promise<Answer> {
    const code = `export class ${className} {\n  fetch() { return new Response('${className}'); }\n}\n`;
    return ask('POST', `/v1/${appId}/durable-objects`, { name, code, access_mode: 'public' });
  }

  async function statuses(): Promise<Record<string, string>> {
    const { text } = await ask('GET', `/v1/${appId}/durable-objects`);
    const { durable_objects: rows } = JSON.parse(text) as {
      durable_objects: { name: string; status: string }[];
    };
    return Object.fromEntries(rows.map(({ name, status }) => [name, status]));
  }

  async function trashed(): Promise<string[]> {
    const { text } = await ask('GET', '/_local/trash');
    const { items } = JSON.parse(text) as { items: { appId: string; className: string }[] };
    return items.filter((item) => item.appId === appId).map(({ className }) => className);
  }

  /** Stores something, so that there is data to lose. */
  async function store(name: string): Promise<void> {
    const app = platform.apps.find(({ id }) => id === appId);
    const answer = await fetch(`${app?.origin ?? ''}/_do/${name}/one`, { method: 'PUT' });
    assert.equal(await answer.text(), 'stored');
  }

  function deployKeeper(name: string, className: string): Promise<Answer> {
    const code = `export class ${className} {\n  constructor(state) { this.state = state; }\n  async fetch() {\n    await this.state.storage.put('x', 1);\n    return new Response('stored');\n  }\n}\n`;
    return ask('POST', `/v1/${appId}/durable-objects`, { name, code, access_mode: 'public' });
  }

  const recordings: Readonly<Partial<Record<FaultName, string>>> = {
    tagMismatch: 'cf-tag-mismatch-10079-register',
    unauthorized: 'cf-auth-10000-register',
    rateLimited: 'cf-429-register',
    serverError: 'cf-500-register',
    socketClosed: 'cf-socket-closed-register',
  };

  for (const [name, recording] of Object.entries(recordings)) {
    test(`${name} is answered as it was recorded, and the next deploy works`, async () => {
      await fail({ name: name as FaultName });
      const answer = await deploy('alpha', 'A');
      const recorded = transcripts().find((each) => each.name === recording)?.response;
      assert.equal(answer.status, recorded?.status);
      assert.deepEqual(
        JSON.parse(answer.text),
        JSON.parse(JSON.stringify(recorded?.body).replaceAll('app_wz5kna6c0e7d', appId)),
      );
      assert.deepEqual(await statuses(), { alpha: 'ERROR' });
      assert.equal((await deploy('alpha', 'A')).status, 200);
    });
  }

  test('the look-up of the tag before a first deploy fails', async () => {
    await fail({ name: 'serverError', on: 'lookUp' });
    const answer = await deploy('alpha', 'A');
    assert.equal(answer.status, 502);
    assert.match(answer.text, /scripts\?per_page=1000: \[10013\]/);
  });

  test('a removal fails: the row is gone, and the next deploy sends the storage to the trash', async () => {
    assert.equal((await deployKeeper('alpha', 'A')).status, 200);
    await store('alpha');
    await fail({ name: 'serverError' });
    assert.equal((await ask('DELETE', `/v1/${appId}/durable-objects/alpha`)).status, 502);
    assert.deepEqual(await statuses(), {});
    assert.deepEqual(await trashed(), []);
    assert.equal((await deploy('beta', 'B')).status, 200);
    assert.deepEqual(await trashed(), ['A']);
  });

  test('a lost script cannot be deployed to again, and its storage is in the trash', async () => {
    assert.equal((await deployKeeper('alpha', 'A')).status, 200);
    await store('alpha');
    await fail({ name: 'scriptLost' });
    for (let tries = 0; tries < 2; tries++) {
      const answer = await deploy('alpha', 'A');
      assert.equal(answer.status, 502);
      assert.match(answer.text, /\[10079\].* but found ''/);
    }
    assert.deepEqual(await trashed(), ['A']);
    const removal = await ask('DELETE', `/v1/${appId}/durable-objects/alpha`);
    assert.match(removal.text, /\[10007\]/);
  });

  test('a moved tag fails every deploy from then on, and what ran runs on', async () => {
    assert.equal((await deployKeeper('alpha', 'A')).status, 200);
    await fail({ name: 'tagMoved' });
    for (let tries = 0; tries < 2; tries++) assert.match((await deploy('beta', 'B')).text, /\[10079\]/);
    await store('alpha');
    assert.deepEqual(await trashed(), []);
  });

  test('a lost answer leaves a deploy that was made and that the platform does not know of', async () => {
    assert.equal((await deployKeeper('alpha', 'A')).status, 200);
    await fail({ name: 'answerLost' });
    const answer = await deployKeeper('beta', 'B');
    assert.equal(answer.status, 502);
    assert.match(answer.text, /fetch failed/);
    assert.deepEqual(await statuses(), { alpha: 'READY', beta: 'ERROR' });
    await store('beta');
    assert.match((await deploy('gamma', 'C')).text, /\[10079\]/);
    await fail({ name: 'answerLost' });
    assert.match((await deploy('gamma', 'C')).text, /fetch failed/);
  });

  test('a slow call keeps the row in BUILDING meanwhile', async () => {
    await fail({ name: 'none', slowMs: 300 });
    const answer = deploy('alpha', 'A');
    while ((await statuses())['alpha'] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(await statuses(), { alpha: 'BUILDING' });
    assert.equal((await answer).status, 200);
  });

  test('the calls are told, and what waits can be forgotten', async () => {
    await fail({ name: 'serverError' }, { name: 'serverError' });
    assert.equal((await deploy('alpha', 'A')).status, 502);
    assert.deepEqual(JSON.parse((await ask('DELETE', `/_local/faults/${appId}`)).text), {
      appId,
      removed: 1,
    });
    assert.equal((await deploy('alpha', 'A')).status, 200);
    const { calls } = JSON.parse((await ask('GET', `/_local/faults/${appId}`)).text) as {
      calls: { method: string; status: number; newClasses: string[] }[];
    };
    assert.deepEqual(
      calls.filter(({ method }) => method === 'PUT').map(({ status, newClasses }) => [status, newClasses]),
      [
        [500, ['A']],
        [200, ['A']],
      ],
    );
  });

  test('a fault that is none is refused with what there is', async () => {
    for (const faults of [
      [{ name: 'flood' }],
      [{ name: 'none', slowMs: -1 }],
      [{ name: 'none', on: 'GET' }],
      'x',
    ]) {
      const answer = await ask('POST', '/_local/faults', { appId, faults });
      assert.equal(answer.status, 400, JSON.stringify(faults));
      assert.match(answer.text, /INVALID_FAULTS/);
    }
    const strange = { appId: 'app_000000000000', faults: [] };
    assert.equal((await ask('POST', '/_local/faults', strange)).status, 404);
  });

  test('a platform that was not started for it has no such switch', async () => {
    const options = { stateDir: join(folder, 'plain'), port: 0, log: () => undefined };
    const plain = await startLocalPlatform(options);
    try {
      const headers = { Authorization: `Bearer ${plain.apiKey}`, 'Content-Type': 'application/json' };
      const body = JSON.stringify({ appId: plain.apps[0]?.id, faults: [{ name: 'serverError' }] });
      const answer = await send(plain.url, { method: 'POST', path: '/_local/faults', headers, body });
      assert.equal(answer.status, 404);
    } finally {
      await plain.close();
    }
  });
});
