import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { sourceFolderOf } from '../files/sourceFolder.ts';
import type { Parts } from '../parts.ts';
import { cancelled } from '../progress.ts';
import { settings } from '../settings.ts';
import { type TypeFile, typeFiles, writeTypes } from '../templates/typeFiles.ts';
import { requireTrust } from '../trust.ts';

/** Writes the type declarations beside the classes; asks before it replaces a file that differs. */
export function writeTypesCommand(parts: Parts): () => Promise<void> {
  return async () => {
    requireTrust();
    const folders = await classFolders(parts);
    const found = await Promise.all(folders.map((folder) => typeFiles(parts.context.extensionUri, folder)));
    const files = found.flat();
    const replaced = await askReplaced(files.filter(({ state }) => state === 'different'));
    const written = [...files.filter(({ state }) => state === 'missing'), ...replaced];
    try {
      await writeTypes(written);
    } catch (error) {
      throw new DoError({
        code: ERROR_CODES.badFile,
        message: vscode.l10n.t('The type declarations cannot be written.'),
        nextStep: vscode.l10n.t('Make the folder writable and try again.'),
        cause: error,
      });
    }
    void vscode.window.showInformationMessage(
      written.length === 0
        ? vscode.l10n.t('The type declarations are up to date.')
        : vscode.l10n.t('Type declarations written: {0}', written.map(pathOf).join(', ')),
    );
  };
}

async function classFolders(parts: Parts): Promise<vscode.Uri[]> {
  const folders = new Map<string, vscode.Uri>();
  for (const { uri } of await parts.files.all()) {
    const folder = vscode.Uri.joinPath(uri, '..');
    folders.set(folder.toString(), folder);
  }
  if (folders.size > 0) return [...folders.values()];
  return (vscode.workspace.workspaceFolders ?? []).map((folder) =>
    vscode.Uri.joinPath(folder.uri, ...sourceFolderOf(settings.sourceGlob(folder.uri)).split('/')),
  );
}

async function askReplaced(files: readonly TypeFile[]): Promise<readonly TypeFile[]> {
  if (files.length === 0) return [];
  const items = files.map((file) => ({
    label: pathOf(file),
    description: vscode.l10n.t('differs from what this version writes'),
    picked: file.name !== 'tsconfig.json',
    file,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Write Type Declarations'),
    placeHolder: vscode.l10n.t('Which of these files are to be replaced? The others stay as they are.'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (chosen === undefined) throw cancelled();
  return chosen.map(({ file }) => file);
}

function pathOf(file: TypeFile): string {
  return vscode.workspace.asRelativePath(file.target);
}
