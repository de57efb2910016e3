import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { LintInput } from '../../../../src/core/rules/subject.ts';
import { markedText } from './lintOne.ts';

const DEPLOYED = 'butterbase-do:/my-app/lobby.ts?app=app_1&name=lobby';

/** A source in the editor and one that is only deployed, the rule that finds them to collide, and where. */
const COLLISIONS: readonly (readonly [rule: string, local: string, deployed: string, marked: string])[] = [
  ['duplicate-top-level-name', 'const limit = 1;', 'function limit() {}', 'limit'],
  ['duplicate-top-level-name', 'const limit = 1;', "import { limit } from 'cloudflare:workers';", 'limit'],
  [
    'duplicate-top-level-name',
    'const a = {}; export { a as shared };',
    'export const shared = {};',
    'a as shared',
  ],
  [
    'duplicate-top-level-name',
    'export const shared = {};',
    'const b = {}; export { b as shared };',
    'shared',
  ],
  ['merged-top-level-name', 'var limit = 1;', 'var limit = 2;', 'limit'],
  ['borrowed-name', 'export const own = () => limit;', 'const limit = 1;', 'limit'],
  [
    'mixed-import-forms',
    "import * as cf from 'cloudflare:workers';",
    "import { env } from 'cloudflare:workers';",
    '* as cf',
  ],
  [
    'mixed-import-forms',
    "import { env } from 'cloudflare:workers';",
    "import * as cf from 'cloudflare:workers';",
    'env',
  ],
];

suite('a class that is deployed and has no file', () => {
  for (const [rule, local, deployed, marked] of COLLISIONS) {
    test(`${rule}: ${local} with ${deployed}`, () => {
      const text = `${local}\nexport class Room { fetch() {} }`;
      const found = lint(text, `${deployed}\nexport class Lobby {}`);
      const finding = found.find((each) => each.rule === rule);
      assert.equal(markedText(text, finding), marked);
      assert.deepEqual(
        finding?.related?.map(({ uri }) => uri),
        [DEPLOYED],
      );
    });
  }

  test('has its class name under another Durable Object name', () => {
    const [finding] = lint('export class Room { fetch() {} }', 'export class Room {}');
    assert.equal(finding?.rule, 'duplicate-class-name');
    assert.deepEqual(finding.related, [
      {
        uri: DEPLOYED,
        range: { start: { line: 0, character: 13 }, end: { line: 0, character: 17 } },
        message: 'The other class Room',
      },
    ]);
  });

  test('has the same binding', () => {
    const files = [input('a-b', 'export class A { fetch() {} }'), remote('export class B {}', 'a_b')];
    const [finding] = lintApp({ files, deployed: [], envKeys: undefined }).get('file:///a-b.ts') ?? [];
    assert.equal(finding?.rule, 'binding-collision');
    assert.deepEqual(
      finding.related?.map(({ uri }) => uri),
      [DEPLOYED],
    );
  });

  test('makes the module too large, which is found on a file', () => {
    const blocks = `${'{\n'.repeat(110)}${'a;\n'.repeat(26_000)}${'}'.repeat(110)}`;
    const found = lint('export class Room { fetch() {} }', `export class Lobby { f() { ${blocks} } }`);
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['bundle-too-large'],
    );
  }).timeout(20_000);

  test('has no findings of its own, and none that says nothing about the file', () => {
    const files = [
      input('room', 'export class Room { fetch() {} }'),
      remote("import { z } from 'zod'; export class Lobby {}"),
    ];
    const found = lintApp({ files, deployed: [], envKeys: undefined });
    assert.deepEqual([...found], [['file:///room.ts', []]]);
  });

  test('makes a sixth class', () => {
    const local = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      input(name, `export class ${name.toUpperCase()} { fetch() {} }`),
    );
    const found = lintApp({
      files: [...local, remote('export class Lobby {}')],
      deployed: [],
      envKeys: undefined,
    });
    assert.deepEqual(
      [...found.values()].map((findings) => findings.map(({ rule }) => rule)),
      local.map(() => ['too-many-classes']),
    );
  });
});

function lint(
  local: string,
  deployed: string,
): ReturnType<typeof lintApp> extends Map<string, infer F> ? F : never {
  const files = [input('room', local), remote(deployed)];
  return lintApp({ files, deployed: [], envKeys: undefined }).get('file:///room.ts') ?? [];
}

function input(name: string, text: string): LintInput {
  return { uri: `file:///${name}.ts`, name, accessMode: 'public', text };
}

function remote(text: string, name = 'lobby'): LintInput {
  return { uri: DEPLOYED, name, accessMode: 'public', text, isDeployedOnly: true };
}
