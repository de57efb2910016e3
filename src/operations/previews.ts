import { DoError } from '../core/errors.ts';
import type { DoClassDetail } from '../core/model/app.ts';
import type { Caution, DestroyedFate, Obstacle, Plan } from '../core/plan/planTypes.ts';
import type { StuckState } from '../core/plan/stuck.ts';
import type { PreflightVerdict } from './preflight/preflight.ts';

/** A change would destroy stored data that nobody agreed to lose. */
export const WOULD_DESTROY = 'WOULD_DESTROY';

/** Nothing can be deployed until the platform's support has mended the app's state. */
export const APP_STUCK = 'APP_STUCK';

/** A class that would lose all that its instances stored. */
export type Destruction = DestroyedFate;

export interface Effects {
  /** DO names whose instances restart and whose WebSockets drop. */
  readonly evicts: readonly string[];
  readonly destroys: readonly Destruction[];
  /** What to know besides; none of it stops the change. */
  readonly cautions: readonly Caution[];
  /** States in which the app is already, and which do not mend by themselves. */
  readonly stuck: readonly StuckState[];
  /** Whether the module that goes out would load. */
  readonly preflight: PreflightVerdict;
}

export interface DeployPreview extends Effects {
  readonly kind: 'create' | 'update' | 'unchanged';
  readonly className: string;
  /** The row as it is now; its code is what was submitted last. Undefined for a first deploy. */
  readonly current: DoClassDetail | undefined;
}

export interface DeletePreview extends Effects {
  readonly className: string;
  /** Undefined for a class whose source the platform cannot show (one named `env`). */
  readonly current: DoClassDetail | undefined;
}

export function effectsOf(plan: Plan, stuck: readonly StuckState[], preflight: PreflightVerdict): Effects {
  return {
    evicts: plan.fates
      .filter(({ kind }) => kind === 'evicted' || kind === 'updated' || kind === 'unchanged')
      .map(({ name }) => name),
    destroys: plan.fates.filter((fate) => fate.kind === 'destroyed'),
    cautions: plan.cautions,
    stuck,
    preflight,
  };
}

/** Nothing was changed, because stored data would have gone with it. */
export class WouldDestroyError extends DoError {
  readonly refused: readonly Destruction[];

  constructor(refused: readonly Destruction[]) {
    const ways = [...new Set(refused.flatMap(({ waysOut }) => waysOut.map(({ text }) => text)))];
    super({
      code: WOULD_DESTROY,
      message: `This would destroy the stored data of ${refused.map(({ className }) => className).join(', ')}. ${refused.map(({ reason }) => reason).join(' ')}`,
      nextStep: `Nothing was changed. ${[...ways, 'Or agree to lose its data.'].join(' ')}`,
    });
    this.refused = refused;
  }
}

/** What would be lost, when that is why a change was refused. */
export function lossesIn(error: unknown): readonly Destruction[] | undefined {
  return error instanceof DoError && 'refused' in error ? (error as WouldDestroyError).refused : undefined;
}

/** @throws WouldDestroyError when the plan destroys a class that is not in `allowed`. */
export function refuseDestruction(effects: Pick<Effects, 'destroys'>, allowed: readonly string[]): void {
  const refused = effects.destroys.filter(({ className }) => !allowed.includes(className));
  if (refused.length > 0) throw new WouldDestroyError(refused);
}

/** The platform would refuse the change, and might keep a part of it all the same. */
export class ObstacleError extends DoError {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    const { code, message, nextStep } = obstacle;
    super({ code, message, nextStep });
    this.obstacle = obstacle;
  }
}

/** What stands in the way, when that is what an error says. */
export function obstacleIn(error: unknown): Obstacle | undefined {
  return error instanceof DoError && 'obstacle' in error ? (error as ObstacleError).obstacle : undefined;
}

/** @throws ObstacleError when the platform would refuse the plan and leave a row in ERROR behind. */
export function refuseObstacle(plan: Plan): void {
  if (plan.obstacle !== undefined) throw new ObstacleError(plan.obstacle);
}

type Failure = Extract<PreflightVerdict, { kind: 'fails' }>;

/** The module that would go out does not load. */
export class DoesNotLoadError extends DoError {
  readonly failure: Failure;

  constructor(failure: Failure, what: string, changed: string | undefined, stuck: readonly StuckState[]) {
    const { code, message, culprits, place } = failure;
    const at = place === undefined ? '' : ` at ${place.name}.ts, line ${place.line}`;
    super({
      code,
      message: [`${message}${faultText(culprits, changed)}`, ...leftBehind(culprits, stuck)].join('\n'),
      nextStep: `${what} was not sent; what is deployed runs on. ${stepFor(culprits, changed, at)}`,
    });
    this.failure = failure;
  }
}

/** Why the module would not load, when that is what an error says. */
export function loadFailureIn(error: unknown): Failure | undefined {
  return error instanceof DoError && 'failure' in error ? (error as DoesNotLoadError).failure : undefined;
}

/**
 * @param what is being done: `The deploy of chat-room`
 * @param changed DO name of the class whose source changes
 * @throws DoesNotLoadError
 */
export function refuseBroken(
  verdict: PreflightVerdict,
  what: string,
  changed: string | undefined,
  stuck: readonly StuckState[] = [],
): void {
  if (verdict.kind === 'fails') throw new DoesNotLoadError(verdict, what, changed, stuck);
}

/** @throws DoError `APP_STUCK` when no deploy can work, and this one would leave one more class in ERROR. */
export function refuseStuck(plan: Plan, name: string): void {
  const lost = plan.stuck.find(({ onlySupport }) => onlySupport);
  // A class that is in ERROR already is no worse off: with it one finds out that the support has mended the app.
  if (lost === undefined || lost.about.includes(name)) return;
  throw new DoError({ code: APP_STUCK, message: lost.message, nextStep: lost.nextStep });
}

/** Why a class at fault goes out with every deploy although nobody deploys it. */
function leftBehind(culprits: readonly string[], stuck: readonly StuckState[]): string[] {
  return stuck
    .filter(({ kind, about }) => kind === 'leftBuilding' && about.some((name) => culprits.includes(name)))
    .map(({ message }) => message);
}

/** Names the class at fault where it is not the one that changes. */
function faultText(culprits: readonly string[], changed: string | undefined): string {
  const [one, other] = culprits;
  if (one === undefined || (culprits.length === 1 && one === changed)) return '';
  if (culprits.length === 2 && one === changed && other !== undefined) {
    return `\n${one} and ${other} do not go together: all classes of an app are one module.`;
  }
  const are = culprits.length === 1 ? 'is' : 'are';
  const not = changed === undefined || culprits.includes(changed) ? '' : `, not ${changed}`;
  return `\n${culprits.join(', ')} ${are} at fault${not}: all classes of an app are one module.`;
}

function stepFor(culprits: readonly string[], changed: string | undefined, at: string): string {
  const isOther = culprits.length > 0 && !culprits.includes(changed ?? '');
  if (isOther) return `Correct ${culprits.join(', ')} and deploy it first.`;
  return `Correct the source${at}, then try again.`;
}
