import * as vscode from 'vscode';

/** Every `when` key that the extension sets; the manifest's menus and welcome views read them. */
export interface ContextKeys {
  /** Drives the welcome views. `noClass`: ready, with neither a deployed class nor a local file. */
  'butterbaseDO.session':
    | 'noFolder'
    | 'untrusted'
    | 'stopped'
    | 'connecting'
    | 'signedOut'
    | 'noApp'
    | 'noClass'
    | 'unreachable'
    | 'ready';
  'butterbaseDO.local': 'running' | 'starting' | 'stopped' | 'failed';
  /** Whether the active editor shows a Durable Object file. */
  'butterbaseDO.activeFile': boolean;
  /** Whether a source of the history was selected to be compared with another. */
  'butterbaseDO.historicSelected': boolean;
  /** Which welcome text the history in the Explorer has. */
  'butterbaseDO.explorerHistory': 'noFile' | 'noApp' | 'noEntry' | 'entries';
  /** Paths of the Durable Object files, for `resourcePath in butterbaseDO.files`. */
  'butterbaseDO.files': readonly string[];
}

const written = new Map<string, string>();

/** Sets a context key; does nothing when it has that value already. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  const text = JSON.stringify(value);
  if (written.get(key) === text) return;
  written.set(key, text);
  void vscode.commands.executeCommand('setContext', key, value);
}
