import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { BundleError } from '../../../../src/core/bundle/bundleError.ts';
import { buildModule, type ModuleClass } from '../../../../src/core/bundle/buildModule.ts';
import { TranspileCache } from '../../../../src/core/bundle/transpile.ts';

suite('buildModule', () => {
  test('puts header, imports, helper, sources and dispatcher in this order', () => {
    const { code, classes } = buildModule(
      [one('chat-room', 'export class ChatRoom {}'), one('a', 'export class A {}')],
      {
        generatedAt: new Date('2026-08-01T00:00:00Z'),
      },
    );
    assert.match(code, /^\/\/ .*2026-08-01T00:00:00\.000Z\n/);
    const order = [
      'const butterbase = {',
      '// === chat-room ===\nexport class ChatRoom {\n}\n',
      '// === a ===\n',
      '\nconst ROUTES = {',
      'async function checkAuth',
      'export default {',
    ];
    const offsets = order.map((text) => code.indexOf(text));
    assert.deepEqual(
      offsets,
      [...offsets].sort((x, y) => x - y),
    );
    assert.ok(offsets.every((offset) => offset > 0));
    assert.deepEqual(classes, [
      { name: 'chat-room', className: 'ChatRoom', binding: 'CHAT_ROOM' },
      { name: 'a', className: 'A', binding: 'A' },
    ]);
    assert.doesNotMatch(code, /sourceMappingURL/);
  });

  /** Sources -> hoisted import lines. Each row was checked against the platform's bundler. */
  const IMPORTS: readonly (readonly [title: string, sources: readonly string[], expected: string])[] = [
    ['nothing', [''], ''],
    [
      'one name',
      ["import { DurableObject } from 'cloudflare:workers';"],
      "import { DurableObject } from 'cloudflare:workers';\n",
    ],
    [
      'the same name twice is imported once',
      ["import { a } from 'cloudflare:x';", "import { a, b } from 'cloudflare:x';"],
      "import { a, b } from 'cloudflare:x';\n",
    ],
    [
      'an alias loses its origin',
      ["import { a as b } from 'cloudflare:x';"],
      "import { b } from 'cloudflare:x';\n",
    ],
    [
      'a type becomes a value',
      ["import type { T, type U } from 'cloudflare:x';"],
      "import { T, U } from 'cloudflare:x';\n",
    ],
    [
      'the last default and namespace win',
      [
        "import a, * as b from 'cloudflare:x';",
        "import c from 'cloudflare:x'; import * as d from 'cloudflare:x';",
      ],
      "import c, * as d from 'cloudflare:x';\n",
    ],
    ['side effects', ["import 'cloudflare:x';"], "import 'cloudflare:x';\n"],
    ['empty braces import nothing', ["import {} from 'cloudflare:x';"], ''],
    [
      'a side effect beside a name adds nothing',
      ["import 'cloudflare:x'; import a from 'cloudflare:x';"],
      "import a from 'cloudflare:x';\n",
    ],
  ];
  for (const [title, sources, expected] of IMPORTS) {
    test(`hoisted imports: ${title}`, () => {
      const { code } = buildModule(
        sources.map((source, index) => one(`n${index}`, `${source}\nexport class C${index} {}`)),
      );
      const start = code.indexOf('\n') + 1;
      assert.equal(code.slice(start, code.indexOf('\n// The platform')), expected);
    });
  }

  const REFUSALS: readonly (readonly [code: string, classes: readonly ModuleClass[]])[] = [
    ['TOO_MANY_CLASSES', ['a', 'b', 'c', 'd', 'e', 'F'].map((name) => one(name, ''))],
    ['INVALID_NAME', [one('a', ''), one('2fa', '')]],
    ['INVALID_ACCESS_MODE', [{ name: 'a', code: '', accessMode: 'anyone' as 'public' }]],
    ['NO_EXPORTED_CLASS', [one('a', ''), one('b', "import 'zod';")]],
  ];
  for (const [code, classes] of REFUSALS) {
    test(`refuses with ${code} at the same check as the platform`, () => {
      assert.throws(
        () => buildModule(classes),
        (error) => error instanceof BundleError && error.code === code,
      );
    });
  }

  test('the size is that of the module the platform would make, to the byte', () => {
    const limit = 10 * 1024 * 1024;
    // The platform's module for `export class A { }` under the name `a`, with one string of n bytes in it, weighs n + 5844.
    const source = (bytes: number): string => `export class A {\n    x = '${'y'.repeat(bytes)}';\n}`;
    assert.ok(buildModule([one('a', source(limit - 5844))]).code.length > limit - 10_000);
    assert.throws(() => buildModule([one('a', source(limit - 5843))]), {
      message: 'Bundle exceeds 10485760 bytes after concatenation.',
    });
  }).timeout(30_000);

  test('the local flavour only adds names that begin with __bbLocal', () => {
    const classes = [one('a', 'export class A {}')];
    const names = (code: string): string[] =>
      [...code.matchAll(/^(?:export )?(?:async )?(?:const|function|class) (\w+)/gm)].map(
        (match) => match[1] ?? '',
      );
    const platform = names(buildModule(classes).code);
    assert.deepEqual(platform, ['butterbase', 'A', 'ROUTES', 'checkAuth']);
    const added = names(buildModule(classes, { flavour: 'local' }).code).filter(
      (name) => !platform.includes(name),
    );
    assert.ok(added.length > 0 && added.every((name) => name.startsWith('__bbLocal')));
  });

  test('two DO names with the same source each get their own file in the map', () => {
    const { map } = buildModule([one('a', 'export class A {}'), one('b', 'export class A {}')]);
    assert.deepEqual(map.sources, ['a.ts', 'b.ts']);
    assert.deepEqual(map.sourcesContent, ['export class A {}', 'export class A {}']);
  });

  test('a cached source is not transpiled again, and the cache forgets what was not used for longest', () => {
    const cache = new TranspileCache(2);
    const first = cache.get('export class A {}');
    cache.get('export class B {}');
    assert.equal(cache.get('export class A {}'), first);
    cache.get('export class C {}');
    assert.equal(cache.get('export class A {}'), first);
    cache.get('export class B {}');
    cache.get('export class C {}');
    assert.notEqual(cache.get('export class A {}'), first);
  });
});

function one(name: string, code: string): ModuleClass {
  return { name, code, accessMode: 'public' };
}
