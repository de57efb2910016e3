/** Apps on which linter, bundler and runtime once disagreed. */
export interface Case {
  readonly title: string;
  readonly sources: readonly string[];
}

const ROOM = '\nexport class Room {}';

const one = (title: string, source: string): Case => ({ title, sources: [source + ROOM] });

const two = (title: string, first: string, second: string): Case => ({
  title,
  sources: [`${first}${ROOM}`, `${second}\nexport class Lobby {}`],
});

export const CASES: readonly Case[] = [
  one('a class that extends itself', 'class Own extends Own {}'),
  one('a constant that is used before it is declared', 'const first = second; const second = 1;'),
  one('a class that is extended before it is declared', 'class Child extends Parent {} class Parent {}'),
  one('a function that is called before it is declared', 'const made = make(); function make() {}'),
  one('a static field that names its class', 'class Own { static list = [Own]; }'),
  one('a name that nothing declares', 'console.log(absent);'),
  one('a name that nothing declares, behind a condition', 'if (false) console.log(absent);'),
  one('the type of a name that nothing declares', 'typeof absent;'),
  one('a base that nothing declares', 'class Child extends Absent {}'),
  one('a decorator that nothing declares', 'class Own { @absent m() {} }'),
  one('an export of what nothing declares', 'export { absent };'),
  one('an export of what is only declared', 'declare const ambient: number; export { ambient };'),
  one('an export of an interface', 'interface Shape {} export { Shape };'),
  two('an export of what another source declares', 'export { shared };', 'const shared = {};'),
  two(
    '`using` in two sources',
    'using a = { [Symbol.dispose]() {} };',
    'using b = { [Symbol.dispose]() {} };',
  ),
  two(
    '`using` makes variables of what follows it',
    'using a = { [Symbol.dispose]() {} }; const limit = 1;',
    'var limit = 2;',
  ),
  one('a use before a declaration that `using` makes a variable of', 'using a = null; late; const late = 1;'),
  one(
    'an async function that throws',
    'const run = async () => { throw new Error(); }; run().catch(() => {});',
  ),
  one(
    'an async function that throws and is awaited',
    'const run = async () => { throw new Error(); }; await run();',
  ),
  one('timers in a loop that never runs', 'for (const each of []) { setTimeout(() => {}, 1); }'),
  one('code from text, while the module loads', "eval('1');"),
  one('a global of Node, while the module loads', "Buffer.from('x');"),
  one(
    'an alias that the module exports too',
    "import { DurableObject as RpcTarget } from 'cloudflare:workers';",
  ),
  one('two constructors', 'class Own { constructor() {} constructor() {} }'),
  one(
    'overloads of a constructor',
    'class Own { constructor(a: 1); constructor(a: 2); constructor(a: unknown) {} }',
  ),
  one('an async constructor', 'class Own { async constructor() {} }'),
  one('a getter with a parameter', 'class Own { get x(a) { return 1; } }'),
  one('a setter without one', 'class Own { set x() {} }'),
  one('a static member `prototype`', 'class Own { static prototype = 1; }'),
  one('a field `constructor`', 'class Own { constructor = 1; }'),
  one('a class without a name', 'class {}'),
  one('`arguments` in a field', 'class Own { x = arguments; }'),
  one('`arguments` in a method of an object in a field', 'class Own { x = { m() { return arguments; } }; }'),
  one('`super()` in a class that extends none', 'class Own { constructor() { super(); } }'),
  one('`super` in a function', 'function f() { return super.x; }'),
  one('`super` in a method of an object', 'const own = { m() { return super.toString(); } };'),
  one('`new.target` outside of a function', 'new.target;'),
  one('a namespace with a reserved name', 'namespace await.Inner { export const a = 1; }'),
  one('an export of a symbol', 'export const key = Symbol.iterator;'),
  one('an export of `this`', 'export const self2 = this;'),
  one('a mention of `require`', 'console.log(require);'),
  one('a base that is missing', 'class Own extends {}'),
  one('two bases', 'class A {} class B {} class Own extends A, B {}'),
  {
    title: 'a class with the name of its base, which it does not import',
    sources: ['export class DurableObject extends DurableObject {}'],
  },
  one('all of a module whose exports are classes and functions', "export * from 'cloudflare:sockets';"),
  one('all of a module with other exports', "export * from 'cloudflare:workers';"),
  one('`await` in a namespace', 'namespace Own { export const a = await 1; }'),
  one('a reserved word that is returned', 'function f() { return let; }'),
  one('reserved words as names of members', 'const own = { let: 1, yield() {} }; own.let; own.yield();'),
  two(
    'one name imported from two modules',
    "import { connect } from 'cloudflare:sockets';",
    "import { connect } from 'cloudflare:workers';",
  ),
  one(
    'a namespace with the name of another import',
    "import { DurableObject } from 'cloudflare:workers'; import * as DurableObject from 'cloudflare:sockets';",
  ),
  {
    title: 'a global that a later source hides',
    sources: ['export class Room { static made = new Map(); }', 'export class Map {}'],
  },
  two(
    'one name exported by two sources',
    'const a = {}; export { a as shared };',
    'const b = {}; export { b as shared };',
  ),
  one('one name exported twice', "export { env, env as env } from 'cloudflare:workers';"),
  one(
    'an interface that is exported twice',
    'interface Shape {} export { Shape }; export { Shape as Shape };',
  ),
  one('a list that exports what is exported', 'export const own = {}; export { own };'),
  two('an export of a value of another source', 'export { shared as own };', 'var shared = 1;'),
  two('an export of a variable of another source without a value', 'export { shared };', 'var shared;'),
  one('an export of what the platform declares', 'export { ROUTES as own };'),
  one('an export of a variable in a block', 'if (true) { var own = 1; } export { own };'),
  two('the type of a constant of a later source', 'typeof shared;', 'const shared = 1;'),
  one('a default export of a type', 'interface Shape {} export default Shape;'),
  one(
    'a default export of a type that is a value, too',
    'interface Shape {} const Shape = {}; export default Shape;',
  ),
  one(
    'an alias that is exported twice',
    'namespace Outer { export const a = {}; } export import own = Outer.a; export { own };',
  ),
  two('an enum that two sources export', 'export enum Kind { A }', 'export enum Kind { B }'),
  two(
    'an enum and a namespace of one name that are exported',
    'export enum Kind { A }',
    'export namespace Kind { export const b = 1; }',
  ),
  two('an exported enum that another source sets', 'export enum Kind { A }', 'if (true) { var Kind = 1; }'),
  two('an enum of a name that has a value', 'var Kind = 1;', 'enum Kind { A }'),
  two('an enum of a name that has an object', 'var Kind = {};', 'enum Kind { A }'),
  two('a namespace of a name that has a value', 'var Kind = 1;', 'namespace Kind { export const a = 1; }'),
  two('a namespace without members of such a name', 'var Kind = 1;', 'namespace Kind { const a = 1; }'),
  two(
    'an alias that nothing uses',
    'namespace Outer { export const a = {}; } import Kind = Outer.a;',
    'const Kind = 1;',
  ),
  two(
    'an alias that is used',
    'namespace Outer { export const a = {}; } import Kind = Outer.a; console.log(Kind);',
    'const Kind = 1;',
  ),
  two(
    'an alias that is exported',
    'namespace Outer { export const a = {}; } export import Kind = Outer.a;',
    'const Kind = 1;',
  ),
  {
    title: 'a class that extends itself after `using`',
    sources: ['using a = null;\nexport class Map extends Map<string, number> {}'],
  },
];
