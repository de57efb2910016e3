import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { codeOf } from '../../../../src/core/source/code.ts';
import { earlyErrors } from '../../../../src/core/source/earlyErrors.ts';
import { readFacts } from '../../../../src/core/source/facts.ts';
import { readReferences } from '../../../../src/core/source/references.ts';
import { topLevelNames } from '../../../../src/core/source/topLevelNames.ts';

const LINKS = 100_000;

/** What nests to the left, or as `else if`, and what is used and found in it. */
const CHAINS: readonly (readonly [title: string, source: string, uses: readonly string[], found: number])[] =
  [
    ['operators', `a${'+b'.repeat(LINKS)}+(1=c);`, ['a', 'b', 'c'], 1],
    ['commas', `a${',b()'.repeat(LINKS)},delete c;`, ['a', 'b', 'c'], 1],
    ['calls', `a${'.x(b)'.repeat(LINKS)}.y(delete c);`, ['a', 'b', 'c'], 1],
    ['members', `a${'[b]'.repeat(LINKS)}[delete c];`, ['a', 'b', 'c'], 1],
    ['conditions', `if (a) ;${'else if (b) ;'.repeat(1_000)} else delete c;`, ['a', 'b', 'c'], 1],
    [
      'operators in a function',
      `function f() { var d = a${'+b'.repeat(LINKS)}+(1=c); { let d; } }`,
      ['a', 'b', 'c'],
      1,
    ],
  ];

suite('long chains', () => {
  for (const [title, source, uses, found] of CHAINS) {
    test(`of ${title} are looked at to the end, in the order of the source`, () => {
      const { file } = readFacts(source);
      const { all } = readReferences(file);
      assert.deepEqual([...new Set(all.map(({ name }) => name))], uses);
      assert.deepEqual(
        all.map(({ node }) => node.pos),
        all.map(({ node }) => node.pos).sort((a, b) => a - b),
      );
      assert.equal(earlyErrors(file).length, found);
      assert.ok(codeOf(file).words.has('c'));
      assert.ok(topLevelNames(file).length <= 1);
    }).timeout(20_000);
  }

  test('what runs at load is found from the outside in', () => {
    const { file } = readFacts('a.b(c())(new D());');
    assert.deepEqual(
      readReferences(file).atLoad.map((node) => node.getText(file)),
      ['a.b(c())(new D())', 'a.b(c())', 'c()', 'new D()'],
    );
  });
});
