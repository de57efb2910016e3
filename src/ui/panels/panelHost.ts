import * as vscode from 'vscode';
import type { Handlers, Protocol } from '../../webview/protocol/messages.ts';
import { dispatch } from './dispatch.ts';
import type { PageName } from './document.ts';
import { panelHtml, webviewRoot } from './html.ts';

/** What answers one open panel. */
export interface PanelController<P extends Protocol> {
  readonly handlers: Handlers<P['toHost']>;
  /** The panel came into sight or went out of it. */
  setVisible(visible: boolean): void;
  dispose(): void;
}

export interface PanelKind<P extends Protocol, C extends PanelController<P> = PanelController<P>> {
  readonly viewType: string;
  readonly page: PageName;
  readonly title: string;
  /** Whether the page lives on while its tab is hidden. Costs memory; without it, what was typed is lost. */
  readonly retainContextWhenHidden: boolean;
  connect(post: (message: P['toWebview']) => void): C;
}

/** The one panel of its kind in the window: opened, brought back after a reload, and disposed with the extension. */
export class PanelHost<P extends Protocol, C extends PanelController<P> = PanelController<P>>
  implements vscode.Disposable
{
  readonly #extension: vscode.Uri;
  readonly #kind: PanelKind<P, C>;
  #panel: vscode.WebviewPanel | undefined;
  #controller: C | undefined;

  constructor(extension: vscode.Uri, kind: PanelKind<P, C>) {
    this.#extension = extension;
    this.#kind = kind;
  }

  /** Shows the panel and returns what answers it. */
  open(): C {
    if (this.#panel !== undefined && this.#controller !== undefined) {
      this.#panel.reveal();
      return this.#controller;
    }
    const { viewType, title, retainContextWhenHidden } = this.#kind;
    const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
      ...this.#options(),
      retainContextWhenHidden,
      enableFindWidget: true,
    });
    return this.#attach(panel);
  }

  /** The editor brings a panel back after a reload of the window. */
  revive(panel: vscode.WebviewPanel): void {
    panel.webview.options = this.#options();
    this.#panel?.dispose();
    this.#attach(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #attach(panel: vscode.WebviewPanel): C {
    const { title, page } = this.#kind;
    const controller = this.#kind.connect((message) => void panel.webview.postMessage(message));
    this.#panel = panel;
    this.#controller = controller;
    panel.title = title;
    panel.iconPath = vscode.Uri.joinPath(this.#extension, 'media', 'icon.png');
    panel.webview.onDidReceiveMessage((message: unknown) => dispatch(controller.handlers, message));
    panel.onDidChangeViewState(() => controller.setVisible(panel.visible));
    panel.onDidDispose(() => {
      controller.dispose();
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#controller = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.#extension, page);
    controller.setVisible(panel.visible);
    return controller;
  }

  #options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [webviewRoot(this.#extension)],
    };
  }
}
