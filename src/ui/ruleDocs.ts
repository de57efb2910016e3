import * as vscode from 'vscode';
import { ruleInfo } from '../core/rules/catalogue.ts';
import { ruleOfPath } from '../core/rules/ruleUri.ts';
import { auth } from './auth/auth.ts';
import { SIGN_IN_PATH } from './auth/signInPath.ts';
import { showError } from './errors.ts';

/**
 * Takes the addresses that lead into the editor: shows the page of a rule when somebody follows the link of a
 * finding's code, and lets a browser come back from a sign-in. An extension can have one such handler.
 */
export function registerRuleDocs(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path, query }) => {
      if (path === SIGN_IN_PATH) {
        await (await auth()).receiveRedirect({ query });
        return;
      }
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
