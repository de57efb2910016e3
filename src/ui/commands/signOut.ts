import * as vscode from 'vscode';
import type { Account } from '../auth/account.ts';
import { auth } from '../auth/auth.ts';
import { askChoice, type Choice } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import { remoteConnection } from '../session/connections.ts';
import { connectionOf } from '../session/session.ts';

/** What can be signed out of: an account, or a platform that only the command line is signed in to. */
type Target =
  { readonly kind: 'account'; readonly account: Account } | { readonly kind: 'cli'; readonly origin: string };

/** Signs an account out; of several, the one that the person chooses. */
export function signOutCommand(parts: Parts): () => Promise<void> {
  return async () => {
    const all = await targets(parts);
    if (all.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Nobody is signed in to a platform.'));
      return;
    }
    const target = all.length === 1 ? all[0] : await pick(parts, all);
    if (target === undefined) return;
    const origin = originOf(target);
    // Chosen for good first: without a choice the next best connection would be taken, and perhaps started.
    if (origin === currentOrigin(parts)) await parts.session.useConnection(remoteConnection(origin));
    if (target.kind === 'account') {
      await (await auth()).signOutOf(parts.keys, target.account);
      return;
    }
    await parts.keys.leave(origin);
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Signed out of {0} here. Butterbase's own command line stays signed in. Deployed classes keep running.",
        remoteConnection(origin).label,
      ),
    );
  };
}

/** The one in use first. */
async function targets(parts: Parts): Promise<readonly Target[]> {
  const accounts = await parts.keys.accounts.list();
  const origin = currentOrigin(parts);
  const used = origin === undefined ? undefined : await parts.keys.accountOf(origin);
  const rest = accounts
    .filter(({ id }) => id !== used?.id)
    .map((account): Target => ({ kind: 'account', account }));
  if (used !== undefined) return [{ kind: 'account', account: used }, ...rest];
  return origin === undefined ? rest : [{ kind: 'cli', origin }, ...rest];
}

function currentOrigin(parts: Parts): string | undefined {
  const session = parts.session.current;
  const connection = connectionOf(session);
  return connection?.kind === 'remote' && session.kind !== 'signedOut' ? connection.origin : undefined;
}

async function pick(parts: Parts, all: readonly Target[]): Promise<Target | undefined> {
  const used = currentOrigin(parts);
  return askChoice<Target>(
    { title: vscode.l10n.t('Sign Out'), placeholder: vscode.l10n.t('Account to sign out') },
    all.map((target, index): Choice<Target> => ({
      label:
        target.kind === 'account'
          ? target.account.label
          : vscode.l10n.t('Sign-In of the Butterbase Command Line'),
      description: index === 0 && used === originOf(target) ? vscode.l10n.t('used by this workspace') : '',
      detail: originOf(target),
      choice: target,
    })),
  );
}

function originOf(target: Target): string {
  return target.kind === 'account' ? target.account.origin : target.origin;
}
