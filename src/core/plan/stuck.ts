import type { ClassStatus, DoClass } from '../model/app.ts';
import { bindingOf } from '../model/names.ts';
import { isUnderWay, observe, type Knowledge } from './knowledge.ts';
import { isActiveStatus } from './platformModel.ts';
import { tagRefusalIn, timeOfTag } from './tagRefusal.ts';

/** A state of an app that does not mend by itself. */
export interface StuckState {
  readonly kind:
    /** Every deploy fails with 10079: the platform's migration tag is not that of the script. */
    | 'tagLost'
    /** A class runs whose row is gone. */
    | 'rowGone'
    /** A deploy died, and its row is still in BUILDING. */
    | 'leftBuilding'
    /** An environment key has the name of a class's binding, so that every deploy fails. */
    | 'blockedByKey'
    /** A variable of the whole app has the name of a class's binding, with the same effect. */
    | 'blockedByVariable';
  /** DO names or the key that it is about. */
  readonly about: readonly string[];
  readonly message: string;
  readonly nextStep: string;
  /** Whether nothing that can be done through the platform's API helps. */
  readonly onlySupport: boolean;
}

export interface StuckInput {
  readonly rows: readonly DoClass[];
  readonly envKeys?: readonly string[] | undefined;
  /** Of the whole app. */
  readonly appEnvKeys?: readonly string[] | undefined;
  readonly knowledge?: Knowledge | undefined;
  /** When rows were last written, ISO 8601, by DO name, as far as they were read. */
  readonly updatedAt?: ReadonlyMap<string, string> | undefined;
  /** Milliseconds since 1970. */
  readonly now?: number | undefined;
}

/** A deploy takes seconds; a row that is in BUILDING longer than this was left behind, ms. */
export const LONGEST_DEPLOY_MS = 5 * 60_000;

/** The states in which the app is stuck, as far as the list and what is remembered tell. */
export function stuckStates(input: StuckInput): StuckState[] {
  const known = observe(input.knowledge, input.rows);
  return [
    tagLost(input, known),
    ...rowsGone(input.rows, known),
    ...leftBuilding(input),
    blocked(input),
  ].filter((state) => state !== undefined);
}

/**
 * One 10079 may come from two deploys at once, and the next deploy works. It is for good when the platform
 * names the same tag twice, when there is no script, or when the script's tag is much older than the refusal.
 */
function tagLost({ rows, updatedAt }: StuckInput, known: Knowledge): StuckState | undefined {
  const failed = rows
    .filter(({ status }) => status === 'ERROR')
    .map((row) => ({ row, refusal: tagRefusalIn(row.errorMessage ?? '') }))
    .filter(({ refusal }) => refusal !== undefined);
  const oldest = failed.some(({ row, refusal }) => {
    const made = timeOfTag(refusal?.found ?? '');
    const at = Date.parse(updatedAt?.get(row.name) ?? '');
    return made !== undefined && at - made > LONGEST_DEPLOY_MS;
  });
  const noScript =
    known.scriptGone || known.tag?.found === '' || failed.some(({ refusal }) => refusal?.found === '');
  const twice = known.tag !== null && known.tag.times > 1;
  if (!noScript && !twice && !oldest) return undefined;
  const about = failed.map(({ row }) => row.name);
  if (noScript) {
    return {
      kind: 'tagLost',
      about,
      message:
        'The app’s worker is gone from Cloudflare, but the platform still remembers its migration tag. Every deploy and every removal fails (10079), and will go on failing. What the instances stored is gone with the worker.',
      nextStep:
        'Only Butterbase’s support can reset the app’s deploy state; give them the app id and the error. Until then, deploy to another app. Do not retry: each try leaves another class in ERROR.',
      onlySupport: true,
    };
  }
  return {
    kind: 'tagLost',
    about,
    message:
      'The platform has lost the migration tag of the app’s worker: every deploy fails (10079), and will go on failing. What was deployed last runs on with its data.',
    nextStep:
      'Ask Butterbase’s support to set the tag right; give them the app id and the error. Deleting every class of the app also resets it, and destroys all that they stored.',
    onlySupport: true,
  };
}

function rowsGone(rows: readonly DoClass[], known: Knowledge): StuckState[] {
  const names = new Set(rows.map(({ name }) => name));
  const active = new Set(rows.filter(isActiveRow).map(({ className }) => className));
  return known.held
    .filter((held) => !names.has(held.name) && !active.has(held.className))
    .map(({ name, className, certain }) => ({
      kind: 'rowGone',
      about: [name],
      message: certain
        ? `${name} was deleted, but the platform could not take its class ${className} out of the worker: it still runs, without a row. The next deploy of anything destroys what it stored.`
        : `${name} is no longer listed. If the platform could not take its class ${className} out of the worker, it still runs, and the next deploy of anything destroys what it stored.`,
      nextStep: `To keep its data, deploy ${name} with the class ${className} again before anything else changes. Else any deploy ends it; deleting it once more answers 404.`,
      onlySupport: false,
    }));
}

function leftBuilding({ rows, updatedAt, now }: StuckInput): StuckState[] {
  if (now === undefined) return [];
  return rows
    .filter(({ name, status }) => {
      const since = Date.parse(updatedAt?.get(name) ?? '');
      return isUnderWay(status) && now - since > LONGEST_DEPLOY_MS;
    })
    .map(({ name }) => ({
      kind: 'leftBuilding',
      about: [name],
      message: `A deploy of ${name} ended without saying how, so its row is still in BUILDING. Its source goes out with every deploy of the app; when it does not load, they all fail.`,
      nextStep: `Deploy ${name} again: that settles its state.`,
      onlySupport: false,
    }));
}

function blocked({ rows, envKeys = [], appEnvKeys = [] }: StuckInput): StuckState | undefined {
  const bindings = new Map(rows.filter(isActiveRow).map(({ name }) => [bindingOf(name), name]));
  const key = [...envKeys, ...appEnvKeys].find((each) => bindings.has(each));
  if (key === undefined) return undefined;
  if (!envKeys.includes(key)) {
    return {
      kind: 'blockedByVariable',
      about: [key],
      message: `The whole app has a variable ${key}, which its classes get too. It has the name of the binding of ${bindings.get(key) ?? key}, so every deploy of this app fails, and a class that is deployed meanwhile goes into ERROR.`,
      nextStep: `Take the variable ${key} from the app, for example with Butterbase’s dashboard.`,
      onlySupport: false,
    };
  }
  return {
    kind: 'blockedByKey',
    about: [key],
    message: `The environment key ${key} has the name of the binding of ${bindings.get(key) ?? key}, so every deploy of this app fails, and a class that is deployed meanwhile goes into ERROR.`,
    nextStep: `Delete the environment key ${key}.`,
    onlySupport: false,
  };
}

function isActiveRow({ status }: { readonly status: ClassStatus }): boolean {
  return isActiveStatus(status);
}
