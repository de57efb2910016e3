import * as vscode from 'vscode';
import { setContext } from '../contextKeys.ts';
import type { Disposable } from '../disposable.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { VIEWS } from '../ids.ts';
import type { AppState } from '../session/appState.ts';
import type { EntryNode } from '../tree/nodes.ts';
import { treeItem } from '../tree/treeItem.ts';
import type { AppHistory } from './appHistory.ts';
import { entryView } from './entryView.ts';
import { entryNodes } from './historyNodes.ts';
import { nameOfDocument } from './documentName.ts';

/**
 * The history of the class in the active editor, below the files of the Explorer. It stands where one would look
 * for it in the Timeline: what puts entries into that (`registerTimelineProvider`) is a proposed API, which the
 * editor refuses to published extensions.
 */
export class ExplorerHistory implements vscode.TreeDataProvider<EntryNode>, vscode.Disposable {
  readonly #files: DoFiles;
  readonly #state: AppState;
  readonly #history: AppHistory;
  readonly #shows: (isShown: boolean) => void;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData: vscode.Event<void> = this.#changed.event;
  readonly #view: vscode.TreeView<EntryNode>;
  readonly #subscriptions: Disposable[];
  #nodes: readonly EntryNode[] = [];
  #isShown = false;
  #updates = 0;

  /** @param shows told whether the view shows a class: then its app is worth asking for */
  constructor(files: DoFiles, state: AppState, history: AppHistory, shows: (isShown: boolean) => void) {
    this.#files = files;
    this.#state = state;
    this.#history = history;
    this.#shows = shows;
    this.#view = vscode.window.createTreeView(VIEWS.history, { treeDataProvider: this });
    const update = (): void => void this.#update();
    this.#subscriptions = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      files.onDidChange(update),
      history.onDidChange(update),
      state.onDidChange(update),
    ];
    update();
  }

  getChildren(element?: EntryNode): EntryNode[] {
    return element === undefined ? [...this.#nodes] : [];
  }

  getTreeItem(element: EntryNode): vscode.TreeItem {
    return treeItem(entryView(element), element);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Reads anew for the active editor, as long as somebody looks. Never rejects. */
  async #update(): Promise<void> {
    if (!this.#view.visible) {
      this.#show(false);
      return;
    }
    this.#updates += 1;
    const update = this.#updates;
    await this.#files.all();
    const uri = vscode.window.activeTextEditor?.document.uri;
    const name = uri === undefined ? undefined : nameOfDocument(this.#files, uri);
    const entries = name === undefined ? [] : await this.#history.entries(name);
    if (update !== this.#updates) return;
    this.#show(name !== undefined);
    this.#view.description = name ?? '';
    const isConnected = this.#state.snapshot !== undefined;
    setContext('butterbaseDO.explorerHistory', shownOf(name, isConnected, entries.length));
    const nodes = entryNodes(`explorer/${name ?? ''}`, entries);
    if (JSON.stringify(nodes) === JSON.stringify(this.#nodes)) return;
    this.#nodes = nodes;
    this.#changed.fire();
  }

  #show(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    this.#shows(isShown);
  }
}

/** Which welcome text stands in the view while it has no entry. */
function shownOf(
  name: string | undefined,
  isConnected: boolean,
  entries: number,
): 'noFile' | 'noApp' | 'noEntry' | 'entries' {
  if (name === undefined) return 'noFile';
  if (!isConnected) return 'noApp';
  return entries === 0 ? 'noEntry' : 'entries';
}
