import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { withProgress } from '../progress.ts';
import { requireTrust } from '../trust.ts';

/** Stops and starts the embedded platform; stored data and deployed classes stay. */
export function restartLocalCommand(parts: Parts): () => Promise<void> {
  return async () => {
    requireTrust();
    await withProgress({ title: vscode.l10n.t('Restarting the local platform…'), cancellable: false }, () =>
      parts.local.restart(),
    );
  };
}
