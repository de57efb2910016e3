import * as vscode from 'vscode';
import type { ReadySession } from '../session/session.ts';

/**
 * Says what a change of the environment does to running classes and asks to go on. With no class that runs
 * there is nothing to say.
 */
export async function confirmEnvChange(
  session: ReadySession,
  question: string,
  verb: string,
): Promise<boolean> {
  const { evicts } = await session.operations.previewEnv();
  if (evicts.length === 0) return true;
  const chosen = await vscode.window.showWarningMessage(
    question,
    {
      modal: true,
      detail: vscode.l10n.t(
        'This redeploys the app {0} and drops every WebSocket. Instances of these classes restart; what they stored stays: {1}.',
        session.app.name,
        evicts.join(', '),
      ),
    },
    verb,
  );
  return chosen === verb;
}

/** Says what the change did. */
export function sayEnvChanged(message: string, redeployed: boolean): void {
  void vscode.window.showInformationMessage(
    redeployed
      ? vscode.l10n.t('{0} The app was redeployed with it.', message)
      : vscode.l10n.t('{0} Nothing runs yet; the next deploy takes it along.', message),
  );
}
