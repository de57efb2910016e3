import * as vscode from 'vscode';
import type { AccessMode } from '../../core/model/app.ts';
import type { Parts } from '../parts.ts';
import { deployedTarget } from './classTarget.ts';
import { copyAddress } from './copyInstanceUrl.ts';
import { externalAddress } from './externalAddress.ts';
import { askInstanceUrl } from './instanceUrl.ts';
import { useFolderOf } from './useFolderOf.ts';

/** Opens an instance in the browser, through the editor's port forwarding where there is one. */
export function openInstanceCommand(parts: Parts): (argument?: unknown) => Promise<void> {
  return async (argument) => {
    const title = vscode.l10n.t('Open Instance');
    await useFolderOf(parts, argument);
    const session = await parts.session.ready();
    const row = await deployedTarget(parts, session, argument, title);
    if (row === undefined) return;
    const url = await askInstanceUrl(parts, session, row.name, title);
    if (url === undefined || !(await accepts(row.accessMode, url))) return;
    // As text, which the editor takes too: a Uri would lose what is encoded in the id.
    await vscode.env.openExternal((await externalAddress(url)) as unknown as vscode.Uri);
  };
}

/** Whether to open it although a browser sends no key; the other way out is to copy the URL. */
async function accepts(mode: AccessMode, url: string): Promise<boolean> {
  if (mode === 'public') return true;
  const open = vscode.l10n.t('Open Anyway');
  const copy = vscode.l10n.t('Copy URL');
  const header = mode === 'service_key' ? 'Authorization: Bearer bb_sk_…' : 'Authorization: Bearer …';
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'A browser cannot open this instance: it sends no {0} header, so the platform answers 401.',
      header,
    ),
    copy,
    open,
  );
  if (chosen === copy) await copyAddress(url);
  return chosen === open;
}
