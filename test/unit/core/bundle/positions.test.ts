import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { buildModule, type BuiltModule } from '../../../../src/core/bundle/buildModule.ts';
import { firstPosition, mapPositions } from '../../../../src/core/bundle/positions.ts';

const SOURCE = `import { DurableObject } from 'cloudflare:workers';
// a comment
interface Message { text: string }

enum Kind { A = 1, B }

/** The room. */
export class Room extends DurableObject<Env> {
  private count: number = 0;
  constructor(private readonly state: DurableObjectState, env: Env) { super(state, env); }
  async fetch(request: Request): Promise<Response> {
    const x = (request as any).foo!.bar; if (!x) throw new Error('boom');
    return new Response(\`hi \${x
      .nope.deep} there\`);
  }
}
`;

const LATER = SOURCE.replace('class Room', 'class Lobby').replace('DurableObject }', 'DurableObject, env }');

suite('positions', () => {
  const module = buildModule([
    { name: 'a-room', code: SOURCE, accessMode: 'public' },
    { name: 'lobby', code: LATER, accessMode: 'public' },
  ]);

  for (const text of [
    "throw new Error('boom')",
    "new Error('boom')",
    'nope',
    'deep',
    'foo',
    'bar',
    'super(',
    'Room',
    'fetch(request',
  ]) {
    test(`a frame at ${text} leads to the same text in the TypeScript file`, () => {
      const [generated] = placesOf(text, module.code.slice(module.code.indexOf('=== a-room')));
      const offset = module.code.slice(0, module.code.indexOf('=== a-room')).split('\n').length - 1;
      const [source] = placesOf(text, SOURCE);
      assert.ok(generated && source);
      const frame = `    at Room.fetch (worker.mjs:${generated.line + offset}:${generated.column})`;
      assert.equal(
        mapPositions(frame, module),
        `    at Room.fetch (a-room.ts:${source.line}:${source.column})`,
      );
    });
  }

  test('the same text of a later class leads to the later file', () => {
    const places = placesOf("throw new Error('boom')", module.code);
    const last = places.at(-1);
    assert.ok(last);
    assert.deepEqual(firstPosition(`at worker.mjs:${last.line}:${last.column}`, module), {
      name: 'lobby',
      line: 12,
      column: 50,
    });
  });

  test('a hoisted import leads to the import that asked for it first', () => {
    assert.equal(at(module, 2, 'DurableObject'), 'a-room.ts:1:10');
    assert.equal(at(module, 2, 'env'), 'lobby.ts:1:25');
    assert.equal(at(module, 2, "cloudflare:workers'"), 'a-room.ts:1:31');
  });

  test('generated code stays as it is', () => {
    const text = 'Uncaught Error: x\n  at worker.mjs:1:1\n  at worker.mjs:20:9\n  at <anonymous>';
    assert.equal(mapPositions(text, module), text);
    assert.equal(firstPosition(text, module), undefined);
  });

  test('a SyntaxError of a module that did not load has its column counted from zero', () => {
    const places = placesOf('Room extends', module.code);
    const place = places[0];
    assert.ok(place);
    const message = `Uncaught SyntaxError: Identifier 'Room' has already been declared\n  at worker.mjs:${place.line}:${place.column - 1}`;
    assert.match(mapPositions(message, module), /at a-room\.ts:8:14$/);
  });

  test('a token that the compiler keeps no place for is found by its distance from one that it does', () => {
    const code =
      "export class A {\n  async fetch(req: Request) {\n    const x = ;\n    return new Response('a');\n  }\n}\n";
    const broken = buildModule([{ name: 'a', code, accessMode: 'public' }]);
    const place = placesOf('const x = ', broken.code)[0];
    assert.ok(place);
    const column = place.column - 1 + 'const x = '.length;
    const message = `Uncaught SyntaxError: Unexpected token ';'\n  at worker.mjs:${place.line}:${column}`;
    assert.match(mapPositions(message, broken), /at a\.ts:3:15$/);
  });

  test('a position without a column is the start of its line', () => {
    const place = placesOf('var Kind', module.code)[0];
    assert.ok(place);
    const message = `Uncaught SyntaxError: Identifier 'Kind' has already been declared\n  at worker.mjs:${place.line}`;
    assert.match(mapPositions(message, module), /at a-room\.ts:5:\d+$/);
  });

  test("a clash with the dispatcher leads to the source's own declaration", () => {
    const clash = buildModule([
      { name: 'a', code: '\nexport class A {}\nexport class_;\n  const ROUTES = 1;', accessMode: 'public' },
    ]);
    const place = placesOf('const ROUTES = {', clash.code)[0];
    assert.ok(place);
    const message = `Uncaught SyntaxError: Identifier 'ROUTES' has already been declared\n  at worker.mjs:${place.line}:6`;
    assert.match(mapPositions(message, clash), /at a\.ts:4:9$/);
  });

  test('lines are counted as V8 does, across odd line ends and template literals', () => {
    const code = 'const t = `a\r\nb\u2028c`;\r\nexport class A {\r\n  f() { return missing; }\r\n}';
    const odd = buildModule([{ name: 'a', code, accessMode: 'public' }]);
    const before = odd.code.slice(0, odd.code.indexOf('missing'));
    const line = before.split(/\r\n|[\n\r\u2028\u2029]/);
    const text = mapPositions(`at worker.mjs:${line.length}:${(line.at(-1) ?? '').length + 1}`, odd);
    assert.equal(text, 'at a.ts:4:16');
  });
});

interface Place {
  readonly line: number;
  readonly column: number;
}

function placesOf(needle: string, text: string): Place[] {
  return text.split('\n').flatMap((line, index) => {
    const column = line.indexOf(needle);
    return column < 0 ? [] : [{ line: index + 1, column: column + 1 }];
  });
}

function at(module: BuiltModule, line: number, needle: string): string {
  const column = (module.code.split('\n')[line - 1] ?? '').indexOf(needle);
  assert.ok(column >= 0);
  return mapPositions(`worker.mjs:${line}:${column + 1}`, module);
}
