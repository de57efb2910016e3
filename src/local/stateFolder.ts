import { chmodSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { DoError, ERROR_CODES, toError } from '../core/errors.ts';

/**
 * Makes the folder with those above it that are missing, and lets nobody but its owner in.
 * @throws DoError that says what is in the way
 */
export function makeStateFolder(folder: string): void {
  try {
    makeFolder(folder);
    chmodSync(folder, 0o700);
  } catch (cause) {
    throw cause instanceof DoError ? cause : unusable(folder, cause);
  }
}

/** The error of a state folder in which something could not be made or written. */
export function unusable(folder: string, cause: unknown): DoError {
  const { message } = toError(cause);
  const full = /\bENOSPC\b|disk is full|\bEDQUOT\b/.test(message);
  return new DoError({
    code: ERROR_CODES.localPlatform,
    message: `The embedded platform cannot keep its state in ${folder}: ${message}.`,
    nextStep: full
      ? 'Free some space on that disk, or choose a folder on another one.'
      : 'Make the folder writable for you, or choose another one.',
    cause,
  });
}

/** One folder after the other: Node's own recursive way does not end where a folder takes no new ones, as in /proc. */
function makeFolder(folder: string): void {
  const found = lookAt(folder);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) {
    throw new DoError({
      code: ERROR_CODES.localPlatform,
      message: `The embedded platform cannot keep its state in ${folder}: that is a file, not a folder.`,
      nextStep: 'Choose a folder for the state, or move the file away.',
    });
  }
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    // Another start may have made it meanwhile.
    if (lookAt(folder)?.isDirectory() !== true) throw unusable(folder, cause);
  }
}

function lookAt(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
