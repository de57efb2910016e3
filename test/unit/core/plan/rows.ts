import type { ClassStatus, DoClass } from '../../../../src/core/model/app.ts';
import type { Plan } from '../../../../src/core/plan/planTypes.ts';

/** A row as the platform lists it. */
export function row(name: string, className: string, more: Partial<DoClass> = {}): DoClass {
  return {
    id: name,
    name,
    className,
    status: 'READY',
    accessMode: 'public',
    lastDeployedAt: '2026-11-22T10:00:00.000Z',
    errorMessage: undefined,
    ...more,
  };
}

/** A row whose last deploy failed after an earlier one succeeded. */
export function failed(name: string, className: string, more: Partial<DoClass> = {}): DoClass {
  return row(name, className, { status: 'ERROR' satisfies ClassStatus, errorMessage: 'failed', ...more });
}

/** A row of which no deploy ever succeeded. */
export function neverDeployed(name: string, className: string, status: ClassStatus = 'ERROR'): DoClass {
  return row(name, className, { status, lastDeployedAt: undefined });
}

export function destroyedBy(plan: Plan): string[] {
  return plan.fates
    .filter(({ kind }) => kind === 'destroyed')
    .map(({ className }) => className)
    .sort();
}
