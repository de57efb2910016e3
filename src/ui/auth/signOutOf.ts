import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { errorText, logError } from '../errors.ts';
import { COMMANDS, run } from '../ids.ts';
import { withProgress } from '../progress.ts';
import { backend } from '../session/backend.ts';
import { isRejectedKey } from '../session/connections.ts';
import type { KeyStore } from '../session/keyStore.ts';
import { settings } from '../settings.ts';
import type { Account } from './account.ts';

/**
 * Signs an account out of all windows: revokes the key when it was made for this sign-in, forgets it in any case,
 * and says what became of it. Never rejects.
 */
export async function signOutOf(keys: KeyStore, account: Account): Promise<void> {
  const wasUsed = (await keys.accountOf(account.origin))?.id === account.id;
  const problem = account.made === 'browser' ? await revoke(account) : undefined;
  await keys.accounts.remove(account);
  if (wasUsed) await keys.leave(account.origin);
  if (problem === undefined) void vscode.window.showInformationMessage(done(account));
  else void warn(account, problem);
}

function done({ label, made }: Account): string {
  return made === 'browser'
    ? vscode.l10n.t('Signed out of {0}, and revoked its key. Deployed classes keep running.', label)
    : vscode.l10n.t(
        'Signed out of {0}. The key is forgotten here and counts on: revoke it on the platform if nobody uses it. Deployed classes keep running.',
        label,
      );
}

async function warn({ label, origin }: Account, problem: unknown): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Signed out of {0} here, but its key still counts on {1}: {2} Revoke the key in the dashboard of the platform.',
      label,
      origin,
      errorText(problem),
    ),
    showLog,
  );
  if (chosen === showLog) await run(COMMANDS.showLog);
}

/** Why the key still counts; undefined when it does not. */
async function revoke(account: Account): Promise<unknown> {
  const { origin, token: apiKey, label } = account;
  try {
    await withProgress({ title: vscode.l10n.t('Signing out of {0}', label) }, async (signal) => {
      const { ownKey, revokeKey } = await backend();
      const address = { origin, apiKey };
      const keyId = account.keyId ?? (await ownKey(address, signal, settings.proxy()))?.id;
      if (keyId === undefined) throw notFound(origin);
      await revokeKey(address, keyId, signal, settings.proxy());
    });
    return undefined;
  } catch (error) {
    // It was revoked already.
    if (error instanceof DoError && isRejectedKey(error)) return undefined;
    logError(error, 'revoking the key');
    return error;
  }
}

function notFound(origin: string): DoError {
  return new DoError({
    code: ERROR_CODES.badResponse,
    message: vscode.l10n.t('{0} does not list it.', origin),
    nextStep: '',
  });
}
