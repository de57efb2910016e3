import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { deployedTarget } from './classTarget.ts';
import { askInstanceUrl } from './instanceUrl.ts';
import { useFolderOf } from './useFolderOf.ts';

/** Copies the URL under which an instance is called, as the platform knows it. */
export function copyInstanceUrlCommand(parts: Parts): (argument?: unknown) => Promise<void> {
  return async (argument) => {
    const title = vscode.l10n.t('Copy Instance URL');
    await useFolderOf(parts, argument);
    const session = await parts.session.ready();
    const row = await deployedTarget(parts, session, argument, title);
    if (row === undefined) return;
    const url = await askInstanceUrl(parts, session, row.name, title);
    if (url === undefined) return;
    await vscode.env.clipboard.writeText(url);
    vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) Copied {0}', url), 5000);
  };
}
