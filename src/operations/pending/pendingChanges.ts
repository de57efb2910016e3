import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { AccessMode } from '../../core/model/app.ts';
import { ownStartTime, processState } from '../../platform/processState.ts';
import { makePrivate } from '../../platform/userState.ts';
import { hasCode, replaceFile } from '../history/durableFile.ts';
import type { HistoryOrigin } from '../history/history.ts';
import { KnowledgeStore } from './knowledgeStore.ts';

/** What is sent to the platform, as far as it is needed to find out later what became of it. No value, no source. */
export type SentChange =
  | {
      readonly kind: 'deploy';
      readonly name: string;
      readonly className: string;
      readonly accessMode: AccessMode;
      /** SHA-256 of the source. */
      readonly hash: string;
      /** `updatedAt` of the row right before; null when there was none. */
      readonly updatedAt: string | null;
    }
  | {
      readonly kind: 'delete';
      readonly name: string;
      readonly className: string;
      /** Id of the row: one that is made anew under the same name has another. */
      readonly id: string;
      /** When the row was made, ISO 8601 UTC; null when that cannot be read. */
      readonly createdAt: string | null;
    }
  | { readonly kind: 'setEnv'; readonly key: string; readonly wasSet: boolean }
  | { readonly kind: 'deleteEnv'; readonly key: string };

/** A change that was sent, or was about to be. */
export interface PendingChange {
  readonly id: string;
  /** `local` for the embedded platform, else the platform's origin. */
  readonly platform: string;
  readonly appId: string;
  readonly from: HistoryOrigin;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly by: { readonly pid: number; readonly startTime: string | null; readonly host: string };
  readonly change: SentChange;
}

/** The record of a change that is on its way. */
export interface Sending {
  /** Its outcome is known: there is nothing left to find out. */
  settle(): Promise<void>;
  /** Its outcome could not be found out: that is for later. */
  leave(): void;
}

/** Changes of this process that somebody waits for, over all instances. */
const inFlight = new Set<string>();

/**
 * The changes that were sent and whose outcome is not known, one file each, so that one that was cut off (the window
 * was closed, the machine went down) is found again. Several processes use the folder at once.
 */
export class PendingChanges {
  readonly knowledge: KnowledgeStore;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.knowledge = new KnowledgeStore(join(folder, 'apps'));
  }

  /** Notes a change that goes out next. The note is on disk when this resolves. */
  async begin(facts: Pick<PendingChange, 'platform' | 'appId' | 'from' | 'change'>): Promise<Sending> {
    const id = randomUUID();
    const by = { pid: process.pid, startTime: (await ownStartTime()) ?? null, host: hostname() };
    const { platform, appId, from, change } = facts;
    const record: PendingChange = {
      id,
      platform,
      appId,
      from,
      at: new Date().toISOString(),
      by,
      change,
    };
    try {
      await makePrivate(this.#folder);
      await replaceFile(this.#fileOf(id), Buffer.from(JSON.stringify(record)));
    } catch (error) {
      throw cannotNote(this.#folder, error);
    }
    inFlight.add(id);
    return {
      settle: async () => {
        inFlight.delete(id);
        await this.remove(id);
      },
      leave: () => inFlight.delete(id),
    };
  }

  /** Changes of an app that nobody waits for any more, oldest first. Those of processes that live are not among them. */
  async left(platform: string, appId: string): Promise<PendingChange[]> {
    const found: PendingChange[] = [];
    for (const record of await this.#all()) {
      if (record.platform !== platform || record.appId !== appId) continue;
      if (!(await isAwaited(record))) found.push(record);
    }
    return found.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Whether a change of an app was sent, by whichever process, and its outcome is not known yet. */
  async isUnderWay(platform: string, appId: string): Promise<boolean> {
    const records = await this.#all();
    return records.some((record) => record.platform === platform && record.appId === appId);
  }

  /** @returns whether it was there: of several processes that look at it, one only removes it. */
  async remove(id: string): Promise<boolean> {
    try {
      await rm(this.#fileOf(id));
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  async #all(): Promise<PendingChange[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    const files = names.filter((name) => name.endsWith(ENDING));
    const records = await Promise.all(files.map((name) => readRecord(join(this.#folder, name))));
    return records.filter((record) => record !== undefined);
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}${ENDING}`);
  }
}

/** As it is in a pending change. */
export function sourceHash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function cannotNote(folder: string, cause: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.badConfig,
    message: `The change could not be noted in ${folder}, so nothing was sent.`,
    nextStep: 'Make the folder writable and see that the disk is not full, then try again.',
    cause,
  });
}

const ENDING = '.json';

/** Whether the process that sent it lives and may still hear of it. */
async function isAwaited({ id, by }: PendingChange): Promise<boolean> {
  if (inFlight.has(id)) return true;
  // What nobody of this process waits for is left; of a process elsewhere, the app's lock tells (`recover.ts`).
  if (by.host !== hostname() || by.pid === process.pid) return false;
  return (await processState(by.pid, by.startTime ?? undefined)) === 'running';
}

async function readRecord(file: string): Promise<PendingChange | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<PendingChange> | null;
    return isRecord(value) ? value : undefined;
  } catch (error) {
    // Removed just now, or no record of ours.
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: Partial<PendingChange> | null): value is PendingChange {
  const texts = [value?.id, value?.platform, value?.appId, value?.from, value?.at, value?.by?.host];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof value?.by?.pid === 'number' &&
    ['deploy', 'delete', 'setEnv', 'deleteEnv'].includes(value.change?.kind ?? '')
  );
}
