import * as vscode from 'vscode';
import type { Finding, Fix } from '../../core/rules/finding.ts';
import { identifierProblem } from '../files/names.ts';
import type { Linter } from './linter.ts';
import { DIAGNOSTIC_SOURCE, toRange } from './toDiagnostic.ts';

/** Asks for the class name that a fix puts in; not in the palette. */
const NAMED_FIX = 'butterbaseDO.applyNamedFix';

/** Offers the mends that the rules know. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  readonly #linter: Linter;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const ours = context.diagnostics.filter(({ source }) => source === DIAGNOSTIC_SOURCE);
    if (ours.length === 0) return [];
    return this.#linter
      .findings(document)
      .filter((finding) => toRange(finding.range).intersection(range) !== undefined)
      .flatMap((finding) => finding.fixes.map((fix) => toAction(document, finding, fix, ours)));
  }
}

/** Registers the command behind fixes that need a name. */
export function registerNamedFix(): vscode.Disposable {
  return vscode.commands.registerCommand(NAMED_FIX, async (uri: vscode.Uri, fix: Fix) => {
    const name = await vscode.window.showInputBox({
      title: fix.title,
      prompt: vscode.l10n.t('Name of the class'),
      placeHolder: 'ChatRoom',
      validateInput: identifierProblem,
    });
    if (name === undefined) return;
    await vscode.workspace.applyEdit(toEdit(uri, fix, (text) => text.replaceAll('$NAME', name)));
  });
}

function toAction(
  document: vscode.TextDocument,
  finding: Finding,
  fix: Fix,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  const range = toRange(finding.range);
  action.diagnostics = diagnostics.filter((each) => each.code === finding.code && each.range.isEqual(range));
  action.isPreferred = fix.preferred;
  if (fix.asksName === true) {
    action.command = { command: NAMED_FIX, title: fix.title, arguments: [document.uri, fix] };
  } else {
    action.edit = toEdit(document.uri, fix, (text) => text);
  }
  return action;
}

function toEdit(uri: vscode.Uri, fix: Fix, fill: (text: string) => string): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    uri,
    fix.edits.map(({ range, newText }) => new vscode.TextEdit(toRange(range), fill(newText))),
  );
  if (fix.newFile !== undefined) {
    const target = vscode.Uri.joinPath(uri, '..', fill(fix.newFile.suggestedName));
    edit.createFile(target, {
      overwrite: false,
      contents: new TextEncoder().encode(fill(fix.newFile.text)),
    });
  }
  return edit;
}
