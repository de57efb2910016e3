import * as vscode from 'vscode';

/** Whether the person's browser runs on this machine, so that it reaches what this machine reaches under loopback. */
export function isBrowserHere(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}

/**
 * The address under which the person's browser reaches what this machine reaches under `url`: in a remote window or
 * one in a browser, that of the editor's port forwarding. What is encoded in the path stays as it is.
 */
export async function externalAddress(url: string): Promise<string> {
  const { origin } = new URL(url);
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(`${origin}/`, true));
  return external.toString(true).replace(/\/$/, '') + url.slice(origin.length);
}
