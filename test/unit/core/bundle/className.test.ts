import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { BundleError } from '../../../../src/core/bundle/bundleError.ts';
import { extractClassName } from '../../../../src/core/bundle/className.ts';
import { DoError } from '../../../../src/core/errors.ts';

const CLASS = 'export class A {}';

/** Source -> class name, or the code of the refusal. Each row was checked against the platform's bundler. */
const ROWS: readonly (readonly [title: string, source: string, expected: string])[] = [
  ['a plain class', CLASS, 'A'],
  ['an empty file', '', 'NO_EXPORTED_CLASS'],
  ['only white space and a comment', ' \n// export class A {}\n', 'NO_EXPORTED_CLASS'],
  ['a byte order mark', `\uFEFF${CLASS}`, 'A'],
  ['CRLF line ends', `// x\r\n${CLASS}\r\n`, 'A'],
  ['a hashbang', `#!/usr/bin/env node\n${CLASS}`, 'A'],
  ['unicode escapes in the name', 'export class \\u0041b {}', 'Ab'],
  ['a name outside ASCII', 'export class Žluť {}', 'Žluť'],
  ['an abstract class', 'export abstract class A {}', 'A'],
  ['a declared class', 'export declare class A {}', 'A'],
  ['abstract and plain', `export abstract class B {}\n${CLASS}`, 'MULTIPLE_EXPORTED_CLASSES'],
  ['decorators before export', '@dec() export class A {}', 'A'],
  ['decorators after export', 'export @dec() class A {}', 'A'],
  ['generics that look like JSX', 'const f = <T>(x: T) => x; export class A<T> extends B<C<T>> {}', 'A'],
  ['an angle-bracket cast', 'const x = <any>1;\nexport class A {}', 'A'],
  ['satisfies and enums', 'enum E { X }\nconst c = { a: 1 } satisfies object;\nexport class A {}', 'A'],
  ['overloads', 'export function f(a: 1): void;\nexport function f(a: unknown) {}\nexport class A {}', 'A'],
  ['a class in a namespace', 'export namespace N { export class A {} }', 'NO_EXPORTED_CLASS'],
  ['a class inside an ambient module', "declare module 'x' { export class A {} }", 'NO_EXPORTED_CLASS'],
  ['an export list', 'class A {}\nexport { A };', 'NO_EXPORTED_CLASS'],
  ['a class expression', 'export const A = class {};', 'NO_EXPORTED_CLASS'],
  ['an interface only', 'export interface A {}', 'NO_EXPORTED_CLASS'],
  ['export default class', 'export default class A {}', 'EXPORT_DEFAULT_NOT_SUPPORTED'],
  ['export default class without a name', 'export default class {}', 'EXPORT_DEFAULT_NOT_SUPPORTED'],
  [
    'a default class beside a named one',
    `${CLASS}\nexport default class B {}`,
    'EXPORT_DEFAULT_NOT_SUPPORTED',
  ],
  ['a default class in parentheses', `${CLASS}\nexport default (class B {});`, 'A'],
  ['a default object', `${CLASS}\nexport default {};`, 'A'],
  ['export =', `${CLASS}\nexport = 1;`, 'A'],
  ['export import', `${CLASS}\nexport import x = require('zod');`, 'A'],
  ['import equals', `import z = require('zod');\n${CLASS}`, 'A'],
  ['a package', `import { z } from 'zod';\n${CLASS}`, 'DISALLOWED_IMPORT'],
  ['a type-only import of a package', `import type { Z } from 'zod';\n${CLASS}`, 'DISALLOWED_IMPORT'],
  ['a side-effect import', `import './x';\n${CLASS}`, 'DISALLOWED_IMPORT'],
  ['an import without a class', "import 'zod';", 'DISALLOWED_IMPORT'],
  ['an import after the class', `${CLASS}\nimport 'zod';`, 'DISALLOWED_IMPORT'],
  ['a default class and a package', "import 'zod';\nexport default class {}", 'DISALLOWED_IMPORT'],
  ['any module of the runtime', `import x from 'cloudflare:nope';\n${CLASS}`, 'A'],
  ['an escape in the specifier', `import x from 'cloudflar\\u0065:workers';\n${CLASS}`, 'A'],
  ['an import attribute', `import x from './a.json' with { type: 'json' };\n${CLASS}`, 'DISALLOWED_IMPORT'],
  ['an export from a package', `export { z } from 'zod';\n${CLASS}`, 'A'],
  ['a dynamic import', `const z = import('zod');\n${CLASS}`, 'A'],
  ['a missing brace', 'export class A { fetch() {', 'A'],
  ['a missing name', 'export class {}', 'NO_EXPORTED_CLASS'],
  ['an unterminated template before it', 'const t = `abc;\nexport class A {}', 'NO_EXPORTED_CLASS'],
  ['binary garbage', '\0\u0001\u0002\uFFFD\u0003'.repeat(50), 'NO_EXPORTED_CLASS'],
];

suite('extractClassName', () => {
  for (const [title, source, expected] of ROWS) {
    test(`${title}: ${expected}`, () => {
      assert.equal(verdict(source), expected);
    });
  }

  test('the texts are those of the wire', () => {
    assert.throws(() => extractClassName("import 'zod';"), {
      name: 'BundleError',
      message:
        "Import 'zod' is not allowed. v1 DO source files may only import from cloudflare:* (e.g. 'cloudflare:workers'). npm packages are not supported.",
    });
    assert.throws(() => extractClassName('export class A {} export class B {}'), {
      message: 'Source must export exactly one class. Found 2: A, B',
    });
  });

  test('a text on which TypeScript itself fails is said to be one', () => {
    assert.throws(
      () => extractClassName('@a await '),
      (error) => error instanceof DoError && error.code === 'BAD_FILE' && error.cause instanceof Error,
    );
  });
});

function verdict(source: string): string {
  try {
    return extractClassName(source);
  } catch (error) {
    assert.ok(error instanceof BundleError);
    return error.code;
  }
}
