import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { MANIFEST_PATH, type Manifest, type ManifestClass } from '../../core/model/manifest.ts';
import {
  manifestError,
  parseManifest,
  withClass,
  withMovedSources,
  withoutClass,
} from '../../core/model/manifestFile.ts';
import { decodeUtf8 } from './decode.ts';

/** Where the manifest of a workspace folder is. */
export function manifestUri(folder: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.joinPath(folder.uri, ...MANIFEST_PATH.split('/'));
}

/** The path that names `uri` in the folder's manifest, or undefined when it lies outside of the folder. */
export function sourcePathOf(folder: vscode.WorkspaceFolder, uri: vscode.Uri): string | undefined {
  const root = folder.uri.path.endsWith('/') ? folder.uri.path : `${folder.uri.path}/`;
  const isInside =
    uri.scheme === folder.uri.scheme && uri.authority === folder.uri.authority && uri.path.startsWith(root);
  return isInside ? uri.path.slice(root.length) : undefined;
}

/** The folder's manifest; one without classes when there is none. Throws DoError `BAD_CONFIG` for a broken one. */
export async function readManifest(folder: vscode.WorkspaceFolder): Promise<Manifest> {
  const text = await readText(folder);
  if (text === undefined) return { classes: {} };
  const parsed = parseManifest(text);
  if (!parsed.ok) throw manifestError(parsed.problem);
  return parsed.manifest;
}

/** Writes one class into the folder's manifest, which is made when missing. */
export async function saveClass(
  folder: vscode.WorkspaceFolder,
  name: string,
  entry: ManifestClass,
): Promise<void> {
  await edit(folder, (text) => withClass(text, name, entry));
}

/** Takes one class out of the folder's manifest. */
export async function removeClass(folder: vscode.WorkspaceFolder, name: string): Promise<void> {
  await edit(folder, (text) => (text === undefined ? undefined : withoutClass(text, name)));
}

/** Follows renamed and moved files. `newPath` as in `withMovedSources`. */
export async function moveSources(
  folder: vscode.WorkspaceFolder,
  newPath: (source: string) => string | undefined,
): Promise<void> {
  await edit(folder, (text) => (text === undefined ? undefined : withMovedSources(text, newPath)));
}

async function edit(
  folder: vscode.WorkspaceFolder,
  change: (text: string | undefined) => string | undefined,
): Promise<void> {
  const text = await readText(folder);
  const edited = change(text);
  if (edited === undefined || edited === text) return;
  const uri = manifestUri(folder);
  const open = unsavedDocument(uri);
  if (open === undefined) {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(edited));
    return;
  }
  const whole = open.validateRange(new vscode.Range(0, 0, open.lineCount, 0));
  const workspaceEdit = new vscode.WorkspaceEdit();
  workspaceEdit.replace(uri, whole, edited);
  if (!(await vscode.workspace.applyEdit(workspaceEdit)) || !(await open.save())) {
    throw new Error(`${MANIFEST_PATH} could not be saved.`);
  }
}

/** The manifest as the person sees it: an unsaved editor wins over the file. */
async function readText(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const uri = manifestUri(folder);
  const open = unsavedDocument(uri);
  if (open !== undefined) return open.getText();
  let bytes: Uint8Array;
  try {
    bytes = await read(uri);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw manifestError(error instanceof Error ? error.message : String(error), error);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) throw manifestError('it is not UTF-8 text');
  return text;
}

/** The editor's file system asks the window first, which answers nobody while it is just opening. */
async function read(uri: vscode.Uri): Promise<Uint8Array> {
  return uri.scheme === 'file' ? readFile(uri.fsPath) : vscode.workspace.fs.readFile(uri);
}

/** A saved one may be older than the file: the editor keeps what it has read of one whose tab is closed. */
function unsavedDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === key && !document.isClosed && document.isDirty,
  );
}

/** Whether there is a file or folder at `uri`; one that cannot be asked about counts as there. */
export async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    return !isNotFound(error);
  }
}

/** Whether an error of the file system says that there is no such file. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return NOT_FOUND.has(error.code);
}

/** As the editor says it, and as Node does. */
const NOT_FOUND: ReadonlySet<unknown> = new Set(['FileNotFound', 'FileNotADirectory', 'ENOENT', 'ENOTDIR']);
