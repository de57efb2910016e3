import * as vscode from 'vscode';
import { REASON, type Finding, type Fix, type TextEdit } from '../../core/rules/finding.ts';
import { identifierProblem } from '../files/names.ts';
import { COMMANDS } from '../ids.ts';
import type { Linter } from './linter.ts';
import { codeOf, DIAGNOSTIC_SOURCE, toRange } from './toDiagnostic.ts';

/** Asks for the class name that a fix puts in; not in the palette. */
const NAMED_FIX = 'butterbaseDO.applyNamedFix';

/** Asks for the reason to disable a rule; not in the palette. */
const DISABLE = 'butterbaseDO.disableRuleForLine';

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
      .flatMap((finding) => [
        ...finding.fixes.map((fix) => toAction(document, finding, fix, ours)),
        ...setKeyAction(document, finding, ours),
        ...disableAction(document, finding, ours),
      ]);
  }
}

/** Registers the commands behind fixes that ask something. */
export function registerAskingFixes(): vscode.Disposable {
  return vscode.Disposable.from(registerNamedFix(), registerDisable());
}

function registerNamedFix(): vscode.Disposable {
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

function registerDisable(): vscode.Disposable {
  return vscode.commands.registerCommand(DISABLE, async (uri: vscode.Uri, rule: string, edit: TextEdit) => {
    const reason = await vscode.window.showInputBox({
      title: vscode.l10n.t('Disable {0} for this line', rule),
      prompt: vscode.l10n.t('Why is it right here? The reason is kept in the comment.'),
      validateInput: (text) =>
        text.trim() === '' ? vscode.l10n.t('Give a reason: without one, nothing is disabled.') : undefined,
    });
    if (reason === undefined) return;
    const text = edit.newText.replace(REASON, () => reason.trim());
    const change = new vscode.WorkspaceEdit();
    change.set(uri, [new vscode.TextEdit(toRange(edit.range), text)]);
    await vscode.workspace.applyEdit(change);
  });
}

/** An environment key that is read and not set: the finding marks the key, in quotes or without. */
function setKeyAction(
  document: vscode.TextDocument,
  finding: Finding,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  if (finding.rule !== 'unknown-env-key') return [];
  const key = /\w+/.exec(document.getText(toRange(finding.range)))?.[0];
  if (key === undefined) return [];
  const title = vscode.l10n.t('Set the environment variable {0}...', key);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnosticsOf(finding, diagnostics);
  action.command = { command: COMMANDS.setEnvVar, title, arguments: [key] };
  return [action];
}

function disableAction(
  document: vscode.TextDocument,
  finding: Finding,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  if (finding.disable === undefined) return [];
  const title = vscode.l10n.t('Disable {0} for this line...', finding.rule);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnosticsOf(finding, diagnostics);
  action.command = { command: DISABLE, title, arguments: [document.uri, finding.rule, finding.disable] };
  return [action];
}

function toAction(
  document: vscode.TextDocument,
  finding: Finding,
  fix: Fix,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnosticsOf(finding, diagnostics);
  action.isPreferred = fix.preferred;
  if (fix.asksName === true) {
    action.command = { command: NAMED_FIX, title: fix.title, arguments: [document.uri, fix] };
  } else {
    action.edit = toEdit(document.uri, fix, (text) => text);
  }
  return action;
}

function diagnosticsOf(finding: Finding, diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] {
  const range = toRange(finding.range);
  return diagnostics.filter((each) => codeOf(each) === finding.code && each.range.isEqual(range));
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
