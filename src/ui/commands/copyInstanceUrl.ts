import * as vscode from 'vscode';
import { showError } from '../errors.ts';
import { COMMANDS } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { deployedTarget } from './classTarget.ts';
import { externalAddress } from './externalAddress.ts';
import { askInstanceUrl } from './instanceUrl.ts';
import { useFolderOf } from './useFolderOf.ts';

/** Copies the URL under which an instance is called. */
export function copyInstanceUrlCommand(parts: Parts): (argument?: unknown) => Promise<void> {
  return async (argument) => {
    const title = vscode.l10n.t('Copy Instance URL');
    await useFolderOf(parts, argument);
    const session = await parts.session.ready();
    const row = await deployedTarget(parts, session, argument, title);
    if (row === undefined) return;
    const url = await askInstanceUrl(parts, session, row.name, title);
    if (url === undefined) return;
    // Nobody waits for the answer to its message.
    void copyAddress(url).catch((error: unknown) => showError(error, COMMANDS.copyInstanceUrl));
  };
}

/** Copies the address for the person's browser; where programs beside the platform need another one, offers that. */
export async function copyAddress(url: string): Promise<void> {
  const external = await externalAddress(url);
  await vscode.env.clipboard.writeText(external);
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) Copied {0}', external), 5000);
  if (external === url) return;
  const copy = vscode.l10n.t('Copy the Address for Programs');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Copied the address for your browser. Programs on the machine of the platform, such as in the terminal, call {0}',
      url,
    ),
    copy,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(url);
}
