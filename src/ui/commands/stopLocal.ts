import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { withProgress } from '../progress.ts';

/** Stops the embedded platform for all windows. What it stored stays. */
export function stopLocalCommand(parts: Parts): () => Promise<void> {
  return async () => {
    await withProgress({ title: vscode.l10n.t('Stopping the local platform…'), cancellable: false }, () =>
      parts.local.stop(),
    );
  };
}
