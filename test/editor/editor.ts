import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** The extension under test. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('butterbase-community.butterbase-durable-objects');
  if (found === undefined) throw new Error('The extension is not there.');
  return found;
}

/** The folder that the window shows. */
export function folder(): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0];
  if (first === undefined) throw new Error('The window has no folder.');
  return first.uri;
}

export function at(file: string): vscode.Uri {
  return vscode.Uri.joinPath(folder(), file);
}

export async function write(file: string, content: string | Uint8Array): Promise<vscode.Uri> {
  const uri = at(file);
  await vscode.workspace.fs.writeFile(uri, typeof content === 'string' ? Buffer.from(content) : content);
  return uri;
}

export async function read(file: string): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(at(file))).toString('utf8');
}

/** Removes everything from the window's folder and closes all editors. */
export async function clear(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const [name] of await vscode.workspace.fs.readDirectory(folder())) {
    await vscode.workspace.fs.delete(at(name), { recursive: true });
  }
}

export async function deploy(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('butterbaseDO.deploy', uri);
}

/** Accepts what each input at the top of the window proposes, until the work is done. */
export async function acceptingInputs(work: Promise<void>): Promise<void> {
  const timer = setInterval(() => {
    void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }, 250);
  await work.finally(() => clearInterval(timer));
}

/** Far more than anything takes on a busy machine. */
const PATIENCE_MS = 30_000;

/** Resolves to the first defined answer of `probe`, asked again and again. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | PromiseLike<T | undefined>,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
    await delay(20);
  }
}
