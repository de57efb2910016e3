import * as vscode from 'vscode';
import { EXTENSION_ID } from '../../core/rules/ruleUri.ts';
import type { RedirectAnswer, RedirectReceiver } from '../../platform/oauthSignIn.ts';
import { cancelled } from '../progress.ts';
import { backend } from '../session/backend.ts';
import { SIGN_IN_PATH } from './signInPath.ts';

/** Who waits for the browser, by the state that has to come back. */
const waiting = new Map<string, (answer: RedirectAnswer) => void>();

/**
 * Lets the editor itself be where the browser comes back to: for windows whose extensions run on another machine
 * than the browser.
 */
export async function listenForUri(): Promise<RedirectReceiver> {
  const { randomToken } = await backend();
  const state = randomToken();
  const own = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: EXTENSION_ID, path: SIGN_IN_PATH });
  // It finds the way back to this window. Decoded once: the address has parameters of its own.
  const redirectUri = (await vscode.env.asExternalUri(own)).toString(true);
  const answered = new Promise<RedirectAnswer>((resolve) => waiting.set(state, resolve));
  return {
    redirectUri,
    state,
    answer: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(cancelled()), { once: true });
        void answered.then(resolve);
      }),
    close: () => waiting.delete(state),
  };
}

/** Takes what a browser brought. Anybody can make such an address: without a state that waits it does nothing. */
export async function receiveRedirect({ query }: Pick<vscode.Uri, 'query'>): Promise<void> {
  const { redirectAnswer } = await backend();
  const parameters = new URLSearchParams(query);
  const settle = waiting.get(parameters.get('state') ?? '');
  const answer = redirectAnswer(parameters);
  if (answer !== undefined) settle?.(answer);
}
