import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked } from './marked.ts';

const RULE = 'merged-top-level-name';
const A = '\nexport class A { fetch() {} }';
const B = '\nexport class B { fetch() {} }';

suite('rule merged-top-level-name', () => {
  test('marks the name in both sources and relates them', () => {
    const sources = { 'a-one': `enum Kind { X }${A}`, 'b-two': `enum Kind { Y }${B}` };
    assert.deepEqual(marked(RULE, sources), ['Kind', 'Kind']);
    assert.deepEqual(
      findingsOf(RULE, sources).map(({ related }) => related?.map(({ uri }) => uri)),
      [['file:///b-two.ts'], ['file:///a-one.ts']],
    );
    assert.deepEqual(
      marked(RULE, { 'a-one': `var v = 1;${A}`, 'b-two': `namespace v { export const x = 1; }${B}` }),
      ['v', 'v'],
    );
  });

  test('an alias of a namespace counts where something uses it', () => {
    const alias = 'namespace Outer { export const a = 1; } import v = Outer.a;';
    const pair = (text: string): string[] =>
      marked('duplicate-top-level-name', { 'a-one': `${text}${A}`, 'b-two': `const v = 2;${B}` });
    assert.deepEqual(pair(alias), []);
    assert.deepEqual(pair(`${alias} let x: typeof v;`), []);
    assert.deepEqual(pair(`${alias} v.toString();`), ['v', 'v']);
    assert.deepEqual(pair(alias.replace('import', 'export import')), ['v', 'v']);
  });

  test('an export that gets another value in another source does not load', () => {
    const sources = { 'a-one': `export enum E { A }${A}`, 'b-two': `if (true) { var E = 1; }${B}` };
    assert.deepEqual(
      findingsOf('extra-export', sources).map(({ severity }) => severity),
      ['error'],
    );
  });

  test('passes over one source, types, and what does not load at all', () => {
    assert.deepEqual(marked(RULE, `var v = 1; var v = 2;\nenum E { A }\nenum E { B = 1 }${A}`), []);
    assert.deepEqual(marked(RULE, { 'a-one': `interface T {}${A}`, 'b-two': `interface T {}${B}` }), []);
    assert.deepEqual(marked(RULE, { 'a-one': `var v = 1;${A}`, 'b-two': `const v = 2;${B}` }), []);
    const exported = { 'a-one': `export enum E { A }${A}`, 'b-two': `export enum E { B }${B}` };
    assert.deepEqual(marked(RULE, exported), []);
    assert.deepEqual(marked('duplicate-top-level-name', exported), ['E', 'E']);
    assert.deepEqual(marked(RULE, { 'a-one': `declare enum E { A }${A}`, 'b-two': `enum E { B }${B}` }), []);
  });
});
