import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivate } from '../../platform/userState.ts';
import { hasCode, isOlderThan, replaceFile, syncFolder, UNFINISHED } from './durableFile.ts';
import { entryOf, lineOf, type HistoryEntry } from './entry.ts';

/** Where new entries go. */
const ACTIVE = 'index.jsonl';

/** Files that nobody appends to any more: `index-<time>-<random>.jsonl`. */
const SEALED = /^index-\d+-[0-9a-f]+\.jsonl$/;

/** Milliseconds after which nobody finishes a file any more. */
const UNFINISHED_FOR_MS = 60_000;

/** How often a reader begins again because files were put together meanwhile. */
const READ_ATTEMPTS = 20;

/**
 * The entries of one app, one JSON object a line, in the files of a folder. Any number of processes append at
 * once without waiting for each other:
 *
 * - An entry is one write at the end of the file and is on disk when `append` resolves. A line that a crash cut
 *   off is skipped, and the next entry begins on a line of its own.
 * - `compact` first renames the file, so that what it reads is complete: who wrote to it afterwards finds under
 *   the name another file and writes the entry again. Entries that are there twice count once, by their id.
 */
export class EntryLog {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds an entry for good. The bytes that the file has then. */
  async append(entry: HistoryEntry): Promise<number> {
    await makePrivate(this.#folder);
    const file = join(this.#folder, ACTIVE);
    for (;;) {
      const handle = await open(file, 'a+', 0o600);
      try {
        const { size, ino, dev } = await handle.stat({ bigint: true });
        const text = `${(await endsInLine(handle, Number(size))) ? '' : '\n'}${lineOf(entry)}\n`;
        const bytes = Buffer.from(text);
        const { bytesWritten } = await handle.write(bytes);
        if (bytesWritten < bytes.length) throw new Error('only a part of the entry could be written');
        await handle.sync();
        const now = await stat(file, { bigint: true }).catch(ignoreMissing);
        if (now?.ino === ino && now.dev === dev) {
          if (size === 0n) await syncFolder(this.#folder);
          return Number(size) + bytes.length;
        }
      } finally {
        await handle.close();
      }
    }
  }

  /** All entries, in the order in which they were recorded. What is no entry is skipped. */
  async read(): Promise<HistoryEntry[]> {
    for (let attempt = 1; ; attempt += 1) {
      const files = await this.#files();
      const lines = await readLines(this.#folder, files);
      const isSame = (await this.#files()).join() === files.join();
      if (lines !== undefined && (isSame || attempt >= READ_ATTEMPTS)) return lines.entries;
      if (attempt >= READ_ATTEMPTS) throw new Error('its files change all the time');
    }
  }

  /** Puts the files together and leaves out what `keep` does not return. */
  async compact(keep: (entries: readonly HistoryEntry[]) => readonly HistoryEntry[]): Promise<void> {
    await rename(join(this.#folder, ACTIVE), join(this.#folder, sealedName())).catch(ignoreMissing);
    const sealed = (await this.#files()).filter((file) => SEALED.test(file));
    const lines = await readLines(this.#folder, sealed);
    // Somebody else does the same: theirs is as good.
    if (lines === undefined) return;
    const kept = [...lines.others, ...keep(lines.entries).map(lineOf)];
    const text = kept.map((line) => `${line}\n`).join('');
    if (text !== '') await replaceFile(join(this.#folder, sealedName()), Buffer.from(text));
    for (const file of sealed) await rm(join(this.#folder, file), { force: true });
    await this.#removeLeftovers();
  }

  /** What processes that died while they compacted did not finish. */
  async #removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      if (name.endsWith(UNFINISHED) && (await isOlderThan(file, UNFINISHED_FOR_MS))) {
        await rm(file, { force: true });
      }
    }
  }

  /** The files with entries, oldest first. */
  async #files(): Promise<string[]> {
    const all = (await readdir(this.#folder).catch(ignoreMissing)) ?? [];
    const sealed = all.filter((file) => SEALED.test(file)).sort();
    return all.includes(ACTIVE) ? [...sealed, ACTIVE] : sealed;
  }
}

interface Lines {
  readonly entries: HistoryEntry[];
  /** JSON of another version: not understood, and not ours to throw away. */
  readonly others: string[];
}

/** What the files say; undefined when one of them is not there any more. */
async function readLines(folder: string, files: readonly string[]): Promise<Lines | undefined> {
  const entries = new Map<string, HistoryEntry>();
  const others = new Set<string>();
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8').catch(ignoreMissing);
    if (text === undefined) return undefined;
    for (const line of text.split('\n')) {
      const value = parsed(line);
      const entry = entryOf(value);
      if (entry !== undefined) {
        if (!entries.has(entry.id)) entries.set(entry.id, entry);
      } else if (typeof value === 'object' && value !== null) others.add(line);
    }
  }
  return { entries: [...entries.values()], others: [...others] };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Cut off by a crash, or damaged: the other lines are whole.
    return undefined;
  }
}

async function endsInLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

/** Later names sort after earlier ones. */
function sealedName(): string {
  return `index-${Date.now().toString().padStart(15, '0')}-${randomBytes(6).toString('hex')}.jsonl`;
}

function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}
