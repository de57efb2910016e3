import * as vscode from 'vscode';
import { findExportedClass, findIdentifier } from '../codelens/classPosition.ts';
import { askText } from '../dialogs.ts';
import { identifierProblem } from '../files/names.ts';

/** Milliseconds that the editor's own rename may take. */
const RENAME_WAIT_MS = 5_000;

/** The one of the files that was changed last: an unsaved editor counts as changed just now. */
export async function changedLast(uris: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const times = await Promise.all(uris.map(async (uri) => ({ uri, at: await changedAt(uri) })));
  return times.sort((a, b) => b.at - a.at)[0]?.uri;
}

/**
 * Gives a top-level name of a file another one that the person chooses, everywhere in the file, and saves it.
 * @returns whether it has another name now
 */
export async function renameInFile(uri: vscode.Uri, name: string): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const newName = await askText({
    title: vscode.l10n.t('Rename {0} in {1}', name, vscode.workspace.asRelativePath(uri)),
    prompt: vscode.l10n.t('All classes of an app share their top-level names.'),
    value: freeName(text, name),
    validate: (candidate) => {
      if (findIdentifier(text, candidate).length > 0) {
        return vscode.l10n.t('{0} is a name of this file already.', candidate);
      }
      return identifierProblem(candidate);
    },
  });
  if (newName === undefined) return false;
  await vscode.window.showTextDocument(document, { preview: false });
  const { version } = document;
  const now = document.getText();
  const [first] = findIdentifier(now, name);
  if (first === undefined) return false;
  const place = document.positionAt(declarationOf(now, name) ?? first);
  const found = await editorsRename(document, place, newName);
  // The text may have changed meanwhile, under the ranges of what was found.
  const isCurrent = document.version === version;
  const edit = found !== undefined && isCurrent ? found : textRename(document, name, newName);
  return (await vscode.workspace.applyEdit(edit)) && (await document.save());
}

async function changedAt(uri: vscode.Uri): Promise<number> {
  const key = uri.toString();
  const document = vscode.workspace.textDocuments.find((candidate) => candidate.uri.toString() === key);
  if (document?.isDirty === true) return Infinity;
  return vscode.workspace.fs.stat(uri).then(
    ({ mtime }) => mtime,
    () => 0,
  );
}

function declarationOf(text: string, name: string): number | undefined {
  const found = findExportedClass(text);
  if (found?.className === name) return found.nameStart;
  return findIdentifier(text, name).find((offset) =>
    /\b(?:const|let|var|function|class|enum|namespace)\s+\*?\s*$/.test(
      text.slice(Math.max(0, offset - 40), offset),
    ),
  );
}

/** What TypeScript's own rename would do, when it stays in the file; it knows what is only a name of a member. */
async function editorsRename(
  document: vscode.TextDocument,
  position: vscode.Position,
  newName: string,
): Promise<vscode.WorkspaceEdit | undefined> {
  const asked = vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
    'vscode.executeDocumentRenameProvider',
    document.uri,
    position,
    newName,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), RENAME_WAIT_MS);
  });
  const edit = await Promise.race([Promise.resolve(asked).catch(() => undefined), late]);
  clearTimeout(timer);
  const files = edit?.entries().map(([uri]) => uri.toString()) ?? [];
  return files.length === 1 && files[0] === document.uri.toString() ? edit : undefined;
}

function textRename(document: vscode.TextDocument, name: string, newName: string): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const offset of findIdentifier(document.getText(), name)) {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + name.length));
    edit.replace(document.uri, range, newName);
  }
  return edit;
}

/** `helper` -> `helper2`, the first that the file does not have. */
function freeName(text: string, name: string): string {
  for (let number = 2; ; number += 1) {
    const candidate = `${name}${number}`;
    if (findIdentifier(text, candidate).length === 0) return candidate;
  }
}
