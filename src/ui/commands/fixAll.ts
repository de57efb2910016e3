import * as vscode from 'vscode';
import { fixAllEdit } from '../diagnostics/fixAllActions.ts';
import type { Linter } from '../diagnostics/linter.ts';

/** Applies all fixes of the active file that need nobody. */
export function fixAllCommand(linter: Linter): () => Promise<void> {
  return async () => {
    const document = vscode.window.activeTextEditor?.document;
    const edit = document === undefined ? undefined : await fixAllEdit(linter, document);
    if (edit !== undefined) {
      await vscode.workspace.applyEdit(edit);
      return;
    }
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is nothing that can be fixed without asking you.'),
    );
  };
}
