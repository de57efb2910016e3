import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import { isRefusal } from '../../src/core/rules/catalogue.ts';
import { applyEdits } from '../../src/core/rules/edits.ts';
import { lintApp } from '../../src/core/rules/engine.ts';
import type { Finding, Fix, Position, Range } from '../../src/core/rules/finding.ts';
import type { LintInput } from '../../src/core/rules/subject.ts';
import { app } from './generate/apps.ts';

const APPS = 800;
const SEED = 20_261_122;

/** They look at the class of a file, so they are silent while it is open which one that is. */
const ABOUT_THE_CLASS: ReadonlySet<string> = new Set([
  'abstract-class',
  'duplicate-class-name',
  'duplicate-top-level-name',
  'missing-fetch',
  'public-without-check',
  'websocket-message-type',
]);

/** What stands in the place of a global, or of the platform's own, does so for the other sources, too. */
const TAKES_A_PLACE: ReadonlySet<string> = new Set(['reserved-top-level-name', 'shadows-global']);

suite('fixes in generated apps', function () {
  this.timeout(240_000);

  test('each leaves a file that parses, without its finding, and all other findings as they were', () => {
    const applied = new Map<string, number>();
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
            applied.set(finding.rule, (applied.get(finding.rule) ?? 0) + 1);
            checkFix(inputs, index, found, finding, fix);
          }
        }
      }
    });
    fc.assert(property, { numRuns: APPS, seed: SEED });
    const total = [...applied.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(total > APPS && applied.size >= 10, JSON.stringify([...applied]));
  });
});

function checkFix(
  inputs: readonly LintInput[],
  index: number,
  found: ReadonlyMap<string, readonly Finding[]>,
  finding: Finding,
  fix: Fix,
): void {
  const input = inputs[index];
  assert.ok(input);
  const edits = fix.edits.map((edit) => ({ ...edit, newText: edit.newText.replaceAll('$NAME', 'Asked') }));
  const text = applyEdits(input.text, edits);
  const now = lint(inputs.with(index, { ...input, text }));
  const what = `${finding.rule}, ${fix.title}:\n${input.text}\n--- became\n${text}`;
  const own = now.get(input.uri) ?? [];
  assert.ok(!own.some(({ rule }) => rule === 'syntax-error'), what);
  assert.ok(count(own, finding) < count(found.get(input.uri) ?? [], finding), `The finding stays. ${what}`);
  const ranges = fix.edits.map(({ range }) => range);
  for (const [uri, before] of found) {
    const others = before.filter(({ rule }) => rule !== finding.rule);
    const after = (now.get(uri) ?? []).filter(({ rule }) => rule !== finding.rule);
    const isTouched = (each: Finding): boolean =>
      (TAKES_A_PLACE.has(finding.rule) && uri !== input.uri) ||
      (uri === input.uri && ranges.some((range) => overlap(range, each.range))) ||
      (each.related ?? []).some(
        (other) => other.uri === input.uri && ranges.some((range) => overlap(range, other.range)),
      );
    const fresh = without(kindsOf(after), kindsOf(others)).filter((kind) => !showsNow(finding, kind));
    assert.deepEqual(fresh, [], `New in ${uri}. ${what}`);
    const gone = without(kindsOf(others), kindsOf(after)).filter((kind) => !showsNow(finding, kind));
    const mayGo = kindsOf(others.filter(isTouched));
    assert.deepEqual(without(gone, mayGo), [], `Gone from ${uri}. ${what}`);
  }
}

/**
 * The platform names one refusal only, and what is wrong besides shows when that one is gone. A class whose base is
 * missing comes to nothing, so that what it does itself shows when there is a base.
 */
function showsNow({ rule }: Finding, kind: string): boolean {
  const [shown = ''] = kind.split(' ');
  if (rule === 'missing-base-import') return shown === 'global-scope-io';
  return (
    isRefusal(rule) && (isRefusal(shown) || (rule !== 'disallowed-import' && ABOUT_THE_CLASS.has(shown)))
  );
}

function lint(files: readonly LintInput[]): Map<string, Finding[]> {
  return lintApp({ files, deployed: [], envKeys: undefined });
}

function count(findings: readonly Finding[], like: Finding): number {
  return findings.filter(({ rule, message }) => rule === like.rule && message === like.message).length;
}

/** A new name changes the words of others, and their places. */
function kindsOf(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, severity }) => `${rule} ${severity}`);
}

/** The first list, with each item of the second taken out of it once. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = [...all];
  for (const item of taken) {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

function overlap(a: Range, b: Range): boolean {
  return isBefore(a.start, b.end) && isBefore(b.start, a.end);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
