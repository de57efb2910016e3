import * as vscode from 'vscode';
import { DoError } from '../../core/errors.ts';
import { askChoice } from '../dialogs.ts';
import { formatBytes, formatTime } from '../format.ts';
import type { TrashItem } from '../local/controller.ts';
import type { Parts } from '../parts.ts';
import { withProgress } from '../progress.ts';
import { requireTrust } from '../trust.ts';

/** Brings back what the instances of a deleted class stored on the embedded platform. */
export function restoreStorageCommand(parts: Parts): () => Promise<void> {
  return async () => {
    requireTrust();
    const running = await parts.local.start();
    const items = await parts.local.trash();
    if (items.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('There is no deleted storage on the local platform.'),
      );
      return;
    }
    const appNames = new Map(running.apps.map(({ id, name }) => [id, name]));
    const item = await askChoice<TrashItem>(
      {
        title: vscode.l10n.t('Restore Deleted Local Storage'),
        placeholder: vscode.l10n.t('Class whose stored data comes back'),
      },
      items.map((choice) => ({
        label: choice.className,
        description: appNames.get(choice.appId) ?? choice.appId,
        detail: vscode.l10n.t('deleted {0} · {1}', formatTime(choice.deletedAt), formatBytes(choice.bytes)),
        choice,
      })),
    );
    if (item === undefined) return;
    if (!(await restore(parts, item))) return;
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The storage of {0} is back. Its instances have their data again.', item.className),
    );
    await parts.state.refresh();
  };
}

/** Restores; when there is newer storage, asks whether that may go to the trash instead. False when it may not. */
async function restore(parts: Parts, item: TrashItem): Promise<boolean> {
  const attempt = (replace: boolean): Promise<void> =>
    withProgress({ title: vscode.l10n.t('Restoring {0}…', item.className), cancellable: false }, () =>
      parts.local.restore(item.id, replace),
    );
  try {
    await attempt(false);
    return true;
  } catch (error) {
    if (!(error instanceof DoError) || error.code !== 'STORAGE_EXISTS') throw error;
    const verb = vscode.l10n.t('Exchange');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Exchange the storage of {0}?', item.className),
      {
        modal: true,
        detail: vscode.l10n.t(
          'The class has stored data since. That goes to the trash, from where it can be restored in turn, and its instances restart.',
        ),
      },
      verb,
    );
    if (chosen !== verb) return false;
    await attempt(true);
    return true;
  }
}
