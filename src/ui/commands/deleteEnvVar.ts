import * as vscode from 'vscode';
import { askChoice } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import type { ReadySession } from '../session/session.ts';
import { isEnvKeyNode } from '../tree/nodes.ts';
import { requireTrust } from '../trust.ts';
import { changeEnv } from './envChange.ts';

/** Deletes an environment variable of the app. */
export function deleteEnvVarCommand(parts: Parts): (argument?: unknown) => Promise<void> {
  return async (argument) => {
    requireTrust();
    const session = await parts.session.ready();
    const given = isEnvKeyNode(argument) ? argument.key : typeof argument === 'string' ? argument : undefined;
    const key = given ?? (await pickKey(session));
    if (key === undefined) return;
    await changeEnv(parts, session, {
      change: { kind: 'deleteEnv', key },
      question: vscode.l10n.t('Delete {0}? Its value cannot be read back.', key),
      verb: vscode.l10n.t('Delete and Redeploy'),
      making: vscode.l10n.t('Deleting {0}…', key),
      made: vscode.l10n.t('{0} is deleted.', key),
    });
  };
}

async function pickKey(session: ReadySession): Promise<string | undefined> {
  const keys = await session.operations.listEnv();
  if (keys.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} has no environment variable.', session.app.name),
    );
    return undefined;
  }
  return askChoice(
    { title: vscode.l10n.t('Delete Environment Variable'), placeholder: vscode.l10n.t('Key') },
    keys.map((key) => ({ label: key, choice: key })),
  );
}
