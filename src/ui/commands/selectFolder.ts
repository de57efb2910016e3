import * as vscode from 'vscode';
import { askChoice } from '../dialogs.ts';
import type { Parts } from '../parts.ts';

/** Picks the folder of the workspace whose app the views show. */
export function selectFolderCommand(parts: Parts): () => Promise<void> {
  return async () => {
    const files = await parts.files.all();
    const choices = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
      const count = files.filter((file) => file.folder.uri.toString() === folder.uri.toString()).length;
      return {
        label: parts.folder.is(folder) ? `$(check) ${folder.name}` : folder.name,
        description:
          count === 1
            ? vscode.l10n.t('1 Durable Object file')
            : vscode.l10n.t('{0} Durable Object files', count),
        detail: folder.uri.fsPath,
        choice: folder,
      };
    });
    const folder = await askChoice(
      {
        title: vscode.l10n.t('Select Folder'),
        placeholder: vscode.l10n.t('Folder whose app the views show; each folder has an app of its own'),
      },
      choices,
    );
    if (folder === undefined) return;
    parts.folder.use(folder);
    await parts.session.look();
  };
}
