import * as vscode from 'vscode';
import type { Disposable } from '../disposable.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import type { AppState } from '../session/appState.ts';
import { connectionOf, type Session } from '../session/session.ts';
import type { SessionStore } from '../session/sessionStore.ts';
import { escapeMarkdown } from '../tree/itemView.ts';
import { connectionWord } from '../tree/appView.ts';

/** One item: the app and whether it can be reached. Shown once there is something to say. */
export class StatusBar implements vscode.Disposable {
  readonly #session: SessionStore;
  readonly #state: AppState;
  readonly #files: DoFiles;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: Disposable[];
  #hasFiles = false;

  constructor(session: SessionStore, state: AppState, files: DoFiles) {
    this.#session = session;
    this.#state = state;
    this.#files = files;
    this.#item = vscode.window.createStatusBarItem('butterbaseDO.app', vscode.StatusBarAlignment.Left, 20);
    this.#item.name = vscode.l10n.t('Durable Objects');
    this.#item.command = `${VIEWS.classes}.focus`;
    const update = (): void => this.#update();
    this.#subscriptions = [
      this.#item,
      session.onDidChange(update),
      state.onDidChange(update),
      files.onDidChange(() => void this.#count()),
    ];
    update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #count(): Promise<void> {
    this.#hasFiles = (await this.#files.all()).length > 0;
    this.#update();
  }

  #update(): void {
    const session = this.#session.current;
    if (session.kind === 'noFolder' || !(this.#session.looked || this.#hasFiles)) {
      this.#item.hide();
      return;
    }
    const { snapshot } = this.#state;
    const label = this.#session.looked ? labelOf(session) : vscode.l10n.t('Durable Objects');
    const word = this.#session.looked
      ? connectionWord(session, snapshot)
      : vscode.l10n.t('not connected yet');
    const isTroubled = snapshot?.stale !== undefined || session.kind === 'unreachable';
    this.#item.text = `$(${iconOf(session, isTroubled)}) ${label}`;
    this.#item.backgroundColor = isTroubled
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.tooltip = tooltip(session, word);
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t('Durable Objects: {0}, {1}. Shows the view.', label, word),
      role: 'button',
    };
    this.#item.show();
  }
}

function labelOf(session: Session): string {
  if (session.kind === 'ready') return session.app.name;
  return connectionOf(session)?.label ?? vscode.l10n.t('Durable Objects');
}

function iconOf(session: Session, isTroubled: boolean): string {
  if (isTroubled) return 'debug-disconnect';
  switch (session.kind) {
    case 'connecting':
      return 'loading~spin';
    case 'ready':
      return session.connection.kind === 'local' ? 'vm' : 'cloud';
    case 'signedOut':
      return 'account';
    default:
      return 'plug';
  }
}

function tooltip(session: Session, word: string): vscode.MarkdownString {
  const commands = [
    [COMMANDS.selectApp, vscode.l10n.t('Select App')],
    [COMMANDS.selectConnection, vscode.l10n.t('Switch Connection')],
    [COMMANDS.refresh, vscode.l10n.t('Refresh')],
    [COMMANDS.showLog, vscode.l10n.t('Show Log')],
  ] as const;
  const where = connectionOf(session)?.label;
  const text = new vscode.MarkdownString(
    [
      `**${escapeMarkdown(labelOf(session))}**`,
      escapeMarkdown(where === undefined ? word : `${where}: ${word}`),
      commands.map(([id, title]) => `[${title}](command:${id})`).join(' | '),
    ].join('\n\n'),
  );
  text.isTrusted = { enabledCommands: commands.map(([id]) => id) };
  return text;
}
