import { setTimeout as sleep } from 'node:timers/promises';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import type { DoClassDetail } from '../core/model/app.ts';
import type { PlatformClient, RegisterResult } from '../platform/client.ts';
import { ANSWER_LOST } from '../platform/networkErrors.ts';
import type { DeployInput } from './sourceCheck.ts';

/**
 * What to make of a change that did not end with the platform's yes: the row tells what really happened.
 */

/** A deploy reached the platform and failed there. */
export const DEPLOY_FAILED = 'DEPLOY_FAILED';

/** Milliseconds to look for the outcome of a deploy whose answer was lost. */
const OUTCOME_WAIT_MS = 60_000;

/** Milliseconds after which a deploy that left no trace did not arrive. */
const ARRIVAL_WAIT_MS = 3_000;

const POLL_MS = 250;

/**
 * The result of a deploy after all, when only its answer was lost; else throws what happened.
 * @param before the row before the deploy
 */
export async function afterFailedDeploy(
  client: PlatformClient,
  appId: string,
  input: DeployInput,
  before: DoClassDetail | undefined,
  error: unknown,
): Promise<RegisterResult> {
  if (!(error instanceof DoError) || !isLost(error)) throw error;
  const begin = performance.now();
  for (;;) {
    const row = await readRow(client, appId, input.name, error);
    const waited = performance.now() - begin;
    const arrived = row !== undefined && row.updatedAt !== before?.updatedAt;
    if (arrived && row.status !== 'BUILDING' && row.status !== 'PENDING') return outcome(row, input, error);
    if (waited > (arrived ? OUTCOME_WAIT_MS : ARRIVAL_WAIT_MS)) throw arrived ? error : didNotArrive(error);
    await sleep(POLL_MS);
  }
}

/** @throws DoError always: what a failed deletion left behind. */
export async function afterFailedDelete(
  client: PlatformClient,
  appId: string,
  name: string,
  error: unknown,
): Promise<never> {
  const rows = await client.list(appId).catch(() => undefined);
  if (!(error instanceof DoError) || rows === undefined || rows.some((row) => row.name === name)) throw error;
  // Hazard d: the row goes first, then the upload without the class fails.
  throw new DoError({
    code: error.code,
    message: `${name} is no longer listed, but the platform did not say that it was taken down. ${error.message}`,
    nextStep: `If it still answers, the next deploy of anything deletes what it stored. To keep that, deploy ${name} again from its saved source before any other change.`,
    ...(error.status === undefined ? {} : { status: error.status }),
    cause: error,
  });
}

/** @throws DoError always: whether the key or value is stored although its redeploy failed (hazard g). */
export async function afterFailedEnv(
  client: PlatformClient,
  appId: string,
  key: string,
  intent: 'set' | 'deleted',
  error: unknown,
): Promise<never> {
  if (!(error instanceof DoError)) throw error;
  const { status = 0 } = error;
  if (status < 500 && !isLost(error)) throw error;
  const keys = await client.listEnv(appId).catch(() => undefined);
  if (keys === undefined || keys.includes(key) !== (intent === 'set')) throw error;
  throw new DoError({
    code: error.code,
    message:
      intent === 'set'
        ? `${key} is stored, but it is not sure that the classes see this value already. ${error.message}`
        : `${key} is removed, but it is not sure that the classes no longer see it. ${error.message}`,
    nextStep: 'It takes effect with the next deploy of any class at the latest.',
    ...(error.status === undefined ? {} : { status: error.status }),
    cause: error,
  });
}

/** Whether the change may have happened although the error says nothing of it. */
function isLost(error: DoError): boolean {
  const unreadable = error.code === ERROR_CODES.badResponse && (error.status ?? 500) < 300;
  return error.code === ANSWER_LOST || unreadable || /^HTTP_5\d\d$/.test(error.code);
}

async function readRow(
  client: PlatformClient,
  appId: string,
  name: string,
  lost: DoError,
): Promise<DoClassDetail | undefined> {
  try {
    return await client.get(appId, name);
  } catch (error) {
    if (error instanceof DoError && error.status === 404) return undefined;
    throw lost;
  }
}

function outcome(row: DoClassDetail, input: DeployInput, lost: DoError): RegisterResult {
  if (row.code !== input.code || row.accessMode !== input.accessMode) throw lost;
  if (row.status === 'READY') {
    return { id: row.id, name: row.name, status: row.status, className: row.className };
  }
  throw new DoError({
    code: DEPLOY_FAILED,
    message: row.errorMessage ?? `The deploy of ${row.name} failed.`,
    nextStep: `Correct the source and deploy ${row.name} again before any other change of this app: a class in ERROR loses its stored data when something else is deployed.`,
    cause: lost,
  });
}

function didNotArrive(lost: DoError): DoError {
  return new DoError({
    code: lost.code,
    message: `${lost.message.replace(' The change may have been made all the same.', '')} The deploy did not arrive; nothing was changed.`,
    nextStep: 'Try again.',
    cause: lost,
  });
}
