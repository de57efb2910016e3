import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import ts from 'typescript';
import { TRANSPILE_OPTIONS } from '../../../../src/core/bundle/transpile.ts';
import { printedSize } from '../../../../src/core/rules/printedSize.ts';
import { readFacts } from '../../../../src/core/source/facts.ts';

const SOURCES: readonly (readonly [title: string, source: string])[] = [
  ['nested blocks', `${'{'.repeat(100)}${'a;'.repeat(500)}${'}'.repeat(100)}`],
  ['nested conditions', `${'if(a)'.repeat(100)}b;`],
  ['else if', `if(a)b;${'else if(c)d;'.repeat(100)}`],
  ['loops without braces', `${'for(;;)while(a)do '.repeat(50)}b;${'while(c);'.repeat(50)}`],
  ['functions in functions', `${'function f(){a;'.repeat(100)}${'}'.repeat(100)}`],
  ['calls over lines', `${'f(\n'.repeat(100)}1${')'.repeat(100)};`],
  ['objects over lines', `x = ${'{\na:'.repeat(100)}1${'}'.repeat(100)};`],
  ['classes', `class C {${'m(){if(a)b;}'.repeat(200)}}`],
  ['cases', `switch(a){${'case 1:b;case 2:switch(c){case 3:d;}'.repeat(100)}}`],
  ['an enum', `enum E {${Array.from({ length: 200 }, (_, at) => `A${at}`).join()}}`],
  ['a namespace', `namespace LongNameOfIt { export let a = 1; ${'a;'.repeat(200)} }`],
  ['decorators', `class C {${'@a m(){}'.repeat(50)}}`],
  ['types', `type T = {${'a: string;'.repeat(500)}};`],
  ['a chain', `x = (a()${',a()'.repeat(500)});`],
];

suite('the size of what TypeScript prints', () => {
  for (const [title, source] of SOURCES) {
    test(`${title}: is between what is told of it`, () => {
      const { outputText } = ts.transpileModule(source, { compilerOptions: TRANSPILE_OPTIONS });
      const { least, most } = printedSize(readFacts(source).file);
      assert.ok(least <= outputText.length, `${least} > ${outputText.length}`);
      assert.ok(most >= outputText.length, `${most} < ${outputText.length}`);
    });
  }

  test('blocks in blocks are certain to be large', () => {
    const { least } = printedSize(
      readFacts(`${'{'.repeat(500)}${'a;'.repeat(6_000)}${'}'.repeat(500)}`).file,
    );
    assert.ok(least > 10 * 1024 * 1024);
  });

  test('what would take long to print is known before', () => {
    const quick = (links: number): boolean =>
      printedSize(readFacts(`x = (a()${',a()'.repeat(links)});`).file).isQuick;
    assert.deepEqual([quick(500), quick(10_000)], [true, false]);
  });
});
