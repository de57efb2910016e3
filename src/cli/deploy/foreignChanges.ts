import { DoError, isCancelled } from '../../core/errors.ts';
import type { HistoryEntry } from '../../operations/history/history.ts';
import { recordSeen } from '../../operations/history/recordSeen.ts';
import { hashOf } from '../../operations/history/sourceStore.ts';
import type { AppOperationsParts } from '../../operations/parts.ts';
import type { DeployInput } from '../../operations/sourceCheck.ts';

/** Somebody deployed a class since it was deployed from here. */
export const CHANGED_ELSEWHERE = 'CHANGED_ELSEWHERE';

/**
 * Looks what is deployed and keeps it in the history. Where nothing can be kept, as on some build machines, nothing
 * is.
 */
export async function keepSeen(parts: AppOperationsParts, signal: AbortSignal): Promise<void> {
  try {
    await recordSeen(parts, new Set(), signal);
  } catch (error) {
    if (isCancelled(error)) throw error;
  }
}

/**
 * The classes whose deployed source came from elsewhere after the last deploy from this machine, by DO name: a deploy
 * would put the file in place of something that nobody here has seen. Without a history there are none.
 */
export async function foreignChanges(
  { history, app, platform }: AppOperationsParts,
  inputs: readonly DeployInput[],
): Promise<ReadonlyMap<string, DoError>> {
  const entries = await history.list({ appId: app.id, platform }).catch(() => []);
  const found = new Map<string, DoError>();
  for (const { name, code } of inputs) {
    const own = entries.filter((entry) => entry.name === name);
    const [newest] = own;
    if (newest !== undefined && isForeign(newest, own) && newest.hash !== hashOf(code)) {
      found.set(name, changedElsewhere(newest));
    }
  }
  return found;
}

function isForeign(newest: HistoryEntry, entries: readonly HistoryEntry[]): boolean {
  // What a row in ERROR holds is what was submitted last, perhaps by us, and does not run.
  if (newest.from !== 'elsewhere' || newest.event === 'deleted' || newest.status !== 'READY') return false;
  const ours = entries.filter(({ event, from }) => event === 'deployed' && from !== 'elsewhere');
  return ours.length > 0 && !ours.some(({ hash }) => hash === newest.hash);
}

function changedElsewhere({ name, by, at, hash }: HistoryEntry): DoError {
  const who = by === undefined ? '' : ` by ${by}`;
  return new DoError({
    code: CHANGED_ELSEWHERE,
    message: `${name} was changed elsewhere${who} at ${at}, after it was last deployed from here.`,
    nextStep: `Nothing was sent. \`cli history show ${hash.slice(0, 10)}\` shows what is deployed. To put the file in its place: --overwrite ${name}`,
  });
}
