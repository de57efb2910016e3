import * as vscode from 'vscode';

/**
 * The address under which the person's browser reaches what this machine reaches under `url`: in a remote window or
 * one in a browser, that of the editor's port forwarding. What is encoded in the path stays as it is.
 */
export async function externalAddress(url: string): Promise<string> {
  const { origin } = new URL(url);
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(`${origin}/`, true));
  return external.toString(true).replace(/\/$/, '') + url.slice(origin.length);
}
