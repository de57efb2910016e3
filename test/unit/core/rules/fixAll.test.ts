import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import { changedPart } from '../../../../src/core/rules/edits.ts';
import type { Finding } from '../../../../src/core/rules/finding.ts';
import { fixAll } from '../../../../src/core/rules/fixAll.ts';
import { file, lintOne, URI } from './lintOne.ts';

/** Statements with something to mend, with something that only a person can mend, and with nothing. */
const PIECES = [
  "import z from 'zod';",
  "import type { DurableObjectState } from 'cloudflare:workers';",
  "import { env as settings } from 'cloudflare:workers';",
  "import { type Mine, type Other, waitUntil } from 'cloudflare:workers';",
  "export * from 'elsewhere';",
  'export const limit = 5;',
  'export function help(): number { return limit2; }',
  'const limit2 = 3;',
  'const ROUTES = { a: 1 };',
  'export default function start() { return ROUTES; }',
  'class Helper extends DurableObject {}',
  'const key = settings.KEY;',
  'function later() { return eval("1"); }',
  '// butterbase-disable-next-line extra-export -- once',
  'enum Kind { A }',
  'const broken = ;',
];

const CLASSES = [
  'export class A { async fetch() { return new Response(); } }',
  'export default class A { fetch() { return new Response(); } }',
  'class A { fetch() { return new Response(); } }',
  'export abstract class A {}',
  'export class A extends DurableObject { webSocketMessage(ws: WebSocket, message: string | ArrayBuffer) { ws.send(message); JSON.parse(message); } }',
];

const sources = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...PIECES), { maxLength: 8 }), fc.constantFrom(...CLASSES))
  .map(([pieces, own]) => `${[...pieces, own].join('\n')}\n`);

suite('fix all', () => {
  test('mends one after the other what needs nobody', () => {
    const text = [
      "import type { DurableObjectState } from '@cloudflare/workers-types';",
      'export const limit = 5;',
      'export default class Room extends DurableObject {',
      '  fetch() { return new Response(String(limit)); }',
      '}',
    ].join('\n');
    assert.equal(
      fixed(text),
      [
        "import { DurableObject } from 'cloudflare:workers';",
        'const limit = 5;',
        'export class Room extends DurableObject {',
        '  fetch() { return new Response(String(limit)); }',
        '}',
      ].join('\n'),
    );
  });

  test('asks nothing and makes no file', () => {
    for (const text of [
      'export default class {}',
      'export class A { fetch() {} }\nexport class B { fetch() {} }',
    ]) {
      assert.equal(fixed(text), text);
    }
  });

  test('leaves alone what is disabled by a comment or off in the settings', () => {
    const text = `export const limit = 5;\n${CLASSES[0] ?? ''}`;
    const context = { files: [file(text)], deployed: [], envKeys: undefined };
    assert.equal(fixAll(context, URI, { 'extra-export': 'off' }), text);
    const disabled = `// butterbase-disable-next-line extra-export -- read\n${text}`;
    assert.equal(fixed(disabled), disabled);
  });

  test('a file of another app is none of its business', () => {
    assert.equal(fixAll({ files: [], deployed: [], envKeys: undefined }, URI), undefined);
  });

  test('any source: nothing breaks, what was mended is gone, the rest is as it was', () => {
    fc.assert(
      fc.property(sources, (text) => {
        const before = lintOne(text);
        const result = fixed(text);
        const after = lintOne(result);
        assert.ok(count(after, 'syntax-error') <= count(before, 'syntax-error'), result);
        assert.equal(fixed(result), result, 'a second time changes nothing');
        if (result === text) return;
        // What had no fix is still said, unless a fix took away what it was about.
        for (const finding of before.filter(({ fixes }) => fixes.length === 0)) {
          if (text.split('\n').every((line) => result.includes(line) || !isAbout(finding, text, line)))
            assert.ok(count(after, finding.rule) > 0, `${finding.rule} is gone from\n${result}`);
        }
      }),
      { numRuns: 150 },
    );
  }).timeout(60_000);
});

suite('the piece in which two texts differ', () => {
  test('put into the first it makes the second', () => {
    const text = fc.stringMatching(/^[ab\n]{0,12}$/);
    fc.assert(
      fc.property(text, text, (before, after) => {
        const part = changedPart(before, after);
        if (part === undefined) return before === after;
        return before.slice(0, part.start) + part.newText + before.slice(part.end) === after;
      }),
    );
    assert.deepEqual(changedPart('a one b', 'a two b'), { start: 2, end: 5, newText: 'two' });
  });
});

function fixed(text: string): string {
  return fixAll({ files: [file(text)], deployed: [], envKeys: undefined }, URI) ?? '';
}

function count(findings: readonly Finding[], rule: string): number {
  return findings.filter((finding) => finding.rule === rule).length;
}

function isAbout(finding: Finding, text: string, line: string): boolean {
  return text.split('\n')[finding.range.start.line] === line;
}
