import assert from 'node:assert/strict';
import type { DoClass } from '../../../src/core/model/app.ts';
import { afterChange, observe, type ChangeEnd, type Knowledge } from '../../../src/core/plan/knowledge.ts';
import { planChange } from '../../../src/core/plan/plan.ts';
import {
  applyChange,
  EMPTY_PLATFORM,
  submitChange,
  type ModelCall,
  type ModelChange,
  type Outcome,
  type PlatformState,
  type RefusalCode,
} from '../../../src/core/plan/platformModel.ts';
import type { Plan, WantedChange } from '../../../src/core/plan/planTypes.ts';
import { inOrder, type Judge, type Verdict } from '../../../src/core/plan/sequence.ts';
import type { FaultName } from '../../../src/local/service/faultSwitch.ts';
import { sourceOf, type PlanRig, type PlatformAnswer } from './rig.ts';

/** What is asked of the platform. A source may be refused by the bundler's check, or pass it and not load. */
export type Action =
  | {
      readonly kind: 'register';
      readonly name: string;
      readonly className: string;
      readonly source: 'good' | 'broken' | 'invalid';
    }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'setEnv'; readonly key: string }
  | { readonly kind: 'deleteEnv'; readonly key: string };

/** What was seen in all sequences, so that a test can say that nothing was left out. */
export interface Tally {
  actions: number;
  uploads: number;
  planned: number;
  destroyed: number;
  sequences: number;
  obstacles: number;
  missedByStrangers: number;
}

export function emptyTally(): Tally {
  return {
    actions: 0,
    uploads: 0,
    planned: 0,
    destroyed: 0,
    sequences: 0,
    obstacles: 0,
    missedByStrangers: 0,
  };
}

/** What the plan calls an obstacle, of what the platform refuses. */
const OBSTACLES: readonly RefusalCode[] = [
  'INVALID_NAME',
  'INVALID_ENV_KEY',
  'RESERVED_ENV_KEY',
  'NOT_FOUND',
  'TOO_MANY_CLASSES',
  'ENV_BINDING_COLLISION',
  'MODULE_DOES_NOT_LOAD',
];

/**
 * One app of the embedded platform beside the model of it, and three who plan its changes: one who makes all of
 * them or sees each of the others', and one who looks at the list for the first time.
 */
export class Session {
  readonly #rig: PlanRig;
  readonly #appId: string;
  readonly #tally: Tally;
  #state: PlatformState = EMPTY_PLATFORM;
  /** DO names whose source does not load. */
  readonly #broken = new Set<string>();
  #known: Knowledge | undefined;
  /** What the API shows. */
  #shown: { readonly rows: readonly DoClass[]; readonly envKeys: readonly string[] } = {
    rows: [],
    envKeys: [],
  };
  /** Whether nobody else has changed the app since what is known was certain. */
  #exact = true;
  #tag = 0;

  constructor(rig: PlanRig, appId: string, tally: Tally) {
    this.#rig = rig;
    this.#appId = appId;
    this.#tally = tally;
  }

  /** A change of ours: planned before, compared after, remembered. Answers the classes that were lost. */
  async change(action: Action, fault: FaultName): Promise<readonly string[]> {
    const { rows, envKeys } = this.#shown;
    this.#known = observe(this.#known, rows);
    const wanted = this.#wantedWith(new Set(this.#broken), action);
    const plan = wanted && planChange({ rows, envKeys, knowledge: this.#known }, wanted);
    const stranger = wanted && planChange({ rows, envKeys }, wanted);

    const { outcome, answer } = await this.#play(action, fault);
    if (plan !== undefined) {
      this.#compare(plan, outcome, fault);
      this.#compareAlways(plan, outcome);
    }
    if (stranger !== undefined) this.#compareStranger(stranger, outcome, rows);

    const name = action.kind === 'register' || action.kind === 'delete' ? action.name : undefined;
    const end = endOf(answer);
    this.#known = afterChange(this.#known, name, end, this.#shown.rows);
    if (end.kind === 'accepted' && end.redeployed) this.#exact = true;
    return outcome.lost;
  }

  /** Changes of ours that are planned together before the first of them is made. */
  async changeInSequence(actions: readonly Action[]): Promise<void> {
    const { rows, envKeys } = this.#shown;
    const broken = new Set(this.#broken);
    const wanted = actions.flatMap((action) => this.#wantedWith(broken, action) ?? []);
    if (wanted.length < actions.length) return;
    const app = { rows, envKeys, knowledge: this.#known };
    const judge: Judge<WantedChange, Verdict> = (_, __, { obstacle }) => ({ goes: obstacle === undefined });
    const planned = await inOrder(app, wanted, judge);
    const stopsAt = planned.steps.findIndex(({ verdict }) => !verdict.goes);
    const steps = stopsAt < 0 ? planned.steps : planned.steps.slice(0, stopsAt);
    const destroyed = steps.flatMap(({ plan }) => plan.fates.filter((fate) => fate.kind === 'destroyed'));
    const lost: string[] = [];
    const wasExact = this.#exact;
    for (const action of actions.slice(0, steps.length)) {
      lost.push(...(await this.change(action, 'none')));
    }
    const works = this.#state.script?.tag === this.#state.lastUpload?.tag;
    if (!wasExact || !works) return;
    const certain = destroyed.filter((fate) => fate.certain || lost.includes(fate.className));
    assert.deepEqual(
      certain.map(({ className }) => className).sort(),
      lost.sort(),
      'what the sequence destroys',
    );
    if (stopsAt < 0) {
      assert.deepEqual(
        steps
          .at(-1)
          ?.plan.rowsAfter.map(({ name, className, status }) => [name, className, status])
          .sort(),
        modelRows(this.#state),
      );
    }
    this.#tally.sequences += 1;
  }

  /** A change by somebody else, which is only seen in the list afterwards. */
  async changeElsewhere(action: Action, fault: FaultName): Promise<void> {
    await this.#play(action, fault);
    this.#known = observe(this.#known, this.#shown.rows);
    this.#exact = false;
  }

  /** A deploy whose platform dies before it calls Cloudflare. */
  async die(name: string, className: string): Promise<void> {
    this.#rig.leaveBuilding(this.#appId, name, className);
    this.#broken.delete(name);
    this.#state = submitChange(this.#state, { kind: 'register', name, className }).state;
    await this.#look();
    this.#known = observe(this.#known, this.#shown.rows);
    this.#exact = false;
  }

  /** Two deploys at the same time: the embedded platform makes one after the other. */
  async changeTogether(one: Action, other: Action): Promise<void> {
    const answers = await Promise.all([this.#send(one), this.#send(other)]);
    const orders = [
      [one, other],
      [other, one],
    ] as const;
    await this.#look();
    const rows = comparable(this.#shown.rows);
    const trashed = this.#rig.takeTrashed(this.#appId);
    const fitting = orders.filter((order) => {
      const run = this.#runs(order);
      const statuses = order[0] === one ? run.statuses : run.statuses.toReversed();
      return (
        isSame(
          statuses,
          answers.map(({ status }) => status),
        ) &&
        isSame(modelRows(run.state), rows) &&
        isSame(run.lost.toSorted(), trashed)
      );
    });
    assert.ok(fitting[0] !== undefined, `no order of the two explains ${JSON.stringify(rows)}`);
    this.#state = this.#runs(fitting[0]).state;
    for (const action of fitting[0]) this.#note(action);
    this.#known = observe(this.#known, this.#shown.rows);
    this.#exact = false;
  }

  #runs(order: readonly Action[]): { state: PlatformState; statuses: number[]; lost: string[] } {
    let state = this.#state;
    const statuses: number[] = [];
    const lost: string[] = [];
    const broken = new Set(this.#broken);
    for (const action of order) {
      noteIn(broken, action);
      const outcome = this.#model(state, action, 'none', broken);
      state = outcome.state;
      statuses.push(outcome.status);
      lost.push(...outcome.lost);
    }
    return { state, statuses, lost };
  }

  /** Asks the platform and the model for the same, and holds the one against the other. */
  async #play(action: Action, fault: FaultName): Promise<{ outcome: Outcome; answer: PlatformAnswer }> {
    const callsBefore = this.#rig.faults.calls(this.#appId).length;
    if (fault !== 'none') this.#rig.faults.add(this.#appId, { name: fault });
    const answer = await this.#send(action);
    this.#rig.faults.clear(this.#appId);
    this.#note(action);
    await this.#look();

    const outcome = this.#model(this.#state, action, fault, this.#broken);
    this.#state = outcome.state;
    const calls = this.#rig.faults
      .calls(this.#appId)
      .slice(callsBefore)
      .filter(({ call }) => call.method !== 'GET');
    assert.deepEqual(
      {
        status: answer.status,
        calls: calls.map(({ call, status }) =>
          call.method === 'PUT'
            ? { accepted: status === 200, created: call.newClasses, deleted: call.deletedClasses }
            : { accepted: status === 200 },
        ),
        trashed: this.#rig.takeTrashed(this.#appId),
        rows: comparable(this.#shown.rows),
        envKeys: this.#shown.envKeys,
      },
      {
        status: outcome.status,
        calls: outcome.calls.flatMap(comparableCall),
        trashed: outcome.lost.toSorted(),
        rows: modelRows(outcome.state),
        envKeys: outcome.state.envKeys,
      },
      'the model of the platform',
    );
    this.#tally.actions += 1;
    this.#tally.uploads += calls.length;
    return { outcome, answer };
  }

  #model(state: PlatformState, action: Action, fault: FaultName, broken: ReadonlySet<string>): Outcome {
    const change = modelChange(action);
    const { active } = submitChange(state, change);
    const surroundings = {
      newTag: `v-${(this.#tag += 1)}`,
      loads: !(active ?? []).some(({ name }) => broken.has(name)),
      fails: failureOf(fault),
    };
    const outcome = applyChange(state, change, surroundings);
    const disturbs = fault === 'scriptLost' || fault === 'tagMoved';
    if (!disturbs || state.script === undefined || outcome.calls.every(({ method }) => method === 'GET')) {
      return outcome;
    }
    const script = fault === 'scriptLost' ? undefined : { ...state.script, tag: surroundings.newTag };
    const disturbed = applyChange({ ...state, script }, change, surroundings);
    const gone = fault === 'scriptLost' ? state.script.classNames : [];
    return { ...disturbed, lost: [...gone, ...disturbed.lost] };
  }

  /** Who knows everything is right about everything that the platform decides itself. */
  #compare(plan: Plan, outcome: Outcome, fault: FaultName): void {
    this.#tally.planned += 1;
    const foreseen = OBSTACLES.find((code) => code === outcome.refusal);
    if (plan.obstacle !== undefined) this.#tally.obstacles += 1;
    if (fault === 'none' && outcome.refusal !== 'TAG_MISMATCH') {
      assert.equal(plan.obstacle !== undefined, foreseen !== undefined, 'obstacle');
      if (plan.obstacle?.code !== undefined && outcome.refusal !== undefined) {
        assert.equal(plan.refusal, outcome.refusal);
      }
    }
    if (!this.#exact) return;
    const call = outcome.calls.find(({ method }) => method !== 'GET');
    if (plan.obstacle === undefined && call?.method === 'PUT') {
      const { newClasses, deletedClasses } = call;
      assert.deepEqual(
        plan.upload,
        { kind: 'module', classNames: call.classNames, newClasses, deletedClasses },
        'what the platform sends',
      );
      assert.deepEqual(destroyedBy(plan), deletedClasses.toSorted(), 'what is destroyed');
    }
    if (outcome.refusal === undefined) {
      // A removal takes along what an upload left whose answer never came; whether there is any, nobody knows.
      const unknown = plan.fates.flatMap((fate) =>
        fate.kind === 'destroyed' && !fate.certain && call?.method === 'DELETE' ? [fate.className] : [],
      );
      const told = destroyedBy(plan).filter((name) => outcome.lost.includes(name) || !unknown.includes(name));
      assert.deepEqual(told, outcome.lost.toSorted(), 'what is lost');
      this.#tally.destroyed += outcome.lost.length;
    }
    const settled = outcome.refusal === undefined || plan.obstacle !== undefined;
    if (settled && fault === 'none') {
      assert.deepEqual(
        plan.rowsAfter.map(({ name, className, status }) => [name, className, status]).sort(),
        modelRows(outcome.state),
        'rows',
      );
      assert.deepEqual(plan.envKeysAfter, outcome.state.envKeys, 'keys');
    }
  }

  /**
   * Whatever others did meanwhile: nothing goes that was not foretold, by its class name or, when two changes came
   * between two looks, by that of the row whose class is not known.
   */
  #compareAlways(plan: Plan, outcome: Outcome): void {
    if (outcome.refusal !== undefined) return;
    const told = destroyedBy(plan);
    const unsure = plan.cautions.filter(({ kind }) => kind === 'unsureClass').length;
    const missed = outcome.lost.filter((name) => !told.includes(name));
    assert.ok(missed.length <= unsure, `missed by who remembers: ${missed.join(', ')}`);
    if (this.#exact) assert.deepEqual(missed, []);
  }

  /**
   * Who sees only the list misses what no row names any more (deleted or renamed by a change that failed), and
   * what an upload took along under a row that was never deployed itself; nothing else.
   */
  #compareStranger(plan: Plan, outcome: Outcome, rows: readonly DoClass[]): void {
    if (outcome.refusal !== undefined) return;
    const told = destroyedBy(plan);
    for (const className of outcome.lost.filter((name) => !told.includes(name))) {
      const row = rows.find((each) => each.className === className);
      assert.ok(
        row === undefined || (row.status === 'ERROR' && row.lastDeployedAt === undefined),
        `${className} was missed by who sees ${JSON.stringify(rows)}`,
      );
      this.#tally.missedByStrangers += 1;
    }
  }

  /** The change with what a preflight says, which loads the module of all active rows with it. */
  #wantedWith(broken: Set<string>, action: Action): WantedChange | undefined {
    noteIn(broken, action);
    const { active } = submitChange(this.#state, modelChange(action));
    const throws = active?.some(({ name }) => broken.has(name)) === true;
    const loadError = throws ? 'it throws' : undefined;
    if (action.kind !== 'register') return { ...action, loadError };
    const { name, className, source } = action;
    return source === 'invalid' ? undefined : { kind: 'deploy', name, className, loadError };
  }

  #note(action: Action): void {
    noteIn(this.#broken, action);
  }

  #send(action: Action): Promise<PlatformAnswer> {
    switch (action.kind) {
      case 'register': {
        const { name, className, source } = action;
        const code = source === 'invalid' ? 'export {};' : sourceOf(className, source === 'broken');
        return this.#rig.register(this.#appId, name, code);
      }
      case 'delete':
        return this.#rig.delete(this.#appId, action.name);
      case 'setEnv':
        return this.#rig.setEnv(this.#appId, action.key);
      case 'deleteEnv':
        return this.#rig.deleteEnv(this.#appId, action.key);
    }
  }

  async #look(): Promise<void> {
    const [rows, envKeys] = await Promise.all([this.#rig.list(this.#appId), this.#rig.envKeys(this.#appId)]);
    this.#shown = { rows, envKeys };
  }
}

function noteIn(broken: Set<string>, action: Action): void {
  if (action.kind !== 'register' || action.source === 'invalid') return;
  if (action.source === 'broken') broken.add(action.name);
  else broken.delete(action.name);
}

function modelChange(action: Action): ModelChange {
  if (action.kind !== 'register') return action;
  const { name, className, source } = action;
  return { kind: 'register', name, className: source === 'invalid' ? undefined : className };
}

function failureOf(fault: FaultName): 'change' | 'answer' | undefined {
  if (fault === 'none' || fault === 'scriptLost' || fault === 'tagMoved') return undefined;
  return fault === 'answerLost' ? 'answer' : 'change';
}

function endOf({ status, text }: PlatformAnswer): ChangeEnd {
  if (status !== 200) return { kind: 'refused', message: text };
  return {
    kind: 'accepted',
    redeployed: (JSON.parse(text) as { redeployed?: boolean }).redeployed !== false,
  };
}

function comparableCall(call: ModelCall): object[] {
  if (call.method === 'GET') return [];
  const { accepted } = call;
  if (call.method === 'DELETE') return [{ accepted }];
  return [{ accepted, created: call.newClasses, deleted: call.deletedClasses }];
}

function comparable(rows: readonly DoClass[]): unknown[] {
  return rows.map(({ name, className, status }) => [name, className, status]).sort();
}

function modelRows({ rows }: PlatformState): unknown[] {
  return rows.map(({ name, className, status }) => [name, className, status]).sort();
}

function destroyedBy(plan: Plan): string[] {
  return plan.fates
    .filter(({ kind }) => kind === 'destroyed')
    .map(({ className }) => className)
    .sort();
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
