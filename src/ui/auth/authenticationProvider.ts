import * as vscode from 'vscode';
import { normaliseOrigin } from '../../platform/origin.ts';
import type { CliSignIn } from '../session/cliSignIn.ts';
import type { KeyStore } from '../session/keyStore.ts';
import type { Account } from './account.ts';
import { auth } from './auth.ts';

/** Equal to `contributes.authentication` in package.json. */
export const PROVIDER_ID = 'butterbase';

/**
 * Shows the accounts in the editor's Accounts menu, and hands them to other extensions that the person lets have
 * them. A session's one scope is the address of its platform. Reads nothing before the editor asks.
 */
export function registerAuthentication(
  keys: KeyStore,
  readCli: () => Promise<CliSignIn | undefined>,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  const provider: vscode.AuthenticationProvider = {
    onDidChangeSessions: changed.event,
    getSessions: async (scopes, { account }) => {
      const accounts = await keys.accounts.list();
      return accounts
        .filter(({ id }) => account === undefined || account.id === id)
        .filter(({ origin }) => scopes === undefined || scopes.every((scope) => scope === origin))
        .map(toSession);
    },
    createSession: async (scopes, { account }) => {
      const { isKnownOrigin, signInAt, signInSomewhere } = await auth();
      const [scope] = scopes;
      const origin = scope === undefined ? await originOf(keys, account?.id) : normaliseOrigin(scope);
      if (origin !== undefined && !(await isKnownOrigin(keys, origin))) throw new vscode.CancellationError();
      const signedIn =
        origin === undefined
          ? await signInSomewhere({ keys, readCli })
          : (await signInAt(keys, origin))?.origin;
      const used = signedIn === undefined ? undefined : await keys.accountOf(signedIn);
      if (used === undefined) throw new vscode.CancellationError();
      return toSession(used);
    },
    removeSession: async (sessionId) => {
      const account = (await keys.accounts.list()).find(({ id }) => id === sessionId);
      if (account !== undefined) await (await auth()).signOutOf(keys, account);
    },
  };
  return vscode.Disposable.from(
    changed,
    keys.accounts.onDidChange(({ added, removed }) => {
      changed.fire({ added: added.map(toSession), removed: removed.map(toSession), changed: [] });
    }),
    vscode.authentication.registerAuthenticationProvider(PROVIDER_ID, 'Butterbase', provider, {
      supportsMultipleAccounts: true,
    }),
  );
}

async function originOf(keys: KeyStore, accountId: string | undefined): Promise<string | undefined> {
  return (await keys.accounts.list()).find(({ id }) => id === accountId)?.origin;
}

function toSession({ id, token, label, origin }: Account): vscode.AuthenticationSession {
  return { id, accessToken: token, account: { id, label }, scopes: [origin] };
}
