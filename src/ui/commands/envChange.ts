import * as vscode from 'vscode';
import type { EnvChange } from '../../operations/planning.ts';
import type { Parts } from '../parts.ts';
import type { ReadySession } from '../session/session.ts';
import { withChangeProgress } from './changeProgress.ts';
import { agreeToLosses, type Asking, NO_LOSSES, type AgreedLosses } from './losses.ts';
import { untriedText } from './untried.ts';

/** A change of the environment, and how it is asked about and shown. */
export interface EnvWish {
  readonly change: Exclude<EnvChange, { kind: 'redeploy' }>;
  /** `Set API_KEY?` */
  readonly question: string;
  /** The button that says yes. */
  readonly verb: string;
  /** While it is made: `Setting API_KEY…` */
  readonly making: string;
  /** Afterwards: `API_KEY is set.` */
  readonly made: string;
}

/** Changes the environment, after the person agreed to what that does to running classes, and says what it did. */
export async function changeEnv(
  { files, state }: Parts,
  session: ReadySession,
  { change, question, verb, making, made }: EnvWish,
): Promise<void> {
  const checking = vscode.l10n.t('Checking what the change of {0} would do', change.key);
  const result = await withChangeProgress(checking, async (progress) => {
    const agreed = await confirm({ files, session, progress }, change, question, verb);
    if (agreed === undefined) return undefined;
    progress.say(making);
    const { operations } = session;
    const options = { ...agreed, signal: progress.signal };
    const send = (): Promise<{ redeployed: boolean }> =>
      change.kind === 'setEnv'
        ? operations.setEnv(change.key, change.value, options)
        : operations.deleteEnv(change.key, options);
    return send().finally(() => void state.refresh());
  });
  if (result === undefined) return;
  void vscode.window.showInformationMessage(
    result.redeployed
      ? vscode.l10n.t('{0} The app was redeployed with it.', made)
      : vscode.l10n.t('{0} Nothing runs yet; the next deploy takes it along.', made),
  );
}

/**
 * Says what a change of the environment does to running classes and asks to go on; brings classes back first that
 * would go with it. With no class that runs there is nothing to say.
 * @returns with what the change may go on; undefined when the person does not want it
 */
async function confirm(
  asking: Asking,
  change: EnvWish['change'],
  question: string,
  verb: string,
): Promise<AgreedLosses | undefined> {
  const { session, progress } = asking;
  const { evicts, destroys, preflight } = await session.operations.previewEnv(change, progress.signal);
  if (destroys.length > 0) {
    const losses = await agreeToLosses(asking, vscode.l10n.t('Changing {0}', change.key), destroys);
    return losses;
  }
  if (evicts.length === 0) return NO_LOSSES;
  const untried = untriedText(preflight);
  const detail = vscode.l10n.t(
    'This redeploys the app {0} and drops every WebSocket. Instances of these classes restart; what they stored stays: {1}.',
    session.app.name,
    evicts.join(', '),
  );
  const options = { modal: true, detail: untried === undefined ? detail : `${detail}\n\n${untried}` };
  const chosen = await progress.ask(() => vscode.window.showWarningMessage(question, options, verb));
  return chosen === verb ? NO_LOSSES : undefined;
}
