import { randomBytes } from 'node:crypto';

/** The pages that the build makes: `dist/webview/<page>.js` and `.css`. */
export type PageName = 'env' | 'usage';

export interface DocumentParts {
  readonly page: PageName;
  /** A language tag. */
  readonly language: string;
  /** Where style sheets and fonts may come from, as a content security policy names it. */
  readonly source: string;
  /** The address of a file of `dist/webview`. */
  readonly uri: (file: string) => string;
}

/**
 * The document of a panel, with its policy. Everything is refused except our one script by its nonce, and
 * style sheets and the icon font from `source`; the page cannot reach the network and holds no data.
 */
export function panelDocument({ page, language, source, uri }: DocumentParts): string {
  const nonce = randomBytes(18).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const attribute = escapeAttribute;
  // The elements library finds the icon font by the id of its style sheet.
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${attribute(uri('codicon.css'))}">
<link rel="stylesheet" href="${attribute(uri(`${page}.css`))}">
<title>${page}</title>
</head>
<body>
<script nonce="${nonce}" src="${attribute(uri(`${page}.js`))}"></script>
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
