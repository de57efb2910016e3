import * as vscode from 'vscode';
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
      const { isKnownOrigin, signInAt, signInSomewhere } = await auth();
      const known = connection.kind === 'remote' ? connection.origin : undefined;
      if (known !== undefined && !(await isKnownOrigin(keys, known))) return false;
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
