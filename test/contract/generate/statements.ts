import { GRAMMAR } from './grammar.ts';
import { LOADING } from './loadingCases.ts';
import { baseName, localName, ownName, topLevelName, usedName } from './names.ts';
import { oneOf, rarely, text } from './text.ts';
import { harmless, laterCode, memberKey, value } from './values.ts';

const declaration = oneOf(
  text`const ${topLevelName} = ${value};`,
  text`let ${topLevelName} = ${value};`,
  text`let ${topLevelName}: string;`,
  text`var ${topLevelName} = ${value};`,
  text`const { ${topLevelName}, b: ${topLevelName} = 2, ...${topLevelName} } = { b: 1 } as any;`,
  text`const [${topLevelName}, , ${topLevelName}] = [1, 2, 3];`,
  text`function ${topLevelName}(a: number, b = 1) { ${laterCode} }`,
  text`async function ${topLevelName}() { ${laterCode} }`,
  text`function* ${topLevelName}() { yield 1; }`,
  text`function ${topLevelName}(a: string): void;\nfunction other${topLevelName}() {}`,
  text`class ${topLevelName} { ${laterMember()} }`,
  text`abstract class ${topLevelName} { abstract m(): void; }`,
  text`class ${topLevelName} { static value = ${value}; }`,
  text`class ${topLevelName} { static { ${harmlessStatement()} } }`,
  text`class ${topLevelName} { [${memberKey}]() {} }`,
  text`enum ${topLevelName} { A, B = 2, C = 'c'.length }`,
  text`const enum ${topLevelName} { A, B }`,
  text`declare enum ${topLevelName} { A }`,
  text`namespace ${topLevelName} { export const a = ${harmless}; }`,
  text`namespace ${topLevelName} { export type T = 1; }`,
  text`namespace ${topLevelName}.Inner { export const a = 1; }`,
  text`module ${topLevelName} {}`,
  text`declare namespace ${topLevelName} { const a: number; }`,
  text`declare const ${topLevelName}: number;`,
  text`declare let ${topLevelName}: number, other: string;`,
  text`declare function ${topLevelName}(): void;`,
  text`declare class ${topLevelName} {}`,
  text`interface ${topLevelName} { a: string }`,
  text`type ${topLevelName} = { a: 1 } | ${topLevelName}[];`,
  text`using ${topLevelName} = { [Symbol.dispose]() {} };`,
  text`await using ${topLevelName} = { async [Symbol.asyncDispose]() {} };`,
  text`class ${topLevelName} extends ${baseName} {}`,
  'class Parent {}',
  'abstract class Parent { m() {} }',
  text`class ${topLevelName} extends (class {}) {}`,
  'declare global { interface Window { a: 1 } }',
  "declare module 'x' { export const a: 1; }",
);

const statement = oneOf(
  harmlessStatement(),
  text`${harmless};`,
  text`console.log(${harmless});`,
  text`if (true) { var ${topLevelName} = 1; }`,
  text`if (false) { ${laterless()} }`,
  text`for (const ${localName} of []) { ${laterless()} }`,
  text`{ const ${localName} = 1; }`,
  text`{ function ${localName}() {} }`,
  'try { setTimeout(() => {}, 1); } catch {}',
  "try { throw new Error('x'); } catch (error) {} finally {}",
  "try { throw new Error('x'); } finally { }",
  "try { null; } catch { throw new Error('y'); }",
  "try { null; } finally { throw new Error('y'); }",
  'try { } finally { }',
  "throw new Error('x');",
  text`${value};`,
  text`void ${value};`,
  'function start() { setTimeout(() => {}, 1); } start();',
  'const begin = () => { throw new Error(); }; begin();',
  'const beginLater = async () => { throw new Error(); }; beginLater();',
  'const awaited = async () => { throw new Error(); }; await awaited();',
  'class Made { constructor() { crypto.randomUUID(); } } new Made();',
  'class Field { id = crypto.randomUUID(); } const field = new Field();',
  'const pending = fetch("http://127.0.0.1:1/"); await pending;',
  'queueMicrotask(() => {});',
  "addEventListener('unhandledrejection', () => {});",
  text`globalThis.${ownName} ??= 1;`,
  'label: { break label; }',
  ';;',
  'debugger;',
  "'use strict';",
  'for await (const x of []) {}',
  text`const later${topLevelName} = () => early; const early = 1;`,
  text`console.log(${usedName});`,
  'const first = second; const second = 1;',
  'let hoisted = lift(); function lift() { return 1; }',
);

/** Exports beside the class. */
const exported = oneOf(
  text`export const ${topLevelName} = ${value};`,
  text`export const ${topLevelName} = ${harmless}, ${topLevelName} = {};`,
  text`export let ${topLevelName};`,
  text`export var ${topLevelName} = {};`,
  topLevelName.map((name) => `export const { ${name} } = { ${name}: {} };`),
  text`export const [${topLevelName}] = [{}];`,
  text`export function ${topLevelName}() {}`,
  text`export async function* ${topLevelName}() {}`,
  text`export enum ${topLevelName} { A }`,
  text`export const enum ${topLevelName} { A }`,
  text`export namespace ${topLevelName} { export const a = 1; }`,
  text`export interface ${topLevelName} {}`,
  text`export type ${topLevelName} = string;`,
  text`export declare const ${topLevelName}: number;`,
  text`export declare function ${topLevelName}(): void;`,
  'const local = {}; export { local };',
  'const five = 5; export { five };',
  'const plain = () => {}; export { plain as renamed };',
  'const seven = 7; export { seven as type Renamed };',
  'type Only = 1; export { type Only };',
  'type Kind = 1; export type { Kind };',
  'interface Shape {} export { Shape };',
  text`export { ${usedName} };`,
  text`export { ${usedName} as other };`,
  "const quoted = {}; export { quoted as 'any text' };",
  'export {};',
  'export type {};',
);

const defaultExport = oneOf(
  'export default {};',
  'export default 5;',
  'export default function () {}',
  'export default function named() {}',
  'export default async () => {};',
  'export default interface I {}',
  'export default abstract class Abstract {}',
  'export default class Named {}',
  'export default class {}',
  'export default (class {});',
  text`export default ${usedName};`,
  'export = {};',
  'const d = {}; export { d as default };',
  'type D = 1; export { type D as default };',
  'export default function overloaded(): void;',
  'export as namespace Global;',
);

/** What is known to break the grammar or the loading, or just not to, at the top level and inside of things. */
const delicate = rarely(oneOf(...LOADING.filter(isPlain)), oneOf(...GRAMMAR.filter(isPlain)), 5);

const nested = oneOf(
  text`{ ${delicate} }`,
  text`function nested${ownName}() { ${delicate} }`,
  text`(() => { ${delicate} })();`,
  text`try { ${delicate} } catch {}`,
  text`try { ${delicate} } catch (error) { ${delicate} } finally {}`,
  text`if (Math.random() > 2) { ${delicate} }`,
  text`if (1 > 2) { ${delicate} } else { ${delicate} }`,
  text`for (const each of [1, 2]) { ${delicate} }`,
  text`(async () => { ${delicate} })();`,
  text`await (async () => { ${delicate} })();`,
  text`class Nested${ownName} { static { ${delicate} } }`,
  text`class Nested${ownName} { m() { ${delicate} } }`,
  text`const object${ownName} = { get x() { ${delicate} } };`,
  text`[1].forEach(() => { ${delicate} });`,
  text`namespace Nested${ownName} { ${delicate} }`,
);

/** A statement beside the class. */
export const topLevelStatement = rarely(
  rarely(rarely(declaration, statement, 4), rarely(delicate, nested, 2), 6),
  rarely(exported, defaultExport, 5),
  8,
);

/** Without an import of its own. */
function isPlain(source: string): boolean {
  return !/import|export/.test(source);
}

function harmlessStatement() {
  return oneOf(
    'console.log(1);',
    text`Object.assign(globalThis, { made: ${harmless} });`,
    'const { a = 1 } = {} as { a?: number }; void a;',
    'if (1 > 2) throw new Error();',
    'new Map([[1, 2]]).forEach((a, b) => { console.log(a, b); });',
  );
}

function laterless() {
  return oneOf('console.log(1);', "throw new Error('x');", 'setTimeout(() => {}, 1);', 'await null;');
}

function laterMember() {
  return oneOf(
    'id = 1;',
    'm() {}',
    'static s = 1;',
    '#p = 1;',
    'declare d: string;',
    'accessor x = 1;',
    '[key: string]: unknown;',
  );
}
