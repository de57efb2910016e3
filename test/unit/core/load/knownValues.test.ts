import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import { suite, test } from 'mocha';
import { NOT_KNOWN, valueOf } from './loaded.ts';

/** By what they exercise; what each gives is asked of JavaScript itself. */
const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  operators: [
    '1 + 2 * 3',
    "'a' + 1 + null",
    '7 % 4 - -1',
    '2 ** 10',
    '5 & 3 | 8 ^ 1',
    '-1 >>> 28',
    '~5',
    "+'12'",
    '!0',
    '2n ** 70n + 1n',
    '-7n / 2n',
    "'b' > 'a'",
    "1 < '2'",
    "1 == '1'",
    '1n == 1',
    "'1' == 1n",
    'true == 1',
    'null == undefined',
    'null == 0',
    'NaN == NaN',
    "'' == 0",
    "[1] == '1'",
    '[1, 2] + [3]',
    "({}) + ''",
    '`${[1, [2]]}-${null}`',
    'typeof null',
    'typeof (() => 1)',
    "'a' in { a: 1 }",
    '[] instanceof Array',
    '(1, 2)',
    'null ?? 5',
    '0 || 5',
    "'' && 5",
    'void 1',
    'true ? 1 : 2',
    'delete ({ a: 1 }).a',
  ],
  texts: [
    "'ab'.repeat(3)",
    "'a,b,c'.split(',')",
    "'abc'.at(-1)",
    "'abc'[5]",
    "'abc'.padStart(5, '-')",
    "'a-b-a'.replaceAll('a', 'x')",
    "'abc'.indexOf('c')",
    "'Abc'.toUpperCase().toLowerCase().trim()",
    "'abc'.match('b')[0]",
    "/b/.test('abc')",
    "/b|c/.exec('abc').index",
    'String.fromCodePoint(65, 66)',
    'String.raw`a\\n${1}`',
    'Symbol.for("a").description',
  ],
  numbers: [
    '(255).toString(16)',
    '(1.005).toFixed(1)',
    "Number('12')",
    "parseInt('12px', 10)",
    'Math.max(1, 2, 3)',
    'Math.PI',
    'Number.isInteger(5)',
    'Number.MAX_SAFE_INTEGER',
    "BigInt('0x10')",
    'BigInt.asUintN(8, 257n)',
    "encodeURIComponent('ä b')",
    "atob('YWI=')",
  ],
  arrays: [
    '[1, 2, 3].map((x) => x * 2)',
    '[1, 2, 3].filter((x) => x > 1)',
    '[1, 2, 3].reduce((a, b) => a + b)',
    '[1, [2, [3]]].flat(Infinity)',
    '[3, 1, 2].sort()',
    '[3, 1, 2].toSorted((a, b) => b - a)',
    '[1, 2, 3].slice(1, 2)',
    '[1, 2, 3].at(-1)',
    '[1, 2].concat([3], 4)',
    '[1, 2].includes(2)',
    '[1, 2].indexOf(5)',
    "[1, null, 'a'].join('-')",
    '[1, 2, 3].find((x) => x > 1)',
    '[1, 2].every((x) => x > 1)',
    'Array.from({ length: 3 }, (_, i) => i * i)',
    "Array.from('ab')",
    'Array(3).fill(0)',
    '[...[1], ...new Set([2, 2])]',
    '(() => { const a = [1]; a.push(2, 3); a.shift(); a.unshift(0); return a.concat(a.splice(0, 1)); })()',
    '(() => { const a = []; a[2] = 1; return a.length; })()',
    '(() => { const [a, , b = 5, ...c] = [1, 2, undefined, 4]; return [a, b, c]; })()',
  ],
  objects: [
    '({ a: 1, b: { c: [2] } })',
    '({ a: 1, ...{ b: 2 }, a: 3 })',
    'Object.keys({ b: 1, a: 2, 1: 3 })',
    'Object.entries({ a: 1 })',
    'Object.assign({}, { a: 1 }, null, { b: 2 })',
    'Object.fromEntries([["a", 1]])',
    'Object.create({ a: 1 }).a',
    'Object.getPrototypeOf({}) === Object.prototype',
    "Object.hasOwn({ a: 1 }, 'a')",
    "Object.getOwnPropertyDescriptor({ a: 1 }, 'a')",
    "Object.defineProperty({}, 'a', { value: 1, enumerable: true })",
    '({ get a() { return this.b; }, b: 2 }).a',
    '({ __proto__: { x: 1 } }).x',
    '(() => { const { a, ...rest } = { a: 1, b: 2, c: 3 }; return rest; })()',
    'structuredClone({ a: [1] })',
    'JSON.parse(\'{"a":[1,null]}\')',
    'JSON.stringify({ a: [1, undefined], b: undefined })',
    'Reflect.ownKeys({ a: 1 })',
    'new Proxy({ a: 1 }, {}).a',
    'new Proxy({}, { get: (_, key) => key }).abc',
  ],
  collections: [
    'new Map([[1, 2]]).get(1)',
    'new Map([[1, 2]]).size',
    '[...new Map([[1, 2]]).entries()]',
    'new Set([1, 1, 2]).size',
    '[...new Set("aab")]',
    '(() => { const m = new Map(); m.set("a", 1).set("a", 2); m.delete("b"); return [...m]; })()',
    '(() => { let n = 0; new Set([1, 2]).forEach((x) => { n += x; }); return n; })()',
  ],
  functions: [
    '((a, b = a + 1, ...c) => [a, b, c])(1, undefined, 3, 4)',
    '(function () { return arguments.length; })(1, 2)',
    '(function () { return this.x; }).call({ x: 5 })',
    '((a, b) => a + b).bind(null, 1)(2)',
    'Math.max.apply(null, [1, 5, 2])',
    '(function f(n) { return n < 2 ? 1 : n * f(n - 1); })(5)',
    '((s, ...v) => s.raw.length + v.length)`a${1}b${2}`',
    '(() => { try { throw 1; } catch (e) { return e + 1; } finally { } })()',
    '(() => { try { null.x; } catch (e) { return e instanceof TypeError; } })()',
    '(() => { for (const x of [1, 2, 3]) if (x === 2) return x; })()',
    '(() => { let n = 0; outer: for (;;) { for (;;) { if (++n > 3) break outer; continue outer; } } return n; })()',
    '(() => { switch (2) { case 1: return 1; default: return 3; case 2: } return 4; })()',
    '(() => { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f()); })()',
  ],
  iterators: [
    '[...(function* () { yield 1; yield* [2, 3]; })()]',
    '(() => { const log = []; function* g() { try { yield 1; yield 2; } finally { log.push("end"); } } for (const x of g()) { log.push(x); break; } return log; })()',
    '(() => { const [a, b] = (function* () { let n = 0; for (;;) yield n++; })(); return [a, b]; })()',
    '(() => { function* g() { const x = yield 1; yield x; } const i = g(); i.next(); return i.next(5).value; })()',
    '[...{ [Symbol.iterator]() { let n = 0; return { next: () => ({ done: n > 2, value: n++ }) }; } }]',
    "['a', 'b'].entries().next().value",
    '[1, 2].values().map((x) => x * 2).toArray()',
  ],
  classes: [
    'new (class { x = 1; constructor() { this.y = this.x + 1; } })().y',
    '(class { static x = 1; static { this.y = this.x + 1; } }).y',
    'new (class extends (class { m() { return 1; } }) { m() { return super.m() + 1; } })().m()',
    'new (class A { #x = 1; get() { return this.#x; } })().get()',
    '(class A { static #n = 0; static next() { return ++A.#n; } }).next()',
    'new (class { constructor() { return { z: 1 }; } })().z',
    '(() => { class A { constructor(x) { this.x = x; } } class B extends A {} return new B(5).x; })()',
    '(() => { class A extends Array {} const a = new A(); a.push(1); return a.length; })()',
    '(() => { class A { get x() { return 1; } } return new A() instanceof A && new A().x; })()',
    '(() => { function F() { this.x = 1; } F.prototype.m = function () { return this.x; }; return new F().m(); })()',
  ],
};

suite('what is known of a value is what JavaScript makes of it', () => {
  for (const [title, expressions] of Object.entries(EXPRESSIONS)) {
    test(title, () => {
      for (const expression of expressions) {
        const expected: unknown = runInThisContext(`(() => { 'use strict'; return (${expression}); })()`);
        assert.deepEqual(valueOf(expression), expected, expression);
      }
    });
  }

  test('what depends on anything else is not known', () => {
    for (const expression of [
      'Math.random()',
      'performance.now()',
      "new Date(0).toLocaleString('de')",
      "'a'.localeCompare('b')",
      "'x'.repeat(100_000)",
      "'aaaa'.replace(/(a+)+$/, 'b')",
      '[1, 2].map(() => Math.random())[0]',
      'globalThis.performance.now() > 5 ? {} : []',
    ])
      assert.equal(valueOf(expression), NOT_KNOWN, expression);
  });

  test('somebody unknown changes what he gets hold of', () => {
    const before = 'const shared = { a: 1, list: [1] }; let count = 0; const add = () => { count += 1; };';
    assert.equal(valueOf('shared.a', `${before} reportError(shared);`), NOT_KNOWN);
    assert.equal(valueOf('shared.list[0]', `${before} reportError(shared);`), NOT_KNOWN);
    assert.equal(valueOf('count', `${before} addEventListener('x', add);`), NOT_KNOWN);
    assert.equal(valueOf('count', `${before} queueMicrotask(add);`), 0);
    assert.equal(valueOf('count', `${before} queueMicrotask(add); await null;`), 1);
    assert.equal(valueOf('count', `${before} queueMicrotask(add.bind(null)); await null;`), 1);
    assert.equal(
      valueOf(
        'count',
        before + 'Promise.resolve().then(() => {}).then(add); await JSON.parse(Math.random());',
      ),
      NOT_KNOWN,
    );
  });

  test('of two values that it may be it is neither', () => {
    const before = 'const a = {}; let b; if (Math.random() > 0.5) b = a; if (b) b.x = 1;';
    assert.equal(valueOf('a.x', before), NOT_KNOWN);
    assert.equal(valueOf('b', before), NOT_KNOWN);
  });
});
