import { applyEdits } from './edits.ts';
import { lintApp } from './engine.ts';
import type { Finding, Fix, Position, TextEdit } from './finding.ts';
import type { RuleSettings } from './severities.ts';
import type { AppContext, LintInput } from './subject.ts';
import { SYNTAX_ERROR } from './syntaxError.ts';

/** More than any file needs; a fix that makes another one necessary, and that one the first, would have no end. */
const MOST_ROUNDS = 100;

/**
 * The text of a file after all fixes that need nobody: the preferred ones that ask nothing and make no file,
 * again and again until there is none left. One that would leave its finding in place, or break a text that
 * parses, is passed over.
 * @param uri a file of the context; the text of another one is undefined
 */
export function fixAll(context: AppContext, uri: string, severities: RuleSettings = {}): string | undefined {
  const others = context.files.filter((file) => file.uri !== uri);
  const first = context.files.find((file) => file.uri === uri);
  if (first === undefined) return undefined;
  const lint = (input: LintInput): Finding[] =>
    lintApp({ ...context, files: [...others, input] }, { only: [uri], severities }).get(uri) ?? [];
  const tryOut = ({ input, findings }: State, fixables: readonly Fixable[]): State | undefined => {
    const edits = fixables.flatMap(({ fix }) => fix.edits);
    const fixed: LintInput = { ...input, text: applyEdits(input.text, edits) };
    const after = lint(fixed);
    const isMended =
      parsesAsWell(findings, after) && fixables.every(({ finding }) => mends(finding, findings, after));
    return isMended ? { input: fixed, findings: after } : undefined;
  };

  let state: State = { input: first, findings: lint(first) };
  const refused = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fixables = state.findings.flatMap(withFix).filter(({ finding }) => !refused.has(keyOf(finding)));
    const [next] = fixables;
    if (next === undefined) break;
    // Together it is one pass instead of many; where they get into each other's way, one alone.
    const together = apart(fixables);
    const better = tryOut(state, together) ?? (together.length > 1 ? tryOut(state, [next]) : undefined);
    if (better) state = better;
    else refused.add(keyOf(next.finding));
  }
  return state.input.text;
}

interface State {
  readonly input: LintInput;
  readonly findings: readonly Finding[];
}

interface Fixable {
  readonly finding: Finding;
  readonly fix: Fix;
}

function withFix(finding: Finding): Fixable[] {
  const fix = finding.fixes.find(
    ({ preferred, asksName, newFile }) => preferred && asksName !== true && newFile === undefined,
  );
  return fix ? [{ finding, fix }] : [];
}

/** The first fix, and each one that touches nothing of those before it. */
function apart(fixables: readonly Fixable[]): Fixable[] {
  const chosen: Fixable[] = [];
  for (const fixable of fixables) {
    const taken = chosen.flatMap(({ fix }) => fix.edits);
    if (!fixable.fix.edits.some((edit) => taken.some((other) => touches(edit, other)))) chosen.push(fixable);
  }
  return chosen;
}

function touches({ range: a }: TextEdit, { range: b }: TextEdit): boolean {
  return isUpTo(a.start, b.end) && isUpTo(b.start, a.end);
}

function isUpTo(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

/** The same finding has the same words wherever the fixes before it moved it to. */
function keyOf({ rule, message }: Finding): string {
  return `${rule}\n${message}`;
}

function mends(finding: Finding, before: readonly Finding[], after: readonly Finding[]): boolean {
  const count = (findings: readonly Finding[]): number =>
    findings.filter((each) => keyOf(each) === keyOf(finding)).length;
  return count(after) < count(before);
}

function parsesAsWell(before: readonly Finding[], after: readonly Finding[]): boolean {
  const errors = (findings: readonly Finding[]): number =>
    findings.filter(({ rule }) => rule === SYNTAX_ERROR).length;
  return errors(after) <= errors(before);
}
