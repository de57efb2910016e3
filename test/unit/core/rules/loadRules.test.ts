import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import { applyFix, file, lintOne, markedText } from './lintOne.ts';

const CLASS = '\nexport class A {}';

/** Which sources have a finding is tested against workerd (test/runtime); here is where it points and how it is mended. */
const ROWS: readonly (readonly [rule: string, before: string, marked: string, after: string | undefined])[] =
  [
    [
      'import-type-becomes-value',
      "import type { DurableObjectState } from 'cloudflare:workers';\n",
      'DurableObjectState',
      '',
    ],
    [
      'import-type-becomes-value',
      "import { DurableObject, type Mine } from 'cloudflare:workers';",
      'type Mine',
      "import { DurableObject } from 'cloudflare:workers';",
    ],
    [
      'import-type-becomes-value',
      "import { type Mine, DurableObject } from 'cloudflare:workers';",
      'type Mine',
      "import { DurableObject } from 'cloudflare:workers';",
    ],
    [
      'import-alias-lost',
      "import { env as settings } from 'cloudflare:workers';\nconst a = settings.X; const o = { settings, x: settings, settings2: 1 };\no.settings;",
      'env as settings',
      "import { env } from 'cloudflare:workers';\nconst a = env.X; const o = { settings: env, x: env, settings2: 1 };\no.settings;",
    ],
    [
      'import-alias-lost',
      "import { DurableObject as Base } from 'cloudflare:workers';\nclass B extends Base<Env> { x: Base; }",
      'DurableObject as Base',
      "import { DurableObject } from 'cloudflare:workers';\nclass B extends DurableObject<Env> { x: DurableObject; }",
    ],
    // The new name is taken, so a rename could change what it means.
    [
      'import-alias-lost',
      "import { env as settings } from 'cloudflare:workers';\nfunction f(env: unknown) { return settings; }",
      'env as settings',
      undefined,
    ],
    [
      'mixed-import-forms',
      "import * as cf from 'cloudflare:workers';\nimport { env } from 'cloudflare:workers';",
      '* as cf',
      undefined,
    ],
    ['unchecked-module-reference', "export { z } from 'zod';\nconst x = 1;", "'zod'", 'const x = 1;'],
    ['unchecked-module-reference', "import z = require('zod');\n", "require('zod')", ''],
    ['unchecked-module-reference', "async function f() { await import('zod'); }", "'zod'", undefined],
    ['unchecked-module-reference', "function f() { return require('zod'); }", "require('zod')", undefined],
    ['second-default-export', 'export default { a: 1 };\nconst x = 1;', 'export default', 'const x = 1;'],
    [
      'second-default-export',
      'export default async function f() {}',
      'export default',
      'async function f() {}',
    ],
    ['second-default-export', 'export default function () {}', 'export default', undefined],
    [
      'reserved-top-level-name',
      'const ROUTES = {}; ROUTES.x = ROUTES;',
      'ROUTES',
      'const myROUTES = {}; myROUTES.x = myROUTES;',
    ],
    [
      'reserved-top-level-name',
      'function checkAuth() {}\ncheckAuth();',
      'checkAuth',
      'function myCheckAuth() {}\nmyCheckAuth();',
    ],
    ['extra-export', 'export const limit = 5;', 'limit', 'const limit = 5;'],
    ['extra-export', 'export function help() {}', 'help', 'function help() {}'],
    ['extra-export', 'export enum Kind { A }', 'Kind', 'enum Kind { A }'],
    ['extra-export', 'const x = 5; export { x as y };', 'x as y', 'const x = 5; '],
    ['global-scope-io', "const t = await fetch('http://x/');", "fetch('http://x/')", undefined],
    ['global-scope-io', 'class B { static id = crypto.randomUUID(); }', 'crypto.randomUUID()', undefined],
    ['unknown-runtime-module', "import { connect } from 'cloudflare:nope';", "'cloudflare:nope'", undefined],
    ['unknown-runtime-module', "import { Nope } from 'cloudflare:workers';", 'Nope', undefined],
    [
      'missing-base-import',
      'class B extends DurableObject {}',
      'DurableObject',
      "import { DurableObject } from 'cloudflare:workers';\nclass B extends DurableObject {}",
    ],
    [
      'missing-base-import',
      "import { env } from 'cloudflare:workers';\nclass B extends DurableObject {}",
      'DurableObject',
      "import { env, DurableObject } from 'cloudflare:workers';\nclass B extends DurableObject {}",
    ],
    [
      'missing-base-import',
      '#!/bin/x\r\nclass B extends DurableObject {}',
      'DurableObject',
      "#!/bin/x\r\nimport { DurableObject } from 'cloudflare:workers';\r\nclass B extends DurableObject {}",
    ],
  ];

suite('rules about what the runtime loads', () => {
  for (const [rule, before, marked, after] of ROWS) {
    test(`${rule}: ${before}`, () => {
      const text = before + CLASS;
      const [finding] = lintOne(text, rule);
      assert.equal(markedText(text, finding), marked);
      assert.equal(finding?.code, rule);
      const [fix] = finding.fixes;
      assert.equal(fix && applyFix(text, fix), after === undefined ? undefined : after + CLASS);
      if (after !== undefined) assert.deepEqual(lintOne(after + CLASS, rule), []);
    });
  }

  test('declared-class-only: a class of which nothing is left', () => {
    const text = 'export declare class A {}';
    assert.equal(markedText(text, lintOne(text, 'declared-class-only')[0]), 'A');
    assert.deepEqual(lintOne('declare class B {}\nexport class A {}', 'declared-class-only'), []);
  });

  test('a name without its import that another class of the app imports is a warning', () => {
    const borrower = file('export class A extends DurableObject {}');
    const lender = file(
      "import { DurableObject } from 'cloudflare:workers';\nexport class B extends DurableObject {}",
      {
        uri: 'file:///b.ts',
        name: 'lender',
      },
    );
    const found =
      lintApp({ files: [borrower, lender], deployed: [], envKeys: undefined }).get(borrower.uri) ?? [];
    assert.deepEqual(
      found
        .filter(({ rule }) => rule === 'missing-base-import')
        .map((finding) => [finding.rule, finding.severity]),
      [['missing-base-import', 'warning']],
    );
    assert.match(
      found.find(({ rule }) => rule === 'missing-base-import')?.message ?? '',
      /by accident, as long as lender/,
    );
  });

  test('an exported object is told to be of no use, not to be an error', () => {
    assert.deepEqual(
      lintOne('export const o = {};\nexport class A {}', 'extra-export').map((finding) => finding.severity),
      ['information'],
    );
  });

  test('a file outside of the app shares no scope with it', () => {
    const inside = file('const MAX = 1;\nexport class A {}');
    const outside = file('const MAX = 2;\nexport class B {}', { uri: 'file:///other.ts', name: undefined });
    const found = lintApp({ files: [inside, outside], deployed: [], envKeys: undefined });
    assert.deepEqual(
      [...found.values()].flat().filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  test('a class that is only deployed counts for duplicate-class-name, unless it is in ERROR', () => {
    const deployed = (status: 'READY' | 'ERROR'): string[] =>
      lintOne('export class A {}', 'duplicate-class-name', {
        deployed: [
          {
            id: '1',
            name: 'other',
            className: 'A',
            status,
            accessMode: 'public',
            lastDeployedAt: undefined,
            errorMessage: undefined,
          },
        ],
      }).map((finding) => finding.rule);
    assert.deepEqual(deployed('READY'), ['duplicate-class-name']);
    assert.deepEqual(deployed('ERROR'), []);
  });
});
