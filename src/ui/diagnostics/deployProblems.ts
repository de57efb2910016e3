import * as vscode from 'vscode';
import { parsePosition } from './sourcePosition.ts';
import { DIAGNOSTIC_SOURCE } from './toDiagnostic.ts';

/** What the platform found wrong, and where. */
export interface DeployProblem {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  /** Without the place and without what the platform wraps around it. */
  readonly message: string;
}

/** Problems that only the platform found, at the place in the source that it named. Gone with the next edit. */
export class DeployProblems implements vscode.Disposable {
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('durable-objects-deploy');
  readonly #listeners = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.clear(document.uri);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.clear(uri))),
    vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri }) => this.clear(oldUri))),
  ];

  /**
   * Marks the place that `message` names as `<name>.ts:<line>:<column>`.
   *
   * @param fileOf the file of a DO name
   * @returns what and where it is, or undefined when the message names no place in a file of ours
   */
  async mark(
    message: string,
    fileOf: (name: string) => vscode.Uri | undefined,
  ): Promise<DeployProblem | undefined> {
    const position = parsePosition(message);
    const uri = position === undefined ? undefined : fileOf(position.name);
    if (position === undefined || uri === undefined) return undefined;
    const document = await vscode.workspace.openTextDocument(uri);
    const start = document.validatePosition(new vscode.Position(position.line, position.character));
    const word = document.getWordRangeAtPosition(start);
    const range = word ?? new vscode.Range(start, document.lineAt(start.line).range.end);
    const diagnostic = new vscode.Diagnostic(range, position.message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = DIAGNOSTIC_SOURCE;
    diagnostic.code = 'deploy';
    this.#diagnostics.set(uri, [diagnostic]);
    return { uri, range, message: position.message };
  }

  clear(uri: vscode.Uri): void {
    if (this.#diagnostics.has(uri)) this.#diagnostics.delete(uri);
  }

  dispose(): void {
    this.#diagnostics.dispose();
    for (const listener of this.#listeners) listener.dispose();
  }
}
