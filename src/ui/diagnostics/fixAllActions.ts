import * as vscode from 'vscode';
import { changedPart } from '../../core/rules/edits.ts';
import type { Linter } from './linter.ts';

/** What people put into `editor.codeActionsOnSave`. */
const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('butterbaseDO');

/** All fixes that need nobody as one source action: from the menu, or on save where somebody asked for that. */
export class FixAllActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: [FIX_ALL] };

  readonly #linter: Linter;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { only }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (only?.contains(FIX_ALL) !== true) return [];
    const edit = await fixAllEdit(this.#linter, document);
    if (edit === undefined) return [];
    const action = new vscode.CodeAction(vscode.l10n.t('Fix all Durable Objects findings'), FIX_ALL);
    action.edit = edit;
    return [action];
  }
}

/** The edit that fixes what needs nobody; undefined when there is nothing of that kind. */
export async function fixAllEdit(
  linter: Linter,
  document: vscode.TextDocument,
): Promise<vscode.WorkspaceEdit | undefined> {
  const before = document.getText();
  const after = await linter.fixAll(document);
  const part = after === undefined ? undefined : changedPart(before, after);
  if (part === undefined) return undefined;
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(part.start), document.positionAt(part.end));
  edit.replace(document.uri, range, part.newText);
  return edit;
}
