import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DoError, ERROR_CODES } from '../../core/errors.ts';

/**
 * Keeps a state folder to one runtime: two workerds on one folder start without complaint and corrupt it.
 * The lock is SQLite's own lock on a file, which the operating system drops when the process dies.
 */
export class FolderLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws a `DoError` when another runtime, here or in another process, holds the folder. */
  static acquire(folder: string): FolderLock {
    const database = new DatabaseSync(path.join(folder, 'runtime.lock'));
    try {
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (cause) {
      database.close();
      throw new DoError({
        code: ERROR_CODES.localPlatform,
        message: `Another runtime uses the storage in ${folder}.`,
        nextStep: 'Stop the other embedded platform, or start this one with another state folder.',
        cause,
      });
    }
    return new FolderLock(database);
  }

  release(): void {
    this.#database.close();
  }
}
