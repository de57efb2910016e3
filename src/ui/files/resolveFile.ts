import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { toDoName } from '../../core/model/names.ts';
import { cancelled } from '../progress.ts';
import { isClassNode } from '../tree/nodes.ts';
import type { DoFile, DoFiles } from './doFiles.ts';

/**
 * The local file that a command is about: an element of the view, a file of the explorer or an editor title,
 * the active editor, or what the person picks.
 *
 * @param arg the first argument of the command
 * @param title of the picker
 * @throws DoError when there is none; `CANCELLED` when nothing was picked.
 */
export async function resolveFile(files: DoFiles, arg: unknown, title: string): Promise<DoFile> {
  const known = await files.all();
  if (isClassNode(arg)) {
    if (arg.file !== undefined) return files.find(arg.file.uri) ?? arg.file;
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('"{0}" has no file in this workspace.', arg.name),
      nextStep: vscode.l10n.t(
        'View its deployed source, save it as a file in durable-objects, and try again.',
      ),
    });
  }
  if (arg instanceof vscode.Uri) return files.find(arg) ?? asFile(arg);
  const active = vscode.window.activeTextEditor?.document;
  const activeFile = active === undefined ? undefined : files.find(active.uri);
  if (activeFile !== undefined) return activeFile;
  if (active?.languageId === 'typescript' && isInWorkspace(active.uri)) return asFile(active.uri);
  return pick(known, title);
}

/** A TypeScript file that no manifest and no glob names: it becomes a Durable Object file with its first deploy. */
function asFile(uri: vscode.Uri): DoFile {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('{0} is not in a folder of this workspace.', basename(uri)),
      nextStep: vscode.l10n.t('Save it in the durable-objects folder of an open folder first.'),
    });
  }
  return { uri, folder, name: toDoName(basename(uri)), accessMode: undefined, inManifest: false };
}

function isInWorkspace(uri: vscode.Uri): boolean {
  return !uri.path.endsWith('.d.ts') && vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

async function pick(files: readonly DoFile[], title: string): Promise<DoFile> {
  if (files.length === 0) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('There is no Durable Object file in this workspace.'),
      nextStep: vscode.l10n.t('Make one with New Durable Object.'),
    });
  }
  const items = files.map((file) => ({
    label: file.name,
    description: vscode.workspace.asRelativePath(file.uri),
    file,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (chosen === undefined) throw cancelled();
  return chosen.file;
}

function basename(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
