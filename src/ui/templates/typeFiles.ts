import * as vscode from 'vscode';
import type { DoFile } from '../files/doFiles.ts';
import { isNotFound, isThere } from '../files/manifestStore.ts';

/** A file that makes the classes of a folder type-check without npm, and how it stands in that folder. */
export interface TypeFile {
  readonly name: string;
  readonly target: vscode.Uri;
  readonly bytes: Uint8Array;
  readonly state: 'missing' | 'same' | 'different';
}

/** Name in the folder -> path in the extension. */
const FILES: Readonly<Record<string, string>> = {
  'tsconfig.json': 'media/types/tsconfig.json',
  'butterbase.d.ts': 'media/types/butterbase.d.ts',
  'workers.d.ts': 'dist/types/workers.d.ts',
};

/** The declarations for a folder with classes. Rejects when the folder cannot be read. */
export async function typeFiles(extension: vscode.Uri, folder: vscode.Uri): Promise<TypeFile[]> {
  return Promise.all(
    Object.entries(FILES).map(async ([name, path]) => {
      const target = vscode.Uri.joinPath(folder, name);
      const [bytes, present] = await Promise.all([
        vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, ...path.split('/'))),
        readIfThere(target),
      ]);
      const state = present === undefined ? 'missing' : isSame(bytes, present) ? 'same' : 'different';
      return { name, target, bytes, state };
    }),
  );
}

/**
 * Writes those that are missing; a file that is there stays as it is. A folder with a tsconfig.json of
 * somebody else is set up already: there only `butterbase` is declared.
 */
export async function writeMissingTypes(extension: vscode.Uri, folder: vscode.Uri): Promise<void> {
  const files = await typeFiles(extension, folder);
  const hasOwnSetup = files.some(({ name, state }) => name === 'tsconfig.json' && state === 'different');
  const wanted = files.filter(({ name, state }) => {
    return state === 'missing' && (!hasOwnSetup || name === 'butterbase.d.ts');
  });
  await writeTypes(wanted);
}

/**
 * The same for the folder of a file that is deployed for the first time, unless TypeScript is set up there or
 * in a folder above it already.
 */
export async function writeTypesForNewcomer(extension: vscode.Uri, file: DoFile): Promise<void> {
  const classes = vscode.Uri.joinPath(file.uri, '..');
  const root = file.folder.uri.path.replace(/\/$/, '');
  let folder = classes;
  while (folder.path.startsWith(root) && folder.path !== '/') {
    if (await isThere(vscode.Uri.joinPath(folder, 'tsconfig.json'))) return;
    folder = vscode.Uri.joinPath(folder, '..');
  }
  await writeMissingTypes(extension, classes);
}

export async function writeTypes(files: readonly TypeFile[]): Promise<void> {
  if (files.length === 0) return;
  await Promise.all(files.map(({ target, bytes }) => vscode.workspace.fs.writeFile(target, bytes)));
  await restartTypeScript(files);
}

/** TypeScript does not notice by itself that a file that is open belongs to another project from now on. */
async function restartTypeScript(files: readonly TypeFile[]): Promise<void> {
  const folders = new Set(files.map(({ target }) => vscode.Uri.joinPath(target, '..').toString()));
  const isOpen = vscode.workspace.textDocuments.some(
    ({ uri, languageId }) =>
      languageId === 'typescript' && folders.has(vscode.Uri.joinPath(uri, '..').toString()),
  );
  const command = 'typescript.restartTsServer';
  if (isOpen && (await vscode.commands.getCommands(true)).includes(command)) {
    await vscode.commands.executeCommand(command);
  }
}

async function readIfThere(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Line ends do not count: a checkout on Windows may have turned them. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');
  return text(a) === text(b);
}
