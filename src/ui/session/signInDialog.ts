import * as vscode from 'vscode';
import { DoError, toError } from '../../core/errors.ts';
import { HOSTED_ORIGIN, normaliseOrigin, sendsKeyInClear } from '../../platform/origin.ts';
import { askChoice, askText, separator, type Choice } from '../dialogs.ts';
import { errorText, logError } from '../errors.ts';
import type { CliSignIn } from './cliSignIn.ts';
import { remoteConnection } from './connections.ts';
import type { KeyStore } from './keyStore.ts';
import { appsOfKey } from './platformCheck.ts';

export interface SignInParts {
  readonly keys: KeyStore;
  /** The command line's sign-in, also one that was signed out of here. */
  readonly readCli: () => Promise<CliSignIn | undefined>;
}

type Where =
  | { readonly kind: 'origin'; readonly origin: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'cli'; readonly signIn: CliSignIn };

/** Asks where and with which key to sign in, checks the key and keeps it. The origin, or undefined when the person gave up. */
export async function signInSomewhere(parts: SignInParts): Promise<string | undefined> {
  const title = vscode.l10n.t('Sign In');
  const where = await askChoice<Where>(
    { title, placeholder: vscode.l10n.t('Where do your apps live?') },
    whereChoices(parts),
  );
  switch (where?.kind) {
    case undefined:
      return undefined;
    case 'cli':
      await parts.keys.allow(where.signIn.origin);
      return where.signIn.origin;
    case 'origin':
      return (await askKey(parts, where.origin)) ? where.origin : undefined;
    case 'other': {
      const origin = await askOrigin();
      return origin !== undefined && (await askKey(parts, origin)) ? origin : undefined;
    }
  }
}

/** Asks for the key of one platform, checks it there and keeps it. False when the person gave up. */
export async function askKey(
  parts: Pick<SignInParts, 'keys'>,
  origin: string,
  error?: DoError,
): Promise<boolean> {
  const { label } = remoteConnection(origin);
  const clear = sendsKeyInClear(origin);
  const key = await askText({
    title: vscode.l10n.t('Sign In to {0}', label),
    prompt:
      error === undefined
        ? vscode.l10n.t("API key of {0}. It is kept in the editor's secret storage.", origin)
        : vscode.l10n.t('{0} API key of {1}:', errorText(error), origin),
    placeholder: 'bb_sk_…',
    password: true,
    validate: (text) => keyProblem(text) ?? (clear ? clearWarning() : undefined),
    accept: async (text, signal) => {
      await appsOfKey({ origin, apiKey: text.trim() }, signal);
      await parts.keys.set(origin, text.trim());
    },
  });
  return key !== undefined;
}

/** Asks for the address of a self-hosted platform. */
export async function askOrigin(): Promise<string | undefined> {
  const text = await askText({
    title: vscode.l10n.t('Sign In to a Self-Hosted Platform'),
    prompt: vscode.l10n.t('Address of the platform'),
    placeholder: 'https://butterbase.example.com',
    validate: (value) => {
      try {
        return sendsKeyInClear(normaliseOrigin(value)) ? clearWarning() : undefined;
      } catch (error) {
        return error instanceof DoError ? errorText(error) : toError(error).message;
      }
    },
  });
  return text === undefined ? undefined : normaliseOrigin(text);
}

async function whereChoices(parts: SignInParts): Promise<readonly Choice<Where>[]> {
  const cli = await parts.readCli().catch((error: unknown) => {
    logError(error, 'reading the sign-in of the command line');
    return undefined;
  });
  const others = parts.keys.origins.filter((origin) => origin !== HOSTED_ORIGIN);
  return [
    {
      label: vscode.l10n.t('$(cloud) Butterbase'),
      description: HOSTED_ORIGIN,
      choice: { kind: 'origin', origin: HOSTED_ORIGIN },
    },
    ...others.map((origin): Choice<Where> => ({
      label: `$(server) ${remoteConnection(origin).label}`,
      description: origin,
      choice: { kind: 'origin', origin },
    })),
    {
      label: vscode.l10n.t('$(server-environment) Self-Hosted Platform…'),
      description: vscode.l10n.t('enter its address'),
      choice: { kind: 'other' },
    },
    ...(cli === undefined
      ? []
      : [
          separator(vscode.l10n.t('found on this machine')),
          {
            label: vscode.l10n.t('$(terminal) Sign-In of the Butterbase Command Line'),
            description: cli.origin,
            choice: { kind: 'cli', signIn: cli },
          } satisfies Choice<Where>,
        ]),
  ];
}

function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === '') return vscode.l10n.t('Enter an API key.');
  if (/\s/.test(key) || /[^\x21-\x7e]/.test(key))
    return vscode.l10n.t('An API key has no blanks or special characters.');
  if (!key.startsWith('bb_sk_')) return vscode.l10n.t('An API key begins with bb_sk_.');
  return undefined;
}

function clearWarning(): { readonly message: string; readonly isWarning: true } {
  return {
    message: vscode.l10n.t('The address is not https: the key crosses the network unencrypted.'),
    isWarning: true,
  };
}
