import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { DoClass } from '../../core/model/app.ts';
import { askChoice } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import type { ReadySession } from '../session/session.ts';
import { accessWord } from '../tree/classWords.ts';
import { isClassNode } from '../tree/nodes.ts';

/**
 * The deployed class that a command is about: a tree element, a file, a DO name, or the one in the active
 * editor; else the person picks. Undefined when they gave up. Throws DoError when it is not deployed.
 */
export async function deployedTarget(
  parts: Parts,
  session: ReadySession,
  argument: unknown,
  title: string,
): Promise<DoClass | undefined> {
  const name = targetName(parts, argument);
  const rows = await session.operations.list();
  if (name === undefined) {
    if (rows.length === 0) throw nothingDeployed(session.app.name);
    return askChoice(
      { title, placeholder: vscode.l10n.t('Durable Object class') },
      rows.map((row) => ({
        label: row.name,
        description: [row.className, accessWord(row.accessMode)].join(' · '),
        choice: row,
      })),
    );
  }
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) throw notDeployed(name, session.app.name);
  return row;
}

function targetName(parts: Parts, argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (isClassNode(argument)) return argument.name;
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : parts.files.find(uri)?.name;
}

function notDeployed(name: string, app: string): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('{0} is not deployed to {1}.', name, app),
    nextStep: vscode.l10n.t('Deploy it first.'),
  });
}

function nothingDeployed(app: string): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('{0} has no Durable Object class yet.', app),
    nextStep: vscode.l10n.t('Deploy one first.'),
  });
}
