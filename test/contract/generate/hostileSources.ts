/** Sources that would take forever, or much room, if somebody did all that they say. */
export const HOSTILE: readonly (readonly [title: string, source: string])[] = [
  [
    'texts that are turned around forever',
    "let s = 'x'.repeat(9999); for (;;) s = s.split('').reverse().join('');",
  ],
  [
    'loops in loops',
    'for (let i = 0; i < 1e9; i++) for (let j = 0; j < 1e9; j++) for (const k of [1,2,3]) f(i, j, k); function f() { return [1,2,3].map((x) => x * 2); }',
  ],
  ['sorting forever', 'const a = Array(9999).fill(0).map((_, i) => -i); for (;;) a.sort((x, y) => x - y);'],
  [
    'an object in an object in an object',
    'let o = {}; for (let i = 0; i < 1e6; i++) o = { a: o, b: o }; JSON.stringify(o);',
  ],
  [
    'an object with millions of paths through it',
    'let o = {}; for (let i = 0; i < 25; i++) o = { a: o, b: o }; JSON.stringify(o);',
  ],
  [
    'a copy of millions of paths',
    'let o = {}; for (let i = 0; i < 25; i++) o = { a: o, b: o }; structuredClone(o);',
  ],
  [
    'an object with millions of parts for a built-in',
    "let o = {}; for (let i = 0; i < 8; i++) o = { a: o, b: o, c: o, d: o, e: o, f: o, g: o, h: o, i: o }; String.prototype.at.call('x', o); new URL(o);",
  ],
  [
    'an array with millions of paths to flatten',
    'let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; a.flat(Infinity);',
  ],
  [
    'an array with millions of paths as a text',
    'let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; String(a);',
  ],
  [
    'functions and arrays around each other',
    "let a = [1]; for (let i = 0; i < 1000; i++) a = [a, () => a, { a }]; unknownThing(a); fetch('x', a);",
  ],
  ['a bigint that grows', 'let b = 2n; for (;;) b = b * b;'],
  ['a bigint that is large', 'let b = 2n ** 9000n; for (;;) b = (b * 3n) >> 1n;'],
  ['an array that doubles', 'let a = [1]; for (;;) a = [...a, ...a];'],
  ['an object that is copied', 'let a = {}; for (let i = 0; ; i++) a = { ...a, [i]: 1 };'],
  ['a map of lists', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, [...m.keys()]);'],
  [
    'patterns that take forever',
    "/(a+)+$/.test('a'.repeat(5000) + 'b'); 'a'.repeat(5000).match(/(a+)+$/); new RegExp('(a+)+$').exec('a'.repeat(5000));",
  ],
  ['a pattern with many ways', `new RegExp('${'(a|b)'.repeat(150)}').test('aaaa');`],
  ['many patterns on long texts', `/${'a|'.repeat(400)}/.test('${'b'.repeat(9000)}');`.repeat(200)],
  [
    'number formats forever',
    "for (;;) new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(5);",
  ],
  ['2,000 date formats', "new Intl.DateTimeFormat('en');".repeat(2000)],
  ['proxies of proxies', 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x;'],
  [
    'a long chain of prototypes',
    'let p = {}; for (let i = 0; i < 1e5; i++) p = Object.create(p); p.x; for (;;) p.y;',
  ],
  [
    'members of a long chain of prototypes',
    'let p = {}; for (let i = 0; i < 3000; i++) p = Object.create(p); for (let i = 0; i < 5000; i++) p.y;',
  ],
  [
    'functions bound again and again',
    'let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); f();',
  ],
  ['two calls in each call', 'function f(n) { return n ? f(n - 1) + f(n - 1) : 1; } f(100);'],
  ['calls in callbacks', 'const f = (n) => n ? [1,2,3].map(() => f(n - 1)) : 1; f(50);'],
  [
    'a long chain of classes',
    'let A = class {}; for (let i = 0; i < 1e5; i++) A = class extends A { x = 1; }; new A();',
  ],
  [
    'generators in generators',
    'function* g(n) { if (n) { yield* g(n - 1); yield* g(n - 1); } yield n; } [...g(40)];',
  ],
  [
    'a generator forever',
    'function* g() { for (let i = 0; i < 1e6; i++) yield i; } const i = g(); for (;;) i.next();',
  ],
  ['a text that asks for itself', 'const o = { toString() { return `${o}`; } }; `${o}`; o + o;'],
  ['a member that asks for itself', 'const o = { get x() { return this.x + this.x; } }; o.x;'],
  ['bytes forever', 'for (;;) new Uint8Array(60000).fill(1).slice().reverse();'],
  ['many buffers', 'const all = []; for (let i = 0; i < 9000; i++) all.push(new ArrayBuffer(65536));'],
  ['replacing forever', "let s = 'a'.repeat(9000); for (;;) s.replaceAll('a', 'bbbbbbbbbb');"],
  ['padding forever', "for (;;) 'a'.padStart(9999, 'xyz');"],
  ['joining arrays forever', 'let a = Array(9000).fill(1); for (;;) a.concat(a.slice(0, 900)).includes(5);'],
  [
    'functions that know each other',
    'const fs = []; for (let i = 0; i < 3000; i++) fs.push(() => fs); crypto.subtle.digest("SHA-1", fs);',
  ],
  [
    'functions that call each other',
    `const fs = []; ${'fs.push(() => fs.map((f) => f()));'.repeat(300)} crypto.subtle.digest("SHA-1", fs);`,
  ],
  ['50 loops that go on', 'let i = 0; while (true) { i++; if (i > 1e12) break; }\n'.repeat(50)],
  [
    '50 loops that make objects',
    'for (let i = 0; i < 1e9; i++) [1,2,3].map((x) => ({ x })).filter(Boolean).reduce((a, b) => ({ ...a, ...b }), {});\n'.repeat(
      50,
    ),
  ],
  [
    'dates as texts forever',
    "for (;;) new Date('2020-01-01').toLocaleString('en', { timeZone: 'Europe/Prague' });",
  ],
  ['errors forever', 'for (;;) { try { null.x; } catch (e) {} }'],
  [
    '500 conditions that nobody knows',
    `let x = unknownGlobal; ${'if (env) { x = 1 } else { x = 2 }'.repeat(500)}`,
  ],
  [
    'a call in each of 50 cases',
    `function f(x) { switch (Math.random()) { ${'case Math.random(): f(x); '.repeat(50)} } } f(1);`,
  ],
];
