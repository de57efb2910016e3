import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The pages that the build makes: `dist/webview/<page>.js` and `.css`. */
export type PageName = 'env' | 'usage';

/** The only folder that a panel's webview can read. */
export function webviewRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/**
 * The document of a panel. Everything is refused except our one script by its nonce and style sheets and
 * the icon font from {@link webviewRoot}; the page cannot reach the network and holds no data.
 */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri, page: PageName): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extension), file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // The elements library finds the icon font by the id of its style sheet.
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${escapeAttribute(uri('codicon.css'))}">
<link rel="stylesheet" href="${escapeAttribute(uri(`${page}.css`))}">
<title>${page}</title>
</head>
<body>
<script nonce="${nonce}" src="${escapeAttribute(uri(`${page}.js`))}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
