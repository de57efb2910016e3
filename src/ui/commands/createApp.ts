import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { createAppDialog } from '../session/appDialog.ts';
import { connectionOf } from '../session/session.ts';
import { requireTrust } from '../trust.ts';

/** Makes an app and selects it. */
export function createAppCommand(parts: Parts): () => Promise<void> {
  return async () => {
    requireTrust();
    const { session } = parts;
    const address = await session.address();
    const app = await createAppDialog(connectionOf(session.current)?.label ?? address.origin, address);
    if (app === undefined) return;
    if (parts.local.current.kind === 'running') await parts.local.refreshApps();
    await session.useApp(app);
    void vscode.window.showInformationMessage(vscode.l10n.t('The app {0} is selected.', app.name));
  };
}
