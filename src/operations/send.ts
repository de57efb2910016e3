import { DoError, toError } from '../core/errors.ts';
import type { DoClass, DoClassDetail } from '../core/model/app.ts';
import { afterChange, type ChangeEnd, type Knowledge } from '../core/plan/knowledge.ts';
import { stuckStates } from '../core/plan/stuck.ts';
import { tagRefusalIn } from '../core/plan/tagRefusal.ts';
import type { Ending } from './aftermath.ts';
import type { Change } from './change.ts';
import type { HistoryEvent } from './history/history.ts';
import type { Look } from './look.ts';
import type { AppOperationsParts } from './parts.ts';
import type { SentChange } from './pending/pendingChanges.ts';
import { APP_STUCK, type Effects } from './previews.ts';
import { readAfter, type Afterwards } from './readBack.ts';

/** What was asked for is done, but the files of this machine do not know of it. */
export const NOT_KEPT = 'NOT_KEPT';

/** One request that changes something, and all that goes with it. */
export interface Sendable<T> {
  /** As the beginning of a sentence: `The deploy of chat-room`. */
  readonly what: string;
  readonly change: SentChange;
  request(): Promise<T>;
  /** What became of a request that did not end with the platform's yes. */
  aftermath(error: unknown): Promise<Ending<T>>;
  /** Whether the app was uploaded again, by what the platform answered. */
  redeployed(result: T): boolean;
  /** Compares what the platform shows afterwards with the plan. @throws DoError */
  compare(after: Afterwards): Promise<void> | void;
  /** Adds to the history what was sent, with what became of it. */
  keep?(status: 'READY' | 'ERROR'): Promise<void>;
}

/**
 * Sends a change: notes it before it goes out, so that its outcome can be found out when this process ends here;
 * remembers what it did to the app; and compares what the platform shows with the plan.
 */
export async function sendChange<T>(
  parts: AppOperationsParts,
  change: Change,
  before: Look,
  sendable: Sendable<T>,
): Promise<T> {
  const { client, app, platform, from, pending } = parts;
  await pending.knowledge.write(platform, app.id, before.known);
  const sending = await pending.begin({ platform, appId: app.id, from, change: sendable.change });
  const note = async (end: ChangeEnd, rows: readonly DoClass[]): Promise<void> =>
    pending.knowledge.write(platform, app.id, knownAfter(before, sendable.change, end, rows));
  const progress = { isSent: false };
  let ending: Ending<T>;
  try {
    ending = await change.send(async () => {
      progress.isSent = true;
      return sendable
        .request()
        .then((result): Ending<T> => ({ kind: 'made', result }))
        .catch(async (error: unknown) => sendable.aftermath(error));
    });
  } catch (error) {
    if (progress.isSent) sending.leave();
    else await sending.settle();
    throw error;
  }
  switch (ending.kind) {
    case 'unseen':
      sending.leave();
      await firstFailure(() => note({ kind: 'unknown' }, before.rows));
      throw ending.error;
    case 'unclear':
    case 'refused': {
      const { kind, error } = ending;
      const { rows } = await readAfter(client, app.id, sendable.what).catch(() => before);
      const isKnown = kind === 'refused';
      const end: ChangeEnd = isKnown ? { kind, message: wholeText(error) } : { kind: 'unknown' };
      // What the platform said matters more than that it could not be written down.
      await firstFailure(
        () => (hasFailed(sendable.change, before.rows, rows) ? sendable.keep?.('ERROR') : undefined),
        () => note(end, rows),
        () => sending.settle(),
      );
      throw stuckError(rows, knownAfter(before, sendable.change, end, rows), error) ?? error;
    }
    case 'made': {
      const { result } = ending;
      const after = await readAfter(client, app.id, sendable.what).catch(toError);
      const end: ChangeEnd = { kind: 'accepted', redeployed: sendable.redeployed(result) };
      const notKept = await firstFailure(
        () => (after instanceof Error ? note({ kind: 'unknown' }, before.rows) : note(end, after.rows)),
        () => sending.settle(),
        () => sendable.keep?.('READY'),
      );
      if (after instanceof Error) throw after;
      await sendable.compare(after);
      if (notKept !== undefined) throw notWritten(sendable.what, notKept);
      return result;
    }
  }
}

/** Does all of it, whatever fails. */
async function firstFailure(
  ...tasks: readonly (() => Promise<unknown> | undefined)[]
): Promise<Error | undefined> {
  let first: Error | undefined;
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      first ??= toError(error);
    }
  }
  return first;
}

/**
 * Keeps every source that is deployed, so that a person can return to it: that of the class that changes, those that
 * go with it, and those of the others, which may be what repairs them one day. On disk when this resolves.
 * @param replaced what the change puts another in place of
 * @param deleted DO name of a class that the person deletes
 * @throws DoError `HISTORY_FAILED`: then nothing may be changed
 */
export async function keepSources(
  parts: AppOperationsParts,
  look: Look,
  effects: Pick<Effects, 'destroys'>,
  { replaced, deleted }: { readonly replaced?: string; readonly deleted?: string },
): Promise<void> {
  const lost = new Set(effects.destroys.map(({ name }) => name));
  for (const row of look.sources.values()) {
    const { name } = row;
    const goes = name === deleted || (lost.has(name) && name !== replaced);
    await keepSource(parts, row, goes ? 'deleted' : name === replaced ? 'replaced' : 'seen');
  }
}

/** Keeps a source. It is on disk when this resolves. */
export async function keepSource(
  { history, platform, app, from }: AppOperationsParts,
  row: Pick<DoClassDetail, 'name' | 'className' | 'accessMode' | 'code' | 'status'>,
  event: HistoryEvent,
): Promise<void> {
  const { name, className, accessMode, code, status } = row;
  await history.record({
    platform,
    appId: app.id,
    appName: app.name,
    name,
    className,
    accessMode,
    code,
    status,
    event,
    at: new Date().toISOString(),
    from: event === 'deployed' || event === 'deleted' ? from : 'elsewhere',
  });
}

function knownAfter(before: Look, change: SentChange, end: ChangeEnd, rows: readonly DoClass[]): Knowledge {
  return afterChange(before.known, 'name' in change ? change.name : undefined, end, rows);
}

/** Whether the row has what was sent, and is in ERROR with it. */
function hasFailed(change: SentChange, before: readonly DoClass[], after: readonly DoClass[]): boolean {
  if (change.kind !== 'deploy') return false;
  const of = (rows: readonly DoClass[]): DoClass | undefined => rows.find(({ name }) => name === change.name);
  const now = of(after);
  return now?.status === 'ERROR' && now.errorMessage !== of(before)?.errorMessage;
}

/** What the platform said, in its own words as well: they tell what is wrong with the app's state. */
function wholeText(error: DoError): string {
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}

/** The failure was one of those that only the platform's support can end. */
function stuckError(rows: readonly DoClass[], knowledge: Knowledge, cause: DoError): DoError | undefined {
  if (tagRefusalIn(wholeText(cause)) === undefined) return undefined;
  const lost = stuckStates({ rows, knowledge }).find(({ onlySupport }) => onlySupport);
  if (lost === undefined) return undefined;
  return new DoError({ code: APP_STUCK, message: lost.message, nextStep: lost.nextStep, cause });
}

function notWritten(what: string, cause: Error): DoError {
  return new DoError({
    code: NOT_KEPT,
    message: `${what} is done, but it could not be written down on this machine: ${cause.message}`,
    nextStep: cause instanceof DoError ? cause.nextStep : 'See that the disk is not full.',
    cause,
  });
}
