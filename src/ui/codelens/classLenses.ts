import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { DoClass } from '../../core/model/app.ts';
import type { Disposable } from '../disposable.ts';
import type { DoFile, DoFiles } from '../files/doFiles.ts';
import { syncOfText, type SyncState, versionOf } from '../files/syncState.ts';
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
  /** What took too long last: it is shown when it is known, and not asked for over and over. */
  #asked = '';

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
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'codeLens.enabled')) changed();
      }),
    ];
  }

  /**
   * Answers soon, with what is known by then: the editor asks the less often the longer an answer takes, and would
   * show an old one for seconds.
   */
  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!settings.codeLensEnabled()) return [];
    // When the folders were not read yet, they tell of the files by an event.
    void this.#files.all();
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
    const sync = syncOfText(row, document.getText(), session);
    const known = await soon(sync);
    const asked = `${document.uri.toString()} ${document.version} ${versionOf(row)}`;
    if (known === undefined && asked !== this.#asked) {
      this.#asked = asked;
      void sync.then(() => this.#changed.fire());
    }
    return known;
  }
}

/** Milliseconds that an answer waits for the deployed source. */
const PATIENCE_MS = 100;

async function soon<T>(value: Promise<T>): Promise<T | undefined> {
  return Promise.race([value, setTimeout(PATIENCE_MS, undefined)]);
}

function deployTitle(row: DoClass | undefined, sync: SyncState | undefined): string {
  if (!vscode.workspace.isTrusted) return vscode.l10n.t('Deploy (off in Restricted Mode)');
  if (row?.status === 'ERROR') return vscode.l10n.t('Deploy (last deploy failed)');
  if (row === undefined) return vscode.l10n.t('Deploy');
  if (sync === 'modified') return vscode.l10n.t('Deploy (modified)');
  return sync === 'inSync' ? vscode.l10n.t('Deploy (in sync)') : vscode.l10n.t('Deploy');
}

function lens(range: vscode.Range, title: string, command: string, uri: vscode.Uri): vscode.CodeLens {
  return new vscode.CodeLens(range, { title, command, arguments: [uri] });
}
