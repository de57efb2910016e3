import * as vscode from 'vscode';
import type { Disposable } from '../disposable.ts';
import { errorText } from '../errors.ts';
import { formatAgo, formatTime } from '../format.ts';
import { syncOf, type SyncState } from '../files/syncState.ts';
import { type CurrentFolder, hasSeveralFolders } from '../files/currentFolder.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { setContext } from '../contextKeys.ts';
import type { AppHistory } from '../history/appHistory.ts';
import { deletedClassesView, deletedClassView, entryView, historyView } from '../history/entryView.ts';
import { deletedClassesNode, entryNodes, historyNode } from '../history/historyNodes.ts';
import { VIEWS } from '../ids.ts';
import { isOf, type AppSnapshot, type AppState } from '../session/appState.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/sessionStore.ts';
import type { StuckWatch } from '../session/stuckWatch.ts';
import { classNodes } from './classNodes.ts';
import { classView } from './classView.ts';
import type { ItemView } from './itemView.ts';
import type { ClassesNode, ClassNode, DeletedClassesNode, StuckNode } from './nodes.ts';
import { stuckNodes, stuckView } from './stuckView.ts';
import { treeItem } from './treeItem.ts';

/** Milliseconds after a change on disk until the files are compared again. */
const COMPARE_DELAY = 200;

/** The view of the classes: deployed ones and local files. */
export class ClassesTree implements vscode.TreeDataProvider<ClassesNode>, vscode.Disposable {
  readonly #session: SessionStore;
  readonly #state: AppState;
  readonly #files: DoFiles;
  readonly #folder: CurrentFolder;
  readonly #history: AppHistory;
  readonly #trouble: StuckWatch;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData: vscode.Event<void> = this.#changed.event;
  readonly #view: vscode.TreeView<ClassesNode>;
  readonly #subscriptions: Disposable[] = [];
  readonly #syncs = new Map<string, SyncState>();
  #nodes: readonly ClassNode[] = [];
  #deleted: DeletedClassesNode | undefined;
  #stuck: readonly StuckNode[] = [];
  /** Counts what came into the history: elements that are open below a class show it. */
  #entries = 0;
  #shown = '';
  #computing = 0;
  #comparing = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    session: SessionStore,
    state: AppState,
    files: DoFiles,
    folder: CurrentFolder,
    history: AppHistory,
    trouble: StuckWatch,
  ) {
    this.#session = session;
    this.#state = state;
    this.#files = files;
    this.#folder = folder;
    this.#history = history;
    this.#trouble = trouble;
    this.#view = vscode.window.createTreeView(VIEWS.classes, {
      treeDataProvider: this,
      showCollapseAll: false,
    });
    const update = (): void => void this.#update();
    this.#subscriptions.push(
      this.#view,
      this.#changed,
      session.onDidChange(update),
      state.onDidChange(update),
      files.onDidChange(update),
      trouble.onDidChange(update),
      history.onDidChange(() => {
        this.#entries += 1;
        update();
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (files.find(document.uri) !== undefined) this.#compareSoon();
      }),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) update();
      }),
    );
    this.#describe(session.current, state.snapshot);
  }

  get view(): vscode.TreeView<ClassesNode> {
    return this.#view;
  }

  async getChildren(element?: ClassesNode): Promise<ClassesNode[]> {
    switch (element?.kind) {
      case undefined:
        if (this.#nodes.length === 0) await this.#compute();
        return [...this.#stuck, ...this.#nodes, ...(this.#deleted === undefined ? [] : [this.#deleted])];
      case 'class':
        return element.row === undefined ? [] : [historyNode(element.id, element.name)];
      case 'history':
      case 'deletedClass':
        return entryNodes(element.id, await this.#history.entries(element.name));
      case 'deletedClasses':
        return [...element.classes];
      case 'historyEntry':
      case 'stuck':
        return [];
    }
  }

  getTreeItem(element: ClassesNode): vscode.TreeItem {
    return treeItem(this.#itemView(element), element);
  }

  getParent(): undefined {
    return undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Recomputes; the editor is told only when something that it shows changed. Never rejects. */
  async #update(): Promise<void> {
    if (this.#view.visible) await this.#compute();
    this.#describe(this.#session.current, this.#state.snapshot);
    if (!this.#view.visible) return;
    this.#fireIfDifferent();
    await this.#compare();
  }

  /** An answer that is overtaken by a later call is dropped: it may be of another app. */
  async #compute(): Promise<void> {
    this.#computing += 1;
    const run = this.#computing;
    const session = this.#session.current;
    const snapshot = this.#state.snapshot;
    const known = session.kind !== 'ready' || (snapshot !== undefined && isOf(snapshot, session));
    // Without a class list, files alone would look as if nothing were deployed.
    if (!known || snapshot === undefined) {
      this.#nodes = [];
      this.#deleted = undefined;
      this.#stuck = [];
      return;
    }
    const place = `${snapshot.place}/${snapshot.appId}`;
    const [files, entries] = await Promise.all([this.#files.ofApp(), this.#history.entries()]);
    if (run !== this.#computing) return;
    this.#nodes = classNodes(place, snapshot.classes, files);
    this.#deleted = deletedClassesNode(place, entries, snapshot.classes);
    this.#stuck = stuckNodes(place, this.#trouble.statesOf(snapshot));
  }

  /** Compares every file with what is deployed; sources are fetched once per deploy of a class. */
  async #compare(): Promise<void> {
    const session = this.#session.current;
    if (session.kind !== 'ready') return;
    this.#comparing += 1;
    const run = this.#comparing;
    const results = await Promise.all(
      this.#nodes.map(async ({ id, row, file }): Promise<[string, SyncState | undefined]> => [
        id,
        row === undefined ? undefined : await syncOf(row, file, session),
      ]),
    );
    if (run !== this.#comparing) return;
    this.#syncs.clear();
    for (const [id, sync] of results) if (sync !== undefined) this.#syncs.set(id, sync);
    this.#fireIfDifferent();
  }

  #compareSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#view.visible) void this.#compare();
    }, COMPARE_DELAY);
  }

  #fireIfDifferent(): void {
    const views = this.#nodes.map((node) => this.#itemView(node));
    const shown = JSON.stringify([views, this.#deleted, this.#stuck, this.#entries]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed.fire();
  }

  #itemView(node: ClassesNode): ItemView {
    switch (node.kind) {
      case 'class':
        return this.#classView(node);
      case 'history':
        return historyView(node);
      case 'historyEntry':
        return entryView(node);
      case 'deletedClasses':
        return deletedClassesView(node);
      case 'deletedClass':
        return deletedClassView(node);
      case 'stuck':
        return stuckView(node);
    }
  }

  #classView(node: ClassNode): ItemView {
    const session = this.#session.current;
    const sight = node.row === undefined ? undefined : this.#history.sight(node.name);
    return classView(node, {
      sync: this.#syncs.get(node.id),
      instanceBase: session.kind === 'ready' ? session.instanceBase : undefined,
      filePath: node.file === undefined ? undefined : vscode.workspace.asRelativePath(node.file.uri),
      change: sight?.kind === 'changed' ? sight.now : undefined,
      formatTime,
      formatAgo,
    });
  }

  /** The view's description, message and badge, and the key that picks the welcome content. */
  #describe(session: Session, snapshot: AppSnapshot | undefined): void {
    const isEmpty = session.kind === 'ready' && snapshot !== undefined && this.#nodes.length === 0;
    setContext('butterbaseDO.session', isEmpty ? 'noClass' : session.kind);
    this.#view.description = [
      hasSeveralFolders() ? (this.#folder.value?.name ?? '') : '',
      session.kind === 'ready' ? session.app.name : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
    // Where there is nothing to show, the welcome content says it, with a button; a message would hide that.
    const isWelcome = session.kind === 'unreachable' && this.#nodes.length === 0;
    this.#view.message = isWelcome ? '' : (message(session, snapshot) ?? '');
    const failed = snapshot?.classes.filter((row) => row.status === 'ERROR').length ?? 0;
    this.#view.badge =
      failed === 0
        ? undefined
        : {
            value: failed,
            tooltip:
              failed === 1
                ? vscode.l10n.t('1 Durable Object class failed to deploy')
                : vscode.l10n.t('{0} Durable Object classes failed to deploy', failed),
          };
  }
}

/** One sentence above the classes when they may be outdated or cannot be had; undefined when all is well. */
function message(session: Session, snapshot: AppSnapshot | undefined): string | undefined {
  if (session.kind === 'connecting') {
    return snapshot === undefined ? vscode.l10n.t('Connecting to {0}…', session.connection.label) : undefined;
  }
  if (session.kind === 'ready' && snapshot === undefined) return vscode.l10n.t('Reading the classes…');
  if (snapshot?.stale !== undefined) {
    return vscode.l10n.t(
      'Last known state of {0}. {1}',
      formatTime(new Date(snapshot.at).toISOString()),
      errorText(snapshot.stale),
    );
  }
  return undefined;
}
