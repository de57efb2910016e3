import { createHash, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DoError } from '../../core/errors.ts';
import { hasCode } from './durableFile.ts';
import { isSameState, type HistoryEntry, type HistoryFacts } from './entry.ts';
import { EntryLog } from './entryLog.ts';
import { exportHistory } from './exportHistory.ts';
import { pathSegment } from './pathSegment.ts';
import { beyondBytes, DEFAULT_LIMITS, keptOfApp, newestFirst, type HistoryLimits } from './retention.ts';
import { hashOf, SourceStore, whenLost } from './sourceStore.ts';

export type { HistoryEntry, HistoryEvent, HistoryOrigin } from './entry.ts';

/** The files of the history cannot be read or written. */
export const HISTORY_FAILED = 'HISTORY_FAILED';

/** What is recorded: what is known about a source, and the source. */
export interface HistoryRecord extends HistoryFacts {
  readonly code: string;
}

export interface HistoryFilter {
  readonly appId: string;
  /** DO name; all classes of the app without it. */
  readonly name?: string | undefined;
  /** `local` or the platform's origin; an app id alone tells apps apart well enough for most. */
  readonly platform?: string | undefined;
}

/** After how many bytes of new sources the size of the whole is looked at again: this part of its limit. */
const LOOK_AGAIN_PART = 16;

/**
 * Every source that was ever seen deployed, in plain files of a folder:
 *
 * - `apps/<app id>/index*.jsonl`: one line an entry, see `EntryLog`.
 * - `sources/<two digits>/<sha256>.ts`: each source once, see `SourceStore`.
 *
 * Several processes use one folder at once. What does not fit `limits` goes, oldest first, see `retention.ts`.
 * Everything rejects with DoError `HISTORY_FAILED` when the files cannot be read or written.
 */
export class History {
  readonly #folder: string;
  readonly #limits: HistoryLimits;
  readonly #sources: SourceStore;
  /** By app id: records of one process wait for each other, so that each sees the one before. */
  readonly #tails = new Map<string, Promise<unknown>>();
  /** Bytes of sources that may still be added before the size is looked at. */
  #room = 0;

  constructor(folder: string, limits: Partial<HistoryLimits> = {}) {
    this.#folder = folder;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#sources = new SourceStore(join(folder, 'sources'));
  }

  /**
   * Keeps a source with what is known about it. It is on disk when this resolves. A source that was only seen
   * or is about to be replaced makes no second entry when the last one of its class says the same.
   */
  async record(record: HistoryRecord): Promise<HistoryEntry> {
    const before = this.#tails.get(record.appId) ?? Promise.resolve();
    const result = before.then(() => this.#doing('written', () => this.#record(record)));
    const tail = result.catch(() => undefined);
    this.#tails.set(record.appId, tail);
    void tail.then(() => {
      if (this.#tails.get(record.appId) === tail) this.#tails.delete(record.appId);
    });
    return result;
  }

  /** Newest first. */
  async list(filter: HistoryFilter): Promise<HistoryEntry[]> {
    return this.#doing('read', () => this.#list(filter));
  }

  /**
   * The source with that SHA-256.
   * @throws DoError `SOURCE_LOST` when it is not there, or was changed on disk.
   */
  async source(hash: string): Promise<string> {
    return this.#doing('read', () => this.#sources.get(hash));
  }

  /**
   * The newest source of a class that was READY.
   * @param not a source that is not wanted: the one that failed
   */
  async lastGood(
    appId: string,
    name: string,
    not: { readonly code?: string } = {},
    platform?: string,
  ): Promise<(HistoryEntry & { readonly code: string }) | undefined> {
    const unwanted = not.code === undefined ? undefined : hashOf(not.code);
    for (const entry of await this.list({ appId, name, platform })) {
      if (entry.status !== 'READY' || entry.hash === unwanted) continue;
      const code = await this.source(entry.hash).catch(whenLost);
      if (code !== undefined) return { ...entry, code };
    }
    return undefined;
  }

  /**
   * Writes the sources as `<name>/<time>.ts` into a folder, with an `index.json` of what is known about each.
   * @returns the paths of the files
   * @throws DoError `EXPORT_FAILED` when something of somebody else would be overwritten.
   */
  async exportTo(filter: HistoryFilter, folder: string): Promise<string[]> {
    return exportHistory(await this.list(filter), (hash) => this.source(hash), folder);
  }

  async #record({ code, ...facts }: HistoryRecord): Promise<HistoryEntry> {
    const hash = hashOf(code);
    const bytes = Buffer.byteLength(code);
    const entry: HistoryEntry = { ...facts, id: randomUUID(), hash, bytes };
    if (facts.event === 'seen' || facts.event === 'replaced') {
      const [last] = await this.#list(facts);
      const isNamed = facts.by !== undefined && last?.by === undefined && last?.from === 'elsewhere';
      if (last !== undefined && isSameState(last, entry) && !isNamed) {
        await this.#sources.put(hash, code);
        return last;
      }
    }
    const log = this.#log(facts.appId);
    await this.#sources.put(hash, code);
    const size = await log.append(entry);
    // Another process may have cleared it away before it could see the entry.
    await this.#sources.put(hash, code);
    await this.#bound(log, size, bytes).catch(() => {
      // What was to be recorded is on disk. That the past is not cleared away shows with the next record.
      this.#room = 0;
    });
    return entry;
  }

  async #list({ appId, name, platform }: HistoryFilter): Promise<HistoryEntry[]> {
    const ofApp = (await this.#log(appId).read()).filter(
      (entry) => entry.appId === appId && (platform === undefined || entry.platform === platform),
    );
    const kept = keptOfApp(newestFirst(ofApp), this.#limits);
    return name === undefined ? kept : kept.filter((entry) => entry.name === name);
  }

  /** Takes out of the files what the limits do not allow. */
  async #bound(log: EntryLog, indexBytes: number, added: number): Promise<void> {
    let isLess = false;
    if (indexBytes > this.#limits.indexBytes) {
      await log.compact((entries) => inOrder(entries, keptOfApp(newestFirst(entries), this.#limits)));
      isLess = true;
    }
    this.#room -= added;
    if (this.#room <= 0) {
      const gone = beyondBytes(await this.#everything(), this.#limits, Date.now());
      for (const each of gone.size === 0 ? [] : await this.#logs()) {
        await each.compact((entries) => entries.filter(({ id }) => !gone.has(id)));
        isLess = true;
      }
      this.#room = this.#limits.bytes / LOOK_AGAIN_PART;
    }
    if (!isLess) return;
    await this.#sources.removeUnreferenced(
      async () => new Set((await this.#everything()).map(({ hash }) => hash)),
    );
  }

  async #everything(): Promise<HistoryEntry[]> {
    const all = await Promise.all((await this.#logs()).map((log) => log.read()));
    return all.flat();
  }

  async #logs(): Promise<EntryLog[]> {
    try {
      const names = await readdir(join(this.#folder, 'apps'));
      return names.map((name) => new EntryLog(join(this.#folder, 'apps', name)));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #log(appId: string): EntryLog {
    return new EntryLog(join(this.#folder, 'apps', folderOf(appId)));
  }

  async #doing<T>(what: 'read' | 'written', task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (error instanceof DoError) throw error;
      throw new DoError({
        code: HISTORY_FAILED,
        message: `The history of deployed sources in ${this.#folder} cannot be ${what}.`,
        nextStep: 'Make the folder readable and writable and see that the disk is not full, then try again.',
        cause: error,
      });
    }
  }
}

/** Different ids have different folders, on file systems too that do not tell `A` from `a`. */
function folderOf(appId: string): string {
  const segment = pathSegment(appId);
  if (segment === appId && appId === appId.toLowerCase()) return segment;
  return `${segment}-${createHash('sha256').update(appId).digest('hex').slice(0, 12)}`;
}

/** `some` in the order of `all`. */
function inOrder(all: readonly HistoryEntry[], some: readonly HistoryEntry[]): HistoryEntry[] {
  const wanted = new Set(some);
  return all.filter((entry) => wanted.has(entry));
}
