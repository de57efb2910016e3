import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { Finding } from '../../../../src/core/rules/finding.ts';
import { stopsLoading } from '../../../../src/core/rules/repairs.ts';

const NO_JAVASCRIPT = /What comes out is no JavaScript, so the module fails to load/;
const FAILS = /What comes out fails to load, and the class goes into ERROR/;
const LOADS = /What comes out loads, so something goes live that you did not write/;
const UNKNOWN = /What comes out fails to load, or goes live as something else/;

suite('what TypeScript makes of a source that does not parse', () => {
  for (const [title, text, outcome] of [
    ['a brace that is missing at the end', 'export class Room { fetch() { return 1; }', LOADS],
    ['a parenthesis that is missing', 'const limit = (1; export class Room {}', LOADS],
    ['a comma that is missing', 'const all = [1 2]; export class Room {}', LOADS],
    ['one brace too many', 'export class Room {} }', LOADS],
    ['a name that is missing', 'const = 5; export class Room {}', NO_JAVASCRIPT],
    ['a value that is missing', 'const limit = ; export class Room {}', NO_JAVASCRIPT],
    ['a template that does not end', 'export class Room {} const text = `abc', NO_JAVASCRIPT],
    ['JavaScript with an early error', 'export class Room {} } break;', NO_JAVASCRIPT],
    ['a name that nobody declares', 'export class Room {} foo(;', FAILS],
    [
      'an import that became an expression',
      "mport { A } from 'cloudflare:workers'; export class Room {}",
      FAILS,
    ],
    ['an export that is no class', 'export class Room {} } export const limit = 5;', FAILS],
    ['a class that is only declared', '} export declare class Room {}', FAILS],
    ['decorators and resources as they are written', '} using a = null; a.b; export class Room {}', FAILS],
  ] as const) {
    test(title, () => {
      const found = findingsOf({ room: text }).get('room') ?? [];
      const broken = found.filter(({ repaired }) => repaired === true);
      assert.notEqual(broken.length, 0);
      for (const { message } of broken) assert.match(message, outcome);
      assert.equal(found.some(stopsLoading), outcome !== LOADS);
    });
  }

  for (const [title, more] of [
    ['characters', '// A long line of words that say nothing.\n'.repeat(9_000)],
    ['pieces of syntax', 'list();\n'.repeat(9_000)],
    ['parts that TypeScript writes many lines for', 'enum Kind {}\n'.repeat(400)],
  ] as const) {
    test(`it can be either of one with more ${title} than can be looked at while typing`, () => {
      const [first] = findingsOf({ room: `const limit = ; export class Room {}\n${more}` }).get('room') ?? [];
      assert.match(first?.message ?? '', UNKNOWN);
    });
  }

  test('another source collides with names that come out of the repair, and not with others', () => {
    const collides = findingsOf({
      room: 'export class Room {} } const limit = 5;',
      hall: 'const limit = 1; export class Hall {}',
    });
    assert.deepEqual(rules(collides.get('hall')), ['duplicate-top-level-name', 'missing-fetch']);
    assert.ok(collides.get('room')?.some(({ message }) => FAILS.test(message)));
    const apart = findingsOf({
      room: 'export class Room {} } { const limit = 5; ',
      hall: 'const limit = 1; export class Hall {}',
    });
    assert.deepEqual(rules(apart.get('hall')), ['missing-fetch']);
    assert.ok(apart.get('room')?.some(({ message }) => LOADS.test(message)));
  });
});

function findingsOf(sources: Readonly<Record<string, string>>): Map<string, Finding[]> {
  const files = Object.entries(sources).map(([name, text]) => ({
    uri: name,
    name,
    accessMode: 'public' as const,
    text,
  }));
  return lintApp({ files, deployed: [], envKeys: [], appEnvKeys: [] });
}

function rules(findings: readonly Finding[] | undefined): string[] {
  return (findings ?? []).map(({ rule }) => rule).sort();
}
