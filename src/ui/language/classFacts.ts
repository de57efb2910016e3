import * as vscode from 'vscode';
import type { DoFiles } from '../files/doFiles.ts';
import type { AppState } from '../session/appState.ts';
import { classNodes } from '../tree/classNodes.ts';
import { accessWord } from '../tree/classWords.ts';
import type { ClassNode } from '../tree/nodes.ts';

/** The classes of the current folder's app, those with a file here and those that are deployed, by name. */
export async function appClasses(files: DoFiles, state: AppState): Promise<readonly ClassNode[]> {
  return classNodes('', state.snapshot?.classes ?? [], await files.ofApp());
}

/** Where a class is: its file, and how it stands on the platform. */
export function whereItIs({ row, file }: ClassNode): string {
  const path = file === undefined ? undefined : vscode.workspace.asRelativePath(file.uri);
  if (row === undefined) return vscode.l10n.t('{0}, not deployed', path ?? '');
  const deployed = row.status === 'READY' ? vscode.l10n.t('deployed') : row.status;
  return path === undefined ? vscode.l10n.t('{0}, no file here', deployed) : `${path}, ${deployed}`;
}

/** What a hover and a completion say about a class. */
export function classFacts(node: ClassNode): vscode.MarkdownString {
  const { name, row, file } = node;
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${vscode.l10n.t('Durable Object')}** \`${name}\`\n\n`);
  text.appendText(whereItIs(node));
  if (row !== undefined) text.appendMarkdown(`\n\n${vscode.l10n.t('Class')} \`${row.className}\``);
  const access = accessWord(row?.accessMode ?? file?.accessMode);
  if (access !== undefined) text.appendText(`\n\n${vscode.l10n.t('Access: {0}', access)}`);
  return text;
}
