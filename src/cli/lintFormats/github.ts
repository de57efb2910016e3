import type { Severity } from '../../core/rules/finding.ts';
import type { LintedFile } from './report.ts';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
};

/** Workflow commands, which GitHub shows as annotations of the changed lines. */
export function github(files: readonly LintedFile[]): string {
  return files
    .flatMap(({ file, findings }) =>
      findings.map(({ rule, severity, message, range: { start, end } }) => {
        const places: Readonly<Record<string, string | number>> = {
          file,
          line: start.line + 1,
          endLine: end.line + 1,
          // GitHub takes columns for a place within one line only.
          ...(start.line === end.line && { col: start.character + 1, endColumn: end.character + 1 }),
          title: rule,
        };
        const properties = Object.entries(places).map(([key, value]) => `${key}=${property(String(value))}`);
        return `::${COMMANDS[severity]} ${properties.join(',')}::${data(message)}\n`;
      }),
    )
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
