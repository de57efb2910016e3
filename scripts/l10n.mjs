// Writes l10n/bundle.l10n.json: every text of the extension, for translators. Usage: npm run l10n
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';
import { root } from './lib/paths.mjs';

export const BUNDLE = path.join(root, 'l10n', 'bundle.l10n.json');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await bundleText();
  await writeFile(BUNDLE, text);
  console.log(`${Object.keys(JSON.parse(text)).length} texts in ${path.relative(root, BUNDLE)}`);
}

/** What the bundle has to be for the sources as they are. */
export async function bundleText() {
  const folder = path.join(root, 'src');
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts')).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  // Each file that it is given costs the tool as much as all of them in one.
  const contents = texts.filter((text) => /\bl10n\b/.test(text)).join('\n');
  const found = Object.entries(await getL10nJson([{ extension: '.ts', contents }]));
  const sorted = found.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
}
