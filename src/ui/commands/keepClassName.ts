import * as vscode from 'vscode';
import { findExportedClass, findIdentifier } from '../codelens/classPosition.ts';

/** A source with another name of its exported class, everywhere in it; undefined when it exports none. */
export function withClassName(code: string, className: string): string | undefined {
  const found = findExportedClass(code);
  if (found === undefined) return undefined;
  // From the end: what is before stays where it is.
  return findIdentifier(code, found.className).reduceRight(
    (text, offset) => text.slice(0, offset) + className + text.slice(offset + found.className.length),
    code,
  );
}

/**
 * Gives the exported class of a file its old name back, everywhere in the file, and saves it.
 *
 * @returns whether the file has that class name now
 */
export async function keepClassName(uri: vscode.Uri, className: string): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  // Nothing may be awaited between here and the edit: the text could change under the ranges.
  const text = document.getText();
  const found = findExportedClass(text);
  if (found === undefined) return false;
  // The editor has not heard of the change on disk yet; what is deployed is read from there.
  if (found.className === className) return true;
  const edit = new vscode.WorkspaceEdit();
  for (const offset of findIdentifier(text, found.className)) {
    const range = new vscode.Range(
      document.positionAt(offset),
      document.positionAt(offset + found.className.length),
    );
    edit.replace(uri, range, className);
  }
  return (await vscode.workspace.applyEdit(edit)) && (await document.save());
}
