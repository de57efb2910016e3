import type { LintReport } from './report.ts';

/** An array of findings; lines and characters are zero-based, characters in UTF-16 units. */
export function json({ files }: LintReport): string {
  const rows = files.flatMap(({ file, findings }) =>
    findings.map(({ rule, severity, message, range, fixes }) => ({
      file,
      rule,
      severity,
      message,
      range,
      fixable: fixes.length > 0,
    })),
  );
  return `${JSON.stringify(rows, null, 2)}\n`;
}
