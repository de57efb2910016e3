import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { errorText } from '../errors.ts';
import type { DoFiles } from './doFiles.ts';
import { manifestUri, readManifest } from './manifestStore.ts';

/** One message per broken manifest, with the way to it. */
export function reportManifestProblems(files: DoFiles): vscode.Disposable {
  return files.onManifestProblem(({ folder, error }) => void report(folder, error));
}

/** Whether the folder's manifest can be read; says what is wrong with it when not. */
export async function hasReadableManifest(folder: vscode.WorkspaceFolder): Promise<boolean> {
  try {
    await readManifest(folder);
    return true;
  } catch (error) {
    void report(folder, error);
    return false;
  }
}

/** Whether an error is about a manifest that cannot be read. */
export function isBrokenManifest(error: unknown): boolean {
  return error instanceof DoError && error.code === ERROR_CODES.badConfig;
}

async function report(folder: vscode.WorkspaceFolder, error: unknown): Promise<void> {
  const open = vscode.l10n.t('Open Manifest');
  const chosen = await vscode.window.showErrorMessage(errorText(error), open);
  if (chosen === open) await vscode.window.showTextDocument(manifestUri(folder));
}
