import * as vscode from 'vscode';
import type { Finding, Range, Severity } from '../../core/rules/finding.ts';
import { ruleUri } from '../../core/rules/ruleUri.ts';

/** What the Problems view shows as the origin of a finding. */
export const DIAGNOSTIC_SOURCE = 'Durable Objects';

/** A finding as the editor shows it. */
export function toDiagnostic(finding: Finding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(finding.range),
    finding.message,
    SEVERITIES[finding.severity],
  );
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = {
    value: finding.code,
    target: vscode.Uri.parse(ruleUri(vscode.env.uriScheme, finding.rule)),
  };
  diagnostic.relatedInformation = (finding.related ?? []).map(
    ({ uri, range, message }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.parse(uri, true), toRange(range)),
        message,
      ),
  );
  return diagnostic;
}

/** What stands in a diagnostic's code, whether it is a link or not. */
export function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};
