import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import { applyEdits } from '../../src/core/rules/edits.ts';
import { ruleInfo } from '../../src/core/rules/catalogue.ts';
import { lintApp } from '../../src/core/rules/engine.ts';
import type { Finding, Fix } from '../../src/core/rules/finding.ts';
import type { LintInput } from '../../src/core/rules/subject.ts';
import { app } from './generate/apps.ts';

const APPS = 400;
const SEED = 20_261_122;

suite('fixes in generated apps', function () {
  this.timeout(120_000);

  test('each leaves a file that parses as before, without its finding and without another one', () => {
    let applied = 0;
    const property = fc.property(app, ({ files }) => {
      const inputs = files.map(({ name, code }): LintInput => ({
        uri: name,
        name,
        accessMode: 'public',
        text: code,
      }));
      const found = lint(inputs);
      for (const [index, input] of inputs.entries()) {
        const findings = found.get(input.uri) ?? [];
        // What TypeScript only guessed from a broken text is no ground to build on.
        if (findings.some(({ rule }) => rule === 'syntax-error')) continue;
        for (const finding of findings) {
          for (const fix of finding.fixes) {
            applied += 1;
            checkFix(inputs, index, findings, finding, fix);
          }
        }
      }
    });
    fc.assert(property, { numRuns: APPS, seed: SEED });
    assert.ok(applied > APPS, `${applied} fixes`);
  });
});

function checkFix(
  inputs: readonly LintInput[],
  index: number,
  before: readonly Finding[],
  finding: Finding,
  fix: Fix,
): void {
  const input = inputs[index];
  assert.ok(input);
  const edits = fix.edits.map((edit) => ({ ...edit, newText: edit.newText.replaceAll('$NAME', 'Asked') }));
  const text = applyEdits(input.text, edits);
  const after = lint(inputs.with(index, { ...input, text })).get(input.uri) ?? [];
  const what = `${finding.rule}, ${fix.title}:\n${input.text}\n--- became\n${text}`;
  assert.ok(count(after, finding) < count(before, finding), `The finding stays. ${what}`);
  if (ruleInfo(finding.rule)?.truth === 'B') {
    // The platform names one refusal only, and what is wrong besides shows when that one is gone.
    assert.ok(!after.some(({ rule }) => rule === 'syntax-error'), what);
    return;
  }
  const fresh = rulesOf(after).filter((rule) => !rulesOf(before).includes(rule));
  assert.deepEqual(fresh, [], `There is another finding. ${what}`);
}

/** Rules with an error; a new name for a class changes the words of others. */
function rulesOf(findings: readonly Finding[]): string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}

function lint(files: readonly LintInput[]): Map<string, Finding[]> {
  return lintApp({ files, deployed: [], envKeys: undefined });
}

function count(findings: readonly Finding[], like: Finding): number {
  return findings.filter(({ rule, message }) => rule === like.rule && message === like.message).length;
}
