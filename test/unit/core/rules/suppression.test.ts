import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { RuleSettings } from '../../../../src/core/rules/severities.ts';
import { applyFix, file, lintOne, markedText, URI } from './lintOne.ts';

const BAD = 'export const limit = 5;';
const CLASS = 'export class A { fetch() { return new Response(); } }\n';

suite('comments that disable rules', () => {
  const quiet: readonly (readonly [what: string, text: string])[] = [
    ['the next line', `// butterbase-disable-next-line extra-export -- read by a script\n${BAD}\n${CLASS}`],
    [
      'the next line, in a block',
      `/* butterbase-disable-next-line extra-export -- why\n * not */\n${BAD}\n${CLASS}`,
    ],
    ['its line', `${BAD} // butterbase-disable-line extra-export -- read by a script\n${CLASS}`],
    [
      'the rest of the file',
      `/* butterbase-disable extra-export -- generated */\n${BAD}\n${CLASS}${BAD.replace('limit', 'more')}`,
    ],
    [
      'one of several rules',
      `// butterbase-disable-next-line reserved-top-level-name, extra-export -- both\nexport const ROUTES = 5;\n${CLASS}`,
    ],
    [
      'two comments above each other',
      `// butterbase-disable-next-line reserved-top-level-name -- a\n// butterbase-disable-next-line extra-export -- b\nexport const ROUTES = 5;\n${CLASS}`,
    ],
  ];
  for (const [what, text] of quiet) {
    test(`for ${what}`, () => assert.deepEqual(rules(text), []));
  }

  test('not without a reason', () => {
    const text = `// butterbase-disable-next-line extra-export\n${BAD}\n${CLASS}`;
    assert.deepEqual(rules(text), ['extra-export', 'disable-without-reason']);
    assert.deepEqual(rules(text.replace('-export\n', '-export -- \n')), [
      'extra-export',
      'disable-without-reason',
    ]);
  });

  test('a reason behind another sign than two hyphens is asked for once', () => {
    for (const reason of [': why', ' - why it is', ' — why', ' because']) {
      const text = `// butterbase-disable-next-line extra-export${reason}\nexport const o = {};\nexport class A { fetch() {} }`;
      const found = lintOne(text).map(({ rule }) => rule);
      assert.deepEqual(found.sort(), ['disable-without-reason', 'extra-export'], text);
    }
  });

  test('not in a string, a template or a regular expression', () => {
    for (const literal of ["'// DO'", '`// DO`', '`${1}// DO`', '/[/]/ DO/.source']) {
      const comment = 'butterbase-disable-line extra-export -- no comment';
      const text = `export const limit = 5, text = ${literal.replace('DO', comment)};\n${CLASS}`;
      assert.ok(rules(text).includes('extra-export'), literal);
      assert.ok(!rules(text).includes('unused-disable'), literal);
    }
  });

  test('not another line, another rule or another word', () => {
    for (const comment of [
      'butterbase-disable-next-line extra-export -- too far\n',
      'butterbase-disable-next-line borrowed-name -- another',
      'butterbase-disabled extra-export -- word',
      'see butterbase-disable-next-line extra-export -- quoted',
    ]) {
      assert.ok(rules(`// ${comment}\n${BAD}\n${CLASS}`).includes('extra-export'), comment);
    }
  });

  test('an unknown rule is said, and a comment that names none', () => {
    const text = `// butterbase-disable-next-line extra-exports -- typo\n${CLASS}`;
    const [finding] = lintOne(text, 'unknown-rule');
    assert.equal(markedText(text, finding), 'extra-exports');
    assert.deepEqual(rules(`// butterbase-disable-next-line -- all of them\n${CLASS}`), ['unknown-rule']);
  });

  test('one that matches nothing can be removed', () => {
    const comment = '// butterbase-disable-next-line extra-export, missing-base-import -- once needed';
    const text = `  ${comment}\r\n${BAD}\r\n${CLASS}`;
    const [finding, more] = lintOne(text, 'unused-disable');
    assert.equal(more, undefined);
    assert.equal(finding?.severity, 'information');
    assert.equal(markedText(text, finding), 'missing-base-import');
    assert.equal(applyFix(text, finding.fixes[0]), text.replace(', missing-base-import', ''));
    const idle = `${CLASS}const x = 1; // butterbase-disable-line extra-export -- old\nconst y = 2;`;
    assert.equal(
      applyFix(idle, lintOne(idle, 'unused-disable')[0]?.fixes[0]),
      `${CLASS}const x = 1;\nconst y = 2;`,
    );
    const above = `  // butterbase-disable-next-line extra-export -- old\n${CLASS}`;
    assert.equal(applyFix(above, lintOne(above, 'unused-disable')[0]?.fixes[0]), CLASS);
  });

  test('one for what only a known app can show counts as used until the app is known', () => {
    const text = `// butterbase-disable-next-line unknown-env-key -- set by hand\n${CLASS}`;
    assert.deepEqual(rules(text), []);
    assert.deepEqual(
      lintOne(text, undefined, { envKeys: [], appEnvKeys: [] }).map(({ rule }) => rule),
      ['unused-disable'],
    );
  });

  test('what the platform refuses stays, and the comment is told to be of no use', () => {
    const text =
      "// butterbase-disable-next-line disallowed-import -- please\nimport z from 'zod';\nexport class A {}";
    const found = lintOne(text).filter(({ rule }) => rule !== 'missing-fetch');
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['disallowed-import', 'unused-disable'],
    );
    assert.equal(found[0]?.disable, undefined);
  });

  test('in a source that does not parse nothing is called unused', () => {
    const text = `// butterbase-disable-next-line extra-export -- later\nconst x = ;\n${CLASS}`;
    assert.ok(!rules(text).includes('unused-disable'));
  });

  test('the comment that a finding knows disables it', () => {
    for (const text of [
      `${CLASS}\t${BAD}`,
      `\uFEFF${BAD}\r\n${CLASS}`,
      `// butterbase-disable-next-line reserved-top-level-name -- a\nexport const ROUTES = 5;\n${CLASS}`,
    ]) {
      const edit = lintOne(text, 'extra-export')[0]?.disable;
      assert.ok(edit);
      const after = applyFix(text, { title: '', edits: [edit], preferred: false }).replace(
        '$REASON',
        'tested',
      );
      assert.deepEqual(rules(after), []);
    }
  });

  test('no comment is offered where a line begins in a template or a comment', () => {
    assert.equal(lintOne(`/* a\n*/ ${BAD}\n${CLASS}`, 'extra-export')[0]?.disable, undefined);
    assert.equal(lintOne(`const t = \`\n\`; ${BAD}\n${CLASS}`, 'extra-export')[0]?.disable, undefined);
  });
});

suite('severities that were set', () => {
  const lint = (text: string, severities: RuleSettings): string[] =>
    (lintApp({ files: [file(text)], deployed: [], envKeys: undefined }, { severities }).get(URI) ?? []).map(
      ({ rule, severity }) => `${rule} ${severity}`,
    );

  test('change a rule or turn it off', () => {
    const text = `${BAD}\n${CLASS}`;
    assert.deepEqual(lint(text, {}), ['extra-export error']);
    assert.deepEqual(lint(text, { 'extra-export': 'information' }), ['extra-export information']);
    assert.deepEqual(lint(text, { 'extra-export': 'off' }), []);
  });

  test('a rule that is off does not make its comments unused', () => {
    const text = `// butterbase-disable-next-line extra-export -- why\n${BAD}\n${CLASS}`;
    assert.deepEqual(lint(text, { 'extra-export': 'off' }), []);
  });
});

function rules(text: string): string[] {
  return lintOne(text)
    .map(({ rule }) => rule)
    .filter((rule) => rule !== 'public-without-check');
}
