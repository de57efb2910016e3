import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import { extractClassName } from '../../../../src/core/bundle/className.ts';
import { BundleError } from '../../../../src/core/bundle/bundleError.ts';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import { readFacts } from '../../../../src/core/source/facts.ts';
import { applyFix, errorsIn, file, lintOne, markedText, URI } from './lintOne.ts';

suite('rule disallowed-import', () => {
  const RULE = 'disallowed-import';

  test('marks every specifier that is not of the runtime, with the code of the platform', () => {
    const text =
      "import { z } from 'zod';\nimport './x';\nimport { D } from 'cloudflare:workers';\nexport class A {}";
    const findings = errorsIn(text);
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.code, finding.severity, markedText(text, finding)]),
      [
        [RULE, 'DISALLOWED_IMPORT', 'error', "'zod'"],
        [RULE, 'DISALLOWED_IMPORT', 'error', "'./x'"],
      ],
    );
  });

  const FIXES: readonly (readonly [title: string, before: string, after: string])[] = [
    ['takes the whole line', "import { z } from 'zod';\nexport class A {}", 'export class A {}'],
    ['takes the whole line with CRLF', "import 'zod'\r\nexport class A {}", 'export class A {}'],
    ['leaves what is on the same line', "import 'zod'; export class A {}", ' export class A {}'],
    [
      'takes an import over several lines',
      "import {\n  a,\n} from 'b';\n\nexport class A {}",
      '\nexport class A {}',
    ],
    ['takes the last line', "export class A {}\nimport 'zod';", 'export class A {}\n'],
  ];
  for (const [title, before, after] of FIXES) {
    test(`the fix ${title}`, () => {
      const [finding] = lintOne(before, RULE);
      assert.equal(applyFix(before, finding?.fixes[0]), after);
      assert.deepEqual(lintOne(after, RULE), []);
    });
  }

  test('says so when the types are there without an import', () => {
    const titleOf = (text: string): string | undefined => lintOne(text, RULE)[0]?.fixes[0]?.title;
    const types =
      "import type { DurableObjectState, WebSocket } from '@cloudflare/workers-types';\nexport class A {}";
    assert.equal(titleOf(types), 'Remove the import: DurableObjectState, WebSocket are there without it');
    assert.equal(
      titleOf(types.replace('WebSocket', 'Mine')),
      "Remove the import of '@cloudflare/workers-types'",
    );
    assert.equal(
      titleOf(types.replace('WebSocket', 'X as WebSocket')),
      "Remove the import of '@cloudflare/workers-types'",
    );
  });
});

suite('rule default-export-class', () => {
  const RULE = 'default-export-class';
  const FIXES: readonly (readonly [before: string, marked: string, after: string])[] = [
    ['export default class A {}', 'export default class A', 'export class A {}'],
    [
      'export  default\n  abstract class A {}',
      'export  default\n  abstract class A',
      'export  abstract class A {}',
    ],
    ['export default class {}', 'export default class', 'export class Asked {}'],
    ['export default class extends B {}', 'export default class', 'export class Asked extends B {}'],
  ];
  for (const [before, marked, after] of FIXES) {
    test(`${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      const [finding, more] = lintOne(before, RULE);
      assert.equal(more, undefined);
      assert.equal(finding?.rule, RULE);
      assert.equal(finding.code, 'EXPORT_DEFAULT_NOT_SUPPORTED');
      assert.equal(markedText(before, finding), marked);
      assert.equal(finding.fixes[0]?.asksName, after.includes('Asked') ? true : undefined);
      assert.equal(applyFix(before, finding.fixes[0]), after);
      assert.deepEqual(lintOne(after, RULE), []);
    });
  }
});

suite('rule no-exported-class', () => {
  const RULE = 'no-exported-class';
  const FIXES: readonly (readonly [before: string, marked: string, after: string])[] = [
    ['class A {}', 'A', 'export class A {}'],
    ['abstract class A {}', 'A', 'export abstract class A {}'],
    ['@dec\nclass A {}', 'A', '@dec\nexport class A {}'],
    ['class A {}\nexport { A };\n', 'A', 'export class A {}\n'],
    [
      'class A {}\nfunction f() {}\nexport { A, f };',
      'A',
      'export class A {}\nfunction f() {}\nexport { f };',
    ],
    [
      'class A {}\nfunction f() {}\nexport { f, A };',
      'A',
      'export class A {}\nfunction f() {}\nexport { f };',
    ],
    ['class A {}\nexport { A as Room };', 'A as Room', 'export class A {}\n'],
    ['class A {}\nexport default A;', 'export default A;', 'export class A {}\n'],
    ['export const A = class {};', 'A', 'export class A {}'],
    ['const A = class B extends C {\n};\n', 'A', 'export class A extends C {\n}\n'],
  ];
  for (const [before, marked, after] of FIXES) {
    test(`${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      const [finding, more] = lintOne(before, RULE);
      assert.equal(more, undefined);
      assert.equal(finding?.rule, RULE);
      assert.equal(finding.code, 'NO_EXPORTED_CLASS');
      assert.equal(markedText(before, finding), marked);
      assert.equal(finding.fixes.length, 1);
      assert.equal(finding.fixes[0]?.preferred, true);
      assert.equal(applyFix(before, finding.fixes[0]), after);
      assert.deepEqual(lintOne(after, RULE), []);
    });
  }

  test('with several classes, offers each and prefers none', () => {
    const [finding] = lintOne('class A {}\nclass B {}', RULE);
    assert.deepEqual(
      finding?.fixes.map((fix) => [fix.title, fix.preferred]),
      [
        ['Export class A', false],
        ['Export class B', false],
      ],
    );
  });

  test('marks the first line of a source without any class, and nothing of an empty one', () => {
    assert.equal(
      markedText('const a = 1;\r\nconst b = 2;', lintOne('const a = 1;\r\nconst b = 2;', RULE)[0]),
      'const a = 1;',
    );
    assert.equal(markedText('', lintOne('', RULE)[0]), '');
  });
});

suite('rule multiple-exported-classes', () => {
  const RULE = 'multiple-exported-classes';
  const TEXT = `import { DurableObject, env } from 'cloudflare:workers';

/** One. */
export class One extends DurableObject {}

// Two is another.
export abstract class TwoRooms {
  x = env;
}
`;

  test('marks each class and relates them', () => {
    const findings = errorsIn(TEXT);
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.code, markedText(TEXT, finding)]),
      [
        [RULE, 'MULTIPLE_EXPORTED_CLASSES', 'One'],
        [RULE, 'MULTIPLE_EXPORTED_CLASSES', 'TwoRooms'],
      ],
    );
    assert.deepEqual(
      findings[0]?.related?.map((related) => related.uri),
      [URI],
    );
  });

  test('keeps one exported', () => {
    const fixed = applyFix(TEXT, errorsIn(TEXT)[0]?.fixes[0]);
    assert.equal(fixed, TEXT.replace('export abstract', 'abstract'));
    assert.deepEqual(errorsIn(fixed), []);
  });

  test('moves one to its own file, with the comment and the imports that it uses', () => {
    const fix = errorsIn(TEXT)[1]?.fixes[1];
    assert.equal(applyFix(TEXT, fix), TEXT.slice(0, TEXT.indexOf('\n\n// Two')) + '\n');
    assert.deepEqual(fix?.newFile, {
      suggestedName: 'two-rooms.ts',
      text: "import { DurableObject, env } from 'cloudflare:workers';\n\n// Two is another.\nexport abstract class TwoRooms {\n  x = env;\n}\n",
    });
    assert.deepEqual(errorsIn(fix.newFile.text), []);
  });

  test('does not offer to move a class that shares a name with the rest of the file', () => {
    const shared = 'const limit = 5;\nexport class A { x = limit; }\nexport class B extends Map {}';
    const findings = errorsIn(shared);
    assert.deepEqual(
      findings.map((finding) => finding.fixes.length),
      [1, 2],
    );
    const based = 'export class A {}\nexport class B extends A {}';
    assert.deepEqual(
      errorsIn(based).map((finding) => finding.fixes.length),
      [1, 1],
    );
  });
});

suite('rule syntax-error', () => {
  test('marks what TypeScript stumbles over and says what the platform makes of it', () => {
    const text = 'export class A {\n  fetch( {\n  }\n}';
    const [finding] = lintOne(text, 'syntax-error');
    assert.equal(finding?.severity, 'error');
    assert.match(finding.message, /^'.+' expected\. .*TypeScript repairs/);
  });

  test('a text on which TypeScript itself fails has one finding', () => {
    assert.deepEqual(
      errorsIn('@a await ').map((finding) => finding.rule),
      ['syntax-error'],
    );
    assert.deepEqual(
      errorsIn('('.repeat(200_000)).map((finding) => finding.rule),
      ['syntax-error'],
    );
  });

  test('valid TypeScript of any kind has none', () => {
    for (const text of [
      '#!/usr/bin/env node\r\nexport class A<const T extends object> { accessor x = <T,>(y: T) => y satisfies T; }',
      'enum E { A }\nnamespace N { export const x = 1 }\nexport @dec() class A { constructor(@p private x: number) {} }',
      "export class A { static { const x = null; } }\nexport import y = require('z');\nfunction f(): void;\nfunction f() {}",
    ]) {
      assert.deepEqual(lintOne(text, 'syntax-error'), []);
    }
  });
});

suite('rule body-too-large', () => {
  // {"name":"chat-room","code":"…","access_mode":"public"}
  const around = JSON.stringify({ name: 'chat-room', code: '', access_mode: 'public' }).length;
  const head = 'export class A {}//';

  test('counts the bytes of the request, to the byte', () => {
    const fits = head + 'x'.repeat(1_048_576 - around - head.length);
    assert.deepEqual(errorsIn(fits), []);
    assert.deepEqual(
      errorsIn(`${fits}x`).map((finding) => [finding.rule, finding.code]),
      [['body-too-large', 'REQUEST_ERROR']],
    );
  });

  test('counts what JSON escapes and UTF-8 make of it', () => {
    assert.equal(lintOne(head + '\u0001'.repeat(180_000), 'body-too-large').length, 1);
    assert.equal(lintOne(head + 'ž'.repeat(524_000), 'body-too-large').length, 0);
    assert.equal(lintOne(head + 'ž'.repeat(524_300), 'body-too-large').length, 1);
  });
});

suite('rules for one file', () => {
  const fragment = fc.constantFrom(
    ...[
      'export ',
      'default ',
      'class ',
      'A',
      'B',
      ' {}',
      ' {',
      '}',
      'abstract ',
      'declare ',
      'import ',
      'type ',
      '@d ',
      'await ',
    ],
    ...[
      "'cloudflare:workers'",
      "'zod'",
      ' from ',
      '{ a }',
      '* as n',
      ';',
      '\n',
      '\r\n',
      '`',
      '${',
      '(',
      ')',
      '/*',
      '*/',
      '//',
    ],
    ...[
      'namespace N ',
      'enum E {A}',
      'export { A };',
      'const x = 1;',
      '\uFEFF',
      '\\u0041',
      '🐴',
      '\0',
      ' extends ',
      '<T>',
      '=',
    ],
  );
  const source = fc.oneof(
    fc.array(fragment, { maxLength: 16 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );

  test('the code of the linter is the one that the bundler gives, for any text', () => {
    fc.assert(
      fc.property(source, (text) => {
        const codes = new Set(
          errorsIn(text)
            .filter((finding) => finding.code !== finding.rule)
            .map((finding) => finding.code),
        );
        let expected: string[] = [];
        try {
          extractClassName(text);
        } catch (error) {
          if (error instanceof BundleError) expected = [error.code];
        }
        assert.deepEqual([...codes], expected);
      }),
      { numRuns: 1500 },
    );
  });

  test('every fix gives a text that can be linted, and a preferred one ends its finding', () => {
    fc.assert(
      fc.property(source, (text) => {
        for (const finding of lintOne(text)) {
          assert.doesNotMatch(finding.message, /could not look at this file/);
          for (const fix of finding.fixes) lintOne(applyFix(text, fix));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('binary garbage and a source of 2 MB cost a few parses', () => {
    const garbage = Array.from({ length: 300_000 }, (_, index) =>
      String.fromCharCode((index * 7919) % 65_536),
    ).join('');
    const large = `export class A {\n${'  method() { return this.value + 1; }\n'.repeat(55_000)}}`;
    assert.ok(lintOne(garbage).length > 0);
    assert.deepEqual(
      errorsIn(large).map((finding) => finding.rule),
      ['body-too-large'],
    );
    for (const text of [garbage, large]) {
      const parse = timed(() => readFacts(text));
      const lint = timed(() => lintOne(text));
      assert.ok(lint < 10 * parse + 1_000, `${lint} ms, and ${parse} ms for the parse alone`);
    }
  }).timeout(60_000);

  test('only the files that are asked for are answered', () => {
    const other = file('class B {}', { uri: 'file:///app/b.ts', name: 'b' });
    const context = { files: [file('class A {}'), other], deployed: [], envKeys: undefined };
    assert.deepEqual([...lintApp(context).keys()], [URI, other.uri]);
    assert.deepEqual([...lintApp(context, { only: [other.uri] }).keys()], [other.uri]);
  });
});

function timed(run: () => unknown): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
