import { setTimeout as sleep } from 'node:timers/promises';
import { DoError, ERROR_CODES, toError } from '../core/errors.ts';
import type { DoClass, DoClassDetail } from '../core/model/app.ts';
import { LONGEST_DEPLOY_MS } from '../core/plan/stuck.ts';
import type { PlatformClient, RegisterResult } from '../platform/client.ts';
import { ANSWER_LOST } from '../platform/networkErrors.ts';
import { sourceHash } from './pending/pendingChanges.ts';
import type { DeployInput } from './sourceCheck.ts';

/**
 * What to make of a change that did not end with the platform's yes: the row tells what really happened.
 */

/** A deploy reached the platform and failed there. */
export const DEPLOY_FAILED = 'DEPLOY_FAILED';

/** A change went out, and the platform shows no trace of it: nothing was changed. */
export const NOT_ARRIVED = 'NOT_ARRIVED';

/** How a change ended. */
export type Ending<T> =
  | { readonly kind: 'made'; readonly result: T }
  /** The platform did not make it, or not all of it. */
  | { readonly kind: 'refused'; readonly error: DoError }
  /** It may have been made; reading does not tell. */
  | { readonly kind: 'unclear'; readonly error: DoError }
  /** It may have been made, and the platform could not be asked. */
  | { readonly kind: 'unseen'; readonly error: DoError };

/** Milliseconds to look for the outcome of a deploy whose answer was lost. */
const OUTCOME_WAIT_MS = 60_000;

/** Milliseconds after which a change that left no trace did not arrive. */
const ARRIVAL_WAIT_MS = 3_000;

/** Milliseconds to look for the end of a removal whose answer was lost. */
const REMOVAL_WAIT_MS = 8_000;

const POLL_MS = 250;

/** @param before the row before the deploy */
export async function afterFailedDeploy(
  client: PlatformClient,
  appId: string,
  input: DeployInput,
  before: DoClassDetail | undefined,
  thrown: unknown,
): Promise<Ending<RegisterResult>> {
  const error = asDoError(thrown);
  if (!isLost(error)) return { kind: 'refused', error };
  const sent = { hash: sourceHash(input.code), accessMode: input.accessMode };
  const found = await outcomeOfDeploy(client, appId, input.name, sent, before?.updatedAt);
  switch (found.kind) {
    case 'made': {
      const { id, name, status, className } = found.row;
      return { kind: 'made', result: { id, name, status, className } };
    }
    case 'failed':
      return { kind: 'refused', error: failed(found.row, error) };
    case 'notMade':
      return { kind: 'refused', error: didNotArrive(error, 'The deploy') };
    case 'unclear':
      return { kind: 'unclear', error };
    case 'unseen':
      return { kind: 'unseen', error: notSeen(error) };
  }
}

/** What the row says of a deploy. `unseen`: the platform could not be asked. */
export type FoundDeploy =
  | { readonly kind: 'made' | 'failed'; readonly row: DoClassDetail }
  /** Another source is there, or the deploy takes longer than any. */
  | { readonly kind: 'unclear'; readonly row: DoClassDetail }
  | { readonly kind: 'notMade' }
  | { readonly kind: 'unseen'; readonly error: DoError };

/**
 * Looks until the row tells what became of a deploy.
 * @param updatedAt of the row before the deploy; undefined when there was none
 */
export async function outcomeOfDeploy(
  client: PlatformClient,
  appId: string,
  name: string,
  sent: { readonly hash: string; readonly accessMode: string },
  updatedAt: string | undefined,
  arrivalMs = ARRIVAL_WAIT_MS,
): Promise<FoundDeploy> {
  const begin = performance.now();
  for (;;) {
    let row: DoClassDetail | undefined;
    try {
      row = await readRow(client, appId, name);
    } catch (error) {
      return { kind: 'unseen', error: asDoError(error) };
    }
    const waited = performance.now() - begin;
    const arrived = row !== undefined && row.updatedAt !== updatedAt;
    if (arrived && row !== undefined) {
      if (sourceHash(row.code) !== sent.hash || row.accessMode !== sent.accessMode)
        return { kind: 'unclear', row };
      if (row.status === 'READY') return { kind: 'made', row };
      if (row.status === 'ERROR') return { kind: 'failed', row };
      const age = Date.now() - Date.parse(row.updatedAt);
      if (waited > OUTCOME_WAIT_MS || age > LONGEST_DEPLOY_MS) return { kind: 'unclear', row };
    } else if (waited > arrivalMs) {
      return { kind: 'notMade' };
    }
    await sleep(POLL_MS);
  }
}

/** A row before its deletion. */
export interface DeletedRow extends Pick<DoClass, 'name' | 'id'> {
  /** ISO 8601 UTC; undefined for a row that cannot be read. */
  readonly createdAt: string | undefined;
}

export async function afterFailedDelete(
  client: PlatformClient,
  appId: string,
  row: DeletedRow,
  thrown: unknown,
): Promise<Ending<void>> {
  const error = foundNothing(asDoError(thrown));
  const { name, id } = row;
  const found = await isRowThere(client, appId, id, isLost(error) ? ARRIVAL_WAIT_MS : 0);
  if (found === undefined) {
    return isLost(error) ? { kind: 'unseen', error: notSeen(error) } : { kind: 'refused', error };
  }
  if (found) {
    return { kind: 'refused', error: isLost(error) ? didNotArrive(error, 'The deletion') : error };
  }
  if (isLost(error) && (await isLoggedAsDeleted(client, appId, row)))
    return { kind: 'made', result: undefined };
  // Hazard d: the row goes first, then the upload without the class fails.
  return {
    kind: isLost(error) ? 'unclear' : 'refused',
    error: new DoError({
      code: error.code,
      message: `${name} is no longer listed, but the platform did not say that it was taken down. ${error.message}`,
      nextStep: `If it still answers, the next deploy of anything deletes what it stored. To keep that, deploy ${name} again from its saved source before any other change.`,
      ...(error.status === undefined ? {} : { status: error.status }),
      cause: error,
    }),
  };
}

/** The row was there just before: the network delivered the deletion twice, or somebody else was faster. */
function foundNothing(error: DoError): DoError {
  if (error.status !== 404) return error;
  return new DoError({
    code: ANSWER_LOST,
    message: 'The platform found nothing to delete: the deletion came twice, or somebody else made it.',
    nextStep: error.nextStep,
    status: error.status,
    cause: error,
  });
}

/** Whether a row is there after waiting for it to go; undefined when the platform could not be asked. */
export async function isRowThere(
  client: PlatformClient,
  appId: string,
  id: string,
  waitMs = ARRIVAL_WAIT_MS,
): Promise<boolean | undefined> {
  const begin = performance.now();
  for (;;) {
    const rows = await client.list(appId).catch(() => undefined);
    if (rows?.some((row) => row.id === id) !== true) return rows === undefined ? undefined : false;
    if (performance.now() - begin >= waitMs) return true;
    await sleep(POLL_MS);
  }
}

/**
 * Whether the platform's audit log says that the deletion of a row that is gone has come to its end: it logs
 * deletions that succeeded only. Waits for it while the removal may be under way; false when the log does not tell.
 */
export async function isLoggedAsDeleted(
  client: PlatformClient,
  appId: string,
  { name, createdAt }: DeletedRow,
  waitMs = REMOVAL_WAIT_MS,
): Promise<boolean> {
  if (createdAt === undefined) return false;
  const begin = performance.now();
  for (;;) {
    const log = await client.auditLogs(appId).catch(() => undefined);
    if (log === undefined) return false;
    const isLogged = log.some(
      ({ eventType, resourceId, at }) =>
        eventType === 'durable_object.delete' &&
        resourceId === name &&
        Date.parse(at) > Date.parse(createdAt),
    );
    if (isLogged || performance.now() - begin >= waitMs) return isLogged;
    await sleep(4 * POLL_MS);
  }
}

/**
 * Whether the key or value is stored although its redeploy failed (hazard g).
 * @param wasSet whether the key was set before; values cannot be read
 */
export async function afterFailedEnv(
  client: PlatformClient,
  appId: string,
  key: string,
  { intent, wasSet }: { readonly intent: 'set' | 'deleted'; readonly wasSet: boolean },
  thrown: unknown,
): Promise<Ending<{ redeployed: boolean }>> {
  const error = asDoError(thrown);
  const isInDoubt = isLost(error);
  if ((error.status ?? 0) < 500 && !isInDoubt) return { kind: 'refused', error };
  if (isInDoubt && intent === 'set' && wasSet) return { kind: 'unclear', error: eitherValue(key, error) };
  const isDone = await isKeyAs(client, appId, key, intent, isInDoubt ? ARRIVAL_WAIT_MS : 0);
  if (isDone === undefined) {
    return isInDoubt ? { kind: 'unseen', error: notSeen(error) } : { kind: 'refused', error };
  }
  if (!isDone) {
    return { kind: 'refused', error: isInDoubt ? didNotArrive(error, `The change of ${key}`) : error };
  }
  return {
    kind: isInDoubt ? 'unclear' : 'refused',
    error: new DoError({
      code: error.code,
      message:
        intent === 'set'
          ? `${key} is stored, but it is not sure that the classes see this value already. ${error.message}`
          : `${key} is removed, but it is not sure that the classes no longer see it. ${error.message}`,
      nextStep: 'It takes effect with the next deploy of any class at the latest.',
      ...(error.status === undefined ? {} : { status: error.status }),
      cause: error,
    }),
  };
}

/** Whether a key is as intended after waiting for it; undefined when the platform could not be asked. */
async function isKeyAs(
  client: PlatformClient,
  appId: string,
  key: string,
  intent: 'set' | 'deleted',
  waitMs: number,
): Promise<boolean | undefined> {
  const begin = performance.now();
  for (;;) {
    const keys = await client.listEnv(appId).catch(() => undefined);
    if (keys === undefined) return undefined;
    if (keys.includes(key) === (intent === 'set')) return true;
    if (performance.now() - begin >= waitMs) return false;
    await sleep(POLL_MS);
  }
}

function eitherValue(key: string, error: DoError): DoError {
  return new DoError({
    code: error.code,
    message: `${withoutDoubt(error.message)} Whether ${key} has the value that you gave or the one before cannot be read.`,
    nextStep: `Set ${key} again.`,
    ...(error.status === undefined ? {} : { status: error.status }),
    cause: error,
  });
}

/** Whether the change may have happened although the error says nothing of it. */
function isLost(error: DoError): boolean {
  const unreadable = error.code === ERROR_CODES.badResponse && (error.status ?? 500) < 300;
  return error.code === ANSWER_LOST || unreadable || /^HTTP_5\d\d$/.test(error.code);
}

/** What is no DoError is a fault of ours after the request went out: the change may have been made. */
function asDoError(thrown: unknown): DoError {
  if (thrown instanceof DoError) return thrown;
  return new DoError({
    code: ANSWER_LOST,
    message: `${toError(thrown).message} The change may have been made all the same.`,
    nextStep: 'Look at what is deployed before you try again.',
    cause: thrown,
  });
}

async function readRow(
  client: PlatformClient,
  appId: string,
  name: string,
): Promise<DoClassDetail | undefined> {
  try {
    return await client.get(appId, name);
  } catch (error) {
    if (error instanceof DoError && error.status === 404) return undefined;
    throw error;
  }
}

function failed(row: DoClassDetail, lost: DoError): DoError {
  return new DoError({
    code: DEPLOY_FAILED,
    message: row.errorMessage ?? `The deploy of ${row.name} failed.`,
    nextStep: `Correct the source and deploy ${row.name} again before any other change of this app: a class in ERROR loses its stored data when something else is deployed.`,
    cause: lost,
  });
}

function didNotArrive(lost: DoError, what: string): DoError {
  return new DoError({
    code: NOT_ARRIVED,
    message: `${withoutDoubt(lost.message)} ${what} did not arrive; nothing was changed.`,
    nextStep: 'Try again.',
    cause: lost,
  });
}

function notSeen(lost: DoError): DoError {
  return new DoError({
    code: lost.code,
    message: lost.message,
    nextStep:
      'What became of it is looked up as soon as the platform answers again. Do not repeat it before.',
    ...(lost.outage === undefined ? {} : { outage: lost.outage }),
    cause: lost,
  });
}

function withoutDoubt(message: string): string {
  return message.replace(' The change may have been made all the same.', '');
}
