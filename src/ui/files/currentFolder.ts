import * as vscode from 'vscode';

const STORAGE_KEY = 'currentFolder';

/**
 * The workspace folder that the window works on. Each folder has an app of its own, so in a workspace with
 * several of them one at a time is connected: that of the Durable Object file in the active editor, of the last
 * command, or the one that the person picked.
 */
export class CurrentFolder implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  #chosen: string | undefined;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    this.#chosen = memento.get<string>(STORAGE_KEY);
  }

  /** Undefined without a folder. */
  get value(): vscode.WorkspaceFolder | undefined {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.find((folder) => keyOf(folder) === this.#chosen) ?? folders[0];
  }

  /** Whether somebody, or a file that was looked at, has said which folder it is. */
  get isChosen(): boolean {
    return this.#chosen !== undefined;
  }

  /** Tells the folders of this window apart; empty in a window with one folder. */
  get key(): string {
    const { value } = this;
    return value === undefined || !hasSeveralFolders() ? '' : keyOf(value);
  }

  /** Whether it is this folder; always so in a window with one. */
  is(folder: vscode.WorkspaceFolder): boolean {
    return this.value !== undefined && keyOf(this.value) === keyOf(folder);
  }

  use(folder: vscode.WorkspaceFolder): void {
    if (this.is(folder)) return;
    this.#chosen = keyOf(folder);
    void this.#memento.update(STORAGE_KEY, this.#chosen);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export function hasSeveralFolders(): boolean {
  return (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
}

function keyOf(folder: vscode.WorkspaceFolder): string {
  return folder.uri.toString();
}
