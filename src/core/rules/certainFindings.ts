import type { Finding } from './finding.ts';

/** Rules whose findings stand on their own text: what is wrong elsewhere in the file does not change them. */
const LOCAL: ReadonlySet<string> = new Set([
  'disallowed-import',
  'import-type-becomes-value',
  'import-alias-lost',
  'unchecked-module-reference',
  'unknown-runtime-module',
  'dynamic-code',
  'sql-storage-unavailable',
  'node-global',
  'platform-env-read',
  'hard-coded-secret',
]);

/** Whether the findings say that TypeScript had to repair the source. */
export function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ repaired }) => repaired === true);
}

/**
 * What to show of a source that does not parse: where it breaks, and of the rest what does not hang on how
 * TypeScript repaired it. A finding is certain when it was there before the source broke and is found still, or
 * when it stands on its own text and that text stayed.
 * @param before the findings when the source parsed last, at the places where they are now; undefined when it
 *   never did
 * @param now what is found in the repaired source
 * @param untouched those of `before` in whose text nobody wrote since
 */
export function certainFindings(
  before: readonly Finding[] | undefined,
  now: readonly Finding[],
  untouched: readonly Finding[] = before ?? [],
): readonly Finding[] {
  const broken = now.filter(({ repaired }) => repaired === true);
  const others = now.filter(({ repaired }) => repaired !== true);
  if (before === undefined) return now;
  const known = new Set(before.map(sameness));
  const still = others.filter((finding) => known.has(sameness(finding)));
  const found = new Set(still.map(sameness));
  const kept = untouched.filter((finding) => LOCAL.has(finding.rule) && !found.has(sameness(finding)));
  return [...broken, ...still, ...kept.map(withoutFixes)];
}

/** What makes two findings of one file the same, wherever they are. */
export function sameness({ rule, message }: Finding): string {
  return `${rule} ${message}`;
}

/** The edits of its fixes are of an older text. */
function withoutFixes(finding: Finding): Finding {
  const { rule, code, severity, message, range, related } = finding;
  const kept = { rule, code, severity, message, range, fixes: [] };
  return related === undefined ? kept : { ...kept, related };
}
