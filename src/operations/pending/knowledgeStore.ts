import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { Knowledge } from '../../core/plan/knowledge.ts';
import { makePrivate } from '../../platform/userState.ts';
import { hasCode, replaceFile } from '../history/durableFile.ts';

/** What is remembered of each app between changes, one file an app. Written by who holds the app's lock only. */
export class KnowledgeStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined when nothing is remembered: then the app's rows have to do. */
  async read(platform: string, appId: string): Promise<Knowledge | undefined> {
    try {
      const value = JSON.parse(await readFile(this.#fileOf(platform, appId), 'utf8')) as unknown;
      return isKnowledge(value) ? value : undefined;
    } catch (error) {
      if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
      throw unusable(this.#folder, error);
    }
  }

  async write(platform: string, appId: string, known: Knowledge): Promise<void> {
    try {
      await makePrivate(this.#folder);
      await replaceFile(this.#fileOf(platform, appId), Buffer.from(JSON.stringify(known)));
    } catch (error) {
      throw unusable(this.#folder, error);
    }
  }

  #fileOf(platform: string, appId: string): string {
    const name = createHash('sha256').update(`${platform} ${appId}`).digest('hex').slice(0, 32);
    return join(this.#folder, `${name}.json`);
  }
}

function unusable(folder: string, cause: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.badConfig,
    message: `The folder ${folder}, where it is remembered what is deployed, cannot be read and written.`,
    nextStep: 'Make the folder readable and writable and see that the disk is not full, then try again.',
    cause,
  });
}

function isKnowledge(value: unknown): value is Knowledge {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return (
    ['held', 'unheard', 'unsure', 'seen'].every((key) => Array.isArray(fields[key])) &&
    typeof fields['scriptGone'] === 'boolean' &&
    typeof fields['tag'] === 'object'
  );
}
