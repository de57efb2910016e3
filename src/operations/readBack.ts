import { setTimeout as sleep } from 'node:timers/promises';
import { DoError, toError } from '../core/errors.ts';
import type { DoClass, DoClassDetail } from '../core/model/app.ts';
import type { PlatformClient } from '../platform/client.ts';
import type { Look } from './look.ts';
import type { DeletePreview, DeployPreview, Effects } from './previews.ts';
import type { DeployInput } from './sourceCheck.ts';

/** The platform said yes, but what it shows afterwards is not what was planned. */
export const READ_BACK = 'READ_BACK';

/** The platform said yes, but it could not be read back. */
export const NOT_VERIFIED = 'NOT_VERIFIED';

/** An app as it is after a change. */
export interface Afterwards {
  readonly rows: readonly DoClass[];
  readonly envKeys: readonly string[];
}

/** @throws DoError `NOT_VERIFIED` @param what was done: `The deploy of chat-room` */
export async function readAfter(client: PlatformClient, appId: string, what: string): Promise<Afterwards> {
  return reading(what, async () => {
    const [rows, envKeys] = await Promise.all([client.list(appId), client.listEnv(appId)]);
    return { rows, envKeys };
  });
}

/** @throws DoError when what is deployed is not what was sent, or anything else is not as it was. */
export async function compareDeployed(
  client: PlatformClient,
  appId: string,
  input: DeployInput,
  preview: DeployPreview,
  before: Look,
  after: Afterwards,
): Promise<void> {
  const row = await reading(`The deploy of ${input.name}`, () => settledRow(client, appId, input.name));
  complain(`${input.name} was deployed`, [
    ...differencesOf(row, input, preview.className),
    ...changedClasses(before.rows, after.rows, preview, input.name),
    ...changedKeys(before.envKeys, after.envKeys),
  ]);
}

/** Milliseconds to wait for a deploy that began after ours: the network may deliver a request twice. */
const SETTLE_WAIT_MS = 30_000;

const POLL_MS = 250;

async function settledRow(client: PlatformClient, appId: string, name: string): Promise<DoClassDetail> {
  const begin = performance.now();
  for (;;) {
    const row = await client.get(appId, name);
    if (row.status !== 'BUILDING' || performance.now() - begin > SETTLE_WAIT_MS) return row;
    await sleep(POLL_MS);
  }
}

/** @throws DoError when the class is still there, or anything else is not as it was. */
export function compareDeleted(name: string, preview: DeletePreview, before: Look, after: Afterwards): void {
  complain(`The platform accepted the deletion of ${name}`, [
    ...(after.rows.some((row) => row.name === name) ? [`${name} is still listed`] : []),
    ...changedClasses(before.rows, after.rows, preview, name),
    ...changedKeys(before.envKeys, after.envKeys),
  ]);
}

/** @throws DoError when the key is not as intended, or anything else is not as it was. */
export function compareEnv(
  key: string,
  intent: 'set' | 'deleted',
  effects: Effects,
  before: Look,
  after: Afterwards,
): void {
  const isRight = after.envKeys.includes(key) === (intent === 'set');
  const wrong = intent === 'set' ? `${key} is not set` : `${key} is still set`;
  complain(`The platform accepted the change of ${key}`, [
    ...(isRight ? [] : [wrong]),
    ...changedClasses(before.rows, after.rows, effects, undefined),
    ...changedKeys(before.envKeys, after.envKeys, key),
  ]);
}

function differencesOf(row: DoClassDetail, input: DeployInput, className: string): string[] {
  const differences: string[] = [];
  if (row.status !== 'READY') {
    const why = row.errorMessage === undefined ? '' : ` (${row.errorMessage})`;
    differences.push(`its status is ${row.status}${why}`);
  }
  if (row.code !== input.code) differences.push('its source is not the one that was sent');
  if (row.accessMode !== input.accessMode) {
    differences.push(`its access mode is ${row.accessMode} instead of ${input.accessMode}`);
  }
  if (row.className !== className) differences.push(`its class is ${row.className} instead of ${className}`);
  return differences;
}

/** What became of classes that should have stayed as they were. @param own DO name of the one that was changed */
function changedClasses(
  before: readonly DoClass[],
  after: readonly DoClass[],
  effects: Effects,
  own: string | undefined,
): string[] {
  const expected = new Set(effects.destroys.map(({ name }) => name));
  const stayed = before.flatMap((old) => {
    if (expected.has(old.name) || old.name === own) return [];
    const now = after.find(({ name }) => name === old.name);
    return now === undefined ? [`${old.name} is gone`] : changesOf(old, now);
  });
  const fresh = after.filter(({ name }) => name !== own && !before.some((old) => old.name === name));
  return [...stayed, ...fresh.map(({ name }) => `${name} is there and was not before`)];
}

function changesOf(old: DoClass, now: DoClass): string[] {
  const { name } = old;
  const changes: string[] = [];
  if (now.className !== old.className) changes.push(`the class of ${name} is ${now.className} now`);
  if (now.accessMode !== old.accessMode)
    changes.push(`the access mode of ${name} is ${now.accessMode} instead of ${old.accessMode}`);
  if (now.status !== old.status) changes.push(`${name} is in ${now.status} instead of ${old.status}`);
  else if (now.lastDeployedAt !== old.lastDeployedAt) changes.push(`${name} was deployed meanwhile`);
  return changes;
}

/** @param own the key that was changed */
function changedKeys(before: readonly string[], after: readonly string[], own?: string): string[] {
  const isOther = (key: string): boolean => key !== own;
  return [
    ...before.filter((key) => isOther(key) && !after.includes(key)).map((key) => `${key} is no longer set`),
    ...after.filter((key) => isOther(key) && !before.includes(key)).map((key) => `${key} is set now`),
  ];
}

async function reading<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new DoError({
      code: NOT_VERIFIED,
      message: `${what} was accepted, but it could not be checked: ${toError(error).message}`,
      nextStep: 'Look at what is deployed before any other change.',
      cause: error,
    });
  }
}

function complain(what: string, differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new DoError({
    code: READ_BACK,
    message: `${what}, but what the platform shows is not as planned: ${differences.join('; ')}.`,
    nextStep: 'Look at these classes before any other change. Somebody else may be changing the app.',
  });
}
