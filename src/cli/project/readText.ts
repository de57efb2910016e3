import { readFile } from 'node:fs/promises';
import { toError } from '../../core/errors.ts';

/** What a file holds, or why it cannot be used as a source, as the end of a sentence. */
export type ReadText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Reads a UTF-8 text file; never rejects. */
export async function readText(file: string): Promise<ReadText> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { ok: false, problem: 'this is UTF-16 text; save it as UTF-8.' };
  }
  if (bytes.includes(0)) return { ok: false, problem: 'this is a binary file, not TypeScript.' };
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, problem: 'this is not UTF-8 text.' };
  }
}

/** Why a file or folder cannot be read. */
export function problemOf(error: unknown): string {
  const { code } = toError(error) as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it.';
  if (code === 'EISDIR') return 'this is a folder.';
  return toError(error).message;
}
