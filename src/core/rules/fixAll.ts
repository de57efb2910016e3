import { applyEdits } from './edits.ts';
import { lintApp } from './engine.ts';
import type { Finding, Fix } from './finding.ts';
import type { RuleSettings } from './severities.ts';
import type { AppContext, LintInput } from './subject.ts';
import { SYNTAX_ERROR } from './syntaxError.ts';

/** A file has fewer; a fix that makes another one necessary, and that one the first, would have no end. */
const MOST_FIXES = 100;

/**
 * The text of a file after all fixes that need nobody: the preferred ones that ask nothing and make no file, one
 * after the other, until there is none left. One that would leave its finding in place, or break a text that
 * parses, is passed over.
 * @param uri a file of the context; the text of another one is undefined
 */
export function fixAll(context: AppContext, uri: string, severities: RuleSettings = {}): string | undefined {
  const others = context.files.filter((file) => file.uri !== uri);
  let input = context.files.find((file) => file.uri === uri);
  if (input === undefined) return undefined;
  const lint = (file: LintInput): Finding[] =>
    lintApp({ ...context, files: [...others, file] }, { only: [uri], severities }).get(uri) ?? [];

  let findings = lint(input);
  const refused = new Set<string>();
  for (let count = 0; count < MOST_FIXES; count += 1) {
    const next = findings.map(withFix).find((item) => item && !refused.has(keyOf(item.finding)));
    if (!next) break;
    const fixed: LintInput = { ...input, text: applyEdits(input.text, next.fix.edits) };
    const after = lint(fixed);
    if (mends(next.finding, findings, after)) {
      input = fixed;
      findings = after;
    } else {
      refused.add(keyOf(next.finding));
    }
  }
  return input.text;
}

interface Fixable {
  readonly finding: Finding;
  readonly fix: Fix;
}

function withFix(finding: Finding): Fixable | undefined {
  const fix = finding.fixes.find(
    ({ preferred, asksName, newFile }) => preferred && asksName !== true && newFile === undefined,
  );
  return fix && { finding, fix };
}

/** The same finding has the same words wherever the fixes before it moved it to. */
function keyOf({ rule, message }: Finding): string {
  return `${rule}\n${message}`;
}

function mends(finding: Finding, before: readonly Finding[], after: readonly Finding[]): boolean {
  const count = (findings: readonly Finding[], key: string): number =>
    findings.filter((each) => keyOf(each) === key).length;
  const errors = (findings: readonly Finding[]): number =>
    findings.filter(({ rule }) => rule === SYNTAX_ERROR).length;
  return count(after, keyOf(finding)) < count(before, keyOf(finding)) && errors(after) <= errors(before);
}
