import type { DoClass } from '../core/model/app.ts';
import { isUnderWay, observe } from '../core/plan/knowledge.ts';
import { stuckStates, type StuckInput, type StuckState } from '../core/plan/stuck.ts';
import { tagRefusalIn } from '../core/plan/tagRefusal.ts';
import { withoutDeleted } from './deletedElsewhere.ts';
import { UNREADABLE, type AppOperationsParts } from './parts.ts';

/**
 * States in which an app is and which do not mend by themselves, as far as its list, its keys and what is remembered
 * of it tell. Undefined while a change of ours is on its way: its traces come and go.
 *
 * Mostly it asks nothing further; the platform is asked about rows that are in BUILDING or whose error names a
 * migration tag, and for its audit log when a class is gone that was not seen to be removed.
 */
export async function stuckNow(
  parts: AppOperationsParts,
  { rows, ...keys }: Pick<StuckInput, 'rows' | 'envKeys' | 'appEnvKeys'>,
  signal: AbortSignal | undefined,
): Promise<readonly StuckState[] | undefined> {
  const { client, app, pending, platform } = parts;
  if (await pending.isUnderWay(platform, app.id)) return undefined;
  const seen = observe(await pending.knowledge.read(platform, app.id), rows);
  const knowledge = await withoutDeleted(client, app.id, seen, rows, signal);
  const updatedAt = await timesOf(parts, rows.filter(isDoubtful), signal);
  return stuckStates({ rows, ...keys, knowledge, updatedAt, now: Date.now() });
}

function isDoubtful({ name, status, errorMessage }: DoClass): boolean {
  if (name === UNREADABLE) return false;
  return isUnderWay(status) || (status === 'ERROR' && tagRefusalIn(errorMessage ?? '') !== undefined);
}

/** When the rows were last written; without those that cannot be read. */
async function timesOf(
  { client, app }: AppOperationsParts,
  rows: readonly DoClass[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const options = signal === undefined ? {} : { signal };
  const times = await Promise.all(
    rows.map(({ name }) =>
      client.get(app.id, name, options).then(
        ({ updatedAt }) => [[name, updatedAt] as const],
        () => [],
      ),
    ),
  );
  return new Map(times.flat());
}
