import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

const ID = 'butterbase-community.butterbase-durable-objects';
const SOURCE = 'Durable Objects';

/**
 * Writes how long (ms) it takes from the moment the editor shows a Durable Object file until its first finding
 * shows, in a window that has checked nothing before: the worker has yet to start and to load the parser.
 */
export async function run(): Promise<void> {
  const { BENCH_OUTPUT: folder } = process.env;
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined || workspace === undefined) throw new Error('no output or no workspace');
  await vscode.extensions.getExtension(ID)?.activate();
  const uri = vscode.Uri.joinPath(workspace.uri, 'durable-objects', 'broken.ts');
  const found = new Promise<void>((resolve) => {
    vscode.languages.onDidChangeDiagnostics(() => {
      const ours = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === SOURCE);
      if (ours.length > 0) resolve();
    });
  });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  const shown = performance.now();
  await found;
  writeFileSync(path.join(folder, `${Date.now()}.json`), JSON.stringify({ ms: performance.now() - shown }));
}
