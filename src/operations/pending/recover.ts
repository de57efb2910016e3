import { afterChange, observe, type ChangeEnd } from '../../core/plan/knowledge.ts';
import { isLoggedAsDeleted, isRowThere, outcomeOfDeploy } from '../aftermath.ts';
import type { AppOperationsParts } from '../parts.ts';
import type { PendingChange, SentChange } from './pendingChanges.ts';

/** What became of a change that was cut off. */
export interface RecoveredChange {
  readonly pending: PendingChange;
  readonly outcome: 'made' | 'failed' | 'notMade' | 'unclear';
  /** What happened, in one or two sentences. */
  readonly message: string;
  /** Empty when there is nothing to do. */
  readonly nextStep: string;
}

/** Milliseconds after it was sent until a change that left no trace did not arrive. */
const ARRIVAL_MS = 5_000;

/**
 * Finds out by reading what became of the changes of the app that were cut off; nothing is sent again. Each is told
 * to one caller only, of all processes. What cannot be asked about now stays for the next time.
 */
export async function recoverChanges(
  parts: AppOperationsParts,
  signal: AbortSignal | undefined,
): Promise<readonly RecoveredChange[]> {
  const { pending, platform, app, queue, origin } = parts;
  if ((await pending.left(platform, app.id)).length === 0) return [];
  // Who has the app's turn knows that no other process is in the middle of a change of it.
  return queue.run(
    `${origin} ${app.id}`,
    async () => {
      const found: RecoveredChange[] = [];
      for (const record of await pending.left(platform, app.id)) {
        const recovered = await recover(parts, record);
        if (recovered === undefined) continue;
        await remember(parts, recovered);
        if (await pending.remove(record.id)) found.push(recovered);
      }
      return found;
    },
    signal,
  );
}

async function recover(
  parts: AppOperationsParts,
  pending: PendingChange,
): Promise<RecoveredChange | undefined> {
  const { change } = pending;
  switch (change.kind) {
    case 'deploy':
      return recoverDeploy(parts, pending, change);
    case 'delete':
      return recoverDelete(parts, pending, change);
    case 'setEnv':
    case 'deleteEnv':
      return recoverEnv(parts, pending, change);
  }
}

async function recoverDeploy(
  { client, app, history, platform }: AppOperationsParts,
  pending: PendingChange,
  change: Extract<SentChange, { kind: 'deploy' }>,
): Promise<RecoveredChange | undefined> {
  const { name } = change;
  const found = await outcomeOfDeploy(
    client,
    app.id,
    name,
    change,
    change.updatedAt ?? undefined,
    left(pending),
  );
  if (found.kind === 'unseen') return undefined;
  const said = (outcome: RecoveredChange['outcome'], message: string, nextStep: string): RecoveredChange => ({
    pending,
    outcome,
    message: `The deploy of ${name} was cut off. ${message}`,
    nextStep,
  });
  if (found.kind === 'notMade')
    return said('notMade', 'It did not arrive; nothing was changed.', `Deploy ${name} again.`);
  const { row } = found;
  if (found.kind !== 'unclear') {
    await history.record({
      platform,
      appId: app.id,
      appName: app.name,
      name,
      className: row.className,
      accessMode: row.accessMode,
      code: row.code,
      status: row.status,
      event: 'deployed',
      at: pending.at,
      from: pending.from,
    });
  }
  if (found.kind === 'made') return said('made', 'It was made all the same: what was sent is deployed.', '');
  if (found.kind === 'failed') {
    const why = row.errorMessage === undefined ? '' : ` ${row.errorMessage}`;
    return said(
      'failed',
      `It arrived and failed.${why}`,
      `Deploy ${name} again before any other change of this app: a class in ERROR loses its stored data when something else is deployed.`,
    );
  }
  return row.status === 'BUILDING' || row.status === 'PENDING'
    ? said('unclear', 'The platform has begun it and did not finish.', `Deploy ${name} again.`)
    : said('unclear', 'Another source was deployed since.', `Compare ${name} with what is deployed.`);
}

async function recoverDelete(
  { client, app }: AppOperationsParts,
  pending: PendingChange,
  { name, id, createdAt }: Extract<SentChange, { kind: 'delete' }>,
): Promise<RecoveredChange | undefined> {
  const isThere = await isRowThere(client, app.id, id, left(pending));
  if (isThere === undefined) return undefined;
  const what = `The deletion of ${name} was cut off.`;
  if (isThere) {
    return {
      pending,
      outcome: 'notMade',
      message: `${what} It did not arrive; nothing was changed.`,
      nextStep: `Delete ${name} again.`,
    };
  }
  const row = { name, id, createdAt: createdAt ?? undefined };
  if (await isLoggedAsDeleted(client, app.id, row, left(pending))) {
    return { pending, outcome: 'made', message: `${what} It was made all the same.`, nextStep: '' };
  }
  return {
    pending,
    outcome: 'unclear',
    message: `${what} ${name} is no longer listed; whether it was taken down cannot be seen.`,
    nextStep: `If it still answers, the next deploy of anything deletes what it stored. To keep that, restore ${name} from its history before any other change.`,
  };
}

async function recoverEnv(
  { client, app }: AppOperationsParts,
  pending: PendingChange,
  change: Extract<SentChange, { kind: 'setEnv' | 'deleteEnv' }>,
): Promise<RecoveredChange | undefined> {
  const keys = await client.listEnv(app.id).catch(() => undefined);
  if (keys === undefined) return undefined;
  const { key, kind } = change;
  const isSet = keys.includes(key);
  const what = `The change of ${key} was cut off.`;
  const late = 'It takes effect with the next deploy of any class at the latest.';
  if (kind === 'deleteEnv') {
    return isSet
      ? { pending, outcome: 'notMade', message: `${what} It is still set.`, nextStep: `Delete ${key} again.` }
      : { pending, outcome: 'made', message: `${what} It is removed.`, nextStep: late };
  }
  if (!isSet) {
    return { pending, outcome: 'notMade', message: `${what} It is not set.`, nextStep: `Set ${key} again.` };
  }
  return change.wasSet
    ? {
        pending,
        outcome: 'unclear',
        message: `${what} Whether it has the value that you gave or the one before cannot be read.`,
        nextStep: `Set ${key} again.`,
      }
    : { pending, outcome: 'made', message: `${what} It is set.`, nextStep: late };
}

/** Milliseconds that a change may still need to arrive. */
function left(pending: PendingChange): number {
  return Math.min(ARRIVAL_MS, Math.max(0, Date.parse(pending.at) + ARRIVAL_MS - Date.now()));
}

async function remember(
  { client, app, pending, platform }: AppOperationsParts,
  { pending: { change }, outcome, message }: RecoveredChange,
): Promise<void> {
  if (outcome === 'notMade') return;
  const rows = await client.list(app.id).catch(() => undefined);
  if (rows === undefined) return;
  const known = observe(await pending.knowledge.read(platform, app.id), rows);
  // Of an env change only the key can be seen, not whether the app was uploaded with it.
  const isWhole = change.kind === 'deploy' || change.kind === 'delete';
  const end: ChangeEnd =
    outcome === 'failed'
      ? { kind: 'refused', message }
      : outcome === 'made' && isWhole
        ? { kind: 'accepted', redeployed: true }
        : { kind: 'unknown' };
  await pending.knowledge.write(platform, app.id, afterChange(known, nameOf(change), end, rows));
}

function nameOf(change: SentChange): string | undefined {
  return 'name' in change ? change.name : undefined;
}
