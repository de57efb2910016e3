import assert from 'node:assert/strict';
import type { ModuleClass } from '../../../../src/core/bundle/buildModule.ts';
import { DoError } from '../../../../src/core/errors.ts';
import { findWorkerd } from '../../../../src/local/workerdBinary.ts';
import { placeholderEnv } from '../../../../src/operations/preflight/placeholderEnv.ts';
import {
  Preflight,
  type PreflightRequest,
  type PreflightVerdict,
} from '../../../../src/operations/preflight/preflight.ts';

const WORKERS = "from 'cloudflare:workers';\n";

function durable(name: string, className: string, before = '', imports = 'DurableObject'): ModuleClass {
  const code = `import { ${imports} } ${WORKERS}${before}\nexport class ${className} extends DurableObject {\n  fetch() {\n    return new Response('${name}');\n  }\n}\n`;
  return { name, code, accessMode: 'public' };
}

suite('preflight', function () {
  this.timeout(30_000);
  const app = { id: 'app_1', name: 'one', subdomain: 'one', region: 'us-east-1' };
  const preflight = new Preflight({ workerd: findWorkerd });

  async function check(
    classes: readonly ModuleClass[],
    more: Partial<PreflightRequest> & { readonly keys?: readonly string[] } = {},
  ): Promise<PreflightVerdict> {
    const { keys = [], ...rest } = more;
    const env = placeholderEnv(app, 'https://api.example.com', keys);
    const request = { classes, changed: undefined, running: undefined, env, ...rest };
    return preflight.check(request, new AbortController().signal);
  }

  async function failure(
    ...args: Parameters<typeof check>
  ): Promise<Extract<PreflightVerdict, { kind: 'fails' }>> {
    const verdict = await check(...args);
    assert.equal(verdict.kind, 'fails', JSON.stringify(verdict));
    return verdict;
  }

  test('five classes are loaded in less than 300 ms once it is warm', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const classes = (round: number): ModuleClass[] =>
      names.map((name) => durable(name, name.toUpperCase(), name === 'a' ? `const round = ${round};` : ''));
    await check(classes(0));
    const times: number[] = [];
    for (let round = 1; round <= 7; round += 1) {
      const verdict = await check(classes(round));
      assert.equal(verdict.kind, 'loads');
      times.push(verdict.ms);
    }
    const median = times.sort((a, b) => a - b)[3] ?? Infinity;
    console.log(`      preflight of five classes, ms: ${times.join(' ')}; median ${median}`);
    assert.ok(median < 300, `median ${median} ms`);
  });

  test('what was looked at a moment ago is not loaded again', async () => {
    const classes = [durable('a', 'A', 'const again = true;')];
    const first = await check(classes);
    const begin = performance.now();
    assert.equal(await check(classes), first);
    assert.ok(performance.now() - begin < 10);
  });

  test('an error at load leads to line and column of the source, and names the class at fault', async () => {
    const broken = durable('b', 'B', "\nthrow new Error('at load');");
    const verdict = await failure([durable('a', 'A'), broken], { changed: 'a' });
    assert.match(verdict.message, /at load/);
    assert.match(verdict.message, /b\.ts:3:7/);
    assert.deepEqual(verdict.place, { name: 'b', line: 3, column: 7 });
    assert.deepEqual(verdict.culprits, ['b']);
    assert.equal(verdict.code, 'DOES_NOT_LOAD');
  });

  test('l, c: one name at the top of two sources names both', async () => {
    const helper = 'const helper = () => 1;';
    const twice = [durable('a', 'A', helper), durable('b', 'B'), durable('c', 'C', helper)];
    const verdict = await failure(twice, { changed: 'a' });
    assert.match(verdict.message, /Identifier 'helper' has already been declared/);
    assert.deepEqual(verdict.culprits, ['a', 'c']);
    const sameClass = await failure([durable('a', 'Room'), durable('b', 'Room')], { changed: 'b' });
    assert.match(sameClass.message, /'Room' has already been declared/);
    assert.deepEqual(sameClass.culprits, ['b', 'a']);
  });

  test('what the bundler refuses has its code, also for the size of all sources together', async () => {
    const twoClasses = { ...durable('a', 'A'), code: 'export class A {}\nexport class B {}\n' };
    const refused = await failure([twoClasses, durable('b', 'B')], { changed: 'b' });
    assert.equal(refused.code, 'MULTIPLE_EXPORTED_CLASSES');
    assert.deepEqual(refused.culprits, ['a']);
    const large = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      durable(name, name.toUpperCase(), `const ${name} = '${'x'.repeat(2_200_000)}';`),
    );
    assert.equal((await failure(large, { changed: 'a' })).code, 'BUNDLE_TOO_LARGE');
  });

  test('an error that can depend on a value of the environment refuses nothing', async () => {
    const reading = durable(
      'a',
      'A',
      'const config = JSON.parse(env.CONFIG);\nexport const size = config.size;',
      'DurableObject, env',
    );
    const verdict = await check([reading], { keys: ['CONFIG'] });
    assert.equal(verdict.kind, 'unsure', JSON.stringify(verdict));
    const looking = durable(
      'a',
      'A',
      "if (!('CONFIG' in env)) throw new Error('not configured');",
      'DurableObject, env',
    );
    assert.equal((await check([looking], { keys: [] })).kind, 'unsure');
    assert.equal((await check([looking], { keys: ['CONFIG'] })).kind, 'loads');
  });

  test('a class that reads the environment only when it is called is judged as any other', async () => {
    const code = `import { DurableObject, env } ${WORKERS}export class A extends DurableObject {\n  fetch() { return new Response(env.X); }\n}\nmissing();\n`;
    const verdict = await failure([{ name: 'a', code, accessMode: 'public' }]);
    assert.match(verdict.message, /missing is not defined/);
    const unparsed = durable('a', 'A', 'const x = 1;\nconst x = 2;\nenv.X;', 'DurableObject, env');
    assert.match((await failure([unparsed])).message, /'x' has already been declared/);
  });

  test('a runtime that refuses what the platform runs already is no measure', async () => {
    const strange = durable('a', 'A', "import x from 'cloudflare:not-here';");
    const verdict = await check([strange, durable('b', 'B')], { changed: 'b', running: [strange] });
    assert.equal(verdict.kind, 'unsure', JSON.stringify(verdict));
    const broken = durable('b', 'B', 'missing();');
    const own = await failure([durable('a', 'A'), broken], { changed: 'b', running: [durable('a', 'A')] });
    assert.deepEqual(own.culprits, ['b']);
  });

  test('a top level that never ends is refused', async () => {
    const { tryModule } = await import('../../../../src/local/runtime/moduleTrial.ts');
    const trial = await tryModule({
      workerd: findWorkerd(),
      modules: new Map([['worker.mjs', 'for (;;);\nexport default {};\n']]),
      classes: [],
      env: {},
      deadlineMs: 1_000,
      signal: new AbortController().signal,
    });
    assert.equal(trial.kind, 'refused', JSON.stringify(trial));
  });

  test('without the runtime it says so and refuses nothing', async () => {
    const none = new Preflight({
      workerd: () => {
        throw new DoError({
          code: 'LOCAL_PLATFORM',
          message: 'There is no workerd for plan9.',
          nextStep: '',
        });
      },
    });
    const gone = new Preflight({ workerd: () => '/nowhere/workerd' });
    for (const [each, why] of [
      [none, /plan9/],
      [gone, /ENOENT/],
    ] as const) {
      const request = { classes: [durable('a', 'A')], changed: 'a', running: undefined, env: {} };
      const verdict = await each.check(request, new AbortController().signal);
      assert.equal(verdict.kind, 'unavailable');
      assert.match(verdict.why, why);
    }
  });

  test('cancelled, it stops', async () => {
    const abort = new AbortController();
    const request = {
      classes: [durable('a', 'A', 'for (;;);')],
      changed: 'a',
      running: undefined,
      env: {},
    };
    const checking = preflight.check(request, abort.signal);
    setTimeout(() => abort.abort(), 300);
    const begin = performance.now();
    await assert.rejects(checking, { code: 'CANCELLED' });
    assert.ok(performance.now() - begin < 3_000);
  });
});
