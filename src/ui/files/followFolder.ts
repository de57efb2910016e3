import * as vscode from 'vscode';
import type { CurrentFolder } from './currentFolder.ts';
import type { DoFile, DoFiles } from './doFiles.ts';

/** Lets the current folder be that of the Durable Object file that the person looks at. */
export function followFolder(current: CurrentFolder, files: DoFiles): vscode.Disposable {
  // Once for each time that a file comes to the front: then the person may pick another folder.
  let followed: vscode.TextEditor | undefined;
  const follow = (): void => {
    const active = vscode.window.activeTextEditor;
    const file = active === undefined ? undefined : files.find(active.document.uri);
    if (file === undefined) {
      const folder = current.isChosen ? undefined : onlyOneWithFiles(files.known);
      if (folder !== undefined) current.use(folder);
    } else if (active !== followed) {
      followed = active;
      current.use(file.folder);
    }
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(() => {
      followed = undefined;
      follow();
    }),
    files.onDidChange(follow),
  );
}

/** A workspace often has one folder with Durable Objects among others. */
function onlyOneWithFiles(files: readonly DoFile[]): vscode.WorkspaceFolder | undefined {
  const [first] = files;
  return files.every((file) => file.folder === first?.folder) ? first?.folder : undefined;
}
