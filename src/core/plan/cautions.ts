import { bindingOf, MAX_BUNDLE_BYTES, MAX_PATH_NAME_LENGTH, OVERWRITTEN_ENV_KEYS } from '../model/names.ts';
import { isUnderWay, type Knowledge } from './knowledge.ts';
import type { Caution, ClassFate, PlannedApp, WantedChange } from './planTypes.ts';

/** Part of the largest module from which its size is worth a word. */
const NEAR_LIMIT = 0.9;

export interface CautionInput {
  readonly app: PlannedApp;
  readonly change: WantedChange;
  readonly known: Knowledge;
  readonly fates: readonly ClassFate[];
  /** Whether the change sends anything to Cloudflare. */
  readonly uploads: boolean;
}

/** What to know of a change that does not stop it. */
export function cautionsOf(input: CautionInput): Caution[] {
  return [
    ...unsureClasses(input),
    ...underWay(input),
    ...keyCautions(input),
    ...unreachableName(input.change),
    ...nearLimit(input.change),
  ];
}

/**
 * A row that was in ERROR when it was first seen: its list entry names the class of the failed deploy, which need
 * not be the one that runs.
 */
function unsureClasses({ app, change, known, fates, uploads }: CautionInput): Caution[] {
  if (!uploads) return [];
  return app.rows
    .filter(({ name, lastDeployedAt }) => {
      const asked = change.kind === 'delete' && change.name === name;
      const told = fates.some((fate) => fate.kind === 'destroyed' && fate.name === name);
      return known.unsure.includes(name) && lastDeployedAt !== undefined && !asked && !told;
    })
    .map(({ name, className }) => ({
      kind: 'unsureClass',
      about: name,
      text: `It is not known here which class ${name} last ran with. If a deploy that failed changed its name to ${className}, what the class of before stored is lost.`,
    }));
}

function underWay({ app, change }: CautionInput): Caution[] {
  const own = change.kind === 'deploy' || change.kind === 'delete' ? change.name : undefined;
  return app.rows
    .filter(({ name, status }) => name !== own && isUnderWay(status))
    .map(({ name, status }) => ({
      kind: 'underWay',
      about: name,
      text: `${name} is in ${status}. If its deploy is still under way, one of the two fails and leaves its class in ERROR; wait until it ended.`,
    }));
}

function keyCautions({ app, change }: CautionInput): Caution[] {
  if (change.kind !== 'setEnv') return [];
  const { key } = change;
  const names = [...app.rows.map(({ name }) => name), ...Object.keys(app.manifest?.classes ?? {})];
  const name = names.find((each) => bindingOf(each) === key);
  const cautions: Caution[] = [];
  if (name !== undefined) {
    cautions.push({
      kind: 'keyBlocks',
      about: key,
      text: `${key} is the name of the binding of ${name}: while the key is set, ${name} cannot be deployed.`,
    });
  }
  if (OVERWRITTEN_ENV_KEYS.includes(key)) {
    cautions.push({
      kind: 'keyOverwritten',
      about: key,
      text: `The platform puts a value of its own over ${key}, so classes never see yours.`,
    });
  }
  return cautions;
}

function unreachableName(change: WantedChange): Caution[] {
  if (change.kind !== 'deploy') return [];
  const { name } = change;
  const about = { kind: 'unreachableName', about: name } as const;
  if (name.length > MAX_PATH_NAME_LENGTH) {
    const text = `The name has more than ${MAX_PATH_NAME_LENGTH} characters: the platform deploys it, but can never show or delete it again.`;
    return [{ ...about, text }];
  }
  if (name === 'env') {
    return [{ ...about, text: 'The source of a class named env cannot be read from the platform.' }];
  }
  return [];
}

function nearLimit({ moduleBytes = 0 }: WantedChange): Caution[] {
  if (moduleBytes <= MAX_BUNDLE_BYTES * NEAR_LIMIT || moduleBytes > MAX_BUNDLE_BYTES) return [];
  const used = Math.floor((moduleBytes / MAX_BUNDLE_BYTES) * 100);
  return [
    {
      kind: 'moduleNearLimit',
      about: '',
      text: `The module of all classes has ${used} % of the size that the platform takes.`,
    },
  ];
}
