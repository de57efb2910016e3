import { join } from 'node:path';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { homeFolder } from './stateFolder.ts';

/** The embedded platform that runs on this machine. */
export interface LocalAddress {
  readonly origin: string;
  readonly apiKey: string;
}

/** Milliseconds to wait for one that is only starting. */
const PATIENCE_MS = 2000;

/** @throws DoError `LOCAL_PLATFORM` when none runs on the state folder. */
export async function findLocal(state: string | undefined): Promise<LocalAddress> {
  const folder = state ?? join(homeFolder() ?? '.', '.butterbase', 'local');
  // It needs a Node that has node:sqlite.
  const { findHolder } = await import('../../local/lock.ts');
  const holder = await findHolder(folder, PATIENCE_MS);
  if (holder.kind === 'answers') return { origin: holder.info.url, apiKey: holder.info.apiKey };
  throw new DoError({
    code: ERROR_CODES.localPlatform,
    message: `No embedded platform runs on the state folder ${folder}.`,
    nextStep: 'Start one with `cli local --state DIR`, or name the folder of one that runs with --state DIR.',
  });
}

/** Where instances of an app live, when the platform is an embedded one. */
export async function localInstanceBase(address: LocalAddress, appId: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${address.origin}/_local/state`, {
      headers: { authorization: `Bearer ${address.apiKey}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const { apps } = (await response.json()) as { apps?: { id?: unknown; origin?: unknown }[] };
    const found = apps?.find(({ id }) => id === appId)?.origin;
    return typeof found === 'string' ? found : undefined;
  } catch {
    // Another platform on this machine.
    return undefined;
  }
}
