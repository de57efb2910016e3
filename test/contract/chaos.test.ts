import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import { DoError, ERROR_CODES } from '../../src/core/errors.ts';
import type { AccessMode, App } from '../../src/core/model/app.ts';
import { AppOperations } from '../../src/operations/appOperations.ts';
import { History } from '../../src/operations/history/history.ts';
import { PendingChanges } from '../../src/operations/pending/pendingChanges.ts';
import { Preflight } from '../../src/operations/preflight/preflight.ts';
import { AppQueue } from '../../src/platform/appQueue.ts';
import { PlatformClient } from '../../src/platform/client.ts';
import { ChaosPlatform, type Truth } from './chaosPlatform.ts';
import { ChaosProxy, FAULTS, type Arrival } from './chaosProxy.ts';

const SEED = Number(process.env['CHAOS_SEED'] ?? 20_261_122);
const OPERATIONS = 1_000;
const APPS = 50;

/** Milliseconds for a read; a change gets four times as long. */
const TIMEOUT_MS = 600;

/** How many of 100 requests are spoiled. */
const SPOILED_READS = 7;
const SPOILED_CHANGES = 45;

/** How many of 100 uploads fail. */
const FAILED_UPLOADS = 3;

const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const;
const KEYS = ['API_BASE', 'TOKEN', 'MODE'] as const;
const MODES: readonly AccessMode[] = ['public', 'authenticated', 'service_key'];

/** One operation: what is called, and what the platform has when it was carried out. */
interface Operation {
  readonly title: string;
  readonly changes: boolean;
  run(app: AppOperations): Promise<unknown>;
  /** The truth after it; of a read what it must answer. */
  expected(before: Truth): unknown;
  /** The truth after it when it arrived and its upload failed. */
  failed(before: Truth): unknown;
}

/**
 * What an outcome says about the change: that it was made, that nothing was changed, that it arrived and failed, that
 * something else is there than was planned, or that it is not known, or not for sure.
 */
type Said = 'made' | 'notMade' | 'failed' | 'other' | 'unknown';

suite('chaos between client and platform', function () {
  this.timeout(180_000);
  let folder: string;
  let platform: ChaosPlatform;
  let proxy: ChaosProxy;
  const clients: PlatformClient[] = [];
  const open: { close(): Promise<void> }[] = [];
  /** By app: what decides about its uploads. */
  const fate = new Map<string, Random>();
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

  suiteSetup(async () => {
    process.on('unhandledRejection', onUnhandled);
    folder = await mkdtemp(join(tmpdir(), 'bb-chaos-'));
    platform = await ChaosPlatform.start((appId) => {
      const own = fate.get(appId);
      return own !== undefined && own.below(100) < FAILED_UPLOADS;
    });
    open.push(platform);
  });

  suiteTeardown(async () => {
    for (const client of clients) await client.close();
    for (const part of open.reverse()) await part.close();
    await rm(folder, { recursive: true, force: true });
    process.off('unhandledRejection', onUnhandled);
  });

  test(`${OPERATIONS} random operations: none is made twice, none is lost unseen, every error is explained`, async () => {
    const random = new Map<string, Random>();
    let isCalm = true;
    proxy = await ChaosProxy.start(platform.url, {
      lateMs: TIMEOUT_MS * 4 + 300,
      next: (appId, method) => {
        const own = random.get(appId);
        if (isCalm || own === undefined) return undefined;
        const isSpoiled = own.below(100) < (method === 'GET' ? SPOILED_READS : SPOILED_CHANGES);
        return isSpoiled ? own.of(FAULTS) : undefined;
      },
    });
    open.push(proxy);
    const apps: App[] = [];
    for (let n = 0; n < APPS; n += 1) {
      if (n % 5 === 0) {
        clients.push(
          new PlatformClient({ origin: proxy.url, apiKey: platform.apiKey }, { timeoutMs: TIMEOUT_MS }),
        );
      }
      apps.push(await (clients.at(-1) as PlatformClient).createApp(`chaos-${n}`));
    }
    for (const [n, app] of apps.entries()) {
      random.set(app.id, new Random(SEED + 1000 + n));
      fate.set(app.id, new Random(SEED + 2000 + n));
    }
    isCalm = false;

    const said: Record<Said, number> = { made: 0, notMade: 0, failed: 0, other: 0, unknown: 0 };
    const codes = new Map<string, number>();
    const runApp = async (app: App, n: number): Promise<void> => {
      const operations = operationsOf(app, clients[Math.floor(n / 5)] as PlatformClient);
      const choice = new Random(SEED + n);
      for (let index = 0; index < OPERATIONS / APPS; index += 1) {
        const operation = randomOperation(choice, `${n}-${index}`);
        const before = platform.truth(app.id);
        const outagesBefore = proxy.outages;
        const outcome = await operation.run(operations).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        await proxy.delivered(app.id);
        const after = platform.truth(app.id);
        const arrivals = proxy.takeArrivals(app.id);
        const context = inspect(
          { seed: SEED, app: n, index, title: operation.title, arrivals, before, after, outcome },
          { depth: 6 },
        );
        if ('error' in outcome) explained(outcome.error, platform.apiKey, context);
        const verdict = judge(
          operation,
          outcome,
          before,
          after,
          arrivals,
          proxy.outages > outagesBefore,
          context,
        );
        if (verdict !== undefined) said[verdict] += 1;
        if ('error' in outcome && outcome.error instanceof DoError) {
          codes.set(outcome.error.code, (codes.get(outcome.error.code) ?? 0) + 1);
        }
      }
    };
    const over = new AbortController();
    const outages = repeatedOutages(proxy, over.signal);
    await Promise.all(apps.map(runApp));
    over.abort();
    await outages;

    for (const fault of FAULTS) assert.ok((proxy.injected.get(fault) ?? 0) > 0, `${fault} was injected`);
    assert.ok(proxy.outages > 0);
    assert.ok(said.made > 100 && said.notMade > 20 && said.failed > 0 && said.unknown > 5, inspect(said));
    if (process.env['CHAOS_SEED'] !== undefined) console.log(said, codes, proxy.injected, proxy.outages);
  });

  test('afterwards nothing is left behind: the platform works, no socket is open, no rejection was unhandled', async () => {
    for (const client of clients) assert.equal((await client.listApps({ insist: true })).length, APPS + 1);
    for (const client of clients.splice(0)) await client.close();
    const end = performance.now() + 5_000;
    while (proxy.openSockets > 0 && performance.now() < end) await sleep(20);
    assert.equal(proxy.openSockets, 0);
    assert.deepEqual(unhandled, []);
  });

  test('a deploy that the network delivers twice at once is looked at when the second one is over, too', async () => {
    const slow = await ChaosPlatform.start(async () => {
      await sleep(300);
      return false;
    });
    const twice = await ChaosProxy.start(slow.url, {
      lateMs: 0,
      next: (appId, method) => (appId !== '' && method === 'POST' ? 'twiceAtOnce' : undefined),
    });
    const client = new PlatformClient({ origin: twice.url, apiKey: slow.apiKey });
    try {
      const app = await client.createApp('twice');
      const code = 'export class Alpha {}\n';
      const deployed = await operationsOf(app, client).deploy({ name: 'alpha', accessMode: 'public', code });
      assert.equal(deployed.status, 'READY');
      assert.deepEqual(twice.takeArrivals(app.id)[0]?.answers, [200, 200]);
      assert.deepEqual(slow.truth(app.id).classes, { alpha: `public READY ${code}` });
    } finally {
      await client.close();
      await twice.close();
      await slow.close();
    }
  });

  function operationsOf(app: App, client: PlatformClient): AppOperations {
    return new AppOperations({
      client,
      app,
      origin: client.origin,
      platform: client.origin,
      from: 'editor',
      queue: new AppQueue({ folder: join(folder, 'locks') }),
      history: new History(join(folder, 'history')),
      pending: new PendingChanges(join(folder, 'pending')),
      // What does not load is another test's matter; to load a thousand modules would take minutes.
      preflight: new Preflight({ workerd: noWorkerd }),
    });
  }
});

async function repeatedOutages(proxy: ChaosProxy, over: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(2_500, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    await proxy.outage(300);
  }
}

function noWorkerd(): string {
  throw new DoError({ code: ERROR_CODES.localPlatform, message: 'Not here.', nextStep: 'Go on.' });
}

/** What the outcome says, after checking that it is so; undefined for a read. */
function judge(
  operation: Operation,
  outcome: { readonly value: unknown } | { readonly error: unknown },
  before: Truth,
  after: Truth,
  arrivals: readonly Arrival[],
  wasCut: boolean,
  context: string,
): Said | undefined {
  const answers = arrivals.flatMap((arrival) => arrival.answers);
  const made = answers.filter((status) => status === 200).length;
  const hasFailed = answers.some((status) => status >= 500);
  const isDoubled = arrivals.some(({ fault }) => fault?.startsWith('twice') === true);
  assert.ok(arrivals.length <= (operation.changes ? 1 : 0), `the client sends a change once: ${context}`);
  assert.ok(made <= (isDoubled ? 2 : 1), `made once: ${context}`);
  assert.equal(after.changes - before.changes, made, `the platform’s own count: ${context}`);
  if (!operation.changes) {
    if ('value' in outcome) assert.deepEqual(outcome.value, operation.expected(before), context);
    return undefined;
  }
  const is = (...states: readonly unknown[]): void =>
    assert.ok(
      states.some((state) => isDeepStrictEqual(stateOf(after), state)),
      `what is there: ${context}`,
    );
  const said = 'value' in outcome ? 'made' : saidBy(outcome.error);
  switch (said) {
    case 'made':
      assert.ok(made > 0, `it was made: ${context}`);
      // The second delivery may fail after the first one was answered and looked at.
      is(operation.expected(before), ...(isDoubled && hasFailed ? [operation.failed(before)] : []));
      break;
    case 'notMade':
      assert.equal(made, 0, `it was not made: ${context}`);
      is(stateOf(before));
      break;
    case 'failed':
      assert.ok(hasFailed, `it failed: ${context}`);
      is(operation.failed(before), ...(isDoubled ? [operation.expected(before)] : []));
      break;
    case 'other':
      assert.ok(isDoubled, `nobody else changes the app: ${context}`);
      is(operation.expected(before), operation.failed(before));
      break;
    case 'unknown':
      assert.ok(arrivals.length === 1 || wasCut, `what was not sent is not unknown: ${context}`);
      is(
        ...(answers.length === 0 ? [stateOf(before)] : []),
        ...(made > 0 ? [operation.expected(before)] : []),
        ...(hasFailed ? [operation.failed(before)] : []),
      );
  }
  return said;
}

/** What the codes of errors say that say something else than that nothing was changed. */
const SAID: Readonly<Record<string, Said>> = {
  NOT_VERIFIED: 'made',
  READ_BACK: 'other',
  EXTERNAL_CLOUDFLARE_ERROR: 'failed',
  DEPLOY_FAILED: 'failed',
  ANSWER_LOST: 'unknown',
};

function saidBy(error: unknown): Said {
  assert.ok(error instanceof DoError);
  return SAID[error.code] ?? 'notMade';
}

function stateOf({ classes, env }: Truth): unknown {
  return { classes, env };
}

/** A person learns what happened and what to do, and nobody learns the key. */
function explained(error: unknown, apiKey: string, context: string): void {
  assert.ok(error instanceof DoError, `a DoError: ${context}`);
  assert.match(error.code, /^[A-Za-z0-9_]+$/, context);
  assert.match(error.message, /[.!?]$/, context);
  assert.match(error.nextStep, /[.!?]$/, context);
  assert.ok(!inspect(error, { depth: 10 }).includes(apiKey), `no key: ${context}`);
}

function randomOperation(random: Random, mark: string): Operation {
  const name = random.of(NAMES);
  const key = random.of(KEYS);
  const dice = random.below(100);
  if (dice < 10) {
    return read('list', async (app) => (await app.list()).map((row) => row.name).sort(), namesOf);
  }
  if (dice < 18)
    return read(
      `get ${name}`,
      async (app) => codeOf(app, name),
      (truth) => sourceIn(truth, name),
    );
  if (dice < 26)
    return read(
      'listEnv',
      (app) => app.listEnv(),
      ({ env }) => Object.keys(env).sort(),
    );
  if (dice < 30)
    return read(
      'usage',
      (app) => app.usage(),
      () => ({ requests: 0, cpuMs: 0 }),
    );
  if (dice < 62) return deploy(name, random.of(MODES), mark, random.below(20) === 0);
  if (dice < 72) return remove(name);
  if (dice < 89) return setEnv(key, `value ${mark}`);
  return deleteEnv(key);
}

function read(title: string, run: Operation['run'], expected: Operation['expected']): Operation {
  return { title, changes: false, run, expected, failed: stateOf };
}

function namesOf({ classes }: Truth): string[] {
  return Object.keys(classes).sort();
}

async function codeOf(app: AppOperations, name: string): Promise<string | undefined> {
  try {
    return (await app.get(name)).code;
  } catch (error) {
    if (error instanceof DoError && error.code === 'RESOURCE_NOT_FOUND') return undefined;
    throw error;
  }
}

function sourceIn({ classes }: Truth, name: string): string | undefined {
  return classes[name]?.replace(/^\w+ \w+ /, '');
}

function deploy(name: string, accessMode: AccessMode, mark: string, isLarge: boolean): Operation {
  const className = name.replace(/^./, (first) => first.toUpperCase());
  const filling = isLarge ? `// ${'x'.repeat(200_000)}\n` : '';
  const code = `${filling}export class ${className} {\n  fetch() {\n    return new Response('${mark}');\n  }\n}\n`;
  return {
    title: `deploy ${name} ${accessMode}`,
    changes: true,
    run: (app) => app.deploy({ name, accessMode, code }),
    expected: ({ classes, env }) => ({ classes: { ...classes, [name]: `${accessMode} READY ${code}` }, env }),
    failed: ({ classes, env }) => ({ classes: { ...classes, [name]: `${accessMode} ERROR ${code}` }, env }),
  };
}

function remove(name: string): Operation {
  const expected = ({ classes, env }: Truth) => ({ classes: lacking(classes, name), env });
  return {
    title: `delete ${name}`,
    changes: true,
    run: (app) => app.delete(name),
    expected,
    // The row or the value goes first, then the upload fails.
    failed: expected,
  };
}

function setEnv(key: string, value: string): Operation {
  const expected = ({ classes, env }: Truth) => ({ classes, env: { ...env, [key]: value } });
  return {
    title: `setEnv ${key}`,
    changes: true,
    run: (app) => app.setEnv(key, value),
    expected,
    failed: expected,
  };
}

function deleteEnv(key: string): Operation {
  const expected = ({ classes, env }: Truth) => ({ classes, env: lacking(env, key) });
  return {
    title: `deleteEnv ${key}`,
    changes: true,
    run: (app) => app.deleteEnv(key),
    expected,
    failed: expected,
  };
}

function lacking(record: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** Numbers that look random and are the same for the same seed. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}
