import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../../core/errors.ts';
import type { Parts } from '../../parts.ts';
import { withProgress } from '../../progress.ts';
import { historicName, historyPlace } from '../historyTarget.ts';
import { personalHistory } from '../personalHistory.ts';

/** Writes the sources of a class, or of the whole app, as files into a folder that the person picks. */
export function exportHistoryCommand(parts: Parts): (arg?: unknown, folder?: vscode.Uri) => Promise<void> {
  return async (arg, given) => {
    const place = await historyPlace(parts);
    const name = arg === undefined ? undefined : await historicName(parts, arg);
    const folder = given ?? (await pickFolder(name));
    if (folder === undefined) return;
    if (folder.scheme !== 'file') throw notOnDisk();
    const history = await personalHistory();
    const files = await withProgress(
      { title: vscode.l10n.t('Exporting the history'), cancellable: false },
      async () => history.exportTo({ ...place, name }, folder.fsPath),
    );
    const open = vscode.l10n.t('Open Index');
    const count = files.length - 1;
    const done =
      count === 1
        ? vscode.l10n.t('1 source was written to {0}.', folder.fsPath)
        : vscode.l10n.t('{0} sources were written to {1}.', count, folder.fsPath);
    const chosen = await vscode.window.showInformationMessage(done, open);
    const index = files.at(-1);
    if (chosen === open && index !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(index));
  };
}

async function pickFolder(name: string | undefined): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Export'),
    title:
      name === undefined
        ? vscode.l10n.t('Export the History of the App')
        : vscode.l10n.t('Export the History of {0}', name),
  });
  return chosen?.[0];
}

function notOnDisk(): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('The history can only be exported to a folder on disk.'),
    nextStep: vscode.l10n.t('Choose another folder.'),
  });
}
