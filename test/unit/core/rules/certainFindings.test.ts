import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { certainFindings, isBroken } from '../../../../src/core/rules/certainFindings.ts';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { Finding } from '../../../../src/core/rules/finding.ts';

const GOOD = `import fs from 'node:fs';
export class Counter {
  fetch() {
    return new Response(eval('1'));
  }
}
`;

suite('findings of a source that does not parse', () => {
  test('what was there and still is stays, and the place where it breaks is added', () => {
    const broken = shown(GOOD, GOOD.replace('  fetch() {', '  count( {\n  fetch() {'));
    assert.deepEqual(new Set(rules(broken)), new Set(['syntax-error', ...rules(lint(GOOD))]));
  });

  test('what only the repair made is not shown', () => {
    const text = GOOD.replace('export class', 'export class class');
    assert.ok(rules(lint(text)).length > 0 && isBroken(lint(text)));
    const known = new Set(['syntax-error', ...rules(lint(GOOD))]);
    assert.deepEqual(
      rules(shown(GOOD, text)).filter((rule) => !known.has(rule)),
      [],
    );
  });

  test('what stands on its own text stays when the repair loses it, without fixes of an older text', () => {
    const text = "import fs from 'node:fs';\nexport class Counter {\n  fetch() { `";
    const kept = shown(GOOD, text).find(({ rule }) => rule === 'dynamic-code');
    assert.ok(kept);
    assert.deepEqual(kept.fixes, []);
  });

  test('what somebody mended elsewhere in the meantime is gone', () => {
    const good = GOOD.slice(GOOD.indexOf('\n') + 1);
    const before = good.replace('export ', '');
    assert.ok(rules(lint(before)).includes('no-exported-class'));
    assert.ok(!rules(shown(before, `${good}class {`)).includes('no-exported-class'));
  });

  test('a source that never parsed shows what is found', () => {
    const found = lint('class {');
    assert.equal(certainFindings(undefined, found), found);
  });

  test('what TypeScript parses and JavaScript does not is no reason to hide anything', () => {
    assert.equal(isBroken(lint(GOOD.replace('return', 'break; return'))), false);
  });
});

function shown(before: string, now: string): readonly Finding[] {
  return certainFindings(lint(before), lint(now));
}

function lint(text: string): readonly Finding[] {
  const file = { uri: 'a', name: 'counter', accessMode: 'public' as const, text };
  return lintApp({ files: [file], deployed: [], envKeys: undefined }).get('a') ?? [];
}

function rules(findings: readonly Finding[]): string[] {
  return findings.map(({ rule }) => rule);
}
