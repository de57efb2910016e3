import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { readFacts } from '../../../../src/core/source/facts.ts';
import { parseDiagnostics } from '../../../../src/core/source/parseDiagnostics.ts';

/** Statements of a method, and how many slips they are. */
const ROWS: readonly (readonly [statement: string, count: number])[] = [
  ['a.#b;', 0],
  ['a?.#b;', 0],
  ['const c = a?.d.#b();', 0],
  ['return (a?.#b);', 0],
  ['return f(a?.#b);', 0],
  // TypeScript fails on these.
  ['return a?.#b;', 1],
  ['throw a?.#b.c;', 1],
  ['return a?.#b ?? 1;', 1],
  ['return <any>a?.#b;', 1],
  ['a?.#b; c d;', 1],
];

suite('what is said of a private member of an optional chain', () => {
  for (const [statement, count] of ROWS) {
    test(statement, () => {
      const { file } = readFacts(`class C { #b; f(a) { ${statement} } }`);
      assert.equal(parseDiagnostics(file).length, count);
    });
  }
});
