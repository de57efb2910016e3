import { baseName, ownName } from './names.ts';
import { lines, oneOf, rarely, text, type Text } from './text.ts';
import { laterCode, memberKey, value } from './values.ts';

const member = rarely(
  oneOf(
    "async fetch(request: Request): Promise<Response> { return new Response('ok'); }",
    'constructor(private readonly state: DurableObjectState, public env: any) {}',
    'constructor(state: any) {}',
    text`async run() { ${laterCode} }`,
    text`plain() { ${laterCode} }`,
    'overloaded(a: string): void; overloaded(a: number): void; overloaded(a: unknown) {}',
    'fetch = async () => new Response("ok");',
    'static count = 0;',
    'static readonly made = new Map<string, number>();',
    'readonly #secret = 1; peek() { return this.#secret; }',
    'get size() { return 1; } set size(value) {}',
    'static #counter = 0; static next() { return ++this.#counter; }',
    'accessor x = 1;',
    'declare readonly typed: string;',
    'private optional?: string; definite!: number;',
    '[Symbol.iterator]() {}',
    "'quoted name'() {} 123() {}",
    'async *stream() { yield 1; }',
    'static { console.log(1); }',
    '[key: string]: unknown;',
    'override toString() { return ""; }',
    'async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer) {}',
    'alarm() { return this.ctx.storage.deleteAll(); }',
    'get; set; static; async; readonly; declare;',
    ';',
  ),
  oneOf(
    'abstract todo(): void;',
    'constructor(state: any, env: any) { super(state, env); }',
    text`static s = ${value};`,
    text`static [${memberKey}] = 1;`,
    text`static { ${laterCode} }`,
    text`field = ${value};`,
    "static { throw new Error('x'); }",
    'static { await null; }',
    'static { var a; let a; }',
    '#twice; #twice;',
    'm() { return this.#absent; }',
    'constructor() {} constructor() {}',
    text`@${ownName} decorated() {}`,
    'm() { return super.m(); } static async x() { await 1; }',
    'fetch(request) { const t = await request.text(); return new Response(t); }',
    'constructor(a, a) {}',
    'm() { break; }',
    'm(eval) {}',
    'static prototype = 1;',
    'get x(a) {}',
    'set y() {}',
    'm() { new.target; yield; }',
    'm() { arguments; return arguments.length; }',
    'x = arguments;',
    'static y = await 1;',
  ),
  14,
);

const heritage = rarely(
  oneOf('', '', '', '', ' extends DurableObject', ' implements Contract'),
  oneOf(
    text` extends ${baseName}`,
    ' extends cf.DurableObject',
    ' extends (class {})',
    ' extends Object',
    ' extends null',
    ' extends WorkerEntrypoint',
    ' extends Map<string, number> implements A, B',
    ' extends mixin(Object)',
    ' extends class { m() {} }',
    ' extends',
    ' extends A, B',
  ),
  10,
);

const generics = oneOf('', '', '', '<T>', '<T = any, const U extends string = string>', '<in out T>');

const keywords = rarely(
  oneOf('export class', 'export class', 'export abstract class', 'export  class', 'export /* c */ class'),
  oneOf(
    'class',
    'export declare class',
    'export default class',
    'declare class',
    'abstract class',
    'export default abstract class',
    'export declare abstract class',
    '@(() => {}) export class',
    '@((c: any) => c) @missing export class',
    'export @((c: any) => c) class',
    'exp\\u006frt class',
    'export const enum',
    'export interface',
    'export type',
  ),
  12,
);

/** A class of that name, which most of the time is the one that a source has to export. */
export function classDeclaration(name: Text): Text {
  return text`${keywords} ${name}${generics}${heritage} {\n${lines(member, 4)}\n}`;
}

/** What is no `export class` although it makes and exports a class. */
export function otherClass(name: Text): Text {
  return oneOf(
    text`class ${name} {}\nexport { ${name} };`,
    text`export const ${name} = class {};`,
    text`export const ${name} = class Named extends Object {};`,
    text`export let ${name}: new () => object;`,
    text`namespace Space { export class ${name} {} }`,
    text`declare module 'm' { export class ${name} {} }`,
    text`{ class ${name} {} }`,
    text`export class {}`,
    text`export class ${name} `,
    text`export class ${name} {} export class ${name} {}`,
    text`export class ${name}<`,
    text`export class ${name} {} namespace ${name} { export const a = 1; }`,
    text`interface ${name} {} export class ${name} {}`,
    text`export class ${name} {} export type { ${name} };`,
    text`export class ${name} {} export { ${name} as Second };`,
  );
}
