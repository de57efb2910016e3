import { ruleInfo } from './catalogue.ts';
import type { Finding } from './finding.ts';
import { repairedSource } from './repairedSource.ts';
import { FileSubject } from './subject.ts';
import { MAY_FAIL } from './syntaxError.ts';

const OUTCOMES = {
  'no JavaScript':
    'What comes out is no JavaScript, so the module fails to load and the class goes into ERROR.',
  fails: 'What comes out fails to load, and the class goes into ERROR.',
  loads: 'What comes out loads, so something goes live that you did not write.',
} as const;

type Outcome = keyof typeof OUTCOMES;

/** Whether the finding says that the module does not load. */
export function stopsLoading({ rule, severity, atLoad }: Finding): boolean {
  return severity === 'error' && (atLoad ?? ruleInfo(rule)?.truth === 'W');
}

/**
 * Says of each source that TypeScript repairs whether what comes out loads, which is what the platform goes by.
 * @param files all sources of the module
 * @param findings of the sources as they are written, by file; changed in place
 * @param findingsOf what the rules find in an app of other files
 */
export function settleRepairs(
  files: readonly FileSubject[],
  findings: Map<string, Finding[]>,
  findingsOf: (files: readonly FileSubject[]) => ReadonlyMap<FileSubject, readonly Finding[]>,
): void {
  const repaired = new Map(files.map((file) => [file, repairedSource(file)]));
  const loaded = files.map((file) => {
    const made = repaired.get(file);
    return made instanceof FileSubject ? made : file;
  });
  let found: ReturnType<typeof findingsOf> | undefined;
  for (const [file, made] of repaired) {
    const own = findings.get(file.input.uri);
    if (own === undefined || made === undefined) continue;
    let outcome: Outcome = made === 'no JavaScript' ? made : 'fails';
    if (made instanceof FileSubject) {
      found ??= findingsOf(loaded);
      if (found.get(made)?.some(stopsLoading) === false) outcome = 'loads';
    }
    findings.set(
      file.input.uri,
      own.map((finding) => said(finding, outcome)),
    );
  }
}

/** The end of the message, where it says what becomes of the repaired source. */
function said(finding: Finding, outcome: Outcome): Finding {
  if (finding.repaired !== true) return finding;
  const message = `${finding.message.slice(0, -MAY_FAIL.length)}${OUTCOMES[outcome]}`;
  return { ...finding, message, atLoad: outcome !== 'loads' };
}
