import * as vscode from 'vscode';
import { DoError, toError } from '../../core/errors.ts';
import { HOSTED_ORIGIN, normaliseOrigin, sendsKeyInClear } from '../../platform/origin.ts';
import type { Account } from '../auth/account.ts';
import { keyFromBrowser } from '../auth/browserSignIn.ts';
import { keepAccount } from '../auth/newAccount.ts';
import { askChoice, askText, separator, type Choice } from '../dialogs.ts';
import { errorText, logError } from '../errors.ts';
import { withProgress } from '../progress.ts';
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

type How = { readonly kind: 'browser' | 'key' } | { readonly kind: 'account'; readonly account: Account };

/** Asks where and how to sign in, and does so. The origin, or undefined when the person gave up. */
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
      await parts.keys.useCommandLine(where.signIn.origin);
      return where.signIn.origin;
    case 'origin':
      return (await signInAt(parts.keys, where.origin))?.origin;
    case 'other': {
      const origin = await askOrigin();
      return origin === undefined ? undefined : (await signInAt(parts.keys, origin))?.origin;
    }
  }
}

/**
 * Signs in to one platform, through the browser, with a key, or as somebody who is signed in already; this
 * workspace uses that account from then on. Undefined when the person gave up.
 *
 * @param error why the sign-in so far does not count any more
 */
export async function signInAt(
  keys: KeyStore,
  origin: string,
  error?: DoError,
): Promise<Account | undefined> {
  const how = await askChoice<How>(
    {
      title: vscode.l10n.t('Sign In to {0}', remoteConnection(origin).label),
      placeholder: error === undefined ? origin : errorText(error),
    },
    howChoices(keys, origin),
  );
  switch (how?.kind) {
    case undefined:
      return undefined;
    case 'account':
      await keys.use(how.account);
      return how.account;
    case 'browser':
      return throughBrowser(keys, origin);
    case 'key':
      return askKey(keys, origin);
  }
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

async function howChoices(keys: KeyStore, origin: string): Promise<readonly Choice<How>[]> {
  const accounts = await keys.accountsOf(origin);
  const used = await keys.accountOf(origin);
  const clear = sendsKeyInClear(origin) ? { detail: clearWarning().message } : {};
  return [
    {
      label: vscode.l10n.t('$(globe) Sign In with the Browser'),
      description: vscode.l10n.t('makes a key for this editor'),
      ...clear,
      choice: { kind: 'browser' },
    },
    {
      label: vscode.l10n.t('$(key) Enter an API Key'),
      description: vscode.l10n.t('from the dashboard of the platform'),
      ...clear,
      choice: { kind: 'key' },
    },
    ...(accounts.length === 0 ? [] : [separator(vscode.l10n.t('signed in'))]),
    ...accounts.map((account): Choice<How> => ({
      label: `$(account) ${account.label}`,
      description: account.id === used?.id ? vscode.l10n.t('used by this workspace') : '',
      choice: { kind: 'account', account },
    })),
  ];
}

async function throughBrowser(keys: KeyStore, origin: string): Promise<Account> {
  const apiKey = await keyFromBrowser(origin);
  // From here on there is a key that has to be kept, or nobody could revoke it: it cannot be cancelled.
  return withProgress(
    { title: vscode.l10n.t('Signing in to {0}', remoteConnection(origin).label), cancellable: false },
    (signal) => keepAccount(keys, { origin, apiKey }, 'browser', signal),
  );
}

/** Asks for the key of one platform, checks it there and keeps it. */
async function askKey(keys: KeyStore, origin: string): Promise<Account | undefined> {
  const clear = sendsKeyInClear(origin);
  let account: Account | undefined;
  await askText({
    title: vscode.l10n.t('Sign In to {0}', remoteConnection(origin).label),
    prompt: vscode.l10n.t("API key of {0}. It is kept in the editor's secret storage.", origin),
    placeholder: 'bb_sk_…',
    password: true,
    validate: (text) => keyProblem(text) ?? (clear ? clearWarning() : undefined),
    accept: async (text, signal) => {
      const address = { origin, apiKey: text.trim() };
      await appsOfKey(address, signal);
      account = await keepAccount(keys, address, 'pasted', signal);
    },
  });
  return account;
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
