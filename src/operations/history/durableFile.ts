import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How the names of files end that are not complete yet. */
export const UNFINISHED = '.tmp';

/**
 * Writes a file so that under its name there is the whole of it or what was there before, also after a crash,
 * and that it is on disk when this resolves. Only this person can read it.
 */
export async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}-${randomBytes(6).toString('hex')}${UNFINISHED}`;
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Makes sure that a name that was just given in a folder is still there after a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such thing for folders.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a file was last written longer ago than that many milliseconds; not when it is gone. */
export async function isOlderThan(file: string, ms: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > ms;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
