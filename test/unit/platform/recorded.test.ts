import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DoError } from '../../../src/core/errors.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { FakePlatform, KEY } from './fakePlatform.ts';

interface Recorded {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/responses/recorded.json'), 'utf8'),
) as Recorded[];

function find(name: string): Recorded {
  const found = recorded.find((entry) => entry.name === name);
  assert.ok(found, name);
  return found;
}

const source = { name: 'chat-room', code: 'export class ChatRoom {}', accessMode: 'public' } as const;

/** Makes the call that gets such an answer. */
async function ask(client: PlatformClient, { method, path }: Recorded): Promise<unknown> {
  const app = 'app_wz5kna6c0e7d';
  if (method === 'POST') return client.register(app, source);
  if (method === 'PUT') return client.setEnv(app, 'KEY', 'value');
  if (method === 'DELETE' && path.includes('/env/')) return client.deleteEnv(app, 'KEY');
  if (method === 'DELETE') return client.delete(app, 'chat-room');
  if (path === '/apps') return client.listApps();
  if (path.includes('/audit-logs')) return client.auditLogs(app);
  if (path.endsWith('/usage')) return client.usage(app);
  if (path.endsWith('/durable-objects/env')) return client.listEnv(app);
  if (/\/durable-objects\/[^/?]+$/.test(path)) return client.get(app, 'chat-room');
  return client.list(app);
}

suite('recorded answers of the platform', () => {
  let platform: FakePlatform;
  let current: Recorded;
  let client: PlatformClient;

  suiteSetup(async () => {
    platform = await FakePlatform.start((_request, response) => {
      const { status, headers, body } = current;
      response.writeHead(status, headers);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
      return undefined;
    });
    client = new PlatformClient({ origin: platform.origin, apiKey: KEY });
  });

  suiteTeardown(async () => {
    await client.close();
    await platform.close();
  });

  async function errorOf(name: string): Promise<DoError> {
    current = find(name);
    const error: unknown = await ask(client, current).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DoError, `${name} gives a DoError, not ${String(error)}`);
    return error;
  }

  test('every recorded refusal becomes an error with code, sentence, next step and status, and without the key', async () => {
    const refusals = recorded.filter(({ status }) => status !== 200 && status !== 201);
    assert.ok(refusals.length > 90);
    for (const { name, status } of refusals) {
      const error = await errorOf(name);
      assert.equal(error.status, status, name);
      assert.match(error.code, /^\w+$/, name);
      assert.match(error.message, /^\S[^]*\S$/, name);
      assert.match(error.nextStep, /^[A-Z][^]*\.$/, name);
      assert.doesNotMatch(`${error.message} ${error.nextStep}`, /bb_sk_[0-9a-f]|undefined|\[object/, name);
    }
  });

  test('every recorded answer that the client asks for is understood', async () => {
    const mine = /^\/apps$|\/durable-objects|\/audit-logs\?resource_type/;
    const shadowed = /^(get-do-named-env|head-|query-string)/;
    const answers = recorded.filter(
      ({ status, path, name }) => status === 200 && mine.test(path) && !shadowed.test(name),
    );
    assert.ok(answers.length > 80);
    for (const answer of answers) {
      current = answer;
      await assert.doesNotReject(ask(client, answer), answer.name);
    }
  });

  test("the platform's own words stay attached where ours replace them", async () => {
    const error = await errorOf('register-broken-source-cf-10021');
    assert.match((error.cause as Error).message, /Cloudflare rejected.*10021/);
  });

  test('rows come back in our words', async () => {
    current = find('cf-list-after-failure');
    const rows = await client.list('app_wz5kna6c0e7d');
    const alpha = rows.find(({ name }) => name === 'alpha');
    assert.equal(alpha?.status, 'ERROR');
    assert.equal(alpha.className, 'A');
    assert.match(alpha.errorMessage ?? '', /10013/);
    current = find('list-after-sixth');
    const sixth = (await client.list('app_wz5kna6c0e7d')).find(({ name }) => name === 'do-f');
    assert.equal(sixth?.lastDeployedAt, undefined);
    current = find('usage-rows-in-control-db');
    assert.deepEqual(await client.usage('app_wz5kna6c0e7d'), { requests: 1234, cpuMs: 5678 });
    current = find('audit-logs-do');
    const [first] = await client.auditLogs('app_wz5kna6c0e7d');
    assert.equal(first?.eventType, 'durable_object.env.set');
    assert.equal(first.resourceId, 'A');
  });

  const expected: readonly (readonly [
    name: string,
    expected: { code?: string; message?: RegExp; nextStep?: RegExp; retryAfterMs?: number; url?: RegExp },
  ])[] = [
    ['auth-revoked-key', { code: 'AUTH_INVALID_API_KEY', message: /revoked/, nextStep: /key that is valid/ }],
    ['auth-garbage-token', { code: 'AUTH_INVALID_TOKEN', nextStep: /bb_sk_/ }],
    ['auth-missing-list', { code: 'REQUEST_ERROR', message: /API key/, nextStep: /key that is valid/ }],
    [
      'account-soft-locked-register',
      { code: 'account_soft_locked', message: /read-only/, nextStep: /billing/, url: /\/billing$/ },
    ],
    ['app-provisioning-register', { code: 'APP_PROVISIONING', nextStep: /Wait/ }],
    ['app-deleting-list', { code: 'APP_DELETING', nextStep: /another app/ }],
    ['app-migrating-register', { code: 'app_migrating', nextStep: /60 seconds/, retryAfterMs: 60_000 }],
    ['app-other-region-list', { code: 'OTHER_REGION', message: /eu-west-1/, nextStep: /eu-west-1/ }],
    ['app-other-region-register', { code: 'OTHER_REGION', message: /eu-west-1/ }],
    ['app-unknown', { code: 'RESOURCE_NOT_FOUND', message: /app_doesnotexist/, nextStep: /Use another app/ }],
    ['app-of-other-user', { code: 'RESOURCE_NOT_FOUND', message: /another account/ }],
    ['get-unknown-do', { code: 'RESOURCE_NOT_FOUND', message: /no such Durable Object/ }],
    ['get-name-101-chars', { code: 'NO_ROUTE', message: /no such address/ }],
    ['rate-limit-no-auth-same-app', { nextStep: /55 seconds/, retryAfterMs: 55_000 }],
    ['register-body-2mb', { code: 'REQUEST_ERROR', message: /1,048,576 bytes/ }],
    ['register-bad-access-mode', { code: 'INTERNAL_ERROR', message: /access_mode/, nextStep: /access_mode/ }],
    ['register-empty-name', { message: /name: String must contain/ }],
    ['env-put-8193-chars', { message: /value: Env value too long/, nextStep: /Correct value/ }],
    ['register-body-null', { message: /Expected object/ }],
    [
      'register-broken-source-cf-10021',
      {
        message: /^The module does not load: \[10021\] .*\n.*worker\.mjs:\d+:\d+/,
        nextStep: /Correct the source/,
      },
    ],
    ['cf-tag-mismatch-10079-register', { message: /10079/, nextStep: /same time/ }],
    ['cf-429-register', { nextStep: /Wait a minute/ }],
    [
      'env-put-collides-with-class-binding',
      { message: /CHAT_ROOM/, nextStep: /Remove that environment key/ },
    ],
    ['register-source-two-classes', { message: /Found 2: A, B/ }],
    ['app-status-unknown', { code: 'RESOURCE_NOT_FOUND', message: /app_nope/ }],
    ['auth-me-control', { code: 'HTTP_404' }],
  ];
  for (const [name, want] of expected) {
    test(name, async () => {
      const error = await errorOf(name);
      if (want.code !== undefined) assert.equal(error.code, want.code);
      if (want.message) assert.match(error.message, want.message);
      if (want.nextStep) assert.match(error.nextStep, want.nextStep);
      if (want.url) assert.match(error.url ?? '', want.url);
      assert.equal(error.retryAfterMs, want.retryAfterMs);
    });
  }
});
