import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { withProgress } from '../progress.ts';
import { LOCAL_CONNECTION } from '../session/connections.ts';
import { connectionOf } from '../session/session.ts';
import { requireTrust } from '../trust.ts';

/** Starts the embedded platform; who is not connected to another one is then connected to it. */
export function startLocalCommand(parts: Parts): () => Promise<void> {
  return async () => {
    requireTrust();
    await withProgress({ title: vscode.l10n.t('Starting the local platform…') }, () => parts.local.start());
    const { session } = parts;
    const elsewhere = session.current.kind === 'ready' && connectionOf(session.current)?.kind === 'remote';
    if (!elsewhere) {
      await session.useConnection(LOCAL_CONNECTION);
      return;
    }
    const use = vscode.l10n.t('Switch to It');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The local platform runs. This workspace is connected to {0}.',
        session.current.connection.label,
      ),
      use,
    );
    if (chosen === use) await session.useConnection(LOCAL_CONNECTION);
  };
}
