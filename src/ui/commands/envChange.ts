import * as vscode from 'vscode';
import type { EnvChange } from '../../operations/planning.ts';
import type { DoFiles } from '../files/doFiles.ts';
import type { ReadySession } from '../session/session.ts';
import { withChangeProgress } from './changeProgress.ts';
import { agreeToLosses, NO_LOSSES, type AgreedLosses } from './losses.ts';
import { untriedText } from './untried.ts';

/** How an env change is asked about. */
export interface EnvQuestion {
  readonly change: Exclude<EnvChange, { kind: 'redeploy' }>;
  /** `Set API_KEY?` */
  readonly question: string;
  /** The button that says yes. */
  readonly verb: string;
}

/**
 * Says what a change of the environment does to running classes and asks to go on; brings classes back first that
 * would go with it. With no class that runs there is nothing to say.
 * @returns with what the change may go on; undefined when the person does not want it
 */
export async function confirmEnvChange(
  files: DoFiles,
  session: ReadySession,
  { change, question, verb }: EnvQuestion,
): Promise<AgreedLosses | undefined> {
  const { evicts, destroys, preflight } = await withChangeProgress(
    vscode.l10n.t('Checking what the change of {0} would do', change.key),
    (signal) => session.operations.previewEnv(change, signal),
  );
  if (destroys.length > 0) {
    return agreeToLosses(files, session, vscode.l10n.t('Changing {0}', change.key), destroys);
  }
  if (evicts.length === 0) return NO_LOSSES;
  const untried = untriedText(preflight);
  const detail = vscode.l10n.t(
    'This redeploys the app {0} and drops every WebSocket. Instances of these classes restart; what they stored stays: {1}.',
    session.app.name,
    evicts.join(', '),
  );
  const chosen = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: untried === undefined ? detail : `${detail}\n\n${untried}` },
    verb,
  );
  return chosen === verb ? NO_LOSSES : undefined;
}

/** Says what the change did. */
export function sayEnvChanged(message: string, redeployed: boolean): void {
  void vscode.window.showInformationMessage(
    redeployed
      ? vscode.l10n.t('{0} The app was redeployed with it.', message)
      : vscode.l10n.t('{0} Nothing runs yet; the next deploy takes it along.', message),
  );
}
