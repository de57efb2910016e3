import assert from 'node:assert/strict';
import { Embedded } from './embedded.ts';
import { send, type Answer } from './http.ts';
import { comparable, rowsOf } from './rowsLeft.ts';
import { Scenario, type Given } from './scenario.ts';
import { fullPath, transcripts, type RowsLeft, type Transcript } from './transcripts.ts';

/** Transcripts that the embedded platform answers otherwise, or that it has nothing for. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  'auth-jwt-platform': 'there is nobody here who issues sessions: an API key is the only way in',
  'auth-jwt-with-x-organization-id': 'there is nobody here who issues sessions',
};

const CHAT_ROOM = { name: 'chat-room', className: 'ChatRoom' };
const FIVE = ['a', 'b', 'c', 'd', 'e'].map((letter) => ({
  name: `do-${letter}`,
  className: `K${letter.toUpperCase()}`,
}));

const GIVEN: Readonly<Record<string, Given>> = {
  'account-soft-locked-env-delete': { account: 'soft_locked' },
  'account-soft-locked-list': { account: 'soft_locked' },
  'account-soft-locked-register': { account: 'soft_locked' },
  'app-deleting-list': { provisioning: 'deleting' },
  'app-env-of-other-user': { foreign: true },
  'app-migrating-register': { provisioning: 'migrating' },
  'app-of-other-user': { foreign: true },
  'app-of-other-user-register': { foreign: true },
  'app-other-region-list': { region: 'eu-west-1' },
  'app-other-region-no-auth': { region: 'eu-west-1' },
  'app-other-region-register': { region: 'eu-west-1' },
  'app-provisioning-register': { provisioning: 'provisioning' },
  'app-status-provisioning': { provisioning: 'provisioning' },
  'audit-logs-all': { olderEvents: { count: 281, eventType: 'durable_object.create' } },
  'audit-logs-do': { olderEvents: { count: 273, eventType: 'durable_object.create' } },
  'audit-logs-do-event': { olderEvents: { count: 32, eventType: 'durable_object.env.set' } },
  'auth-expired-key': { key: 'expired' },
  'auth-revoked-key': { key: 'revoked' },
  'auth-revoked-key-after-use': { key: 'revoked' },
  'env-after-collision-delete-key-repairs': { env: ['CHAT_ROOM'] },
  'env-after-collision-other-put-blocked': { classes: [CHAT_ROOM], deployed: true, env: ['CHAT_ROOM'] },
  'env-after-collision-register-blocked': { classes: [CHAT_ROOM], deployed: true, env: ['CHAT_ROOM'] },
  'env-put-collides-with-class-binding': { classes: [CHAT_ROOM], deployed: true, env: ['API_BASE', '_OK'] },
  'register-sixth-class': { classes: FIVE, deployed: true },
  'table-foreign-app': { foreign: true },
  'table-paused': { paused: 'cleaning up' },
};

/** Where real workerd, like real Cloudflare, refuses what the recording's stand-in for Cloudflare took. */
const REFUSED_BY_WORKERD: Readonly<Record<string, RegExp>> = {
  'register-source-declare-class': /\[10021\].*ChatRoom/,
  'register-source-reexport-from-npm': /\[10021\].*No such module/,
  'register-source-require': /\[10021\].*require is not defined/,
};

const LIMIT = 3000;

suite('the embedded platform answers what the platform was recorded to answer', function () {
  this.timeout(60_000);
  const embedded = new Embedded();
  const limited = new Embedded();
  const scenarios = transcripts().map(
    (transcript, index) => new Scenario(transcript, index, GIVEN[transcript.name] ?? {}),
  );

  suiteSetup(async () => {
    for (const scenario of scenarios) scenario.seed(isLimited(scenario) ? limited : embedded);
    await Promise.all([embedded.start(LIMIT), limited.start(300)]);
  });

  suiteTeardown(async () => {
    await Promise.all([embedded.stop(), limited.stop()]);
  });

  for (const scenario of scenarios) {
    const { name } = scenario.transcript;
    if (name in NOT_REPLAYED) continue;
    test(name, async () => {
      const platform = isLimited(scenario) ? limited : embedded;
      if (name === 'rate-limit-no-auth-same-app') {
        for (let sent = 0; sent < 300; sent++) await request(platform, scenario);
      }
      const answer = await withAccount(platform, scenario, () => request(platform, scenario));
      const refusal = REFUSED_BY_WORKERD[name];
      if (refusal === undefined) {
        assertSame(answer, scenario, platform);
        assertRows(scenario, platform);
        return;
      }
      assert.equal(answer.status, 502);
      assert.match(answer.text, refusal);
    });
  }

  test('every transcript that is left out is one that there is', () => {
    const names = new Set(scenarios.map(({ transcript }) => transcript.name));
    for (const name of [
      ...Object.keys(NOT_REPLAYED),
      ...Object.keys(GIVEN),
      ...Object.keys(REFUSED_BY_WORKERD),
    ]) {
      assert.ok(names.has(name), name);
    }
  });
});

function isLimited(scenario: Scenario): boolean {
  return (
    scenario.transcript.name.startsWith('rate-limit') ||
    scenario.transcript.response.headers['x-ratelimit-limit'] === '300'
  );
}

function request(platform: Embedded, scenario: Scenario): Promise<Answer> {
  const { name, request: recorded } = scenario.transcript;
  const path = scenario.rename(fullPath(recorded.path, name.startsWith('usage') ? '/usage' : ''));
  return send(platform.url, {
    method: recorded.method,
    path,
    headers: scenario.headers,
    body: scenario.body,
  });
}

async function withAccount<T>(platform: Embedded, scenario: Scenario, work: () => Promise<T>): Promise<T> {
  platform.store.accountStatus = scenario.given.account ?? 'active';
  try {
    return await work();
  } finally {
    platform.store.accountStatus = 'active';
  }
}

/** Headers whose values do not depend on when and how often somebody asked. */
const FIXED_HEADERS = [
  'vary',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'content-type',
  'x-ratelimit-limit',
  'fly-replay',
] as const;

function assertSame(answer: Answer, scenario: Scenario, platform: Embedded): void {
  const { transcript } = scenario;
  const recorded = transcript.response;
  const expectedBody = normalise(scenario.rename(bodyText(recorded.body)), platform, scenario.seededIds);
  assert.deepEqual(
    {
      status: answer.status,
      body: readable(withoutMessage(transcript, normalise(answer.text, platform, scenario.seededIds))),
    },
    { status: recorded.status, body: readable(withoutMessage(transcript, expectedBody)) },
  );
  for (const name of FIXED_HEADERS) {
    const expected = recorded.headers[name];
    assert.equal(answer.headers[name], expected, `header ${name}`);
  }
  if (recorded.headers['x-ratelimit-limit'] !== undefined && recorded.status !== 429) {
    assert.equal(
      Number(answer.headers['x-ratelimit-remaining']),
      Number(answer.headers['x-ratelimit-limit']) - 1,
    );
    assert.equal(answer.headers['x-ratelimit-reset'], '60');
  }
  if (recorded.headers['retry-after'] === '60') assert.equal(answer.headers['retry-after'], '60');
  if (recorded.status === 429)
    assert.equal(answer.headers['retry-after'], answer.headers['x-ratelimit-reset']);
  if (hasSameLength(transcript)) {
    assert.equal(answer.headers['content-length'], recorded.headers['content-length']);
  }
}

function assertRows(scenario: Scenario, platform: Embedded): void {
  const { transcript, requestedApp } = scenario;
  if (transcript.db_after === undefined || requestedApp === undefined) return;
  const rows = JSON.parse(scenario.rename(JSON.stringify(transcript.db_after))) as RowsLeft;
  assert.deepEqual(rowsOf(platform.store, requestedApp), comparable(rows));
}

function hasSameLength({ name, response }: Transcript): boolean {
  const text = bodyText(response.body);
  const varies = /ZodError|worker\.mjs|retry in/.test(text) || name === 'head-list';
  return !varies && response.headers['content-length'] !== undefined && !/"logs"|"paused_at":"/.test(text);
}

function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Ids of rows that are made during the request, its time, and positions, which are ours: in the app's own files. */
function normalise(text: string, platform: Embedded, seeded: ReadonlySet<string>): string {
  return text
    .replaceAll(platform.store.organizationId, '<uuid>')
    .replace(UUID, (id) => (seeded.has(id) ? id : '<uuid>'))
    .replace(/"paused_at":"[^"]+"/, '"paused_at":"<time>"')
    .replace(/retry in \d+ seconds|retry in 1 minute/, 'retry in <time>')
    .replace(/at (?:worker\.mjs|[a-z0-9-]+\.ts):\d+:\d+/g, 'at <position>');
}

/** A failed validation says here what was wrong; code, status and details are the platform's. */
function withoutMessage({ response }: Transcript, text: string): string {
  if (!bodyText(response.body).includes('ZodError')) return text;
  return text.replace(/"message":"(?:[^"\\]|\\.)*"/, '"message":"<ours>"');
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
