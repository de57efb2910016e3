import * as vscode from 'vscode';

let channel: vscode.LogOutputChannel | undefined;

/** The one log channel of the extension, made when something is first written to it or it is shown. */
export function log(): vscode.LogOutputChannel {
  channel ??= vscode.window.createOutputChannel(vscode.l10n.t('Durable Objects'), { log: true });
  return channel;
}
