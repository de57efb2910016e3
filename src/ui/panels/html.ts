import * as vscode from 'vscode';
import { type PageName, panelDocument } from './document.ts';

/** The only folder that a panel's webview can read. */
export function webviewRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/** The document of a panel's webview. */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri, page: PageName): string {
  return panelDocument({
    page,
    language: vscode.env.language,
    source: webview.cspSource,
    uri: (file) => webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extension), file)).toString(),
  });
}
