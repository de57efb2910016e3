import { DoError, toError } from '../core/errors.ts';
import type { DoClass, DoClassDetail } from '../core/model/app.ts';
import type { PlatformClient } from '../platform/client.ts';
import type { DeletePreview, DeployPreview, Effects } from './previews.ts';
import type { DeployInput } from './sourceCheck.ts';

/** The platform said yes, but what it shows afterwards is not what was planned. */
export const READ_BACK = 'READ_BACK';

/** The platform said yes, but it could not be read back. */
export const NOT_VERIFIED = 'NOT_VERIFIED';

/** @throws DoError when what is deployed is not what was sent, or another class is not as it was. */
export async function compareDeployed(
  client: PlatformClient,
  appId: string,
  input: DeployInput,
  preview: DeployPreview,
  before: readonly DoClass[],
): Promise<void> {
  const [rows, row] = await reading(`The deploy of ${input.name}`, () =>
    Promise.all([client.list(appId), client.get(appId, input.name)]),
  );
  const others = before.filter(({ name }) => name !== input.name);
  complain(`${input.name} was deployed`, [
    ...differencesOf(row, input, preview.className),
    ...lostClasses(others, rows, preview),
  ]);
}

/** @throws DoError when the class is still there, or another class is not as it was. */
export async function compareDeleted(
  client: PlatformClient,
  appId: string,
  name: string,
  preview: DeletePreview,
  before: readonly DoClass[],
): Promise<void> {
  const rows = await reading(`The deletion of ${name}`, () => client.list(appId));
  const others = before.filter((row) => row.name !== name);
  complain(`The platform accepted the deletion of ${name}`, [
    ...(rows.some((row) => row.name === name) ? [`${name} is still listed`] : []),
    ...lostClasses(others, rows, preview),
  ]);
}

/** @throws DoError when the key is not as intended, or a class is not as it was. */
export async function compareEnv(
  client: PlatformClient,
  appId: string,
  key: string,
  intent: 'set' | 'deleted',
  effects: Effects,
  before: readonly DoClass[],
): Promise<void> {
  const [rows, keys] = await reading(`The change of ${key}`, () =>
    Promise.all([client.list(appId), client.listEnv(appId)]),
  );
  const wrong =
    keys.includes(key) === (intent === 'set') ? [] : [intent === 'set' ? 'is not set' : 'is still set'];
  complain(`The platform accepted the change of ${key}`, [
    ...wrong.map((text) => `${key} ${text}`),
    ...lostClasses(before, rows, effects),
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

/** What became of classes that should have stayed. */
function lostClasses(before: readonly DoClass[], after: readonly DoClass[], effects: Effects): string[] {
  const expected = new Set(effects.destroys.map(({ name }) => name));
  return before.flatMap((old) => {
    if (expected.has(old.name)) return [];
    const now = after.find(({ name }) => name === old.name);
    if (now === undefined) return [`${old.name} is gone`];
    if (now.className !== old.className) return [`the class of ${old.name} is ${now.className} now`];
    return now.status === 'ERROR' && old.status !== 'ERROR' ? [`${old.name} is in ERROR`] : [];
  });
}

async function reading<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new DoError({
      code: NOT_VERIFIED,
      message: `${what} was accepted, but it could not be checked: ${toError(error).message}`,
      nextStep: 'Refresh to see what is deployed.',
      cause: error,
    });
  }
}

function complain(what: string, differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new DoError({
    code: READ_BACK,
    message: `${what}, but what the platform shows is not as planned: ${differences.join('; ')}.`,
    nextStep:
      'Refresh and look at these classes before any other change. Somebody else may be changing the app.',
  });
}
