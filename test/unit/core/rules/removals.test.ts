import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { applyFix, lintOne } from './lintOne.ts';
import { mended } from './marked.ts';

const CLASS = 'export class A { async fetch() { return new Response(); } }\n';

suite('fixes that take something away', () => {
  const CASES: readonly (readonly [rule: string, before: string, after: string])[] = [
    // The statements around it do not run into each other.
    ['disallowed-import', "let a = 1\nimport z from 'zod'\n[a].at(0)\n", 'let a = 1\n;[a].at(0)\n'],
    ['disallowed-import', "let a = 1;\nimport z from 'zod'\n[a].at(0)\n", 'let a = 1;\n[a].at(0)\n'],
    ['disallowed-import', "let a = 1\nimport z from 'zod'\nlet b = a\n", 'let a = 1\nlet b = a\n'],
    ['disallowed-import', "let a = 1\nimport z from 'zod'\n/x/.test('')\n", "let a = 1\n;/x/.test('')\n"],
    // What an expression does when it runs stays.
    ['second-default-export', 'export default { fetch() {} };\n', ''],
    ['second-default-export', 'const app = {};\nexport default app;\n', 'const app = {};\n'],
    [
      'second-default-export',
      'export default start();\nfunction start() {}\n',
      'start();\nfunction start() {}\n',
    ],
    [
      'second-default-export',
      'let a = 1\nexport default [a].map(String);\n',
      'let a = 1\nvoid [a].map(String);\n',
    ],
    ['second-default-export', 'export default { [String(1)]: 2 };\n', 'void { [String(1)]: 2 };\n'],
    ['second-default-export', 'export default (() => 1)();\n', 'void (() => 1)();\n'],
    ['second-default-export', 'const app = {};\nexport { app as default };\n', 'const app = {};\n'],
    [
      'second-default-export',
      'class B {}\nconst app = {};\nexport { B, app as default };\n',
      'class B {}\nconst app = {};\nexport { B };\n',
    ],
    ['extra-export', 'const five = 5;\nexport { five };\n', 'const five = 5;\n'],
    [
      'extra-export',
      'class B {}\nconst five = 5;\nexport { five as six, B };\n',
      'class B {}\nconst five = 5;\nexport { B };\n',
    ],
    // The other names of an import stay.
    [
      'import-type-becomes-value',
      "import { env, type DurableObjectState } from 'cloudflare:workers';\nenv;\n",
      "import { env } from 'cloudflare:workers';\nenv;\n",
    ],
    [
      'import-type-becomes-value',
      "import { type DurableObjectState as State } from 'cloudflare:workers';\nlet s: State, other = 1;\n",
      'let s: DurableObjectState, other = 1;\n',
    ],
    [
      'import-type-becomes-value',
      "let s: State | undefined;\nimport type { DurableObjectState as State } from 'cloudflare:workers';\n",
      'let s: DurableObjectState | undefined;\n',
    ],
  ];
  for (const [rule, before, after] of CASES) {
    test(`${rule}: ${JSON.stringify(before)}`, () => {
      assert.equal(mended(rule, before + CLASS), after + CLASS);
    });
  }

  test('a default import stays when a type beside it goes', () => {
    const text = `import workers, { type Socket } from 'cloudflare:sockets';\n${CLASS}`;
    const [finding] = lintOne(text, 'import-type-becomes-value');
    assert.equal(applyFix(text, finding?.fixes[0]), `import workers from 'cloudflare:sockets';\n${CLASS}`);
  });

  test('a type that is used as a value is not taken away', () => {
    const text = `import { type DurableObject as Base } from 'cloudflare:workers';\nexport class A extends Base { fetch() {} }`;
    assert.deepEqual(lintOne(text, 'import-type-becomes-value')[0]?.fixes, []);
    assert.deepEqual(lintOne(text, 'import-alias-lost'), []);
  });

  test('a class that is only declared is not left alone', () => {
    const text = 'export declare class Room {}\nexport class Lobby { fetch() {} }';
    const titles = lintOne(text).map(({ fixes }) => fixes.map(({ title }) => title));
    assert.deepEqual(titles, [['Move Room to its own file'], ['Export Lobby only']]);
  });
});
