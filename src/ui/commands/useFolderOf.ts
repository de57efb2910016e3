import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { isClassNode } from '../tree/nodes.ts';

/**
 * Lets the window work on the folder that a command's argument lies in, so that the command gets that folder's
 * app. Without an argument it is about the active editor.
 */
export async function useFolderOf(parts: Parts, argument: unknown): Promise<void> {
  const uri = uriOf(argument);
  if (uri === undefined) return;
  await parts.files.all();
  const folder = parts.files.find(uri)?.folder ?? vscode.workspace.getWorkspaceFolder(uri);
  if (folder !== undefined) parts.folder.use(folder);
}

function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  // An element of the view is of the app that the view shows.
  if (isClassNode(argument) || typeof argument === 'string') return undefined;
  return vscode.window.activeTextEditor?.document.uri;
}
