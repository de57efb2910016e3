import { DoError } from '../core/errors.ts';
import type { DoClassDetail } from '../core/model/app.ts';
import type { Plan } from '../core/plan/plan.ts';

/** A change would destroy stored data that nobody agreed to lose. */
export const WOULD_DESTROY = 'WOULD_DESTROY';

/** A class that would lose all that its instances stored. */
export interface Destruction {
  readonly name: string;
  readonly className: string;
  readonly reason: string;
}

export interface Effects {
  /** DO names whose instances restart and whose WebSockets drop. */
  readonly evicts: readonly string[];
  readonly destroys: readonly Destruction[];
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

export function effectsOf(plan: Plan): Effects {
  return {
    evicts: plan.fates
      .filter(({ kind }) => kind === 'evicted' || kind === 'updated' || kind === 'unchanged')
      .map(({ name }) => name),
    destroys: plan.fates
      .filter(({ kind }) => kind === 'destroyed')
      .map(({ name, className, reason }) => ({ name, className, reason })),
  };
}

/** @throws DoError `WOULD_DESTROY` when the plan destroys a class that is not in `allowed`. */
export function refuseDestruction(effects: Effects, allowed: readonly string[]): void {
  const refused = effects.destroys.filter(({ className }) => !allowed.includes(className));
  if (refused.length === 0) return;
  throw new DoError({
    code: WOULD_DESTROY,
    message: `This would destroy the stored data of ${refused.map(({ className }) => className).join(', ')}. ${refused.map(({ reason }) => reason).join(' ')}`,
    nextStep: 'Nothing was changed. Repair that class first, or agree to lose its data.',
  });
}

/** @throws DoError when the platform would refuse the plan and leave a row in ERROR behind. */
export function refuseObstacle(plan: Plan): void {
  if (plan.obstacle !== undefined) throw new DoError(plan.obstacle);
}
