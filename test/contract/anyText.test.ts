import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { setup, suite, suiteSetup, suiteTeardown, test } from 'mocha';
import type { Finding } from '../../src/core/rules/finding.ts';
import { LintClient } from '../../src/ui/diagnostics/lintClient.ts';
import { app } from './generate/apps.ts';
import { HOSTILE } from './generate/hostileSources.ts';

const WORKER = fileURLToPath(new URL('../../src/ui/diagnostics/lintWorker.ts', import.meta.url));

/** Milliseconds of processor time that no text may take. */
const LONGEST = 1_000;
const MEGABYTE = 1_000_000;
const DEEP = 10_000;

const CLASS = '\nexport class Room { async fetch() { return new Response(); } }\n';

const nested = (open: string, close: string): string => open.repeat(DEEP) + close.repeat(DEEP);

function allOfUnicode(): string {
  const units = Array.from({ length: 0x11_0000 }, (_, point) => String.fromCodePoint(point));
  return units.join('');
}

const TEXTS: readonly (readonly [title: string, make: () => string])[] = [
  ['nothing', () => ''],
  ['a line of 1 MB', () => `const x = '${'a'.repeat(MEGABYTE)}';${CLASS}`],
  ['a comment of 1 MB', () => `// ${'a '.repeat(MEGABYTE / 2)}${CLASS}`],
  ['1 MB of one name', () => `${'a'.repeat(MEGABYTE)}${CLASS}`],
  ['1 MB of blanks', () => `${' '.repeat(MEGABYTE)}${CLASS}`],
  ['1 MB of empty statements in a line', () => ';'.repeat(MEGABYTE) + CLASS],
  ['1 MB of names', () => 'a;'.repeat(MEGABYTE / 2) + CLASS],
  ['1 MB of calls', () => 'f();'.repeat(MEGABYTE / 4) + CLASS],
  ['an array of 1 MB', () => `const x = [${'1,'.repeat(MEGABYTE / 2)}];${CLASS}`],
  ['250,000 commas in an expression', () => `x = 1${',1'.repeat(250_000)};${CLASS}`],
  ['205,000 calls in an expression', () => `x = (a()${',a()'.repeat(205_000)});${CLASS}`],
  ['1 MB of texts that are joined', () => `x = 'a'${"+'a'".repeat(MEGABYTE / 4)};${CLASS}`],
  ['50,000 exported classes', () => 'export class A {}'.repeat(50_000)],
  ['20,000 imports of one name', () => "import {env} from 'cloudflare:workers';".repeat(20_000) + CLASS],
  ['40,000 imports that are refused', () => "import x from 'zod';".repeat(40_000) + CLASS],
  ['20,000 comments that disable', () => '// butterbase-disable-next-line x -- y\n'.repeat(20_000) + CLASS],
  ['100,000 exports of what is not there', () => `export {${'a,'.repeat(100_000)}};${CLASS}`],
  ['100,000 empty lines', () => '\r\n'.repeat(100_000) + CLASS],
  ['10,000 open parentheses', () => '('.repeat(DEEP) + CLASS],
  ['10,000 nested parentheses', () => nested('(', ')') + CLASS],
  ['10,000 nested brackets', () => `x = ${nested('[', ']')};${CLASS}`],
  ['10,000 nested braces', () => nested('{', '}') + CLASS],
  ['10,000 open braces', () => CLASS + '{'.repeat(DEEP)],
  ['10,000 nested templates', () => nested('`${', '}`') + CLASS],
  ['10,000 nested type arguments', () => `let x: ${nested('A<', '>')};${CLASS}`],
  ['10,000 nested functions', () => `x = ${'()=>'.repeat(DEEP)}1;${CLASS}`],
  ['10,000 nested conditions', () => `x = ${'a?'.repeat(DEEP)}1${':1'.repeat(DEEP)};${CLASS}`],
  ['a chain of 10,000 operators', () => `x = 1${'+1'.repeat(DEEP)};${CLASS}`],
  ['a chain of 10,000 calls', () => `x${'.a()'.repeat(DEEP)};${CLASS}`],
  ['10,000 decorators', () => '@a '.repeat(DEEP) + CLASS],
  ['10,000 exclamation marks', () => `x = ${'!'.repeat(DEEP)}1;${CLASS}`],
  ['10,000 labels', () => `${'a:'.repeat(DEEP)}1;${CLASS}`],
  ['a syntax error in each of 10,000 lines', () => 'const = ;\n'.repeat(DEEP) + CLASS],
  ['1,000 constants of one name', () => 'const a = 1;\n'.repeat(1_000) + CLASS],
  ['1,000 imports', () => "import { DurableObject } from 'cloudflare:workers';\n".repeat(1_000) + CLASS],
  ['all of Unicode', allOfUnicode],
  ['all of Unicode in a text', () => `const x = \`${allOfUnicode().replaceAll(/[`$\\]/g, '')}\`;${CLASS}`],
  ['all of Unicode, in names', () => allOfUnicode().replaceAll(/\P{ID_Start}/gu, '') + CLASS],
  ['lone surrogates', () => '\uD800\uDFFF\uDBFF'.repeat(1_000) + CLASS],
  ['zeros', () => '\0'.repeat(DEEP) + CLASS],
  ...HOSTILE.map(([title, source]) => [title, (): string => source + CLASS] as const),
];

suite('the linter takes any text', function () {
  this.timeout(60_000);
  let client: LintClient;
  const restarts: string[] = [];

  suiteSetup(async () => {
    client = new LintClient(WORKER, { onRestart: (reason) => restarts.push(reason) });
    // What the first text waits for is the start of the worker.
    await findingsOf(CLASS);
  });
  suiteTeardown(() => client.dispose());
  setup(() => restarts.splice(0));

  async function findingsOf(text: string): Promise<Finding[]> {
    const name = 'chat-room';
    const found = await client.lint({ files: [{ uri: 'a.ts', name, accessMode: 'public', text }] });
    const findings = found.get('a.ts');
    assert.ok(findings, 'an answer');
    return findings;
  }

  /** Of processor time, and the least of some: what else runs on the machine is no fault of the linter. */
  async function timeOf(text: string): Promise<number> {
    let least = Infinity;
    for (let attempt = 0; attempt < 4 && least > LONGEST; attempt += 1) {
      const before = process.cpuUsage();
      await findingsOf(text);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1_000);
    }
    return least;
  }

  for (const [title, make] of TEXTS) {
    test(title, async () => {
      const ms = await timeOf(make());
      assert.ok(ms <= LONGEST, `${ms.toFixed(0)} ms`);
      assert.deepEqual(restarts, []);
    });
  }

  const bytes = fc
    .uint8Array({ maxLength: 20_000, size: 'max' })
    .map((all) => Buffer.from(all).toString('utf8'));
  const characters = fc.string({ unit: 'binary', maxLength: 5_000, size: 'max' });
  const generated = app.map(({ files }) => files.map(({ code }) => code).join('\n'));
  const pieces = fc
    .array(fc.tuple(generated, fc.nat({ max: 200 }), fc.nat({ max: 200 })), { maxLength: 8 })
    .map((all) => all.map(([text, from, length]) => text.slice(from, from + length)).join(''));

  for (const [title, texts] of [
    ['random bytes', bytes],
    ['random characters', characters],
    ['pieces of sources', pieces],
  ] as const) {
    test(title, async () => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          const ms = await timeOf(text);
          assert.ok(ms <= LONGEST, `${ms.toFixed(0)} ms`);
          assert.deepEqual(restarts, []);
        }),
        { numRuns: 60 },
      );
    });
  }
});
