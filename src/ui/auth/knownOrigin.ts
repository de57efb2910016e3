import * as vscode from 'vscode';
import { HOSTED_ORIGIN } from '../../platform/origin.ts';
import type { KeyStore } from '../session/keyStore.ts';

/**
 * Whether a person knows a platform that they did not enter themselves: they signed in there before, or say now
 * that they want to. Its address may come from a file of the workspace or from another extension, and who runs it
 * gets whatever is entered.
 */
export async function isKnownOrigin(keys: KeyStore, origin: string): Promise<boolean> {
  if (origin === HOSTED_ORIGIN || keys.origins.includes(origin)) return true;
  const signIn = vscode.l10n.t('Sign In');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Sign in to {0}?', origin),
    {
      modal: true,
      detail: vscode.l10n.t(
        'You have not signed in there with this editor before. The address may come from a file of this folder or from another extension. Whoever runs {0} gets the key that you enter.',
        origin,
      ),
    },
    signIn,
  );
  return chosen === signIn;
}
