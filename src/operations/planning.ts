import { DoError, ERROR_CODES } from '../core/errors.ts';
import { envKeyMessage } from '../core/model/envFile.ts';
import { bindingOf } from '../core/model/names.ts';
import { planChange } from '../core/plan/plan.ts';
import type { Plan, PlannedApp, WantedChange } from '../core/plan/planTypes.ts';
import { stuckStates, type StuckState } from '../core/plan/stuck.ts';
import { preflightOf, type Look } from './look.ts';
import { UNREADABLE, type AppOperationsParts } from './parts.ts';
import {
  effectsOf,
  refuseBroken,
  refuseObstacle,
  refuseStuck,
  type DeletePreview,
  type DeployPreview,
  type Effects,
} from './previews.ts';
import { checkInput, type DeployInput } from './sourceCheck.ts';

/*
 * What a change would do to an app as it is now. All of them throw DoError for what the platform would refuse, and
 * for what would leave a class in ERROR.
 */

export async function planDeployOf(
  parts: AppOperationsParts,
  look: Look,
  input: DeployInput,
  signal: AbortSignal | undefined,
): Promise<DeployPreview> {
  const className = await checkInput(input);
  const { name, code, accessMode } = input;
  const plan = planChange(plannedApp(look), { kind: 'deploy', name, className, code, accessMode });
  refuseObstacle(plan);
  refuseStuck(plan, name);
  const preflight = await preflightOf(parts, look, { deploys: input }, signal);
  const stuck = stuckOf(look);
  refuseBroken(preflight, `The deploy of ${name}`, name, stuck);
  const current = look.sources.get(name);
  const unchanged = plan.fates.some((fate) => fate.kind === 'unchanged' && fate.name === name);
  const kind = unchanged ? 'unchanged' : current === undefined ? 'create' : 'update';
  return { kind, className, current, ...effectsOf(plan, stuck, preflight) };
}

export async function planDeleteOf(
  parts: AppOperationsParts,
  look: Look,
  name: string,
  signal: AbortSignal | undefined,
): Promise<DeletePreview> {
  const row = look.rows.find((candidate) => candidate.name === name);
  const plan = planChange(plannedApp(look), { kind: 'delete', name });
  if (row === undefined) throw noSuchClass(name, look, plan);
  refuseObstacle(plan);
  const preflight = await preflightOf(parts, look, { deletes: name }, signal);
  const stuck = stuckOf(look);
  refuseBroken(preflight, `The deletion of ${name}`, undefined, stuck);
  const current = name === UNREADABLE ? undefined : look.sources.get(name);
  return { className: row.className, current, ...effectsOf(plan, stuck, preflight) };
}

export type EnvChange =
  | { readonly kind: 'setEnv'; readonly key: string; readonly value: string }
  | { readonly kind: 'deleteEnv'; readonly key: string }
  /** Of a key that is not known yet. */
  | { readonly kind: 'redeploy' };

export async function planEnvOf(
  parts: AppOperationsParts,
  look: Look,
  change: EnvChange,
  signal: AbortSignal | undefined,
): Promise<Effects> {
  if (change.kind === 'deleteEnv' && !look.envKeys.includes(change.key)) throw noSuchKey(change.key, look);
  if (change.kind === 'setEnv') {
    refuseInput(
      envKeyMessage(
        change.key,
        look.rows.map(({ name }) => bindingOf(name)),
      ),
    );
  }
  const plan = planChange(plannedApp(look), change);
  // Deleting the key that is in the way of every deploy is the way out of that.
  if (change.kind !== 'redeploy') refuseObstacle(plan);
  const preflight: Effects['preflight'] = plan.redeploys
    ? await preflightOf(parts, look, { envKeys: keysAfter(look.envKeys, change) }, signal)
    : { kind: 'loads', ms: 0 };
  const stuck = stuckOf(look);
  if (change.kind !== 'redeploy') refuseBroken(preflight, `The change of ${change.key}`, undefined, stuck);
  return effectsOf(plan, stuck, preflight);
}

/** @throws DoError `INVALID_INPUT` with the message, if there is one */
export function refuseInput(message: string | undefined): void {
  if (message === undefined) return;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message,
    nextStep: 'Correct it and try again. Nothing was changed.',
  });
}

/** What a change would do, whatever stands in its way. */
export function planOf(look: Look, change: WantedChange): Plan {
  return planChange(plannedApp(look), change);
}

/** The app as a plan takes it. */
export function plannedApp({ rows, envKeys, appEnvKeys, known, sources }: Look): PlannedApp {
  return {
    rows,
    envKeys,
    appEnvKeys,
    knowledge: known,
    sources: new Map([...sources].map(([name, { code }]) => [name, code])),
  };
}

/** States in which the app is already, and which do not mend by themselves. */
export function stuckOf({ rows, envKeys, appEnvKeys, known, sources }: Look): StuckState[] {
  const updatedAt = new Map([...sources].map(([name, row]) => [name, row.updatedAt]));
  return stuckStates({ rows, envKeys, appEnvKeys, knowledge: known, updatedAt, now: Date.now() });
}

function keysAfter(keys: readonly string[], change: EnvChange): readonly string[] {
  if (change.kind === 'setEnv') return [...new Set([...keys, change.key])].sort();
  return change.kind === 'deleteEnv' ? keys.filter((key) => key !== change.key) : keys;
}

function noSuchClass(name: string, { rows }: Look, plan: Plan): DoError {
  const gone = plan.stuck.find(({ kind, about }) => kind === 'rowGone' && about.includes(name));
  return new DoError({
    code: 'NO_SUCH_CLASS',
    message: gone?.message ?? `This app has no Durable Object named ${name}.`,
    nextStep: gone?.nextStep ?? mayBeDeleted(rows.map((row) => row.name)),
  });
}

function noSuchKey(key: string, { envKeys }: Look): DoError {
  return new DoError({
    code: 'NO_SUCH_KEY',
    message: `The environment key ${key} is not set.`,
    nextStep: mayBeDeleted(envKeys),
  });
}

/** @param names of what there is */
function mayBeDeleted(names: readonly string[]): string {
  const there = names.length === 0 ? 'None is left.' : `There is: ${[...names].sort().join(', ')}.`;
  return `It may have been deleted already. ${there} Nothing was changed.`;
}
