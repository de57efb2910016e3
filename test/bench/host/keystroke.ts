import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Characters that are typed into each file, after a first run that does not count. */
const KEYS = 200;
/** Time in ms between two of them: a fast typist. */
const PAUSE = 30;

/**
 * Writes what a typed character costs the main thread of the extension host (CPU ms), in a Durable Object file
 * and in the same text under another name, in which only the editor's own bookkeeping is paid.
 */
export async function run(): Promise<void> {
  const { BENCH_OUTPUT: folder } = process.env;
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined || workspace === undefined) throw new Error('no output or no workspace');
  await vscode.extensions.getExtension('butterbase-community.butterbase-durable-objects')?.activate();
  const at = (file: string): vscode.Uri => vscode.Uri.joinPath(workspace.uri, file);
  const files = { durableObject: at('durable-objects/chat-room.ts'), other: at('other/chat-room.ts') };
  const costs: Record<string, number[]> = { durableObject: [], other: [] };
  for (let round = 0; round < 4; round += 1) {
    for (const [kind, uri] of Object.entries(files)) {
      const cost = await typeInto(uri);
      if (round > 0) costs[kind]?.push(cost);
    }
  }
  writeFileSync(path.join(folder, 'keystroke.json'), JSON.stringify(costs));
}

async function typeInto(uri: vscode.Uri): Promise<number> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  const line = editor.document.lineCount - 3;
  const end = editor.document.lineAt(line).range.end;
  editor.selection = new vscode.Selection(end, end);
  await vscode.commands.executeCommand('type', { text: ' //' });
  await delay(1500);
  const before = threadCpuMs();
  for (let key = 0; key < KEYS; key += 1) {
    await vscode.commands.executeCommand('type', { text: 'abcdefgh '[key % 9] });
    await delay(PAUSE);
  }
  const cost = (threadCpuMs() - before) / KEYS;
  await vscode.commands.executeCommand('workbench.action.files.revert');
  return cost;
}

/** CPU time of this thread only: the lint worker is a thread of the same process. */
function threadCpuMs(): number {
  // Node has this from version 23.9 on, its type declarations of version 22 do not.
  const thread = process as unknown as { threadCpuUsage(): { user: number; system: number } };
  const { user, system } = thread.threadCpuUsage();
  return (user + system) / 1000;
}
