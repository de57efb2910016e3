import type { WayOut } from '../../core/plan/planTypes.ts';
import { WOULD_DESTROY } from '../../operations/previews.ts';
import type { AppPlan } from './planApp.ts';

export type Fate =
  | 'created'
  | 'updated'
  /** Was in ERROR, and is brought back although nobody named it. */
  | 'repaired'
  /** Is deployed once more as it is. */
  | 'redeployed'
  /** Loses all that its instances stored. */
  | 'destroyed'
  /** Its file has errors, or the platform would refuse it. */
  | 'refused'
  /** Keeps everything; its instances restart and their WebSockets drop. */
  | 'evicted'
  /** Nothing happens to it. */
  | 'idle';

/** What all steps together do to one class. */
export interface ClassOutcome {
  readonly name: string;
  readonly className: string;
  readonly fate: Fate;
  /** A sentence for a person. */
  readonly reason: string;
  readonly waysOut: readonly WayOut[];
}

/** Of what happens to a class in several steps, that which matters most. */
const WEIGHT: readonly Fate[] = [
  'idle',
  'evicted',
  'redeployed',
  'updated',
  'repaired',
  'created',
  'refused',
  'destroyed',
];

/** One for each class of the app and of the manifest: what is destroyed first, what nothing happens to last. */
export function classOutcomes(plan: AppPlan): ClassOutcome[] {
  const { look, sequence, blocked, local } = plan;
  const found = new Map<string, ClassOutcome>();
  const add = (outcome: ClassOutcome): void => {
    const key = JSON.stringify([outcome.name, outcome.className]);
    const known = found.get(key);
    if (known === undefined || WEIGHT.indexOf(outcome.fate) > WEIGHT.indexOf(known.fate))
      found.set(key, outcome);
  };
  for (const { name, className, status } of look.rows) {
    add({ name, className, fate: 'idle', reason: status === 'ERROR' ? 'It is in ERROR.' : '', waysOut: [] });
  }
  for (const { file, findings } of blocked) {
    const name = local.find(({ shown }) => shown === file)?.name ?? file;
    const className = look.rows.find((row) => row.name === name)?.className ?? '';
    add({ name, className, fate: 'refused', reason: findings[0]?.message ?? '', waysOut: [] });
  }
  for (const step of sequence.steps) {
    const { input, className, refusal } = step;
    for (const fate of step.plan.fates) {
      if (fate.kind === 'destroyed') add({ ...base(fate), fate: 'destroyed', waysOut: fate.waysOut });
      else if (fate.kind === 'evicted') add({ ...base(fate), fate: 'evicted', waysOut: [] });
      else if (fate.name === input.name && refusal === undefined)
        add({ ...base(fate), fate: FATES[step.kind], waysOut: [] });
    }
    if (refusal !== undefined && refusal.code !== WOULD_DESTROY) {
      const waysOut = step.plan.obstacle?.waysOut ?? [];
      add({ name: input.name, className, fate: 'refused', reason: refusal.message, waysOut });
    }
  }
  return [...found.values()].sort((a, b) => WEIGHT.indexOf(b.fate) - WEIGHT.indexOf(a.fate));
}

const FATES = { create: 'created', update: 'updated', unchanged: 'redeployed', repair: 'repaired' } as const;

function base({ name, className, reason }: { name: string; className: string; reason: string }): {
  name: string;
  className: string;
  reason: string;
} {
  return { name, className, reason };
}
