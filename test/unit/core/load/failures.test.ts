import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { failuresIn } from './loaded.ts';

/** Where it goes wrong, and what is said about it. */
const ROWS: readonly (readonly [source: string, failures: readonly string[]])[] = [
  ["'x'.repeat(-1);", ["'x'.repeat(-1): repeat() does not take this"]],
  ['const a = {}; a.b.c;', ['a.b.c: a.b is undefined, so that nothing can be read from it']],
  ['if (Math.random() > 0.5) null.x;', []],
  ['try { null.x; } catch {}', []],
  ['const f = (n) => f(n + 1); f(0);', ['f(n + 1): this calls itself without end']],
  ['function f(n) { return n === 0 ? 0 : f(n - 1); } f(100);', []],
  ['const node = { next: { visit: () => 1 }, visit() { return this.next.visit(); } }; node.visit();', []],
  ['let i = 0; while (i < 1) {}', ['while (i < 1) {}: this loop never ends']],
  ['let i = 0; while (i < 9) i++;', []],
  ['await new Promise(() => {});', ['await new Promise(() => {}): this await never ends']],
  ['const { promise, resolve } = Promise.withResolvers(); queueMicrotask(resolve); await promise;', []],
  [
    'class A {} class B extends A { constructor() {} } new B();',
    ['new B(): the constructor does not call super()'],
  ],
  ['for (let i = 0; i < 1e9; i++); throw 1;', ['throw 1;: this throws']],
  ['let x; for (let i = 0; i < 1e9; i++) x = { y: 1 }; x.y.z;', []],
  ['const a = [1]; for (const each of a) if (a.length < 3) a.push(each); a[2].toFixed();', []],
  ['const o = Object.freeze({ a: 1 }); o.a = 2;', ['o.a: a cannot be set']],
  [
    'new Intl.NumberFormat("no tag");',
    ['new Intl.NumberFormat("no tag"): new Intl.NumberFormat() does not take this'],
  ],
];

suite('what goes wrong while a source loads', () => {
  for (const [source, failures] of ROWS) {
    test(source, () => assert.deepEqual(failuresIn(source), failures));
  }
});
