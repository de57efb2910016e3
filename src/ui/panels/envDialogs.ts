import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { decodeUtf8 } from '../files/decode.ts';
import type { EnvDialogs } from './envController.ts';

/** Largest `.env` file that is read, in bytes: well above what a platform takes, far below what hurts. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The dialogs of the editor. */
export const envDialogs: EnvDialogs = {
  async confirmDelete(key, consequence) {
    const remove = vscode.l10n.t('Delete');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Delete {0}?', key),
      {
        modal: true,
        detail: vscode.l10n.t(
          'Its value cannot be brought back, and classes find nothing under this name any more. {0}',
          consequence,
        ),
      },
      remove,
    );
    return chosen === remove;
  },

  async pickEnvFile() {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const picked = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import a .env file'),
      openLabel: vscode.l10n.t('Import'),
      ...(folder === undefined ? {} : { defaultUri: folder }),
    });
    const uri = picked?.[0];
    if (uri === undefined) return undefined;
    return { name: uri.path.slice(uri.path.lastIndexOf('/') + 1), text: await readText(uri) };
  },
};

async function readText(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MAX_FILE_BYTES)
    throw badFile(vscode.l10n.t('The file is larger than 1 MB, so it is no .env file.'));
  const bytes = await vscode.workspace.fs.readFile(uri);
  const text = bytes.includes(0) ? undefined : decodeUtf8(bytes);
  if (text === undefined) throw badFile(vscode.l10n.t('The file is no UTF-8 text.'));
  return text;
}

function badFile(message: string): DoError {
  return new DoError({
    code: ERROR_CODES.badFile,
    message,
    nextStep: vscode.l10n.t('Pick another file, or paste the text.'),
  });
}
