import * as vscode from 'vscode';
import type { SourceBackup } from '../../operations/appOperations.ts';

/**
 * Keeps a deployed source at `<globalStorage>/sources/<app>/<name>/<time>.ts`, so that a person can return to
 * it. Rejects when it cannot be written: then the change must not happen.
 */
export async function saveSource(globalStorage: vscode.Uri, backup: SourceBackup): Promise<void> {
  const folder = vscode.Uri.joinPath(globalStorage, 'sources', segment(backup.appId), segment(backup.name));
  const file = vscode.Uri.joinPath(folder, `${segment(backup.at)}.ts`);
  await vscode.workspace.fs.createDirectory(folder);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(backup.code));
}

/** The newest kept source of a class, if there is one. */
export async function lastSavedSource(
  globalStorage: vscode.Uri,
  appId: string,
  name: string,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.joinPath(globalStorage, 'sources', segment(appId), segment(name));
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const newest = entries
      .map(([file]) => file)
      .sort()
      .at(-1);
    return newest === undefined ? undefined : vscode.Uri.joinPath(folder, newest);
  } catch {
    return undefined;
  }
}

/** One path segment on every file system: `2026-01-02T03:04:05.678Z` -> `2026-01-02T03-04-05.678Z`. */
function segment(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^\.+/, '-') || '-';
}
