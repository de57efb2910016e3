import * as vscode from 'vscode';
import { showError } from '../errors.ts';
import type { DoFiles } from './doFiles.ts';
import { hasReadableManifest } from './manifestProblems.ts';
import { moveSources, sourcePathOf } from './manifestStore.ts';

/** Files and folders that are renamed or moved in the editor keep their entry in the manifest. */
export function followRenames(files: DoFiles): vscode.Disposable {
  return vscode.workspace.onDidRenameFiles(async ({ files: renamed }) => {
    try {
      for (const folder of vscode.workspace.workspaceFolders ?? []) {
        const moves = renamed.flatMap(({ oldUri, newUri }) => {
          const from = sourcePathOf(folder, oldUri);
          const to = sourcePathOf(folder, newUri);
          return from === undefined || to === undefined ? [] : [{ from, to }];
        });
        if (moves.length === 0 || !(await hasReadableManifest(folder))) continue;
        await moveSources(folder, (source) => moved(source, moves));
      }
    } catch (error) {
      await showError(error, 'rename');
    } finally {
      await files.refresh();
    }
  });
}

function moved(
  source: string,
  moves: readonly { readonly from: string; readonly to: string }[],
): string | undefined {
  for (const { from, to } of moves) {
    if (source === from) return to;
    if (source.startsWith(`${from}/`)) return `${to}${source.slice(from.length)}`;
  }
  return undefined;
}
