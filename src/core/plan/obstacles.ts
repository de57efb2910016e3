import {
  bindingOf,
  MAX_BUNDLE_BYTES,
  MAX_CLASSES_PER_APP,
  MAX_ENV_VALUE_LENGTH,
  MAX_PATH_NAME_LENGTH,
  MAX_REGISTER_BODY_BYTES,
  PLATFORM_ENV_KEYS,
} from '../model/names.ts';
import { collidingKey, type ModelRow, type PlatformState, type RefusalCode } from './platformModel.ts';
import type { Obstacle, WantedChange, WantedDeploy } from './planTypes.ts';

/** What stands in the way before the platform looks at its rows: the request itself. */
export function requestObstacle(change: WantedChange): Obstacle | undefined {
  if (change.kind !== 'deploy' && nameOf(change).length > MAX_PATH_NAME_LENGTH) return unreachable(change);
  if (change.kind === 'setEnv' && (change.value?.length ?? 0) > MAX_ENV_VALUE_LENGTH) {
    return {
      code: 'ENV_VALUE_TOO_LONG',
      message: `The value of ${change.key} has ${(change.value ?? '').length.toLocaleString('en')} characters; the platform takes ${MAX_ENV_VALUE_LENGTH.toLocaleString('en')} at most.`,
      nextStep: 'Shorten it, or keep it in storage.',
      leaves: 'nothing',
      waysOut: [],
    };
  }
  if (change.kind !== 'deploy' || change.code === undefined) return undefined;
  const bytes = bodyBytes(change, change.code);
  if (bytes <= MAX_REGISTER_BODY_BYTES) return undefined;
  return {
    code: 'BODY_TOO_LARGE',
    message: `The request that deploys ${change.name} has ${bytes.toLocaleString('en')} bytes; the platform reads ${MAX_REGISTER_BODY_BYTES.toLocaleString('en')} at most.`,
    nextStep: 'Make the source smaller.',
    leaves: 'nothing',
    waysOut: [],
  };
}

/** No request reaches a longer name or key: the platform's router has no route for it. */
function unreachable(change: WantedChange): Obstacle {
  if (change.kind === 'delete') {
    return nothingLeft({
      code: 'UNREACHABLE_NAME',
      message: `No request can delete ${change.name}: its name has more than ${MAX_PATH_NAME_LENGTH} characters.`,
      nextStep: 'Only Butterbase’s support can delete it.',
    });
  }
  return nothingLeft({
    code: 'INVALID_ENV_KEY',
    message: `The key has ${nameOf(change).length} characters; the platform takes ${MAX_PATH_NAME_LENGTH} at most.`,
    nextStep: 'Choose a shorter key.',
  });
}

/**
 * The platform's refusal in words.
 * @param active the rows that the change would upload
 * @param keys the app's keys as the change leaves them
 */
export function obstacleOf(
  refusal: RefusalCode | undefined,
  change: WantedChange,
  active: readonly ModelRow[],
  keys: Keys,
): Obstacle | undefined {
  switch (refusal) {
    case undefined:
    // The row goes all the same; there is only nothing at Cloudflare to remove.
    case 'NO_SCRIPT':
    // Both are Cloudflare's own, and no plan foresees them.
    case 'TAG_MISMATCH':
    case 'CLOUDFLARE_FAILED':
    // Whoever knows the class name has checked the source.
    case 'INVALID_SOURCE':
      return undefined;
    case 'INVALID_NAME':
      return nothingLeft({
        code: refusal,
        message: `${nameOf(change)} is no name for a Durable Object: lower-case words of letters and digits, joined by single hyphens, beginning with a letter.`,
        nextStep: 'Choose another name.',
      });
    case 'INVALID_ENV_KEY':
      return nothingLeft({
        code: refusal,
        message: `${nameOf(change)} is no environment key: capital letters, digits and underscores, not beginning with a digit.`,
        nextStep: 'Choose another key.',
      });
    case 'RESERVED_ENV_KEY':
      return nothingLeft({
        code: refusal,
        message: `${nameOf(change)} is reserved: the platform sets the keys that begin with BUTTERBASE_ itself.`,
        nextStep: 'Choose another key.',
      });
    case 'NOT_FOUND':
      return nothingLeft({
        code: 'NO_SUCH_CLASS',
        message: `This app has no Durable Object named ${nameOf(change)}.`,
        nextStep: 'It may have been deleted already.',
      });
    case 'TOO_MANY_CLASSES':
      return tooMany(change, active);
    case 'BUNDLE_TOO_LARGE':
      return withTrace(change, active, {
        code: refusal,
        message: `The module of all classes has ${mebibytes(change.moduleBytes ?? 0)}; the platform takes ${mebibytes(MAX_BUNDLE_BYTES)} at most.`,
        nextStep: 'Make the sources smaller, or move a class to another app.',
        waysOut: [],
      });
    case 'ENV_BINDING_COLLISION':
      return collision(change, active, keys);
    case 'MODULE_DOES_NOT_LOAD':
      return twins(change, active) ?? doesNotLoad(change, active);
  }
}

function tooMany(change: WantedChange, active: readonly ModelRow[]): Obstacle {
  const others = active.filter(({ name }) => change.kind !== 'deploy' || name !== change.name);
  return withTrace(change, active, {
    code: 'TOO_MANY_CLASSES',
    message: `An app has ${MAX_CLASSES_PER_APP} Durable Object classes at most; this would be number ${active.length}. The others are ${list(others.map(({ name }) => name))}.`,
    nextStep: 'Delete a class that is not needed any more, or use another app.',
    waysOut: others.map(({ name }) => ({ kind: 'deleteClass', name, text: `Delete ${name} first.` })),
  });
}

type Keys = Pick<PlatformState, 'envKeys' | 'appEnvKeys'>;

function collision(change: WantedChange, active: readonly ModelRow[], keys: Keys): Obstacle {
  const { envKeys, appEnvKeys = [] } = keys;
  const own = change.kind === 'setEnv' ? [change.key] : [];
  const key = collidingKey([...own, ...envKeys, ...appEnvKeys], active) ?? '';
  const name = active.find((row) => bindingOf(row.name) === key)?.name ?? key;
  const code = 'ENV_BINDING_COLLISION';
  if (change.kind === 'setEnv' && change.key === key) {
    return withTrace(change, active, {
      code,
      message: `${key} is the name of the binding of ${name}. The platform refuses the key but keeps it, and from then on every deploy of this app fails.`,
      nextStep: 'Choose another key.',
      waysOut: [],
    });
  }
  if (PLATFORM_ENV_KEYS.includes(key)) {
    return withTrace(change, active, {
      code,
      message: `The binding of ${name} would be ${key}, which the platform sets itself.`,
      nextStep: 'Choose another name.',
      waysOut: [],
    });
  }
  if (!envKeys.includes(key)) {
    return withTrace(change, active, {
      code,
      message: `The whole app has a variable ${key}, which its classes get too. It has the name of the binding of ${name}, so every deploy of this app fails.`,
      nextStep: `Choose another name for the Durable Object, or take the variable ${key} from the app, for example with Butterbase’s dashboard.`,
      waysOut: [],
    });
  }
  return withTrace(change, active, {
    code,
    message: `The environment key ${key} has the name of the binding of ${name}, so every deploy of this app fails.`,
    nextStep: `Delete the environment key ${key} first.`,
    waysOut: [{ kind: 'deleteKey', key, text: `Delete the environment key ${key}.` }],
  });
}

function twins(change: WantedChange, active: readonly ModelRow[]): Obstacle | undefined {
  const own = change.kind === 'deploy' ? change.name : undefined;
  const row = [...active]
    .sort((a, b) => Number(b.name === own) - Number(a.name === own))
    .find((one) => active.some((other) => other !== one && other.className === one.className));
  if (row === undefined) return undefined;
  const { name, className } = row;
  const twin = active.find((other) => other !== row && other.className === className)?.name ?? name;
  return withTrace(change, active, {
    code: 'DUPLICATE_CLASS_NAME',
    message: `${twin} already has a class named ${className}; one app cannot have two of the same name.`,
    nextStep: `Rename the class in ${name}, or deploy it under the name ${twin}. A class cannot move to another name with what it stored.`,
    waysOut: [{ kind: 'renameClass', name, className, text: `Give the class in ${name} another name.` }],
  });
}

function doesNotLoad(change: WantedChange, active: readonly ModelRow[]): Obstacle {
  return withTrace(change, active, {
    code: 'MODULE_DOES_NOT_LOAD',
    message: `The app’s module would not load: ${change.loadError ?? 'its classes do not fit together.'}`,
    nextStep: 'Correct the source at that place, then try again.',
    waysOut: [],
  });
}

type Untraced = Omit<Obstacle, 'leaves'>;

function nothingLeft(obstacle: Omit<Untraced, 'waysOut'>): Obstacle {
  return { ...obstacle, leaves: 'nothing', waysOut: [] };
}

/** Adds what the platform keeps of a change that it refuses only after it wrote its row or key. */
function withTrace(change: WantedChange, active: readonly ModelRow[], obstacle: Untraced): Obstacle {
  switch (change.kind) {
    case 'deploy': {
      const deployed = active.some((row) => row.name === change.name && row.everDeployed);
      const then = deployed
        ? ` Sent all the same, it would leave ${change.name} in ERROR, and the next change of anything would destroy what it stored.`
        : '';
      return { ...obstacle, message: obstacle.message + then, leaves: 'rowInError' };
    }
    case 'delete':
      return { ...obstacle, leaves: 'deletedRow' };
    case 'setEnv':
      return { ...obstacle, leaves: 'storedKey' };
    case 'deleteEnv':
      return { ...obstacle, leaves: 'deletedKey' };
    case 'redeploy':
      return { ...obstacle, leaves: 'nothing' };
  }
}

function bodyBytes({ name, accessMode = 'authenticated' }: WantedDeploy, code: string): number {
  return new TextEncoder().encode(JSON.stringify({ name, code, access_mode: accessMode })).length;
}

function nameOf(change: WantedChange): string {
  if (change.kind === 'redeploy') return '';
  return change.kind === 'deploy' || change.kind === 'delete' ? change.name : change.key;
}

function mebibytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(2)} MiB`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
