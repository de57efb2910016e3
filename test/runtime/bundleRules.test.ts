import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import { buildModule } from '../../src/core/bundle/buildModule.ts';
import { lintApp } from '../../src/core/rules/engine.ts';
import { loadModule } from './bundleWorkerd.ts';

/** Goes after each source below that has no class of its own. */
const CLASS = "\nexport class A { async fetch() { return new Response('ok'); } }";

/** Sources of an app, and the rule whose error says that the module will not load; none when it loads. */
const ROWS: readonly (readonly [rule: string | undefined, ...sources: readonly string[]])[] = [
  ['import-type-becomes-value', "import type { DurableObjectState } from 'cloudflare:workers';"],
  [
    'import-type-becomes-value',
    "import { type DurableObjectState, DurableObject } from 'cloudflare:workers';",
  ],
  [undefined, "import type { DurableObject } from 'cloudflare:workers';"],
  ['import-alias-lost', "import { DurableObject as Base } from 'cloudflare:workers';"],
  [undefined, "import { DurableObject as DurableObject } from 'cloudflare:workers';"],
  [
    'mixed-import-forms',
    "import * as cf from 'cloudflare:workers'; import { env } from 'cloudflare:workers';",
  ],
  [
    'mixed-import-forms',
    "import * as cf from 'cloudflare:workers';",
    "import { env } from 'cloudflare:workers';",
  ],
  ['unchecked-module-reference', "export * from 'zod';"],
  ['unchecked-module-reference', "export { z } from 'zod';"],
  ['unchecked-module-reference', "export * as z from 'zod';"],
  ['unchecked-module-reference', "export * from 'cloudflare:workers';"],
  ['unchecked-module-reference', "export * as cf from 'cloudflare:workers';"],
  ['unchecked-module-reference', "const z = require('zod');"],
  ['unchecked-module-reference', "await import('zod');"],
  [undefined, "export { env } from 'cloudflare:workers';"],
  [undefined, "export type { Z } from 'zod';"],
  [undefined, "export { type Z } from 'zod';"],
  [undefined, "import z = require('zod');"],
  [undefined, "import('zod');"],
  [undefined, "await import('cloudflare:workers');"],
  ['second-default-export', 'export default {};'],
  ['second-default-export', 'export default function f() {}'],
  ['second-default-export', 'function f() {} export { f as default };'],
  [undefined, 'export default interface I {}'],
  [undefined, 'export default function f(): void;'],
  ['reserved-top-level-name', 'const ROUTES = {};'],
  ['reserved-top-level-name', 'function checkAuth() {}'],
  ['reserved-top-level-name', 'enum butterbase { A }'],
  [undefined, 'interface ROUTES {}'],
  [undefined, 'declare const butterbase: unknown;'],
  [undefined, '{ const ROUTES = 1; }'],
  ['extra-export', 'export const x = 5;'],
  ['extra-export', "export let s = 'a' as string;"],
  ['extra-export', 'export const b = !0, n = null;'],
  ['extra-export', 'export let u;'],
  ['extra-export', 'const x = -1; export { x as y };'],
  ['extra-export', 'export const t = `a${1}`;'],
  ['extra-export', 'export const s = String(5);'],
  ['extra-export', 'export const t = (() => 5)();'],
  ['extra-export', 'export const x = await Promise.resolve(5);'],
  [undefined, 'export const t = (() => ({}))(), x = await Promise.resolve({});'],
  [undefined, 'export const p = Promise.resolve(5);'],
  [undefined, 'export const o = {}, a = [], f = () => 5;'],
  [undefined, 'export function f() {} export enum E { A } export namespace N { export const x = 1 }'],
  [undefined, 'export const B = class {};'],
  [undefined, 'export declare const x: number; export type T = 1;'],
  ['global-scope-io', "await fetch('http://127.0.0.1:1/');"],
  ['global-scope-io', "const p = fetch('http://127.0.0.1:1/'); await p;"],
  ['global-scope-io', "const t = await (await fetch('http://127.0.0.1:1/')).text();"],
  ['global-scope-io', 'setTimeout(() => {}, 1);'],
  ['global-scope-io', 'globalThis.setInterval(() => {}, 1);'],
  ['global-scope-io', 'const id = crypto.randomUUID();'],
  ['global-scope-io', 'class B { static id = crypto.randomUUID(); }'],
  ['global-scope-io', 'class B { static { throw new Error(); } }'],
  ['global-scope-io', 'class B { id = crypto.randomUUID(); } new B();'],
  ['global-scope-io', 'function start() { setTimeout(() => {}, 1); } start();'],
  ['global-scope-io', 'const make = () => crypto.randomUUID(); const id = make();'],
  ['global-scope-io', '(() => { setTimeout(() => {}, 1); })();'],
  ['global-scope-io', 'await new Promise((done) => setTimeout(done, 1));'],
  ['global-scope-io', 'await new Promise(() => {});'],
  ['global-scope-io', "throw new Error('x');"],
  ['global-scope-io', 'await scheduler.wait(1);'],
  ['global-scope-io', "await caches.default.match('http://x/');"],
  ['global-scope-io', "new WebSocket('ws://127.0.0.1:1');"],
  ['global-scope-io', "new Response('x');"],
  ['global-scope-io', 'AbortSignal.timeout(5);'],
  ['global-scope-io', "import { connect } from 'cloudflare:sockets'; connect('127.0.0.1:1');"],
  ['global-scope-io', "import { waitUntil } from 'cloudflare:workers'; waitUntil(Promise.resolve());"],
  [undefined, "fetch('http://127.0.0.1:1/').catch(() => {});"],
  [undefined, "await fetch('http://127.0.0.1:1/').catch(() => {});"],
  [undefined, "try { await fetch('http://127.0.0.1:1/'); } catch {}"],
  [undefined, "try { throw new Error('x'); } catch {}"],
  [undefined, "(async () => { await fetch('http://127.0.0.1:1/'); })();"],
  [undefined, 'class B { id = crypto.randomUUID(); }'],
  [undefined, 'function later() { setTimeout(() => {}, 1); throw new Error(); }'],
  [undefined, 'const r = Math.random(), d = Date.now(); await null;'],
  [undefined, 'function setTimeout(f: () => void) { f(); } setTimeout(() => {});'],
  ['unknown-runtime-module', "import x from 'cloudflare:nope';"],
  ['unknown-runtime-module', "import 'cloudflare:email';"],
  ['unknown-runtime-module', "import workers from 'cloudflare:workers';"],
  ['unknown-runtime-module', "import { DurableObjectState } from 'cloudflare:workers';"],
  [undefined, "import {} from 'cloudflare:nope';"],
  [undefined, "import { connect } from 'cloudflare:sockets'; import * as n from 'cloudflare:node';"],
  ['missing-base-import', 'export class A extends DurableObject {}'],
  ['missing-base-import', 'class Target extends RpcTarget {}'],
  [undefined, 'const has = typeof DurableObject; function later() { return RpcTarget; }'],
  [undefined, 'export class A { constructor(x: DurableObject) {} async fetch() { return new Response(); } }'],
  ['duplicate-class-name', CLASS, CLASS],
  ['duplicate-top-level-name', 'const MAX = 1;', 'const MAX = 2;'],
  ['duplicate-top-level-name', 'function f() {}', 'class f {}'],
  ['duplicate-top-level-name', 'var v;', 'let v;'],
  ['duplicate-top-level-name', 'enum E { A }', 'const { E } = { E: 1 };'],
  ['duplicate-top-level-name', "import { env } from 'cloudflare:workers';", 'const env = 1;'],
  ['duplicate-top-level-name', 'let q; let q;'],
  ['duplicate-top-level-name', 'function q() {} function q() {}'],
  ['duplicate-top-level-name', 'class B {}', 'function B() {}'],
  [undefined, 'var v;', 'var v;'],
  [undefined, 'enum E { A }', 'enum E { B = 1 }'],
  [undefined, 'interface I {} type T = 1;', 'interface I {} type T = 2;'],
  [undefined, 'class Q {} namespace Q { export const a = 1 }'],
  [undefined, "import { env } from 'cloudflare:workers';", "import { env } from 'cloudflare:workers';"],
  ['syntax-error', 'const q;'],
  ['syntax-error', 'return 5;'],
  ['syntax-error', 'function f() { await x; }'],
  ['syntax-error', 'function f() { for await (const x of []) {} }'],
  ['syntax-error', 'with ({}) {}'],
  ['syntax-error', 'var x; delete x;'],
  ['syntax-error', 'let yield = 1;'],
  ['syntax-error', 'let public = 1;'],
  ['syntax-error', 'class implements {}'],
  ['syntax-error', 'let eval = 1;'],
  ['syntax-error', 'break;'],
  ['syntax-error', 'x: for (;;) { break y; }'],
  ['syntax-error', 'for (;;) { (() => { break; })(); }'],
  ['syntax-error', 'for (const x of []) { yield 1; }'],
  ['syntax-error', 'class B { #a; #a; }'],
  ['syntax-error', 'class B { m() { this.#zz; } }'],
  ['syntax-error', 'const { x };'],
  ['syntax-error', 'for (const x;;) {}'],
  ['syntax-error', 'function f(a, a) {}'],
  ['syntax-error', 'function f(x) { let x; }'],
  ['syntax-error', 'function f() { let a; var a; }'],
  ['syntax-error', '{ let x; { var x; } }'],
  ['syntax-error', '{ function g() {} var g; }'],
  ['syntax-error', 'try {} catch (e) { let e; }'],
  ['syntax-error', 'switch (1) { case 1: let a; case 2: let a; }'],
  ['syntax-error', 'class B { static { return; } }'],
  ['syntax-error', 'class B { x = await 1; }'],
  ['syntax-error', 'namespace N { let a; let a; }'],
  ['duplicate-top-level-name', 'let x; { var x; }'],
  ['duplicate-top-level-name', 'let [a, a] = [];'],
  ['reserved-top-level-name', 'if (1) { var ROUTES = 1; }'],
  [undefined, 'for (const x of []) {}'],
  [undefined, 'x: for (;;) { break x; }'],
  [undefined, 'a: { break a; }'],
  [undefined, 'const o = { public: 1, let: 2, static() {}, await: 3 }; o.public;'],
  [undefined, 'class B { static() {} public = 1; await() {} }'],
  [undefined, 'const { await: w, let: l } = { await: 1, let: 2 };'],
  [undefined, 'let as = 1, of = 2, type = 3, get = 4, async = 5; as; of; type; async;'],
  [undefined, 'class B { #zz; m() { return () => this.#zz; } }'],
  [undefined, 'class B { get #x() { return 1; } set #x(v) {} }'],
  [undefined, 'class B { accessor #x = 1; m() { return #x in this; } }'],
  [undefined, 'class B { m(a: string): void; m(a: number): void; m(a: unknown) {} }'],
  [undefined, 'class B { constructor(public a: string, private b = 1) {} }'],
  [undefined, 'abstract class B { abstract m(a: string, b: string): void; abstract get x(): number; }'],
  [undefined, 'function f(this: Window, a: number) {}'],
  [undefined, 'function f(a: string): void; function f(a: unknown) {}'],
  [undefined, 'function f(a) { var a; function a() {} }'],
  [undefined, 'function f() { function g() {} function g() {} var g; }'],
  [undefined, 'let a; function f() { let a; { let a; } }'],
  [undefined, 'for (let i = 0; i < 1; i++) { let i = 2; }'],
  [undefined, 'try {} catch (e) { var e; }'],
  [undefined, 'declare function f(a: 1, b: 2): void; declare const z;'],
  [undefined, 'enum E { public, let }'],
  [undefined, 'const g = function* () { const x = yield; };'],
  [
    undefined,
    'const f = async () => { const { a } = await g(); return a; }; async function g() { return { a: 1 }; }',
  ],
  [undefined, 'label: for (const a of []) { continue label; }'],
];

/** How many workerd processes run at a time. */
const PARALLEL = 2;

suite('a module does not load where a rule says so, and loads where none does', function () {
  this.timeout(60_000);
  const loads: Promise<string | undefined>[] = [];

  suiteSetup(() => {
    const lanes = Array.from({ length: PARALLEL }, () => Promise.resolve());
    ROWS.forEach(([, ...sources], index) => {
      const lane = index % PARALLEL;
      const load = (lanes[lane] ?? Promise.resolve()).then(() => loadError(sources));
      loads.push(load);
      lanes[lane] = load.then(
        () => undefined,
        () => undefined,
      );
    });
  });

  ROWS.forEach(([rule, ...sources], index) => {
    test(`${rule ?? 'loads'}: ${sources.map((source) => source.trim()).join(' | ')}`, async () => {
      const error = await loads[index];
      assert.equal(error !== undefined, rule !== undefined, error ?? 'it loads');
      assert.deepEqual(errorsOf(sources), rule === undefined ? [] : [rule]);
    });
  });
});

function classes(sources: readonly string[]): { name: string; code: string; accessMode: 'public' }[] {
  return sources.map((source, index) => ({
    name: `n-${index}`,
    code: source.includes('class A ') ? source : source + CLASS.replace('class A', `class Own${index}`),
    accessMode: 'public',
  }));
}

async function loadError(sources: readonly string[]): Promise<string | undefined> {
  const loaded = await loadModule(buildModule(classes(sources)));
  if (typeof loaded === 'string') return loaded;
  await loaded.stop();
  return undefined;
}

/** The rules that have an error for any of the sources, each once. */
function errorsOf(sources: readonly string[]): string[] {
  const files = classes(sources).map(({ name, code, accessMode }) => ({
    uri: name,
    name,
    text: code,
    accessMode,
  }));
  const found = [...lintApp({ files, deployed: [], envKeys: undefined }).values()].flat();
  return [...new Set(found.filter((finding) => finding.severity === 'error').map((finding) => finding.rule))];
}
