import assert from 'node:assert/strict';
import { compileFunction } from 'node:vm';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import ts from 'typescript';
import { applyFix, file, lintOne } from './lintOne.ts';
import { findingsOf, mended, row } from './marked.ts';

const CLASS = 'export class Room { async fetch() { return new Response(); } }';

/** What declares `btoa` at the top level, as a function that answers with what it is given. */
const DECLARATIONS = [
  'const btoa = Object.assign((x = 1) => `own ${x}`, { n: 7 });',
  'let btoa = Object.assign((x = 1) => `own ${x}`, { n: 7 });',
  'var btoa = Object.assign((x = 1) => `own ${x}`, { n: 7 }); var btoa = btoa;',
  'function btoa(x = 1) { return `own ${x}`; } btoa.n = 7;',
  'function btoa(x?: number): string; function btoa(x = 1) { return `own ${x}`; } namespace btoa { export const n = 7; }',
  'const { btoa } = { btoa: Object.assign((x = 1) => `own ${x}`, { n: 7 }) };',
  'const { a: { btoa = Object.assign((x = 1) => `own ${x}`, { n: 7 }) } } = { a: {} as any };',
  'const [btoa] = [Object.assign((x = 1) => `own ${x}`, { n: 7 })];',
  'export const btoa = Object.assign((x = 1) => `own ${x}`, { n: 7 });',
  'const b\\u0074oa = Object.assign((x = 1) => `own ${x}`, { n: 7 });',
];

/** Uses of it, and what only looks like one. */
const PIECES = [
  'log.push(btoa(2), btoa.n, typeof btoa);',
  'log.push(b\\u0074oa(2));',
  'log.push(Object.keys({ btoa, other: btoa }), { btoa }.btoa(3));',
  '{ const btoa = 5; log.push(btoa, { btoa }); }',
  'log.push(((btoa: number) => btoa + 1)(1));',
  '{ function inner(a = btoa(3), { b = btoa(4) } = {}) { return a + b; } log.push(inner()); }',
  "{ class Box { btoa = 1; get() { return this.btoa + btoa(5); } static btoa() { return 'static'; } } log.push(new Box().get(), Box.btoa()); }",
  "{ class Bag { btoa() { return btoa(6); } ['k' + btoa.n] = btoa; get x() { return btoa; } } log.push(new Bag().btoa(), Object.keys(new Bag())); }",
  '{ class Own { #btoa = 4; read() { return this.#btoa; } } log.push(new Own().read()); }',
  'log.push({ btoa: 1 }.btoa, { btoa() { return btoa(7); } }.btoa(), { get btoa() { return 2; } }.btoa);',
  'log.push(`btoa ${btoa(8)} btoa`, "btoa", /btoa/.source); // btoa\n/* btoa(9) */',
  '/** {@link btoa} @param btoa of no meaning */\nlog.push(1);',
  '{ const { btoa: other, ...rest } = { btoa: 9, a: 1 }; log.push(other, rest); }',
  '{ let own: number; ({ btoa: own } = { btoa: 3 }); log.push(own); }',
  '{ type Own = typeof btoa; let typed: [btoa: number, then: Own] | { btoa: Own; btoa(): void } | undefined; log.push(typed); }',
  "{ let imported: import('./x').btoa | undefined; log.push(imported); }",
  '{ function is(btoa: unknown): btoa is string { return typeof btoa === "string"; } log.push(is(1)); }',
  'btoa: for (const btoa of [1, 2]) { log.push(btoa); continue btoa; }',
  'enum Kind { btoa = 3, same = btoa, length = 1 } log.push(Kind.same, Kind.btoa);',
  'namespace Space { export const btoa = 8; export const seen = btoa; } log.push(Space.seen);',
  'namespace Outer { export const seen = btoa(10); } log.push(Outer.seen);',
  'try { throw 1; } catch (btoa) { log.push(btoa); }',
  '{ function hoisted() { { var btoa = 1; } return btoa; } log.push(hoisted()); }',
  'switch (1 as number) { case 1: let btoa = 4; log.push(btoa); }',
  '{ const named = function btoa(x: number): unknown { return x ? x : btoa(1); }; log.push(named(3)); }',
  '{ const made = class btoa { static self() { return btoa.name; } }; log.push(made.self()); }',
  '{ const mark = (given: unknown, context: unknown) => { log.push(typeof given, typeof context, btoa.n); }; class Marked { @mark btoa() {} } new Marked(); }',
  '{ const mark = (f: unknown) => () => { log.push(f === btoa); }; class Marked { @mark(btoa) m() {} } new Marked(); }',
  '{ const f = <btoa,>(x: btoa): btoa => x; log.push(f(3)); }',
  'const myBtoa = 3; log.push(myBtoa);',
  'log.push(((myBtoa: number) => [myBtoa, btoa(11)])(2));',
  '{ enum Taken { myBtoa2 = 1, b = btoa.n } log.push(Taken.b); }',
  'export { btoa as named };',
  'export { btoa as default2, btoa as other };',
  'export type { Kept }; type Kept = typeof btoa;',
  '{ const f = (x: { btoa: typeof btoa }) => x.btoa; log.push(f({ btoa })()); }',
];

suite('renaming a top-level name', () => {
  test('changes its uses and nothing else, whatever the file consists of', () => {
    const sources = fc.tuple(
      fc.constantFrom(...DECLARATIONS),
      fc.subarray(PIECES, { maxLength: 10 }),
      fc.constantFrom('\n', '\r\n'),
    );
    fc.assert(
      fc.property(sources, ([declaration, pieces, lineEnd]) => {
        const text = [declaration, ...pieces, CLASS].join('\n').replaceAll('\n', lineEnd);
        const before = lintOne(text);
        const finding = before.find(({ rule }) => rule === 'shadows-global');
        const after = applyFix(text, finding?.fixes[0]);
        assert.deepEqual(outcomeOf(after), outcomeOf(text), after);
        assert.equal(withOldName(after), withOldName(text));
        const left = before.filter(({ rule }) => rule !== 'shadows-global').map(({ rule }) => rule);
        assert.deepEqual(
          lintOne(after).map(({ rule }) => rule),
          left,
          after,
        );
      }),
      { numRuns: 250 },
    );
  }).timeout(120_000);

  const CASES: readonly (readonly [rule: string, before: string, after: string])[] = [
    [
      'reserved-top-level-name',
      `const ROUTES = { a: 1 };\nconst other = { ROUTES };\n${CLASS}`,
      `const myROUTES = { a: 1 };\nconst other = { ROUTES: myROUTES };\n${CLASS}`,
    ],
    [
      'reserved-top-level-name',
      `const { ROUTES } = globalThis.app, { a: [...butter] } = ROUTES;\n${CLASS}`,
      `const { ROUTES: myROUTES } = globalThis.app, { a: [...butter] } = myROUTES;\n${CLASS}`,
    ],
    [
      'import-alias-lost',
      "import { DurableObject as Base } from 'cloudflare:workers';\nexport class A extends Base { fetch(Base: Base) { return Base; } }",
      "import { DurableObject } from 'cloudflare:workers';\nexport class A extends DurableObject { fetch(Base: DurableObject) { return Base; } }",
    ],
    [
      'import-alias-lost',
      "import { waitUntil, env as settings } from 'cloudflare:workers';\nexport class A { constructor(state, env) { this.e = env; } fetch() { return new Response(settings.A, { settings }); } }",
      "import { waitUntil, env } from 'cloudflare:workers';\nexport class A { constructor(state, env) { this.e = env; } fetch() { return new Response(env.A, { settings: env }); } }",
    ],
    [
      'import-alias-lost',
      "import { DurableObject as Base } from 'cloudflare:workers';\nexport class A extends Base { x?: DurableObject; fetch() { return new Response(); } }",
      "import { DurableObject } from 'cloudflare:workers';\nexport class A extends DurableObject { x?: DurableObject; fetch() { return new Response(); } }",
    ],
    [
      'shadows-global',
      `interface Event { at: number }\nclass Event { at = 1 }\nconst e: Event = new Event();\n${CLASS}`,
      `interface MyEvent { at: number }\nclass MyEvent { at = 1 }\nconst e: MyEvent = new MyEvent();\n${CLASS}`,
    ],
    [
      'shadows-global',
      `const Response2: Response | undefined = undefined;\nconst Event = (e: Event) => e;\n${CLASS}`,
      `const Response2: Response | undefined = undefined;\nconst myEvent = (e: Event) => e;\n${CLASS}`,
    ],
  ];
  for (const [rule, before, after] of CASES) {
    test(`${rule}: ${before.slice(0, 60)}`, () => {
      assert.equal(mended(rule, before), after);
    });
  }

  test('a name that the person is to have is not offered where it is taken', () => {
    const around = { deployed: [row('a-room', 'Old')], envKeys: [] };
    const isOffered = (text: string, others: Record<string, string> = {}): boolean =>
      findingsOf('class-renamed', { 'a-room': text, ...others }, around)[0]?.fixes.length === 1;
    const room = 'export class Room { fetch() { return new Response(Room.name); } }';
    assert.ok(isOffered(room));
    assert.ok(isOffered(`const f = (Old) => Old;\n${room}`));
    assert.ok(isOffered(`let x: Old;\n${room}`));
    assert.ok(!isOffered(`const Old = 1;\n${room}`));
    assert.ok(!isOffered(`new Old();\n${room}`));
    assert.ok(!isOffered(`const f = (Old) => Room;\n${room}`));
    assert.ok(!isOffered(room, { 'b-room': 'class Old {}\nexport class B { fetch() {} }' }));
    assert.ok(!isOffered(room, { 'b-room': 'export class B { fetch() { return new Old(); } }' }));
    assert.ok(!isOffered(room, { 'b-room': 'export class B { fetch() { return new Room(); } }' }));
  });

  test('a name that it finds itself is free in all sources of the app', () => {
    const text = `const atob = 1;\n${CLASS}`;
    const nameIn = (others: Record<string, string>): string | undefined =>
      findingsOf('shadows-global', { 'a-room': text, ...others })[0]?.fixes[0]?.title;
    assert.equal(nameIn({}), 'Rename it to myAtob');
    const other = 'export class B { fetch() { return new Response(); } }';
    assert.equal(nameIn({ 'b-room': `const myAtob = 1;\n${other}` }), 'Rename it to myAtob2');
    assert.equal(
      nameIn({
        'b-room': `const myAtob = 1;\n${other}`,
        'c-room': 'export class C { fetch() { myAtob2(); } }',
      }),
      'Rename it to myAtob3',
    );
  });

  test('a name that is used everywhere is left to other tools', () => {
    const text = `const atob = 1;\n${'atob;\n'.repeat(2_000)}${CLASS}`;
    assert.deepEqual(lintOne(text, 'shadows-global')[0]?.fixes, []);
    assert.equal(file(text).text, text);
  });
});

/** What the source logs when it runs, and what it exports. */
function outcomeOf(text: string): unknown {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const code = ts.transpileModule(text, { compilerOptions: options }).outputText;
  const log: unknown[] = [];
  const exported: Record<string, unknown> = {};
  const run = compileFunction(code, ['exports', 'log']) as (exported: object, log: unknown[]) => void;
  run(exported, log);
  const isRenamed = (name: string): boolean => name === 'btoa' || name.startsWith('myBtoa');
  return [log, Object.keys(exported).filter((name) => !isRenamed(name)), Object.keys(exported).length];
}

/** The text with every name that the fix may have given put back. */
function withOldName(text: string): string {
  return text
    .replaceAll('b\\u0074oa', 'btoa')
    .replaceAll(/\bmyBtoa\d*\b/g, 'btoa')
    .replaceAll(/\bbtoa(?:: | as )btoa\b/g, 'btoa');
}
