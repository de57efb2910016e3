import * as vscode from 'vscode';
import { askChoice } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import { remoteConnection } from '../session/connections.ts';
import { connectionOf } from '../session/session.ts';

/** Forgets the API key of the current platform; with the embedded one current, of one that was signed in to. */
export function signOutCommand(parts: Parts): () => Promise<void> {
  return async () => {
    const origin = currentOrigin(parts) ?? (await pickOrigin(parts));
    if (origin === undefined) return;
    const connection = remoteConnection(origin);
    // Chosen for good first: without a choice the next best connection would be taken, and perhaps started.
    if (origin === currentOrigin(parts)) await parts.session.useConnection(connection);
    await parts.keys.delete(origin);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Signed out of {0}. Deployed classes keep running.', connection.label),
    );
  };
}

function currentOrigin(parts: Parts): string | undefined {
  const session = parts.session.current;
  const connection = connectionOf(session);
  return connection?.kind === 'remote' && session.kind !== 'signedOut' ? connection.origin : undefined;
}

async function pickOrigin(parts: Parts): Promise<string | undefined> {
  const kept = await Promise.all(
    parts.keys.origins.map(async (origin) => ((await parts.keys.get(origin)) === undefined ? [] : [origin])),
  );
  const origins = kept.flat();
  if (origins.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nobody is signed in to a platform.'));
    return undefined;
  }
  return askChoice(
    { title: vscode.l10n.t('Sign Out'), placeholder: vscode.l10n.t('Platform to sign out of') },
    origins.map((origin) => ({
      label: remoteConnection(origin).label,
      description: origin,
      choice: origin,
    })),
  );
}
