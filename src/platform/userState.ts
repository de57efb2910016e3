import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Set to keep the state of a person somewhere else, for example in a build that has no home folder. */
export const HOME_VARIABLE = 'BUTTERBASE_DO_HOME';

/** Folders of what the extension and the command line of one person share on this machine. */
export interface UserState {
  readonly root: string;
  /** Lock files: one change of an app at a time. */
  readonly locks: string;
  /** Sources that were seen deployed. */
  readonly history: string;
  /** Changes that were sent and whose outcome is not known yet. */
  readonly pending: string;
}

/**
 * Where the state is: `$BUTTERBASE_DO_HOME`, else `.butterbase/durable-objects` of the home folder. Nothing is
 * made or read; who writes first makes its folder with `makePrivate`.
 */
export function userState(home: string, env: Readonly<Record<string, string | undefined>>): UserState {
  const wanted = env[HOME_VARIABLE] ?? '';
  const root = wanted === '' ? join(home, '.butterbase', 'durable-objects') : resolve(wanted);
  return {
    root,
    locks: join(root, 'locks'),
    history: join(root, 'history'),
    pending: join(root, 'pending'),
  };
}

/** Makes a folder, and those above it that are missing, that only this person can read. */
export async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
