import * as vscode from 'vscode';
import { isLoopbackOrigin } from '../../platform/origin.ts';
import { isBrowserHere } from '../commands/externalAddress.ts';
import type { RedirectReceiver } from '../../platform/oauthSignIn.ts';
import { logError } from '../errors.ts';
import { cancelled, withProgress } from '../progress.ts';
import { backend } from '../session/backend.ts';
import { remoteConnection } from '../session/connections.ts';
import { settings } from '../settings.ts';
import { listenForUri } from './uriReceiver.ts';

/** Lets the person allow it in the browser; resolves to the key. Throws DoError, `CANCELLED` when they gave up. */
export async function keyFromBrowser(origin: string): Promise<string> {
  const { signInByBrowser } = await backend();
  return withProgress(
    { title: vscode.l10n.t('Signing in to {0}: answer in the browser', remoteConnection(origin).label) },
    async (signal) => {
      const key = await signInByBrowser({
        origin,
        clientName: vscode.l10n.t('Durable Objects in {0}', vscode.env.appName),
        receiver: await receiver(),
        open: (url) => openInBrowser(origin, url),
        signal,
        proxy: settings.proxy(),
      });
      if (!signal.aborted) return key;
      await discard(origin, key);
      throw cancelled();
    },
  );
}

/** A key that came when nobody waited for it any more must not be left behind. */
async function discard(origin: string, apiKey: string): Promise<void> {
  const { ownKey, revokeKey } = await backend();
  const address = { origin, apiKey };
  const untilDone = new AbortController().signal;
  try {
    const found = await ownKey(address, untilDone, settings.proxy());
    if (found !== undefined) await revokeKey(address, found.id, untilDone, settings.proxy());
  } catch (error) {
    logError(error, 'revoking the key of a cancelled sign-in');
  }
}

/** Loopback reaches us only from a browser on the machine that the extensions run on. */
async function receiver(): Promise<RedirectReceiver> {
  if (!isBrowserHere()) return listenForUri();
  const { listenOnLoopback } = await backend();
  return listenOnLoopback({
    language: vscode.env.language,
    title: vscode.l10n.t('Durable Objects for Butterbase'),
    signedIn: vscode.l10n.t('You are signed in. You can close this page and go back to the editor.'),
    denied: vscode.l10n.t('You are not signed in. You can close this page and go back to the editor.'),
    unknown: vscode.l10n.t('This is not the answer that the editor waits for.'),
  });
}

/**
 * Opens an address of a platform as it is. The editor takes a text too, and needs one here: it decodes and encodes a
 * Uri again, and would lose what is encoded in the parameters. It does the same to an address of this machine that
 * it has to forward, so that is asked for first. Who chose to copy the address instead still comes back.
 */
async function openInBrowser(origin: string, url: string): Promise<void> {
  const forwarded =
    isBrowserHere() || !isLoopbackOrigin(origin)
      ? origin
      : (await vscode.env.asExternalUri(vscode.Uri.parse(origin, true))).toString(true);
  const address = forwarded.replace(/\/+$/, '') + url.slice(origin.length);
  await vscode.env.openExternal(address as unknown as vscode.Uri);
}
