import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { DoError } from '../../core/errors.ts';
import { makePrivate } from '../../platform/userState.ts';
import { hasCode, isOlderThan, replaceFile, UNFINISHED } from './durableFile.ts';
import { isHash } from './entry.ts';

/** A source of the history is not there any more, or is not what it was. */
export const SOURCE_LOST = 'SOURCE_LOST';

/** A source on its way out: `remove` looks once more whether somebody needs it. */
const LEAVING = '.leaving';

/** Milliseconds for which a file is left alone that nothing refers to: its entry is about to be written. */
const GRACE_MS = 60_000;

/** The SHA-256 of a source as 64 hex digits: its name in the store. */
export function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** Sources by their hash, each once: `<first two digits>/<hash>.ts` in a folder. */
export class SourceStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a source for good; writes nothing when it is there. */
  async put(hash: string, code: string): Promise<void> {
    const file = this.#file(hash);
    const bytes = Buffer.from(code);
    if (await isThere(file, bytes.length)) return;
    await makePrivate(this.#bucket(hash));
    await replaceFile(file, bytes);
  }

  /** @throws DoError `SOURCE_LOST` */
  async get(hash: string): Promise<string> {
    if (!isHash(hash)) throw lost(hash, 'is not in the history');
    const file = this.#file(hash);
    const bytes = (await readIfThere(file)) ?? (await readIfThere(file + LEAVING));
    if (bytes === undefined) throw lost(hash, 'is not in the history any more');
    const code = bytes.toString('utf8');
    if (hashOf(code) !== hash) throw lost(hash, 'was changed on disk and is not what was deployed');
    return code;
  }

  /**
   * Deletes what nothing refers to. A source that gets a reference meanwhile stays: it is only moved aside
   * before `referenced` is asked again, and who adds a reference looks afterwards whether the source is there.
   *
   * @param referenced the hashes that are referred to, read anew with each call
   */
  async removeUnreferenced(referenced: () => Promise<ReadonlySet<string>>): Promise<void> {
    const files = await this.#allFiles();
    const needed = await referenced();
    const leaving: string[] = [];
    for (const file of files) {
      if (file.endsWith(LEAVING)) leaving.push(file);
      else if (!needed.has(hashIn(file)) && (await isOlderThan(file, GRACE_MS))) {
        if (file.endsWith(UNFINISHED)) await rm(file, { force: true });
        else if (await moved(file, file + LEAVING)) leaving.push(file + LEAVING);
      }
    }
    if (leaving.length === 0) return;
    const still = await referenced();
    for (const file of leaving) {
      if (still.has(hashIn(file))) await moved(file, file.slice(0, -LEAVING.length));
      else await rm(file, { force: true });
    }
  }

  async #allFiles(): Promise<string[]> {
    const files: string[] = [];
    for (const bucket of await namesIn(this.#folder)) {
      for (const name of await namesIn(join(this.#folder, bucket))) {
        files.push(join(this.#folder, bucket, name));
      }
    }
    return files;
  }

  #bucket(hash: string): string {
    return join(this.#folder, hash.slice(0, 2));
  }

  #file(hash: string): string {
    return join(this.#bucket(hash), `${hash}.ts`);
  }
}

/** Turns the rejection for a source that is lost into undefined. */
export function whenLost(error: unknown): undefined {
  if (!(error instanceof DoError && error.code === SOURCE_LOST)) throw error;
}

function lost(hash: string, what: string): DoError {
  return new DoError({
    code: SOURCE_LOST,
    message: `The source ${hash.slice(0, 12)} ${what}.`,
    nextStep: 'Choose another entry of the history.',
  });
}

/** Whether the file is there and as long as it must be; it counts as new from now on. */
async function isThere(file: string, size: number): Promise<boolean> {
  try {
    const now = new Date();
    await utimes(file, now, now);
    return (await stat(file)).size === size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

function hashIn(file: string): string {
  return /([0-9a-f]{64})\.ts/.exec(file)?.[1] ?? '';
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
