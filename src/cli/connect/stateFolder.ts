import { randomUUID } from 'node:crypto';
import { lstat, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { HOME_VARIABLE, makePrivate, userState, type UserState } from '../../platform/userState.ts';
import type { Output } from '../output/output.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The home folder; undefined for a user without one, as in some containers. */
export function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return home === '' ? undefined : home;
  } catch {
    return undefined;
  }
}

/**
 * Where locks, history and cut-off changes are kept. When the home folder cannot be written, as on some build
 * machines, it is a folder of this user among the temporary files.
 *
 * @param changes whether something will be changed, so that it has to be writable
 * @throws DoError `BAD_CONFIG` when there is no such folder, or not the one that `BUTTERBASE_DO_HOME` names
 */
export async function stateFolder(env: Env, output: Output, changes: boolean): Promise<UserState> {
  const home = homeFolder();
  const isNamed = (env[HOME_VARIABLE] ?? '') !== '';
  if (home !== undefined || isNamed) {
    const state = userState(home ?? '', env);
    if (await (changes ? isWritable(state.root) : isReadable(state.root))) return state;
    if (isNamed) throw unusable(state.root, `Correct ${HOME_VARIABLE}.`);
  }
  const folder = join(tmpdir(), `butterbase-durable-objects-${process.getuid?.() ?? 'user'}`);
  const state = userState('', { [HOME_VARIABLE]: folder });
  if (!changes) return state;
  if (!(await isWritable(folder)) || !(await isOurs(folder))) {
    throw unusable(folder, `Set ${HOME_VARIABLE} to a folder that this user can write.`);
  }
  output.say(
    `The home folder cannot be written: the sources that are replaced are kept in ${folder}. Set ${HOME_VARIABLE} to keep them elsewhere.`,
  );
  return state;
}

/** Also when nothing is there yet, unless an earlier command had to go elsewhere. */
async function isReadable(folder: string): Promise<boolean> {
  try {
    await readdir(folder);
    return true;
  } catch (error) {
    return (toError(error) as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

async function isWritable(folder: string): Promise<boolean> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await makePrivate(folder);
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe);
    return true;
  } catch {
    return false;
  }
}

/** Somebody else may have made the folder before, to read what is put into it. */
async function isOurs(folder: string): Promise<boolean> {
  const stats = await lstat(folder);
  const uid = process.getuid?.();
  return stats.isDirectory() && (uid === undefined || (stats.uid === uid && (stats.mode & 0o077) === 0));
}

function unusable(folder: string, nextStep: string): DoError {
  return new DoError({
    code: ERROR_CODES.badConfig,
    message: `The folder ${folder}, which keeps the history of sources, cannot be used.`,
    nextStep,
  });
}
