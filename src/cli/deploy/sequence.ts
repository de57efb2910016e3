import { DoError } from '../../core/errors.ts';
import type { DestroyedFate, Plan, PlannedApp, WantedDeploy } from '../../core/plan/planTypes.ts';
import { planChange } from '../../core/plan/plan.ts';
import { inBestOrder, inOrder, type Judge } from '../../core/plan/sequence.ts';
import { preflightOf, type AppModule, type Look } from '../../operations/look.ts';
import type { AppOperationsParts } from '../../operations/parts.ts';
import { plannedApp, stuckOf } from '../../operations/planning.ts';
import type { PreflightVerdict } from '../../operations/preflight/preflight.ts';
import {
  DoesNotLoadError,
  ObstacleError,
  refuseDestruction,
  refuseStuck,
} from '../../operations/previews.ts';
import { findRepairs, NO_REPAIR, type Repair } from '../../operations/repair.ts';
import { checkInput, type DeployInput } from '../../operations/sourceCheck.ts';

/** One deploy of several, as it will be when those before it are done. */
export interface Step {
  readonly input: DeployInput;
  readonly className: string;
  readonly kind: 'create' | 'update' | 'unchanged' | 'repair';
  /** With what a class is brought back that nobody named; only of a repair. */
  readonly repair: Repair | undefined;
  readonly plan: Plan;
  readonly preflight: PreflightVerdict;
  /** What the step destroys, agreed to or not. */
  readonly destroys: readonly DestroyedFate[];
  /** Why the step is refused; undefined when it can go. */
  readonly refusal: DoError | undefined;
}

export interface Sequence {
  readonly steps: readonly Step[];
  /** The app after the steps that can go. */
  readonly after: AppModule;
  /** Why classes in ERROR cannot be brought back before; undefined when none has to be, or all can. */
  readonly noRepair: DoError | undefined;
}

export interface SequenceInput {
  readonly parts: AppOperationsParts;
  readonly look: Look;
  /** In the order in which they are deployed unless another one is better. */
  readonly wanted: readonly DeployInput[];
  /** DO names whose stored data may be lost. */
  readonly allowed: readonly string[];
  /** The file of a class that is not among the wanted ones. */
  readonly fileOf: (name: string) => DeployInput | undefined;
  /** Why classes are not to be replaced, by DO name. */
  readonly guarded: ReadonlyMap<string, DoError>;
  readonly signal: AbortSignal;
}

/**
 * Puts the deploys of several classes into an order in which none is refused and nothing is lost: classes in ERROR
 * first, and a class that gives up a name before the one that takes it. What a deploy would destroy although nobody
 * asked for that is brought back before it, when it can be.
 *
 * @throws DoError when a source cannot be deployed at all
 */
export async function planDeploys(input: SequenceInput): Promise<Sequence> {
  const now = plannedApp(input.look);
  const wanted = await Promise.all(input.wanted.map((each) => deployOf(each)));
  const { repairs, noRepair } = await findLostRepairs(input, now, wanted);
  const judge = judgeFor(input);
  const repaired = await inOrder(
    now,
    await Promise.all(repairs.map((repair) => deployOf(repair.input, repair))),
    judge,
  );
  const inError = new Set(
    repaired.after.rows.filter(({ status }) => status === 'ERROR').map(({ name }) => name),
  );
  const sorted = [...wanted].sort((a, b) => Number(inError.has(b.name)) - Number(inError.has(a.name)));
  const others = await inBestOrder(repaired.after, sorted, judge);
  const steps = [...repaired.steps, ...others.steps].map(({ verdict }) => verdict);
  return { steps, after: moduleOf(others.after), noRepair };
}

/** A deploy with all that is sent. */
interface Deploy extends WantedDeploy, DeployInput {
  readonly code: string;
  readonly accessMode: DeployInput['accessMode'];
  readonly repair: Repair | undefined;
}

async function deployOf(input: DeployInput, repair?: Repair): Promise<Deploy> {
  return { kind: 'deploy', ...input, className: await checkInput(input), repair };
}

/** How the classes in ERROR come back that the first deploy would destroy, and that nobody named. */
async function findLostRepairs(
  { parts, look, wanted, allowed, fileOf, signal }: SequenceInput,
  now: PlannedApp,
  [first]: readonly Deploy[],
): Promise<{ readonly repairs: readonly Repair[]; readonly noRepair: DoError | undefined }> {
  const names = new Set([...wanted.map(({ name }) => name), ...allowed]);
  const lost =
    first === undefined ? [] : destroyedIn(planChange(now, first)).filter(({ name }) => !names.has(name));
  if (lost.length === 0) return { repairs: [], noRepair: undefined };
  try {
    return { repairs: await findRepairs(parts, look, lost, fileOf, signal), noRepair: undefined };
  } catch (error) {
    if (error instanceof DoError && error.code === NO_REPAIR) return { repairs: [], noRepair: error };
    throw error;
  }
}

/** A deploy can go when nothing stands in its way, it loses nothing that was not agreed to, and its module loads. */
function judgeFor(input: SequenceInput): Judge<Deploy, Step & { readonly goes: boolean }> {
  const { parts, look, signal } = input;
  return async (app, deploy, plan) => {
    const { name, code, accessMode, className, repair } = deploy;
    const refusal = refusalOf(input, plan, name);
    const preflight: PreflightVerdict =
      refusal === undefined
        ? await preflightOf(parts, moduleOf(app), { deploys: { name, code, accessMode } }, signal)
        : { kind: 'unavailable', why: 'The deploy is refused already.' };
    const broken =
      preflight.kind === 'fails'
        ? new DoesNotLoadError(preflight, `The deploy of ${name}`, name, stuckOf(look))
        : undefined;
    return {
      goes: refusal === undefined && broken === undefined,
      input: { name, code, accessMode },
      className,
      kind: repair === undefined ? kindOf(app, plan, name) : 'repair',
      repair,
      plan,
      preflight,
      destroys: destroyedIn(plan),
      refusal: broken ?? refusal,
    };
  };
}

function refusalOf({ allowed, guarded }: SequenceInput, plan: Plan, name: string): DoError | undefined {
  if (plan.obstacle !== undefined) return new ObstacleError(plan.obstacle);
  try {
    refuseStuck(plan, name);
    refuseDestruction({ destroys: destroyedIn(plan).filter((fate) => !allowed.includes(fate.name)) }, []);
    return guarded.get(name);
  } catch (error) {
    if (error instanceof DoError) return error;
    throw error;
  }
}

function kindOf({ rows }: PlannedApp, plan: Plan, name: string): Step['kind'] {
  if (plan.fates.some((fate) => fate.kind === 'unchanged' && fate.name === name)) return 'unchanged';
  return rows.some((row) => row.name === name) ? 'update' : 'create';
}

function destroyedIn(plan: Plan): DestroyedFate[] {
  return plan.fates.filter((fate) => fate.kind === 'destroyed');
}

/** What the module of the app as it will be is made of. */
function moduleOf({ rows, envKeys, appEnvKeys, sources }: PlannedApp): AppModule {
  const classes = rows.flatMap(({ name, accessMode }) => {
    const code = sources?.get(name);
    return code === undefined ? [] : [[name, { name, code, accessMode }] as const];
  });
  return { rows, envKeys: envKeys ?? [], appEnvKeys, sources: new Map(classes) };
}
