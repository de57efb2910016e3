import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import ts from 'typescript';
import { earlyErrors } from '../../../../src/core/source/earlyErrors.ts';
import { readFacts } from '../../../../src/core/source/facts.ts';

/** What is wrong, what is said of it, and the nearest source that is fine. */
type Row = readonly [wrong: string, message: string, right: string];

const REST = 'What takes the rest has to be last.';
const NO_TARGET = 'Nothing can be assigned to this.';
const NOT_AT_TOP = '`import` and `export` are only allowed at the top level.';
const BRACES = 'A declaration needs braces around it here.';
const TWICE = 'a is declared twice in one scope.';
const AWAIT = '`await` is only allowed in an async function and at the top level.';

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  names: [
    ['let yield;', '`yield` is reserved in a module.', 'x.yield;'],
    ['f(static);', '`static` is reserved in a module.', '({ static: 1 });'],
    ['yield: ;', '`yield` is reserved in a module.', 'eval: ;'],
    ['let eval;', '`eval` cannot be the name of a variable.', 'eval;'],
    ["import * as eval from 'a';", '`eval` cannot be the name of a variable.', "import * as a from 'a';"],
    [
      'function f(arguments) {}',
      '`arguments` cannot be the name of a variable.',
      'function f() { arguments; }',
    ],
    [
      'class C { a = arguments; }',
      '`arguments` is not allowed in a field of a class.',
      'class C { a = b.arguments; }',
    ],
  ],
  declarations: [
    ['const a;', 'A `const` needs an initialiser.', 'let a;'],
    ['let [a];', 'A destructuring declaration needs an initialiser.', 'for (const [a] of b);'],
    ['{ const a; }', 'A `const` needs an initialiser.', '{ await using a; }'],
    ['{ using { a } = b; }', '`using` takes a plain name.', '{ using a = b; }'],
    ['function f() { await using a = b; }', AWAIT, 'async function f() { await using a = b; }'],
    ['let [...a, b] = c;', REST, 'let [b, ...a] = c;'],
    ['let { ...a, b } = c;', REST, 'let { b, ...a } = c;'],
    ['let [...a = 1] = c;', 'What takes the rest has no default.', 'let [a = 1] = c;'],
  ],
  redeclarations: [
    ['{ let a; let a; }', TWICE, '{ let a; { let a; } }'],
    ['function f(a, [a]) {}', TWICE, 'function f(a, [b]) {}'],
    ['function f() { let a; function a() {} }', TWICE, 'function f() { var a; function a() {} }'],
    ['{ let a; { var a; } }', TWICE, '{ let a; () => { var a; }; }'],
    ['try {} catch (a) { let a; }', TWICE, 'try {} catch (a) { var a; }'],
    ['try {} catch ([a]) { var a; }', TWICE, 'try {} catch ([a]) { { let a; } }'],
    [
      'switch (b) { case 1: let a; default: let a; }',
      TWICE,
      'switch (b) { case 1: { let a; } default: let a; }',
    ],
    ['namespace N { let a; let a; }', TWICE, 'namespace N { let a; { let a; } }'],
    ['namespace N { let a; let a; }', TWICE, 'namespace N { let a; export let a; }'],
    ['namespace N { let a; { var a; } }', TWICE, 'namespace N { let a; namespace M { var a; } }'],
    ['{ let a; { var a; } }', TWICE, '{ let a; { declare var a; } }'],
    ['for (let a of b) { var a; }', TWICE, 'for (let a of b) { let a; }'],
    ['for (let [a, a] of b);', TWICE, 'for (var [a, a] of b);'],
    ['for (let a = 1, a = 2; ;);', TWICE, 'for (var a = 1, a = 2; ;);'],
    ['for (using a of b) { let a; }', TWICE, 'for (using a of b) { { let a; } }'],
    ['{ let a; enum a {} }', TWICE, '{ class a {} enum a {} }'],
    ['{ enum a {} function a() {} }', TWICE, '{ function a() {} enum a {} }'],
    ['function f(a) { enum a {} }', TWICE, 'function f(a) { { enum a {} } }'],
    [
      'namespace N { let a; namespace a { let b; } }',
      TWICE,
      'namespace N { enum a {} namespace a { let b; } }',
    ],
    ['function f(a) { let a; }', TWICE, 'function f(a) { using b = c; let a; }'],
    [
      'function f() { using b = c; function a() {} function a() {} }',
      TWICE,
      'function f() { function a() {} function a() {} }',
    ],
    ['class C { static { let a; function a() {} } }', TWICE, 'class C { static { var a; function a() {} } }'],
    [
      'class C { #a; #a() {} }',
      '#a is declared twice in one scope.',
      'class C { get #a() { return 1; } set #a(b) {} }',
    ],
  ],
  jumps: [
    ['break;', 'There is nothing around this `break` that it could leave.', 'for (;;) break;'],
    [
      'switch (a) { case 1: continue; }',
      'There is nothing around this `continue` that it could leave.',
      'switch (a) { case 1: break; }',
    ],
    [
      'for (;;) () => { break; };',
      'There is nothing around this `break` that it could leave.',
      '() => { for (;;) break; };',
    ],
    ['for (;;) break a;', 'There is no label a around this `break`.', 'a: for (;;) break a;'],
    ['a: { for (;;) continue a; }', 'a is no loop that could go on.', 'a: for (;;) for (;;) continue a;'],
    ['a: a: ;', 'There is a label a around this one.', 'a: ; a: ;'],
    ['return;', '`return` is only allowed in a function.', 'function f() { return; }'],
  ],
  waiting: [
    ['function f() { await a; }', AWAIT, 'async function f() { await a; }'],
    ['class C { static { await a; } }', AWAIT, 'class C { static { async () => { await a; }; } }'],
    ['function f() { for await (const a of b); }', AWAIT, 'for await (const a of b);'],
    [
      'async function f(a = await b) {}',
      '`await` is not allowed in parameters.',
      'async function f(a = b) {}',
    ],
    [
      '(function () { yield 1; });',
      '`yield` is only allowed in a generator.',
      '(function* () { yield 1; });',
    ],
    ['function* f(a = yield 1) {}', '`yield` is not allowed in parameters.', 'function* f(a = 1) {}'],
    [
      'async function f(a = { [await b]() {} }) {}',
      '`await` is not allowed in parameters.',
      'async function f() { ({ [await b]() {} }); }',
    ],
    ['class C { a = await b; }', AWAIT, 'class C { [await b] = a; }'],
    ['@a class C { [await b]() {} }', AWAIT, 'class C { [await b]() {} }'],
    ['() => { class C { async [await b]() {} } };', AWAIT, 'class C { async [await b]() {} }'],
    ['enum E { A = await b }', AWAIT, 'declare enum E { A = await b }'],
  ],
  functions: [
    ['function f(...a, b) {}', 'What takes the rest has to be the last parameter.', 'function f(b, ...a) {}'],
    ['function f(...a = 1) {}', 'What takes the rest has no default.', 'function f(a = 1) {}'],
    [
      'class C { constructor(private [a]) {} }',
      'A parameter that is a field has to be a plain name.',
      'class C { constructor(private a) {} }',
    ],
    [
      "function f(a = 1) { 'use strict'; }",
      "'use strict' is only allowed in a function with plain parameters, and a module is strict anyway.",
      "function f(a) { 'use strict'; }",
    ],
    ['new.target;', '`new.target` is only allowed in a function.', 'function f() { new.target; }'],
    ['({ [super.a]() {} });', '`super` is only allowed in a method or field.', '({ a() { super.a; } });'],
    [
      'class C { a = { [arguments]() {} }; }',
      '`arguments` is not allowed in a field of a class.',
      'class C { a = { b() { arguments; } }; }',
    ],
    [
      '() => { class C { @((b) => arguments) a() {} } };',
      '`arguments` is not allowed in a field of a class.',
      '() => { class C { @((b) => arguments) [a]() {} } };',
    ],
    ['({ get a(b) { return 1; } });', 'A getter has no parameters.', '({ get a() { return 1; } });'],
    ['({ set a() {} });', 'A setter has one parameter.', '({ set a(b) {} });'],
    ['({ set a(...b) {} });', 'The parameter of a setter cannot take the rest.', '({ set a([...b]) {} });'],
    ['function f() { super.a; }', '`super` is only allowed in a method or field.', '({ f() { super.a; } });'],
    [
      'class C { constructor() { super(); } }',
      '`super()` is only allowed in the constructor of a class that extends one.',
      'class C extends D { constructor() { super(); } }',
    ],
  ],
  classes: [
    ['class {}', 'A class declaration needs a name.', 'export default class {}'],
    ['class C extends A, B {}', 'A class extends exactly one other.', 'class C extends A {}'],
    [
      'class C { constructor() {} constructor() {} }',
      'A class has one constructor only.',
      'class C { constructor(); constructor(a?) {} }',
    ],
    [
      'class C { get a(b) { return 1; } }',
      'A getter has no parameters.',
      'class C { get a() { return 1; } }',
    ],
    ['class C { set a() {} }', 'A setter has one parameter.', 'class C { set a(b) {} }'],
    [
      'class C { static prototype() {} }',
      'A class cannot have a static member `prototype`.',
      'class C { prototype() {} }',
    ],
    ['class C { #constructor() {} }', 'A member cannot be called `#constructor`.', 'class C { #other() {} }'],
    [
      'class C { get constructor() { return 1; } }',
      'Only the constructor of a class can be called `constructor`.',
      'class C { static constructor() {} }',
    ],
    [
      'class C { f() { this.#a; } }',
      '#a is not declared in a class around it.',
      'class C { #a; f() { this.#a; } }',
    ],
    [
      'class C extends f((b) => b.#a) { #a; }',
      '#a is not declared in a class around it.',
      'class C { #a; [f((b) => b.#a)]; }',
    ],
    [
      'class C { static constructor(a: B) {} constructor() {} }',
      'A class has one constructor only.',
      'class C { static constructor(a) {} constructor() {} }',
    ],
    [
      'class C { async constructor(a) {} }',
      'A constructor cannot be async.',
      'class C { async constructor(a: B) {} }',
    ],
  ],
  modifiers: [
    ['async class C {}', '`async` cannot stand here.', 'export class C {}'],
    ['export export class C {}', '`export` stands here twice.', 'export class C {}'],
    [
      'class C { async static f() {} }',
      '`static` has to come before `async`.',
      'class C { static async f() {} }',
    ],
    ['@a export default 5;', 'A value that is exported has no decorators.', '@a function f() {}'],
    [
      'class C { constructor(): void {} }',
      'A constructor has no return type.',
      'class C { constructor() {} }',
    ],
    [
      'class C { constructor<T>() {} }',
      'A constructor has no type parameters.',
      'class C { constructor<T>(); constructor() {} }',
    ],
  ],
  statements: [
    ['with (a) {}', '`with` is not allowed in a module.', 'if (a) {}'],
    ['if (a) function f() {}', BRACES, 'if (a) { function f() {} }'],
    ['while (a) class C {}', BRACES, 'while (a) { class C {} }'],
    ['if (a) let b = 1;', BRACES, 'if (a) var b = 1;'],
    ['{ export { a }; }', NOT_AT_TOP, 'export { a };'],
    ["{ import 'a'; }", NOT_AT_TOP, "import 'a';"],
    [
      "export { 'a' };",
      'Without `from`, what is exported is a name and no text.',
      "export { 'a' } from 'b';",
    ],
    [
      "export * as '\\ud800' from 'b';",
      'The name of an export is no whole text.',
      "export type { a as '\\ud800' } from 'b';",
    ],
    [
      'for (const a = 1 of b);',
      'The variable of such a loop takes no initialiser.',
      'for (using a = 1 of b);',
    ],
    ['for (const a = 1 of b);', 'The variable of such a loop takes no initialiser.', 'for (const a of b);'],
    ['for (let a, b of c);', 'Such a loop has exactly one variable.', 'for (let a of c);'],
    ['for (async of a);', 'A `for` cannot begin with `async of`.', 'for await (async of a);'],
    ['for (async! of a);', 'A `for` cannot begin with `async of`.', 'for (\\u0061sync of a);'],
    [
      'switch (a) { default: default: }',
      'A `switch` has one `default` only.',
      'switch (a) { case 1: default: }',
    ],
    ['throw\na;', 'What is thrown has to begin on the line of `throw`.', 'throw a;'],
  ],
  targets: [
    ['1 = a;', NO_TARGET, '[a] = b;'],
    ['a?.b = 1;', NO_TARGET, 'a.b = 1;'],
    ['f()++;', NO_TARGET, 'f().a++;'],
    ['[a] += b;', NO_TARGET, 'a += b;'],
    ['arguments = 1;', 'Nothing can be assigned to `arguments`.', 'arguments[0] = 1;'],
    ['[...a, b] = c;', REST, '[b, ...a] = c;'],
    ['({ ...a, } = c);', REST, '({ ...a } = c);'],
  ],
  expressions: [
    ['a ?? b || c;', '`??` beside `||` or `&&` needs parentheses.', '(a ?? b) || c;'],
    [
      '({ __proto__: a, "__proto__": b });',
      'An object has one `__proto__` only.',
      '({ __proto__: a, ["__proto__"]: b });',
    ],
    ['({ a = 1 });', 'A property of an object takes `:` and no `=`.', '({ a = 1 } = b);'],
    ['delete a;', 'A variable cannot be deleted.', 'delete a.b;'],
    ['delete (a as any)!;', 'A variable cannot be deleted.', 'delete (a as any)!.b;'],
    [
      'class C { #a; f() { delete this.#a; } }',
      'A private member cannot be deleted.',
      'class C { #a; f() { delete this.a; } }',
    ],
    [
      'class C { #a; f() { super.#a; } }',
      'A private member cannot be asked of `super`.',
      'class C { #a; f() { super.a; } }',
    ],
    [
      'class C { #a; f() { 1 + #a; } }',
      '#a alone is only allowed before `in`.',
      'class C { #a; f() { #a in b; } }',
    ],
    ['import.a;', 'There is no `import.a`.', 'import.meta;'],
    ['import.source;', 'There is no `import.source`.', "import.source('a');"],
    ["(import.source)('a');", 'There is no `import.source`.', "import.source!('a');"],
    ["import.defer('a');", 'There is no `import.defer`.', "import('a');"],
    ['import.met\\u0061;', '`import.meta` has to be written without `\\u`.', 'import.meta;'],
    [
      '() => { function f() { new.t\\u0061rget; } };',
      '`new.target` has to be written without `\\u`.',
      'function f() { n\\u0065w.target; }',
    ],
    ['import();', '`import()` needs the name of a module.', "import('a',);"],
    ['import(...a);', '`import()` takes no `...`.', "import([...a] + '');"],
    ['import(a, b, c);', '`import()` takes the name of a module and options only.', 'import(a, b);'],
    ['a?.b`c`;', 'A template cannot follow `?.`.', '(a?.b)`c`;'],
    ['a?.b(c)`d`;', 'A template cannot follow `?.`.', 'a?.b(c!)`d`;'],
    ['/(?i-i:a)/;', 'Invalid regular expression: /(?i-i:a)/: Invalid flags of a group.', '/[(?i-i:a)]/;'],
    ['/(?-:a)/;', 'Invalid regular expression: /(?-:a)/: Invalid flags of a group.', '/(?-i:a)/;'],
    ['/(/;', 'Invalid regular expression: /(/: Unterminated group.', '/()/;'],
  ],
};

suite('early errors', () => {
  for (const [group, rows] of Object.entries(ROWS)) {
    for (const [wrong, message, right] of rows) {
      test(`${group}: ${wrong}`, () => {
        assert.deepEqual(messagesOf(wrong), [message]);
        assert.deepEqual(messagesOf(right), [], right);
      });
    }
  }

  test('what is erased with the types is not looked at', () => {
    assert.deepEqual(
      messagesOf('declare const a; abstract class C { abstract get b(c); } type yield = 1;'),
      [],
    );
  });

  test('stand in the order of the source, at the node that is wrong, also after a place ended', () => {
    const source = 'function f() { break; }\nfor (;;) { { let a; let a; } break; }\nbreak;\nf(static);';
    const file = readFacts(source).file;
    assert.deepEqual(
      earlyErrors(file).map(({ node }) => [ts.SyntaxKind[node.kind], node.getStart(file)]),
      [
        ['BreakStatement', source.indexOf('break')],
        ['Identifier', source.lastIndexOf('a;')],
        ['BreakStatement', source.lastIndexOf('break')],
        ['Identifier', source.indexOf('static')],
      ],
    );
  });
});

function messagesOf(source: string): string[] {
  return earlyErrors(readFacts(source).file).map(({ message }) => message);
}
