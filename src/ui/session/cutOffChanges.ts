import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { RecoveredChange } from '../../operations/pending/recover.ts';
import { logError } from '../errors.ts';
import { COMMANDS, run } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { redact } from '../redact.ts';
import type { ReadySession, Session } from './session.ts';

/** Tells once what became of changes that were cut off, when the app that they were of is reached again. */
export function tellCutOffChanges(parts: Pick<Parts, 'session' | 'state' | 'files'>): vscode.Disposable {
  return parts.session.onDidChange((now: Session) => {
    if (now.kind !== 'ready') return;
    void tell(parts, now).catch((error: unknown) => logError(toError(error), 'looking for cut-off changes'));
  });
}

async function tell(
  { state, files }: Pick<Parts, 'state' | 'files'>,
  { operations }: ReadySession,
): Promise<void> {
  const found = await operations.recover();
  if (found.length === 0) return;
  void state.refresh();
  const text = redact(found.map(({ message, nextStep }) => `${message} ${nextStep}`.trim()).join(' '));
  const isDone = found.every(({ outcome }) => outcome === 'made');
  const show = isDone ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const name = toDeploy(found);
  const deploy = vscode.l10n.t('Deploy {0}', name ?? '');
  await files.all();
  const file = name === undefined ? undefined : files.byName(name);
  const chosen = await show(text, ...(file === undefined ? [] : [deploy]));
  if (chosen === deploy && file !== undefined) await run(COMMANDS.deploy, file.uri);
}

/** The one class of which a deploy is the next step. */
function toDeploy(found: readonly RecoveredChange[]): string | undefined {
  const [only, ...others] = found.filter(({ outcome }) => outcome !== 'made');
  if (only === undefined || others.length > 0 || only.pending.change.kind !== 'deploy') return undefined;
  return only.outcome === 'unclear' ? undefined : only.pending.change.name;
}
