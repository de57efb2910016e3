import os from 'node:os';
import type { History } from '../../operations/history/history.ts';
import { backend } from '../session/backend.ts';

let opened: History | undefined;

/** The history that all windows and the command line of this person share. */
export async function personalHistory(): Promise<History> {
  const { History, userState } = await backend();
  opened ??= new History(userState(os.homedir(), process.env).history);
  return opened;
}
