import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { DoClass } from '../../../../src/core/model/app.ts';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { AppContext, LintInput } from '../../../../src/core/rules/subject.ts';
import { file, markedText } from './lintOne.ts';

suite('rule invalid-name', () => {
  const RULE = 'invalid-name';
  for (const name of ['ChatRoom', '2fa', 'a_b', 'a--b', '-a', 'a-', 'č', '']) {
    test(`refuses ${JSON.stringify(name)} at the class`, () => {
      const text = 'export class A {}';
      const [finding] = lint({ files: [file(text, { name })] }, RULE);
      assert.equal(finding?.[1].code, 'INVALID_NAME');
      assert.equal(markedText(text, finding[1]), 'A');
    });
  }

  test('takes kebab-case, and a file that is not part of an app', () => {
    assert.deepEqual(lint({ files: ['a', 'a1', 'chat-room-2'].map((name) => member(name)) }, RULE), []);
    assert.deepEqual(lint({ files: [file('export class A {}', { name: undefined })] }, RULE), []);
  });
});

suite('rule too-many-classes', () => {
  const RULE = 'too-many-classes';
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];

  test('five are fine, six are not', () => {
    assert.deepEqual(lint({ files: names.slice(0, 5).map((name) => member(name)) }, RULE), []);
    const findings = lint({ files: names.map((name) => member(name)) }, RULE);
    assert.deepEqual(
      findings.map(([uri, finding]) => [uri, finding.code]),
      names.map((name) => [`file:///${name}.ts`, 'TOO_MANY_CLASSES']),
    );
  });

  test('what is deployed counts, except a class in ERROR, and only files that are not deployed are marked', () => {
    const deployed = names.slice(0, 5).map((name) => row(name));
    assert.deepEqual(
      lint({ files: [member('e'), member('f')], deployed }, RULE).map(([uri]) => uri),
      ['file:///f.ts'],
    );
    assert.deepEqual(
      lint(
        { files: [member('e'), member('f')], deployed: [...deployed.slice(0, 4), row('e', 'ERROR')] },
        RULE,
      ).map(([uri]) => uri),
      ['file:///e.ts', 'file:///f.ts'],
    );
    assert.deepEqual(
      lint({ files: [member('f')], deployed: [...deployed.slice(0, 4), row('e', 'ERROR')] }, RULE),
      [],
    );
  });
});

suite('rule binding-collision', () => {
  const RULE = 'binding-collision';
  test('an environment key of the same name as a binding', () => {
    const findings = lint({ files: [member('chat-room')], envKeys: ['A', 'CHAT_ROOM'] }, RULE);
    assert.deepEqual(
      findings.map(([, finding]) => finding.code),
      ['ENV_BINDING_COLLISION'],
    );
    assert.deepEqual(lint({ files: [member('chat-room')], envKeys: ['CHATROOM'] }, RULE), []);
  });

  test('a variable of the whole app of the same name as a binding', () => {
    const [found] = lint({ files: [member('chat-room')], envKeys: [], appEnvKeys: ['CHAT_ROOM'] }, RULE);
    assert.match(found?.[1].message ?? '', /variable CHAT_ROOM of the whole app/);
  });

  test('a binding that the platform takes for itself', () => {
    assert.equal(lint({ files: [member('butterbase-app-id')] }, RULE).length, 1);
    assert.equal(lint({ files: [member('do-dispatch')] }, RULE).length, 1);
    assert.equal(lint({ files: [member('butterbase')] }, RULE).length, 0);
  });

  test('two names with one binding', () => {
    const findings = lint({ files: [member('a-b'), member('a_b')] }, RULE);
    assert.deepEqual(
      findings.map(([uri]) => uri),
      ['file:///a-b.ts', 'file:///a_b.ts'],
    );
  });
});

suite('rule bundle-too-large', () => {
  const RULE = 'bundle-too-large';
  test('a module that passes 10 MiB is found on the largest file', () => {
    // Printed, each level is indented by four more: a small source makes a large module.
    const blocks = `${'{\n'.repeat(110)}${'a;\n'.repeat(26_000)}${'}'.repeat(110)}`;
    const large = member('large', `export class L { f() { ${blocks} } }`);
    const small = member('small', `export class S {}\n// ${'x'.repeat(300_000)}`);
    assert.deepEqual(
      lint({ files: [large] }, RULE).map(([, finding]) => finding.code),
      ['BUNDLE_TOO_LARGE'],
      'one',
    );
    assert.deepEqual(lint({ files: [small] }, RULE), []);
  }).timeout(20_000);
});

function member(name: string, text = `export class C_${name.replaceAll('-', '_')} {}`): LintInput {
  return { uri: `file:///${name}.ts`, name, accessMode: 'public', text };
}

function row(name: string, status: DoClass['status'] = 'READY'): DoClass {
  return {
    id: name,
    name,
    className: name,
    status,
    accessMode: 'public',
    lastDeployedAt: undefined,
    errorMessage: undefined,
  };
}

type Found = ReturnType<typeof lintApp> extends Map<string, (infer F)[]> ? readonly [string, F] : never;

function lint(context: Partial<AppContext>, rule?: string): Found[] {
  const found = lintApp({ files: [], deployed: [], envKeys: undefined, ...context });
  return [...found].flatMap(([uri, findings]) =>
    findings
      .filter((finding) => rule === undefined || finding.rule === rule)
      .map((finding) => [uri, finding] as const),
  );
}

suite('an app whose other files are still looked for', () => {
  const text = [
    '// butterbase-disable-next-line duplicate-top-level-name -- the other file renames it soon',
    'const helper = 1;',
    'export class A extends DurableObject { fetch() { return fetch(`${helper}`); } }',
    "import fs from 'fs';",
  ].join('\n');

  test('has the findings that hang on the file alone, and no comment is called unused', () => {
    const context = { files: [file(text)], isPartial: true };
    assert.deepEqual(
      lint(context).map(([, { rule }]) => rule),
      ['disallowed-import'],
    );
  });

  test('has the others once all files are there', () => {
    assert.deepEqual(
      new Set(lint({ files: [file(text)] }).map(([, { rule }]) => rule)),
      new Set(['disallowed-import', 'missing-base-import', 'unused-disable']),
    );
  });
});
