import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { readFacts } from '../../../../src/core/source/facts.ts';
import { readReferences } from '../../../../src/core/source/references.ts';

/** Source -> uses of outside names, as `name` at load, `(name)` later, `name!` when a throw is caught. */
const ROWS: readonly (readonly [title: string, source: string, expected: string])[] = [
  ['types are passed over', 'let a: B = c as D; type E = typeof f; interface G { h: I }', 'c'],
  ['parameters hide', 'function f(a, { b, c: [d] }, ...e) { return a + b + c + d + e + g; }', '(c) (g)'],
  ['var reaches up to the function', 'function f() { a = 1; { var a; } b = 2; { let b; } }', '(b)'],
  [
    'names of members are no uses',
    'x.y; ({ y: z, [w]: 1, v }); class C { y = u; [t]() {} }',
    'x z w v t (u)',
  ],
  [
    'class and function names hide inside',
    'const a = class B { static s = B; }; (function f() { f; })();',
    '',
  ],
  [
    'static parts run at load, others later',
    'class C { static a = b; static { c; } d = e; f() { g; } }',
    'b c (e) (g)',
  ],
  ['heritage runs at load', 'class C extends D<E> implements F {}', 'D'],
  ['a caught throw', 'try { a; } catch (e) { b; e; } finally { c; }', 'a! b c'],
  ['a function called at load runs at load', 'function f() { a; } f();', 'a f'],
  ['an async function keeps its throw', '(async () => { a; })();', 'a!'],
  ['a generator waits', 'function* f() { a; } f();', '(a) f'],
  [
    'catch, for and switch have scopes',
    'for (const i of a) i; for (let j = 0; j < b; ) {} switch (c) { case 1: let d; d; }',
    'a b c',
  ],
  ['labels are no uses', 'x: for (;;) { break x; }', ''],
  ['enum members see each other', 'enum E { A, B = A, C = d }', 'd'],
  ['a namespace hides its names', 'namespace N { export const a = 1; a; b; }', 'b'],
  ['declared things are erased', 'declare const a: number; declare class B extends C {}', ''],
  ['export lists use, re-exports do not', "const a = 1; export { a }; export { b } from 'c';", 'a'],
];

suite('readReferences', () => {
  for (const [title, source, expected] of ROWS) {
    test(title, () => {
      const found = readReferences(readFacts(source).file).all.map(({ name, phase, isGuarded }) =>
        phase === 'later' ? `(${name})` : `${name}${isGuarded ? '!' : ''}`,
      );
      assert.deepEqual(found.sort(), expected.split(' ').filter(Boolean).sort());
    });
  }
});
