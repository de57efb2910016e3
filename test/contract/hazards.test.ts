import assert from 'node:assert/strict';
import type { HostFailure } from '../../src/local/service/scriptHost.ts';
import { Embedded } from './embedded.ts';
import { send } from './http.ts';
import { comparable, rowsOf, withoutDetails } from './rowsLeft.ts';
import { hazards, type Hazard, type HazardStep } from './transcripts.ts';

const RECORDED_APP = 'app_wz5kna6c0e7d';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Replayed apart: the embedded platform runs one change after the other, so that none of them is lost. */
const PARALLEL = 'hazard-j2-concurrent-updates.json';

suite('what destroys data on the platform moves it to the trash on the embedded platform', function () {
  this.timeout(60_000);
  const embedded = new Embedded();
  const recorded = hazards();

  suiteSetup(async () => {
    recorded.forEach((_, index) => {
      const ownerId = embedded.store.ownerId;
      embedded.addApp({ id: appIdOf(index), name: `hazard-${index}`, ownerId });
    });
    await embedded.start();
  });

  suiteTeardown(async () => {
    await embedded.stop();
  });

  for (const [index, { file, hazard }] of recorded.entries()) {
    if (file === PARALLEL) continue;
    test(`${hazard.id}: ${hazard.title}`, () => replay(embedded, appIdOf(index), hazard));
  }

  test('parallel deploys run one after the other, and none loses its class', async () => {
    const appId = appIdOf(recorded.findIndex(({ file }) => file === PARALLEL));
    const names = ['alpha', 'beta', 'seed'];
    const deploy = (name: string) =>
      register(embedded, appId, {
        name,
        code: `export class ${name.toUpperCase()} {}\n`,
        access_mode: 'public',
      });
    for (const name of names) assert.equal((await deploy(name)).status, 200);
    const answers = await Promise.all([deploy('alpha'), deploy('beta')]);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200],
    );
    assert.equal((await deploy('seed')).status, 200);
    assert.deepEqual(embedded.store.deploys.state(appId)?.classNames, ['ALPHA', 'BETA', 'SEED']);
    assert.deepEqual(embedded.trashed.get(appId), []);
  });
});

async function replay(embedded: Embedded, appId: string, hazard: Hazard): Promise<void> {
  for (const step of hazard.steps) {
    const { request, response } = step;
    assert.ok(request !== undefined && response !== undefined, step.do);
    if (step.do.includes('after the script vanished')) embedded.store.deploys.deleteScript(appId);
    embedded.failures.set(appId, failuresOf(embedded, appId, step));
    const callsBefore = embedded.calls.length;
    const trashedBefore = embedded.trashed.get(appId)?.length ?? 0;

    const answer = await send(embedded.url, {
      method: request.method,
      path: request.path.replace(RECORDED_APP, appId),
      headers: { Authorization: `Bearer ${embedded.apiKey}`, ...jsonType(request.body) },
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
    });

    const expected = JSON.stringify(response.body).replaceAll(RECORDED_APP, appId);
    assert.deepEqual(
      { status: answer.status, body: comparableBody(answer.text) },
      { status: response.status, body: comparableBody(expected) },
      step.do,
    );
    assert.deepEqual(callsSince(embedded, appId, callsBefore), expectedCalls(step), step.do);
    assert.deepEqual(
      (embedded.trashed.get(appId) ?? []).slice(trashedBefore),
      step.cloudflare_received.flatMap((call) => call.stub_effect?.classes_whose_storage_was_deleted ?? []),
      step.do,
    );
    const rows = JSON.parse(
      JSON.stringify(step.db_after).replaceAll(RECORDED_APP, appId),
    ) as typeof step.db_after;
    assert.deepEqual(rowsOf(embedded.store, appId), comparable(rows), step.do);
  }
}

function register(embedded: Embedded, appId: string, body: object): Promise<{ readonly status: number }> {
  return send(embedded.url, {
    method: 'POST',
    path: `/v1/${appId}/durable-objects`,
    headers: { Authorization: `Bearer ${embedded.apiKey}`, ...jsonType(body) },
    body: JSON.stringify(body),
  });
}

function jsonType(body: unknown): Record<string, string> {
  return body === undefined ? {} : { 'Content-Type': 'application/json' };
}

/** What Cloudflare refused in the recording without a reason of its own is refused here as well. */
function failuresOf(embedded: Embedded, appId: string, step: HazardStep): (HostFailure | undefined)[] {
  const failures = step.cloudflare_received.map((call): HostFailure | undefined => {
    if (call.fault !== true && !step.do.includes('CF')) return undefined;
    if (call.status === 500) {
      return { status: 500, code: 10013, message: 'An unknown error has occurred.' };
    }
    if (call.status === 400) {
      return { status: 400, code: 10021, message: "Uncaught SyntaxError: Unexpected token '{'" };
    }
    if (call.status === 404) {
      return { status: 404, code: 10007, message: 'This Worker does not exist on your account.' };
    }
    return undefined;
  });
  // The recording leaves out the look-up of the tag, which comes before the first deploy of an app.
  const looksUp = embedded.store.deploys.state(appId) === undefined;
  return looksUp ? [undefined, ...failures] : failures;
}

interface Call {
  readonly method: string;
  readonly status: number;
  readonly migrations?: { readonly created: readonly string[]; readonly deleted: readonly string[] };
}

function callsSince(embedded: Embedded, appId: string, start: number): Call[] {
  return embedded.calls
    .slice(start)
    .filter((made) => made.appId === appId && made.call.method !== 'GET')
    .map(({ call, status }) => {
      if (call.method === 'DELETE') return { method: call.method, status };
      return {
        method: call.method,
        status,
        migrations: { created: call.newClasses, deleted: call.deletedClasses },
      };
    });
}

function expectedCalls(step: HazardStep): Call[] {
  return step.cloudflare_received.map(({ method = 'PUT', status, migrations }) => {
    if (migrations === undefined) return { method, status };
    const { new_classes: created, deleted_classes: deleted } = migrations;
    return { method, status, migrations: { created, deleted } };
  });
}

function comparableBody(text: string): unknown {
  return JSON.parse(withoutDetails(text).replace(UUID, '<uuid>'));
}

function appIdOf(index: number): string {
  return `app_hazard00${String(index).padStart(4, '0')}`;
}
