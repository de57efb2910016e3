import { mkdtempSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from '../../scripts/build.mjs';
import { root } from '../../scripts/lib/paths.mjs';

/**
 * Makes a folder of the extension as people get it, minified, and resolves to its path. In a folder of its own:
 * somebody may be using the build of the repository. The caller removes it.
 */
export async function packagedExtension(): Promise<string> {
  const extension = mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-extension-'));
  for (const name of ['package.json', 'package.nls.json', 'l10n', 'media', 'syntaxes', 'node_modules']) {
    symlinkSync(path.join(root, name), path.join(extension, name));
  }
  await build({ production: true, dist: path.join(extension, 'dist') });
  return extension;
}
