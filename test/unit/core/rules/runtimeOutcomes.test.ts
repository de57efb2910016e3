import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'mocha';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import { sourceOf, TEMPLATES } from '../../../../src/core/templates/templates.ts';

interface Outcome {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
  readonly load: string;
  readonly requests: readonly string[];
}

const OUTCOMES = JSON.parse(
  readFileSync(new URL('../../../fixtures/deploy-outcomes.json', import.meta.url), 'utf8'),
) as readonly Outcome[];

/** What loads and answers, and of which a rule rightly says something all the same. */
const RIGHTLY_MARKED: Readonly<Record<string, readonly string[]>> = {
  'syntax: octal literal (strict)': ['syntax-error'],
  'dup top-level var in 2 files': ['merged-top-level-name', 'merged-top-level-name'],
  'dup enum in 2 files': ['merged-top-level-name', 'merged-top-level-name'],
  'top-level function fetch shadows global': ['shadows-global'],
  'DurableObject without import, other file imports it': ['missing-base-import'],
  'export abstract class only': ['abstract-class'],
  'storage.kv sync api': ['sql-storage-unavailable', 'sql-storage-unavailable'],
};

function warnings(files: Readonly<Record<string, string>>): string[] {
  const inputs = Object.entries(files).map(([name, text]) => ({
    uri: name,
    name,
    accessMode: 'public' as const,
    text,
  }));
  const found = [...lintApp({ files: inputs, deployed: [], envKeys: [], appEnvKeys: [] }).values()].flat();
  return found.filter(({ severity }) => severity !== 'information').map(({ rule }) => rule);
}

suite('rules about what happens at run time, against what was recorded', () => {
  test('an app that answers has no warning that is wrong', () => {
    const answering = OUTCOMES.filter(
      ({ load, requests }) =>
        load === 'listening' && requests.length > 0 && requests.every((answer) => !answer.startsWith('500')),
    );
    assert.ok(answering.length > 40);
    for (const { id, files } of answering) assert.deepEqual(warnings(files), RIGHTLY_MARKED[id] ?? [], id);
  });

  test('what always fails is an error', () => {
    for (const id of ['class named Response', 'class named URL', 'eval in fetch', 'storage.kv sync api']) {
      const files = OUTCOMES.find((outcome) => outcome.id === id)?.files;
      assert.ok(files, id);
      const inputs = Object.entries(files).map(([name, text]) => ({
        uri: name,
        name,
        accessMode: undefined,
        text,
      }));
      const found = [
        ...lintApp({ files: inputs, deployed: [], envKeys: [], appEnvKeys: [] }).values(),
      ].flat();
      assert.ok(
        found.some(({ severity }) => severity === 'error'),
        id,
      );
    }
  });

  test('templates have no finding at all', () => {
    for (const template of TEMPLATES) {
      const input = {
        uri: 'x',
        name: template.id,
        accessMode: template.accessMode,
        text: sourceOf(template, template.id),
      };
      assert.deepEqual(
        [...lintApp({ files: [input], deployed: [], envKeys: [], appEnvKeys: [] }).values()],
        [[]],
      );
    }
  });
});
