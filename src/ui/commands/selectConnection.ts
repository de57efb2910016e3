import * as vscode from 'vscode';
import { HOSTED_ORIGIN } from '../../platform/origin.ts';
import { auth } from '../auth/auth.ts';
import { askChoice, type Choice } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import { LOCAL_CONNECTION, remoteConnection } from '../session/connections.ts';
import { readCliSignIn } from '../session/editorWorld.ts';
import { connectionOf, type Connection } from '../session/session.ts';
import { requireTrust } from '../trust.ts';

type Wish = Connection | 'other';

/** Switches between the embedded platform, hosted Butterbase and self-hosted platforms. */
export function selectConnectionCommand(parts: Parts): () => Promise<void> {
  return async () => {
    const wish = await askChoice<Wish>(
      {
        title: vscode.l10n.t('Switch Connection'),
        placeholder: vscode.l10n.t('Platform that this workspace deploys to'),
      },
      choices(parts),
    );
    if (wish === undefined) return;
    const connection = wish === 'other' ? await otherPlatform() : wish;
    if (connection === undefined) return;
    if (connection.kind === 'local' && parts.local.current.kind !== 'running') requireTrust();
    if (connection.kind === 'remote' && !(await signedIn(parts, connection.origin))) return;
    await parts.session.useConnection(connection);
    await parts.session.ready();
  };
}

async function choices(parts: Parts): Promise<readonly Choice<Wish>[]> {
  const current = connectionOf(parts.session.current);
  const cli = await readCliSignIn(parts.folder).catch(() => undefined);
  const origins = [
    ...new Set([HOSTED_ORIGIN, ...parts.keys.origins, ...(cli === undefined ? [] : [cli.origin])]),
  ];
  const mark = (connection: Connection): string =>
    current?.kind === connection.kind && (connection.kind === 'local' || current.origin === connection.origin)
      ? '$(check) '
      : '';
  const remotes = await Promise.all(
    origins.map(async (origin): Promise<Choice<Wish>> => {
      const connection = remoteConnection(origin);
      const isSignedIn =
        (await parts.keys.get(origin)) !== undefined ||
        (cli?.origin === origin && !parts.keys.isSignedOut(origin));
      return {
        label: `${mark(connection)}$(cloud) ${connection.label}`,
        description: isSignedIn ? vscode.l10n.t('signed in') : vscode.l10n.t('signed out'),
        detail: origin,
        choice: connection,
      };
    }),
  );
  return [
    {
      label: `${mark(LOCAL_CONNECTION)}$(vm) ${LOCAL_CONNECTION.label}`,
      description: vscode.l10n.t('on this machine, offline'),
      choice: LOCAL_CONNECTION,
    },
    ...remotes,
    { label: vscode.l10n.t('$(server-environment) Self-Hosted Platform…'), choice: 'other' },
  ];
}

async function otherPlatform(): Promise<Connection | undefined> {
  const origin = await (await auth()).askOrigin();
  return origin === undefined ? undefined : remoteConnection(origin);
}

async function signedIn(parts: Parts, origin: string): Promise<boolean> {
  if ((await parts.keys.get(origin)) !== undefined) return true;
  const cli = await readCliSignIn(parts.folder).catch(() => undefined);
  if (cli?.origin === origin && !parts.keys.isSignedOut(origin)) return true;
  return (await (await auth()).signInAt(parts.keys, origin)) !== undefined;
}
