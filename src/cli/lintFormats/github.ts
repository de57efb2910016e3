import type { Severity } from '../../core/rules/finding.ts';
import { commandMessage, commandProperty } from '../output/workflowCommand.ts';
import { pathWithin } from './artifactPath.ts';
import type { LintReport } from './report.ts';
import { withSlashes } from './sourceRoot.ts';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
};

/** Workflow commands, which GitHub shows as annotations of the changed lines. */
export function github({ files, root }: Pick<LintReport, 'files' | 'root'>): string {
  return files
    .flatMap(({ path, findings }) =>
      findings.map(({ rule, severity, message, range: { start, end } }) => {
        const places: Readonly<Record<string, string | number>> = {
          file: pathWithin(withSlashes(path), withSlashes(root)) ?? withSlashes(path),
          line: start.line + 1,
          endLine: end.line + 1,
          // GitHub takes columns for a place within one line only.
          ...(start.line === end.line && { col: start.character + 1, endColumn: end.character + 1 }),
          title: rule,
        };
        const properties = Object.entries(places).map(
          ([key, value]) => `${key}=${commandProperty(String(value))}`,
        );
        return `::${COMMANDS[severity]} ${properties.join(',')}::${commandMessage(message)}\n`;
      }),
    )
    .join('');
}
