import type { DoClass } from '../model/app.ts';
import { afterChange, observe } from './knowledge.ts';
import { planChange } from './plan.ts';
import type { DestroyedFate, Plan, PlannedApp, WantedChange } from './planTypes.ts';

/** Several changes, one after the other, each planned on the app as those before leave it. */
export interface SequencePlan {
  readonly steps: readonly { readonly change: WantedChange; readonly plan: Plan }[];
  /** All that the steps destroy, in their order. */
  readonly destroyed: readonly DestroyedFate[];
  /** The step that is refused, so that those after it are not planned; undefined when all can go. */
  readonly stopsAt: number | undefined;
  /** The app after the steps that can go. */
  readonly after: PlannedApp;
}

/** What the changes do in this order, provided that each of them that the platform takes succeeds. */
export function planSequence(app: PlannedApp, changes: readonly WantedChange[]): SequencePlan {
  const steps: { change: WantedChange; plan: Plan }[] = [];
  let after = app;
  for (const change of changes) {
    const plan = planChange(after, change);
    steps.push({ change, plan });
    if (plan.obstacle !== undefined) break;
    after = appAfter(after, change, plan);
  }
  const last = steps.at(-1);
  return {
    steps,
    destroyed: steps.flatMap(({ plan }) => plan.fates.filter((fate) => fate.kind === 'destroyed')),
    stopsAt: last?.plan.obstacle === undefined ? undefined : steps.length - 1,
    after,
  };
}

/** The app as a change leaves it that went as planned. Its rows have no new times and ids, which nobody can know. */
export function appAfter(app: PlannedApp, change: WantedChange, plan: Plan): PlannedApp {
  const known = new Map(app.rows.map((row) => [row.name, row]));
  const rows = plan.rowsAfter.map(({ name, className, status, everDeployed }): DoClass => {
    const row = known.get(name);
    const own = change.kind === 'deploy' && change.name === name;
    return {
      id: row?.id ?? name,
      name,
      className,
      status,
      accessMode: (own ? change.accessMode : undefined) ?? row?.accessMode ?? 'authenticated',
      lastDeployedAt: everDeployed ? (row?.lastDeployedAt ?? 'planned') : undefined,
      errorMessage: own ? undefined : row?.errorMessage,
    };
  });
  const sources = new Map(app.sources);
  if (change.kind === 'deploy' && change.code !== undefined) sources.set(change.name, change.code);
  const name = change.kind === 'deploy' || change.kind === 'delete' ? change.name : undefined;
  const end = { kind: 'accepted', redeployed: plan.upload !== undefined } as const;
  return {
    ...app,
    rows,
    envKeys: plan.envKeysAfter,
    knowledge: afterChange(observe(app.knowledge, app.rows), name, end, rows),
    sources,
  };
}
