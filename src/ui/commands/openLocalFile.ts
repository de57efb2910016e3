import * as vscode from 'vscode';
import { resolveFile } from '../files/resolveFile.ts';
import type { Parts } from '../parts.ts';

/** Opens the local file of a class. */
export function openLocalFileCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const file = await resolveFile(parts.files, arg, vscode.l10n.t('Open Local File'));
    await vscode.window.showTextDocument(file.uri, { preview: false });
  };
}
