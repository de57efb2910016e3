import { DoError } from '../../core/errors.ts';
import type { DoClass } from '../../core/model/app.ts';
import { afterChange } from '../../core/plan/knowledge.ts';
import type { DestroyedFate, Plan } from '../../core/plan/planTypes.ts';
import { preflightOf, type Look } from '../../operations/look.ts';
import type { AppOperationsParts } from '../../operations/parts.ts';
import { planOf, stuckOf } from '../../operations/planning.ts';
import type { PreflightVerdict } from '../../operations/preflight/preflight.ts';
import {
  DoesNotLoadError,
  ObstacleError,
  refuseDestruction,
  refuseStuck,
} from '../../operations/previews.ts';
import { findRepairs, type Repair } from '../../operations/repair.ts';
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
  readonly after: Look;
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
export async function planSequence(input: SequenceInput): Promise<Sequence> {
  const repaired = await planRepairs(input);
  const planner = new Planner(input);
  const inError = new Set(
    repaired.after.rows.filter(({ status }) => status === 'ERROR').map(({ name }) => name),
  );
  const sorted = [...input.wanted].sort((a, b) => Number(inError.has(b.name)) - Number(inError.has(a.name)));
  const found =
    (await planner.order(repaired.after, sorted)) ?? (await planner.inOrder(repaired.after, sorted));
  return { ...found, steps: [...repaired.steps, ...found.steps], noRepair: repaired.noRepair };
}

/** The classes in ERROR that the first deploy would destroy, and that nobody named. */
async function planRepairs(input: SequenceInput): Promise<Sequence> {
  const { parts, look, wanted, allowed, fileOf, signal } = input;
  const none: Sequence = { steps: [], after: look, noRepair: undefined };
  const [first] = wanted;
  if (first === undefined) return none;
  const names = new Set([...wanted.map(({ name }) => name), ...allowed]);
  const { name, code, accessMode } = first;
  const plan = planOf(look, { kind: 'deploy', name, className: await checkInput(first), code, accessMode });
  const lost = destroyedIn(plan).filter((fate) => !names.has(fate.name));
  if (lost.length === 0) return none;
  let repairs: readonly Repair[];
  try {
    repairs = await findRepairs(parts, look, lost, fileOf, signal);
  } catch (error) {
    if (error instanceof DoError && error.code === 'NO_REPAIR') return { ...none, noRepair: error };
    throw error;
  }
  const planner = new Planner(input);
  const steps: Step[] = [];
  let after = look;
  for (const repair of repairs) {
    const step: Step = { ...(await planner.step(after, repair.input)), kind: 'repair', repair };
    steps.push(step);
    if (step.refusal === undefined) after = afterStep(after, step);
  }
  return { steps, after, noRepair: undefined };
}

type Found = Omit<Sequence, 'noRepair'>;

/** Deploys that are tried in search of an order: all orders of five classes, which share most of them. */
const MOST_TRIED = 80;

class Planner {
  readonly #input: SequenceInput;
  /** Sets of classes that were left when no order went on. */
  readonly #deadEnds = new Set<string>();
  #tried = 0;

  constructor(input: SequenceInput) {
    this.#input = input;
  }

  /** An order in which every deploy can go, or undefined. */
  async order(look: Look, left: readonly DeployInput[]): Promise<Found | undefined> {
    if (left.length === 0) return { steps: [], after: look };
    const key = JSON.stringify(left.map(({ name }) => name).sort());
    if (this.#deadEnds.has(key)) return undefined;
    for (const input of left) {
      if (this.#tried >= MOST_TRIED) return undefined;
      this.#tried += 1;
      const step = await this.step(look, input);
      if (step.refusal !== undefined) continue;
      const rest = await this.order(
        afterStep(look, step),
        left.filter((each) => each !== input),
      );
      if (rest !== undefined) return { ...rest, steps: [step, ...rest.steps] };
    }
    this.#deadEnds.add(key);
    return undefined;
  }

  /** The order as given, with what stands in the way of each. */
  async inOrder(look: Look, inputs: readonly DeployInput[]): Promise<Found> {
    const steps: Step[] = [];
    let after = look;
    for (const input of inputs) {
      const step = await this.step(after, input);
      steps.push(step);
      if (step.refusal === undefined) after = afterStep(after, step);
    }
    return { steps, after };
  }

  /** What one deploy would do to the app as it is in `look`. */
  async step(look: Look, input: DeployInput): Promise<Step> {
    const { parts, signal } = this.#input;
    const { name, code, accessMode } = input;
    const className = await checkInput(input);
    const plan = planOf(look, { kind: 'deploy', name, className, code, accessMode });
    const refusal = this.#refusalOf(plan, name);
    const preflight: PreflightVerdict =
      refusal === undefined
        ? await preflightOf(parts, look, { deploys: input }, signal)
        : { kind: 'unavailable', why: 'The deploy is refused already.' };
    const known = look.rows.some((row) => row.name === name);
    const unchanged = plan.fates.some((fate) => fate.kind === 'unchanged' && fate.name === name);
    return {
      input,
      className,
      kind: unchanged ? 'unchanged' : known ? 'update' : 'create',
      repair: undefined,
      plan,
      preflight,
      destroys: destroyedIn(plan),
      refusal:
        preflight.kind === 'fails'
          ? new DoesNotLoadError(preflight, `The deploy of ${name}`, name, stuckOf(look))
          : refusal,
    };
  }

  #refusalOf(plan: Plan, name: string): DoError | undefined {
    const { allowed, guarded } = this.#input;
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
}

function destroyedIn(plan: Plan): DestroyedFate[] {
  return plan.fates.filter((fate) => fate.kind === 'destroyed');
}

/** The app when the step is done. */
function afterStep(look: Look, { input, className }: Pick<Step, 'input' | 'className'>): Look {
  const { name, code, accessMode } = input;
  const now = new Date().toISOString();
  const before = look.rows.find((row) => row.name === name);
  const row: DoClass = {
    id: before?.id ?? name,
    name,
    className,
    status: 'READY',
    accessMode,
    lastDeployedAt: now,
    errorMessage: undefined,
  };
  const rows = [...look.rows.filter((each) => each.name !== name), row];
  const detail = { ...row, code, createdAt: look.sources.get(name)?.createdAt ?? now, updatedAt: now };
  return {
    ...look,
    rows,
    sources: new Map([...look.sources, [name, detail]]),
    known: afterChange(look.known, name, { kind: 'accepted', redeployed: true }, rows),
  };
}
