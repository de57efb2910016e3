import * as vscode from 'vscode';
import type { Finding, Range, Severity } from '../../core/rules/finding.ts';

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
  diagnostic.code = finding.code;
  diagnostic.relatedInformation = (finding.related ?? []).map(
    ({ uri, range, message }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.parse(uri, true), toRange(range)),
        message,
      ),
  );
  return diagnostic;
}

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};
