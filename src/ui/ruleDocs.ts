import * as vscode from 'vscode';
import { ruleInfo } from '../core/rules/catalogue.ts';
import { ruleOfPath } from '../core/rules/ruleUri.ts';
import { showError } from './errors.ts';

/** Shows the page of a rule when somebody follows the link of a finding's code. */
export function registerRuleDocs(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path }) => {
      const info = ruleInfo(ruleOfPath(path) ?? '');
      // Anybody can make such an address: one that names no rule does nothing.
      if (info === undefined) return;
      const page = vscode.Uri.joinPath(context.extensionUri, ...info.docs.split('/'));
      try {
        await vscode.commands.executeCommand('markdown.showPreview', page);
      } catch (error) {
        void showError(error, 'rule page');
      }
    },
  });
}
