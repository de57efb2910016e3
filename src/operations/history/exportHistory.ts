import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DoError, toError } from '../../core/errors.ts';
import { makePrivate } from '../../platform/userState.ts';
import { hasCode } from './durableFile.ts';
import type { HistoryEntry } from './entry.ts';
import { pathSegment } from './pathSegment.ts';

/** The files cannot be written, or something of somebody else is in their place. */
export const EXPORT_FAILED = 'EXPORT_FAILED';

/** How an `index.json` of ours begins: one of another export may be replaced, other files not. */
const FORMAT = 'butterbase-durable-objects-history';

/** Writes sources and what is known about them; the paths of the files, the index last. */
export async function exportHistory(
  entries: readonly HistoryEntry[],
  sourceOf: (hash: string) => Promise<string>,
  folder: string,
): Promise<string[]> {
  try {
    const index = join(folder, 'index.json');
    if (!(await mayReplace(index))) throw inTheWay(index);
    const written: string[] = [];
    const listed: unknown[] = [];
    for (const { name, at, ...rest } of entries) {
      const directory = join(folder, pathSegment(name));
      await makePrivate(directory);
      const file = await writeOnce(directory, pathSegment(at), await sourceOf(rest.hash), written);
      written.push(file);
      listed.push({ file: file.slice(folder.length + 1).replaceAll('\\', '/'), name, at, ...rest });
    }
    await makePrivate(folder);
    await writeFile(index, `${JSON.stringify({ format: FORMAT, entries: listed }, undefined, 2)}\n`);
    return [...written, index];
  } catch (error) {
    if (error instanceof DoError) throw error;
    throw new DoError({
      code: EXPORT_FAILED,
      message: `The history cannot be written to ${folder}: ${toError(error).message}.`,
      nextStep: 'Choose another folder.',
      cause: error,
    });
  }
}

/** Writes `<time>.ts`, or with a number when that is taken by something else. An equal file of an earlier export is reused. */
async function writeOnce(
  directory: string,
  time: string,
  code: string,
  taken: readonly string[],
): Promise<string> {
  for (let number = 1; ; number += 1) {
    const file = join(directory, `${time}${number === 1 ? '' : `-${number}`}.ts`);
    if (taken.includes(file)) continue;
    try {
      await writeFile(file, code, { flag: 'wx' });
      return file;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      if ((await readFile(file, 'utf8')) === code) return file;
    }
  }
}

async function mayReplace(index: string): Promise<boolean> {
  try {
    const value = JSON.parse(await readFile(index, 'utf8')) as { format?: unknown } | null;
    return value?.format === FORMAT;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

function inTheWay(index: string): DoError {
  return new DoError({
    code: EXPORT_FAILED,
    message: `${index} is there already and is not from an export of the history.`,
    nextStep: 'Choose another folder. Nothing was written.',
  });
}
