import * as vscode from 'vscode';
import { toDoName } from '../../core/model/names.ts';
import { askText } from '../dialogs.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { doNameProblem } from '../files/names.ts';
import { cancelled } from '../progress.ts';
import type { ReadySession } from '../session/session.ts';

/**
 * Asks for the name under which a renamed class is deployed as a Durable Object of its own, so that the one that is
 * there keeps its class and its data.
 * @param old DO name of the one that is there
 * @param className of the new one
 * @throws DoError `CANCELLED`
 */
export async function askNameBeside(
  session: ReadySession,
  files: DoFiles,
  old: string,
  className: string,
): Promise<string> {
  const rows = await session.operations.list();
  const taken = new Set([...rows.map(({ name }) => name), ...(await files.ofApp()).map(({ name }) => name)]);
  const proposal = toDoName(className);
  const name = await askText({
    title: vscode.l10n.t('Deploy Beside {0}', old),
    prompt: vscode.l10n.t('Name of the new Durable Object. {0} stays as it is, with its data.', old),
    placeholder: proposal,
    value: taken.has(proposal) ? '' : proposal,
    validate: (text) => doNameProblem(text, taken),
  });
  if (name === undefined) throw cancelled();
  return name;
}
