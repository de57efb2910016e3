import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

/** The workspace that `npm start` opens: two classes, one of them a chat room. */
export const SAMPLE = path.join(root, 'test', 'rig', 'sample');

/** A folder of its own that the editor opens and a test may change at will. */
export class Workspace {
  readonly folder: string;
  #opened: string | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty folder, or one with these files: path with `/` -> content. */
  static async create(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(path.join(os.tmpdir(), 'bbdo-ws-')));
    for (const [file, content] of Object.entries(files)) await workspace.write(file, content);
    return workspace;
  }

  static async sample(): Promise<Workspace> {
    const workspace = await Workspace.create();
    cpSync(SAMPLE, workspace.folder, { recursive: true });
    return workspace;
  }

  /** What the editor opens: the folder, or a workspace file in it. */
  get opened(): string {
    return this.#opened ?? this.folder;
  }

  /** Lets the editor open a workspace file of the folder instead of the folder. */
  opening(file: string): this {
    this.#opened = this.path(file);
    return this;
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    await mkdir(path.dirname(this.path(file)), { recursive: true });
    await writeFile(this.path(file), content);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
