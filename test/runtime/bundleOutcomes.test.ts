import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, suiteSetup, test } from 'mocha';
import { BundleError } from '../../src/core/bundle/bundleError.ts';
import { buildModule, type BuiltModule } from '../../src/core/bundle/buildModule.ts';
import { firstPosition } from '../../src/core/bundle/positions.ts';
import { loadModule } from './bundleWorkerd.ts';

/** What the platform and its runtime made of a set of sources. */
interface Outcome {
  readonly id: string;
  /** Source by DO name. */
  readonly files: Readonly<Record<string, string>>;
  /** `ok` or code and text of the refusal. */
  readonly bundler: string;
  readonly load: 'listening' | 'exit 1' | 'not reached';
  readonly loadMessage: string;
  /** Status and text of one request to each class; `open` for a WebSocket. */
  readonly requests: readonly string[];
}

const outcomes = JSON.parse(
  readFileSync(new URL('../fixtures/deploy-outcomes.json', import.meta.url), 'utf8'),
) as Outcome[];

/** How many workerd processes run at a time. */
const PARALLEL = 2;

suite('the module of every recorded case', function () {
  this.timeout(60_000);
  let results: Promise<Map<string, Result | Error>>;

  suiteSetup(() => {
    // Runs ahead of the tests, which then only look at the results.
    results = runAll();
  });

  for (const outcome of outcomes) {
    test(outcome.id, async () => {
      const result = (await results).get(outcome.id);
      assert.ok(result);
      if (result instanceof Error) throw result;
      assert.equal(result.bundler, outcome.bundler);
      assert.equal(result.load, outcome.load);
      if (result.module === undefined) return;
      if (result.load === 'listening') {
        const expected = comparable(outcome.requests);
        assert.deepEqual(result.requests.slice(0, expected.length), expected);
      } else {
        assert.equal(withoutPositions(result.message), withoutPositions(outcome.loadMessage));
        comparePositions(outcome, result.module, result.message);
      }
    });
  }
});

interface Result {
  readonly bundler: string;
  readonly load: Outcome['load'];
  readonly module: BuiltModule | undefined;
  readonly message: string;
  readonly requests: readonly string[];
}

async function runAll(): Promise<Map<string, Result | Error>> {
  const results = new Map<string, Result | Error>();
  const left = outcomes.values();
  const worker = async (): Promise<void> => {
    for (const outcome of left) {
      results.set(
        outcome.id,
        await run(outcome).catch((error: unknown) =>
          error instanceof Error ? error : new Error(String(error)),
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return results;
}

async function run(outcome: Outcome): Promise<Result> {
  const none = { module: undefined, message: '', requests: [] };
  let module: BuiltModule;
  try {
    module = buildModule(
      Object.entries(outcome.files).map(([name, code]) => ({ name, code, accessMode: 'public' })),
    );
  } catch (error) {
    assert.ok(error instanceof BundleError);
    return { ...none, bundler: `${error.code}: ${error.message}`, load: 'not reached' };
  }
  const loaded = await loadModule(module);
  if (typeof loaded === 'string')
    return { bundler: 'ok', load: 'exit 1', module, message: loaded, requests: [] };
  try {
    const requests: string[] = [];
    for (const index of Array(Math.max(module.classes.length, outcome.requests.length)).keys()) {
      if (outcome.requests[index] === 'open') continue;
      // More answers than classes were recorded where further instances of one class were asked.
      const { name } = module.classes[index] ?? module.classes[0] ?? { name: '' };
      const response = await fetch(`http://127.0.0.1:${loaded.ports['http'] ?? 0}/_do/${name}/${index}`);
      requests.push(`${response.status} ${await response.text()}`);
    }
    return { bundler: 'ok', load: 'listening', module, message: '', requests: comparable(requests) };
  } finally {
    await loaded.stop();
  }
}

/** Long answers were cut when they were recorded, and WebSockets have tests of their own. */
function comparable(requests: readonly string[]): string[] {
  return requests.filter((answer) => answer !== 'open').map((answer) => answer.slice(0, 150));
}

/** Our helper and dispatcher have other lengths than the platform's, so the numbers differ. */
function withoutPositions(message: string): string {
  const [first = ''] = message.split('A DurableObjectNamespace in the config');
  return first
    .replaceAll(/\s+at worker\.mjs.*/g, '')
    .trim()
    .slice(0, 200);
}

function comparePositions(outcome: Outcome, module: BuiltModule, message: string): void {
  if (!message.includes('worker.mjs:')) return;
  const place = firstPosition(message, module);
  assert.ok(place, `a position in a source for ${message}`);
  assert.equal(`${place.name}:${place.line}:${place.column}`, EXPECTED_PLACES[outcome.id]);
}

/** Where the first position of each load error leads: file, line and column from one. Each was looked at. */
const EXPECTED_PLACES: Readonly<Record<string, string>> = {
  'syntax: const without value': 'a-one:1:7',
  'syntax: garbage token': 'a-one:2:10',
  'syntax: stray )': 'a-one:2:1',
  'syntax: unterminated string': 'a-one:1:11',
  'syntax: await in non-async method': 'a-one:3:15',
  'syntax: return at top level': 'a-one:2:1',
  'dup top-level const in 2 files': 'b-two:1:7',
  'dup top-level function in 2 files': 'b-two:1:1',
  'dup non-exported helper class': 'b-two:1:1',
  'same class name twice': 'b-two:1:8',
  'collides with platform helper: const ROUTES': 'a-one:1:7',
  'collides with platform helper: butterbase const': 'a-one:1:7',
  'extends class of later file (TDZ)': 'a-one:1:24',
  'DurableObject used without import': 'a-one:1:24',
  'import missing export of cloudflare:workers': 'a-one:1:10',
  'import { type X, DurableObject }': 'a-one:1:15',
  'value import used as type only': 'a-one:1:10',
  'namespace + named in 2 files': 'a-one:1:13',
  'two namespace names in 2 files': 'a-one:2:24',
  "top-level require('zod')": 'a-one:1:11',
  'export const x = 5 in 2 files': 'b-two:1:14',
  'export default {}': 'a-one:1:8',
  'top-level throw': 'a-one:1:7',
  'static initializer throws': 'a-one:2:29',
  'top-level await fetch()': 'a-one:1:17',
  'top-level setTimeout': 'a-one:1:1',
  'top-level crypto.randomUUID()': 'a-one:1:19',
};
