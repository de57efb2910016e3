import type { ClassStatus, DoClass } from '../model/app.ts';
import { bindingOf, MAX_CLASSES_PER_APP, PLATFORM_ENV_KEYS } from '../model/names.ts';

/**
 * What a change of an app does to each of its classes.
 *
 * The cause of all of it (hazards a, b, c, e, f): every deploy uploads all active classes as one module, and
 * every class of the last upload whose *class name* is not in the new one is deleted with all its storage.
 */

/** Rows in these states are part of what the platform uploads. */
const ACTIVE: readonly ClassStatus[] = ['PENDING', 'BUILDING', 'READY'];

export type FateKind =
  /** Was not there before. */
  | 'created'
  /** Gets new source or another access mode; its instances restart. */
  | 'updated'
  /** Is deployed as it is; its instances restart all the same. */
  | 'unchanged'
  /** Not meant by the change, but its instances restart and their WebSockets drop. */
  | 'evicted'
  /** Loses all that its instances stored, for good on the hosted platform. */
  | 'destroyed'
  /** Its row goes; it was never deployed, so nothing is lost. */
  | 'removed'
  /** Not deployed, and not touched. */
  | 'idle';

export interface ClassFate {
  /** DO name of the row. */
  readonly name: string;
  readonly className: string;
  readonly kind: FateKind;
  /** A sentence for a person. */
  readonly reason: string;
}

/** Why the platform would refuse or fail the change. */
export interface Obstacle {
  readonly code: 'DUPLICATE_CLASS_NAME' | 'TOO_MANY_CLASSES' | 'ENV_BINDING_COLLISION';
  readonly message: string;
  readonly nextStep: string;
}

export interface Plan {
  readonly fates: readonly ClassFate[];
  /** Whether the app's module is uploaded again, so that every instance restarts. */
  readonly redeploys: boolean;
  readonly obstacle: Obstacle | undefined;
}

export interface DeployChange {
  readonly name: string;
  readonly className: string;
  /** Whether source and access mode are those of the row. */
  readonly sameAsDeployed: boolean;
}

/** What a deploy of one class does. @param envKeys the app's env keys: one equal to a binding fails the deploy. */
export function planDeploy(rows: readonly DoClass[], change: DeployChange, envKeys: readonly string[]): Plan {
  const own = rows.find(({ name }) => name === change.name);
  const others = rows.filter(({ name }) => name !== change.name);
  const active = [...others.filter(isActive), change];
  const kept = new Set(active.map(({ className }) => className));
  const fates = others.map((row) => fateOfOther(row, kept, true));
  if (own !== undefined && isHeld(own) && !kept.has(own.className)) {
    fates.unshift({
      name: own.name,
      className: own.className,
      kind: 'destroyed',
      reason:
        own.status === 'ERROR'
          ? `The failed deploy of ${own.name} had the class ${own.className}. If that class was deployed before it, all that its instances stored is lost with the class ${change.className} instead.`
          : `${own.name} is deployed with the class ${own.className}. With the class ${change.className} instead, all that the instances of ${own.className} stored is lost.`,
    });
  }
  fates.unshift(fateOfDeployed(own, change));
  return { fates, redeploys: true, obstacle: obstacleOf(active, others, change, envKeys) };
}

/** What deleting one class does. */
export function planDelete(rows: readonly DoClass[], name: string): Plan {
  const own = rows.find((row) => row.name === name);
  const others = rows.filter((row) => row.name !== name);
  const active = others.filter(isActive);
  const kept = new Set(active.map(({ className }) => className));
  const fates = others.map((row) => fateOfOther(row, kept, true));
  if (own !== undefined) fates.unshift(fateOfDeleted(own, kept));
  return { fates, redeploys: active.length > 0, obstacle: undefined };
}

/** What setting or deleting an env key does: a redeploy when any class is active, else nothing (hazard b3). */
export function planEnvChange(rows: readonly DoClass[]): Plan {
  const active = rows.filter(isActive);
  const kept = new Set(active.map(({ className }) => className));
  const redeploys = active.length > 0;
  return { fates: rows.map((row) => fateOfOther(row, kept, redeploys)), redeploys, obstacle: undefined };
}

/** Whether the platform uploads this row's source with the next deploy of anything. */
export function isActive(row: Pick<DoClass, 'status'>): boolean {
  return ACTIVE.includes(row.status);
}

/**
 * Whether the row's class may be in what the platform uploaded last, so that it has storage to lose. An ERROR
 * row that was ever deployed counts: the platform does not say whether another deploy has removed it since.
 */
function isHeld(row: DoClass): boolean {
  return isActive(row) || row.lastDeployedAt !== undefined;
}

function fateOfOther(row: DoClass, kept: ReadonlySet<string>, redeploys: boolean): ClassFate {
  const { name, className } = row;
  if (!redeploys || !isHeld(row)) {
    const why = isActive(row) ? 'Nothing is deployed again.' : `${name} is not deployed.`;
    return { name, className, kind: 'idle', reason: why };
  }
  if (kept.has(className)) {
    return isActive(row)
      ? { name, className, kind: 'evicted', reason: `Instances of ${name} restart; their WebSockets drop.` }
      : { name, className, kind: 'idle', reason: `Another row deploys the class ${className}.` };
  }
  return {
    name,
    className,
    kind: 'destroyed',
    reason: `${name} is in ERROR, so the platform leaves it out of the next deploy, and all that the instances of ${className} stored is lost. Deploy ${name} first to keep it.`,
  };
}

function fateOfDeployed(own: DoClass | undefined, change: DeployChange): ClassFate {
  const { name, className } = change;
  if (own === undefined)
    return { name, className, kind: 'created', reason: `${name} is deployed for the first time.` };
  if (change.sameAsDeployed && own.status === 'READY') {
    return {
      name,
      className,
      kind: 'unchanged',
      reason: `${name} is deployed as it is; its instances restart.`,
    };
  }
  return {
    name,
    className,
    kind: 'updated',
    reason: `${name} is deployed again; its instances restart and their WebSockets drop.`,
  };
}

function fateOfDeleted(own: DoClass, kept: ReadonlySet<string>): ClassFate {
  const { name, className } = own;
  return isHeld(own) && !kept.has(className)
    ? {
        name,
        className,
        kind: 'destroyed',
        reason: `You delete ${name}: all that the instances of ${className} stored is lost.`,
      }
    : { name, className, kind: 'removed', reason: `${name} is removed; nothing is stored under it.` };
}

function obstacleOf(
  active: readonly { name: string; className: string }[],
  others: readonly DoClass[],
  change: DeployChange,
  envKeys: readonly string[],
): Obstacle | undefined {
  const twin = others.find((row) => isActive(row) && row.className === change.className);
  if (twin !== undefined) {
    return {
      code: 'DUPLICATE_CLASS_NAME',
      message: `${twin.name} already has a class named ${change.className}; one app cannot have two of the same name.`,
      nextStep: `Rename the class in ${change.name}, or deploy it under the name ${twin.name}.`,
    };
  }
  if (active.length > MAX_CLASSES_PER_APP) {
    return {
      code: 'TOO_MANY_CLASSES',
      message: `An app has ${MAX_CLASSES_PER_APP} Durable Object classes at most; this would be number ${active.length}.`,
      nextStep: 'Delete a class that is not needed any more, or use another app.',
    };
  }
  if (PLATFORM_ENV_KEYS.includes(bindingOf(change.name))) {
    return {
      code: 'ENV_BINDING_COLLISION',
      message: `The binding of ${change.name} would be ${bindingOf(change.name)}, which the platform sets itself.`,
      nextStep: 'Choose another name.',
    };
  }
  const bindings = new Map(active.map(({ name }) => [bindingOf(name), name]));
  const key = envKeys.find((candidate) => bindings.has(candidate));
  if (key !== undefined) {
    return {
      code: 'ENV_BINDING_COLLISION',
      message: `The environment key ${key} has the name of the binding of ${bindings.get(key) ?? key}, so every deploy of this app fails.`,
      nextStep: `Delete the environment key ${key} first.`,
    };
  }
  return undefined;
}
