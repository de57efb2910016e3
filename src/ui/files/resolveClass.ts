import * as vscode from 'vscode';
import { DoError } from '../../core/errors.ts';
import type { DoClass } from '../../core/model/app.ts';
import { cancelled } from '../progress.ts';
import type { ReadySession } from '../session/session.ts';
import { isClassNode } from '../tree/nodes.ts';
import type { DoFiles } from './doFiles.ts';

/**
 * The deployed class that a command is about: an element of the view, the class of a file (an argument or
 * the active editor), or what the person picks.
 *
 * @throws DoError when the app has no class, or not that one; `CANCELLED` when nothing was picked.
 */
export async function resolveClass(
  session: ReadySession,
  files: DoFiles,
  arg: unknown,
  title: string,
): Promise<DoClass> {
  await files.all();
  const [rows, name] = [await session.operations.list(), nameOf(files, arg)];
  if (name !== undefined) {
    const row = rows.find((candidate) => candidate.name === name);
    if (row !== undefined) return row;
    throw new DoError({
      code: 'NOT_DEPLOYED',
      message: vscode.l10n.t('"{0}" is not deployed in {1}.', name, session.app.name),
      nextStep: vscode.l10n.t('Deploy it first.'),
    });
  }
  if (rows.length === 0) {
    throw new DoError({
      code: 'NOT_DEPLOYED',
      message: vscode.l10n.t('{0} has no Durable Object class yet.', session.app.name),
      nextStep: vscode.l10n.t('Deploy one first.'),
    });
  }
  const items = rows.map((row) => ({ label: row.name, description: row.className, row }));
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen === undefined) throw cancelled();
  return chosen.row;
}

function nameOf(files: DoFiles, arg: unknown): string | undefined {
  if (isClassNode(arg)) return arg.name;
  if (typeof arg === 'string') return arg;
  const uri = arg instanceof vscode.Uri ? arg : vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : files.find(uri)?.name;
}
