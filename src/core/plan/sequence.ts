import type { DoClass } from '../model/app.ts';
import { afterChange, observe } from './knowledge.ts';
import { planChange } from './plan.ts';
import type { Plan, PlannedApp, WantedChange } from './planTypes.ts';

/** One change of several, planned on the app as those before it leave it. */
export interface Step<C extends WantedChange, V extends Verdict> {
  readonly change: C;
  readonly plan: Plan;
  readonly verdict: V;
}

/** Several changes, one after the other. */
export interface Sequence<C extends WantedChange, V extends Verdict> {
  readonly steps: readonly Step<C, V>[];
  /** The app after the steps that can go. */
  readonly after: PlannedApp;
}

export interface Verdict {
  /** Whether the step can go. */
  readonly goes: boolean;
}

/**
 * Says whether a change can go on an app. It knows what the plan does not: what was agreed to, and whether the module
 * loads.
 */
export type Judge<C extends WantedChange, V extends Verdict> = (
  app: PlannedApp,
  change: C,
  plan: Plan,
) => V | Promise<V>;

/** The changes in this order; one that cannot go leaves the app as it is for those after it. */
export async function inOrder<C extends WantedChange, V extends Verdict>(
  app: PlannedApp,
  changes: readonly C[],
  judge: Judge<C, V>,
): Promise<Sequence<C, V>> {
  const steps: Step<C, V>[] = [];
  let after = app;
  for (const change of changes) {
    const step = await stepOf(after, change, judge);
    steps.push(step);
    if (step.verdict.goes) after = appAfter(after, change, step.plan);
  }
  return { steps, after };
}

/** The changes in the first order in which all can go: as given when they can in that one, or in none. */
export async function inBestOrder<C extends WantedChange, V extends Verdict>(
  app: PlannedApp,
  changes: readonly C[],
  judge: Judge<C, V>,
): Promise<Sequence<C, V>> {
  const search = new OrderSearch(changes, judge);
  return (await search.from(app, new Set(changes))) ?? (await inOrder(app, changes, judge));
}

/** Steps that are tried in search of an order: all orders of five changes, which share most of them. */
const MOST_TRIED = 80;

class OrderSearch<C extends WantedChange, V extends Verdict> {
  readonly #changes: readonly C[];
  readonly #judge: Judge<C, V>;
  /** What was left when no order went on: how it came to that does not matter. */
  readonly #deadEnds = new Set<string>();
  #tried = 0;

  constructor(changes: readonly C[], judge: Judge<C, V>) {
    this.#changes = changes;
    this.#judge = judge;
  }

  /** An order of those that are left, in which all can go. */
  async from(app: PlannedApp, left: ReadonlySet<C>): Promise<Sequence<C, V> | undefined> {
    if (left.size === 0) return { steps: [], after: app };
    const key = this.#changes.map((change) => Number(left.has(change))).join('');
    if (this.#deadEnds.has(key)) return undefined;
    for (const change of left) {
      if (this.#tried >= MOST_TRIED) return undefined;
      this.#tried += 1;
      const step = await stepOf(app, change, this.#judge);
      if (!step.verdict.goes) continue;
      const others = new Set([...left].filter((each) => each !== change));
      const rest = await this.from(appAfter(app, change, step.plan), others);
      if (rest !== undefined) return { ...rest, steps: [step, ...rest.steps] };
    }
    this.#deadEnds.add(key);
    return undefined;
  }
}

async function stepOf<C extends WantedChange, V extends Verdict>(
  app: PlannedApp,
  change: C,
  judge: Judge<C, V>,
): Promise<Step<C, V>> {
  const plan = planChange(app, change);
  return { change, plan, verdict: await judge(app, change, plan) };
}

/** The app as a change leaves it that went as planned. Its rows have no new times and ids, which nobody can know. */
function appAfter(app: PlannedApp, change: WantedChange, plan: Plan): PlannedApp {
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
