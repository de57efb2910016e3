import * as vscode from 'vscode';
import { toDoName } from '../../core/model/names.ts';
import { askText } from '../dialogs.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { doNameProblem } from '../files/names.ts';
import { cancelled } from '../progress.ts';
import type { Deploy } from './deployQuestions.ts';

/**
 * The deploy of the same file as a Durable Object of its own, so that the one that is there keeps its class and its
 * data. Asks for its name.
 * @param className of the file now
 * @throws DoError `CANCELLED`
 */
export async function askBeside(deploy: Deploy, className: string, files: DoFiles): Promise<Deploy> {
  const { session, input } = deploy;
  const rows = await session.operations.list();
  const taken = new Set([...rows.map(({ name }) => name), ...(await files.ofApp()).map(({ name }) => name)]);
  const proposal = toDoName(className);
  const name = await askText({
    title: vscode.l10n.t('Deploy Beside {0}', input.name),
    prompt: vscode.l10n.t('Name of the new Durable Object. {0} stays as it is, with its data.', input.name),
    placeholder: proposal,
    value: taken.has(proposal) ? '' : proposal,
    validate: (text) => doNameProblem(text, taken),
  });
  if (name === undefined) throw cancelled();
  return { ...deploy, input: { ...input, name } };
}
