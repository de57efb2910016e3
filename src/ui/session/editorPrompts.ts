import * as vscode from 'vscode';
import { HOSTED_ORIGIN } from '../../platform/origin.ts';
import { auth } from '../auth/auth.ts';
import type { CurrentFolder } from '../files/currentFolder.ts';
import { createAppDialog, pickApp } from './appDialog.ts';
import { remoteConnection } from './connections.ts';
import { readCliSignIn } from './editorWorld.ts';
import type { KeyStore } from './keyStore.ts';
import type { SessionStore } from './sessionStore.ts';
import type { SessionPrompts } from './sessionWorld.ts';

/** What the session asks a person, in the editor's own dialogs. */
export function editorPrompts(
  session: () => SessionStore,
  keys: KeyStore,
  folder: CurrentFolder,
): SessionPrompts {
  return {
    signIn: async (connection, error) => {
      const { signInAt, signInSomewhere } = await auth();
      const known = connection.kind === 'remote' ? connection.origin : undefined;
      if (known !== undefined && !(await isTrusted(keys, known))) return false;
      const origin =
        known === undefined
          ? await signInSomewhere({ keys, readCli: () => readCliSignIn(folder) })
          : (await signInAt(keys, known, error))?.origin;
      if (origin === undefined) return false;
      await session().useConnection(remoteConnection(origin));
      return true;
    },
    pickApp: async (connection, apps) => {
      const picked = await pickApp(connection.label, apps, undefined);
      if (picked !== 'new') return picked;
      return createAppDialog(connection.label, await session().address());
    },
    shareKey: async (from, to) => {
      const send = vscode.l10n.t('Send the Key');
      const chosen = await vscode.window.showWarningMessage(
        vscode.l10n.t('Send your API key of {0} to {1}?', from, to),
        {
          modal: true,
          detail: vscode.l10n.t(
            'The file .butterbase/config.json of this folder names {1} as its platform, but your key belongs to {0}. Whoever runs {1} could use the key for your apps.',
            from,
            to,
          ),
        },
        send,
      );
      return chosen === send;
    },
  };
}

/**
 * Whether a person knows the platform: they signed in there before, or say now that they want to. Its address may
 * come from a file of the workspace, and who runs it gets whatever is entered.
 */
async function isTrusted(keys: KeyStore, origin: string): Promise<boolean> {
  if (origin === HOSTED_ORIGIN || keys.origins.includes(origin)) return true;
  const signIn = vscode.l10n.t('Sign In');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Sign in to {0}?', origin),
    {
      modal: true,
      detail: vscode.l10n.t(
        'You have not signed in there with this editor before. The address may come from a file of this folder. Whoever runs {0} gets the key that you enter.',
        origin,
      ),
    },
    signIn,
  );
  return chosen === signIn;
}
