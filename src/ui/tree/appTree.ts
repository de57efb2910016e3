import * as vscode from 'vscode';
import type { Disposable } from '../disposable.ts';
import { errorText } from '../errors.ts';
import { setContext } from '../contextKeys.ts';
import { VIEWS } from '../ids.ts';
import type { LocalPlatformController } from '../local/controller.ts';
import type { AppState } from '../session/appState.ts';
import type { SessionStore } from '../session/sessionStore.ts';
import { appNodes, appView, envKeyNodes, type AppFacts } from './appView.ts';
import type { AppNode } from './nodes.ts';
import { treeItem } from './treeItem.ts';

/** The view of the app: connection, environment keys, usage, the embedded platform. */
export class AppTree implements vscode.TreeDataProvider<AppNode>, vscode.Disposable {
  readonly #session: SessionStore;
  readonly #state: AppState;
  readonly #local: LocalPlatformController;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData: vscode.Event<void> = this.#changed.event;
  readonly #view: vscode.TreeView<AppNode>;
  readonly #subscriptions: Disposable[];
  #shown = '';

  constructor(session: SessionStore, state: AppState, local: LocalPlatformController) {
    this.#session = session;
    this.#state = state;
    this.#local = local;
    this.#view = vscode.window.createTreeView(VIEWS.app, { treeDataProvider: this });
    const update = (): void => this.#update();
    setContext('butterbaseDO.local', local.current.kind);
    this.#subscriptions = [
      this.#view,
      this.#changed,
      session.onDidChange(update),
      state.onDidChange(update),
      local.onDidChange((now) => {
        setContext('butterbaseDO.local', now.kind);
        update();
      }),
      this.#view.onDidChangeVisibility(update),
    ];
  }

  get view(): vscode.TreeView<AppNode> {
    return this.#view;
  }

  getChildren(element?: AppNode): AppNode[] {
    if (element === undefined) return [...appNodes(this.#facts())];
    return element.kind === 'env' ? [...envKeyNodes(this.#state.snapshot)] : [];
  }

  getTreeItem(element: AppNode): vscode.TreeItem {
    return treeItem(appView(element, this.#facts()), element);
  }

  getParent(element: AppNode): AppNode | undefined {
    return element.kind === 'envKey' ? { kind: 'env', id: 'env' } : undefined;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #update(): void {
    const { current } = this.#session;
    // The classes view has its welcome content then, which a message would hide.
    this.#view.message = 'error' in current ? errorText(current.error) : '';
    if (!this.#view.visible) return;
    const facts = this.#facts();
    const nodes = [...appNodes(facts), ...envKeyNodes(facts.snapshot)];
    const shown = JSON.stringify(nodes.map((node) => appView(node, facts)));
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed.fire();
  }

  #facts(): AppFacts {
    return { session: this.#session.current, snapshot: this.#state.snapshot, local: this.#local.current };
  }
}
