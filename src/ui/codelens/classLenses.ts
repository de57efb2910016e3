import * as vscode from 'vscode';
import type { DoClass } from '../../core/model/app.ts';
import type { Disposable } from '../disposable.ts';
import type { DoFile, DoFiles } from '../files/doFiles.ts';
import { syncOfText, type SyncState } from '../files/syncState.ts';
import { COMMANDS } from '../ids.ts';
import type { AppState } from '../session/appState.ts';
import type { SessionStore } from '../session/sessionStore.ts';
import { affects, settings } from '../settings.ts';
import { findExportedClass } from './classPosition.ts';

/** Deploy, Compare and Open above the exported class of a Durable Object file, with how it stands. */
export class ClassLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #files: DoFiles;
  readonly #session: SessionStore;
  readonly #state: AppState;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses: vscode.Event<void> = this.#changed.event;
  readonly #subscriptions: readonly Disposable[];

  constructor(files: DoFiles, session: SessionStore, state: AppState) {
    this.#files = files;
    this.#session = session;
    this.#state = state;
    const changed = (): void => this.#changed.fire();
    this.#subscriptions = [
      this.#changed,
      files.onDidChange(changed),
      session.onDidChange(changed),
      state.onDidChange(changed),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'codeLens.enabled')) changed();
      }),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!settings.codeLensEnabled()) return [];
    await this.#files.all();
    const file = this.#files.find(document.uri);
    const found = file === undefined ? undefined : findExportedClass(document.getText());
    if (file === undefined || found === undefined) return [];
    const range = new vscode.Range(document.positionAt(found.start), document.positionAt(found.nameEnd));
    const row = this.#rowOf(file);
    const sync = await this.#sync(row, document);
    const lenses = [lens(range, deployTitle(row, sync), COMMANDS.deploy, document.uri)];
    if (row !== undefined) {
      lenses.push(
        lens(range, vscode.l10n.t('Compare'), COMMANDS.compareWithDeployed, document.uri),
        lens(range, vscode.l10n.t('Open'), COMMANDS.openInstance, document.uri),
      );
    }
    return lenses;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** How the file's class is deployed; unknown of another folder's app than the one that is connected. */
  #rowOf(file: DoFile): DoClass | undefined {
    if (!this.#files.isOfApp(file)) return undefined;
    return this.#state.snapshot?.classes.find(({ name }) => name === file.name);
  }

  async #sync(row: DoClass | undefined, document: vscode.TextDocument): Promise<SyncState | undefined> {
    const session = this.#session.current;
    if (row === undefined || session.kind !== 'ready') return undefined;
    return syncOfText(row, document.getText(), session);
  }
}

function deployTitle(row: DoClass | undefined, sync: SyncState | undefined): string {
  if (row?.status === 'ERROR') return vscode.l10n.t('Deploy (last deploy failed)');
  if (row === undefined) return vscode.l10n.t('Deploy');
  if (sync === 'modified') return vscode.l10n.t('Deploy (modified)');
  return sync === 'inSync' ? vscode.l10n.t('Deploy (in sync)') : vscode.l10n.t('Deploy');
}

function lens(range: vscode.Range, title: string, command: string, uri: vscode.Uri): vscode.CodeLens {
  return new vscode.CodeLens(range, { title, command, arguments: [uri] });
}
