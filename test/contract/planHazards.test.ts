import assert from 'node:assert/strict';
import type { AccessMode, ClassStatus, DoClass } from '../../src/core/model/app.ts';
import {
  afterChange,
  firstKnowledge,
  observe,
  type ChangeEnd,
  type Knowledge,
} from '../../src/core/plan/knowledge.ts';
import { planChange } from '../../src/core/plan/plan.ts';
import {
  applyChange,
  completeChange,
  EMPTY_PLATFORM,
  submitChange,
  type ModelCall,
  type ModelChange,
  type Outcome,
  type PlatformState,
  type Surroundings,
} from '../../src/core/plan/platformModel.ts';
import type { Plan, WantedChange } from '../../src/core/plan/planTypes.ts';
import { extractClassName } from '../../src/core/bundle/className.ts';
import { hazards, type HazardStep, type RowsLeft } from './transcripts.ts';

/**
 * Where a client that only reads list and environment cannot know what the upload deletes, because the row is gone
 * and nothing else tells that its class still runs. Who remembers the row knows it in these as well.
 */
const UNSEEN: readonly string[] = [
  'd1-delete-not-last-cf-fails: redeploy b',
  'd2-delete-last-cf-fails: deploy b',
];

suite('the recorded hazards, step by step', () => {
  let steps = 0;
  let uploads = 0;

  for (const { hazard } of hazards()) {
    test(`${hazard.id}: the model of the platform does what the platform did`, () => {
      let state = stateBefore(hazard.steps[0]);
      for (const [index, step] of hazard.steps.entries()) {
        if (vanishes(step)) state = { ...state, script: undefined };
        const outcomes = play(state, step, `tag-${index}`);
        state = outcomes.at(-1)?.state ?? state;
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          statusesIn(step),
          step.do,
        );
        assert.deepEqual(
          outcomes.flatMap(({ calls }) => calls.filter(({ method }) => method !== 'GET').map(comparableCall)),
          callsIn(step),
          step.do,
        );
        assert.deepEqual(
          outcomes.flatMap(({ lost }) => lost),
          lostIn(step),
          step.do,
        );
        assert.deepEqual(comparableState(state), comparableRows(step.db_after), step.do);
        steps += 1;
        uploads += callsIn(step).length;
      }
    });

    test(`${hazard.id}: who watched it knows what each step deletes`, () => {
      let known: Knowledge | undefined;
      let before: RowsLeft | undefined;
      let rows: readonly DoClass[] = rowsFrom(stateBefore(hazard.steps[0]));
      let envKeys: readonly string[] = [];
      for (const step of hazard.steps) {
        const change = wantedIn(step);
        if (change !== undefined) {
          known = observe(known, rows);
          const plan = planChange({ rows, envKeys, knowledge: known }, change);
          assert.deepEqual(destroyedBy(plan), deletedIn(step, before), step.do);
          assertForetold(plan, step);
        }
        const after = listed(step.db_after);
        known =
          change === undefined
            ? observe(known, after)
            : afterChange(known ?? firstKnowledge(rows), nameIn(change), endOf(step), after);
        rows = after;
        before = step.db_after;
        envKeys = step.db_after.app_do_env_vars;
      }
    });

    test(`${hazard.id}: who sees it for the first time misses nothing that can be seen`, () => {
      let before: RowsLeft | undefined;
      let rows: readonly DoClass[] = rowsFrom(stateBefore(hazard.steps[0]));
      let envKeys: readonly string[] = [];
      for (const step of hazard.steps) {
        const change = wantedIn(step);
        if (change !== undefined) {
          const told = destroyedBy(planChange({ rows, envKeys }, change));
          const isUnseen = UNSEEN.includes(`${hazard.id}: ${step.do}`);
          assert.deepEqual(told, isUnseen ? [] : deletedIn(step, before), step.do);
          if (isUnseen) assert.notDeepEqual(deletedIn(step, before), [], step.do);
        }
        rows = listed(step.db_after);
        envKeys = step.db_after.app_do_env_vars;
        before = step.db_after;
      }
    });
  }

  test('all of them were replayed', () => {
    assert.ok(hazards().length >= 18);
    assert.ok(steps >= 78, `${steps} steps`);
    assert.ok(uploads >= 60, `${uploads} calls to Cloudflare`);
  });
});

/** The outcomes of one step, in the order in which Cloudflare answered: more than one for parallel changes. */
function play(state: PlatformState, step: HazardStep, newTag: string): Outcome[] {
  if (step.responses === undefined) {
    const change = modelChange(step);
    return change === undefined ? [] : [applyChange(state, change, { newTag, ...cloudflareIn(step) })];
  }
  const changes = step.db_after.app_durable_objects
    .filter(({ name }) => step.do.includes(name))
    .map(({ name, class_name: className }): ModelChange => ({ kind: 'register', name, className }));
  const submitted: ReturnType<typeof submitChange>[] = [];
  let now = state;
  for (const change of changes) {
    submitted.push(submitChange(now, change));
    now = submitted.at(-1)?.state ?? now;
  }
  return submitted.map((each) => {
    const outcome = completeChange(now, each, { newTag });
    now = outcome.state;
    return outcome;
  });
}

/** What was deployed before a recording that does not begin with an empty app, as its first upload tells. */
function stateBefore(step: HazardStep | undefined): PlatformState {
  const first = step?.cloudflare_received[0];
  const tag = first?.migrations?.old_tag;
  if (step === undefined || first?.migrations === undefined || tag === undefined) return EMPTY_PLATFORM;
  const { new_classes: created, deleted_classes: deleted } = first.migrations;
  const rows = step.db_after.app_durable_objects
    .map(({ name, class_name: className }) => ({ name, className }))
    .filter(({ className }) => !created.includes(className));
  const classNames = [...rows.map(({ className }) => className), ...deleted];
  return {
    rows: rows.map((row) => ({ ...row, status: 'READY', everDeployed: true })),
    envKeys: [],
    lastUpload: { classNames, tag },
    script: { classNames, tag },
  };
}

function rowsFrom({ rows }: PlatformState): DoClass[] {
  return rows.map(({ name, className, status, everDeployed }) => ({
    id: name,
    name,
    className,
    status,
    accessMode: 'public',
    lastDeployedAt: everDeployed ? 'before' : undefined,
    errorMessage: undefined,
  }));
}

function listed({ app_durable_objects: rows }: RowsLeft): DoClass[] {
  return rows.map((row) => ({
    id: row.name,
    name: row.name,
    className: row.class_name,
    status: row.status as ClassStatus,
    accessMode: row.access_mode as AccessMode,
    lastDeployedAt: row.last_deployed_at ?? undefined,
    errorMessage: row.error_message ?? undefined,
  }));
}

function modelChange(step: HazardStep): ModelChange | undefined {
  const wanted = wantedIn(step);
  if (wanted?.kind === 'deploy') return { ...wanted, kind: 'register' };
  if (wanted !== undefined) return wanted;
  const { body } = step.request ?? {};
  if (body === undefined) return undefined;
  return { kind: 'register', name: (body as { name: string }).name, className: undefined };
}

/** The change that a step asks for; undefined for parallel ones, and for a source that no plan gets past. */
function wantedIn(step: HazardStep): WantedChange | undefined {
  const { request, response } = step;
  if (request === undefined) {
    const body = response?.body as { name: string; class_name: string } | undefined;
    return body && { kind: 'deploy', name: body.name, className: body.class_name };
  }
  const last = request.path.split('/').at(-1) ?? '';
  const isEnv = request.path.includes('/env/');
  if (request.method === 'PUT') return { kind: 'setEnv', key: last };
  if (request.method === 'DELETE')
    return isEnv ? { kind: 'deleteEnv', key: last } : { kind: 'delete', name: last };
  const { name, code } = request.body as { name: string; code: string };
  try {
    const loadError = doesNotLoad(step) ? 'as a preflight found' : undefined;
    return { kind: 'deploy', name, className: extractClassName(code), loadError };
  } catch {
    return undefined;
  }
}

function nameIn(change: WantedChange): string | undefined {
  return change.kind === 'deploy' || change.kind === 'delete' ? change.name : undefined;
}

function endOf({ response }: HazardStep): ChangeEnd {
  if (response?.status !== 200) return { kind: 'refused', message: JSON.stringify(response?.body) };
  return { kind: 'accepted', redeployed: (response.body as { redeployed?: boolean }).redeployed !== false };
}

function vanishes(step: HazardStep): boolean {
  return step.do.includes('after the script vanished');
}

/**
 * How Cloudflare was made to fail in a step, and whether it could load the module; its other refusals are the
 * model's to foretell.
 */
function cloudflareIn(step: HazardStep): Pick<Surroundings, 'fails' | 'loads'> {
  if (doesNotLoad(step)) return { loads: false };
  return step.cloudflare_received.some(({ fault }) => fault === true) ? { fails: 'change' } : {};
}

function doesNotLoad(step: HazardStep): boolean {
  return step.cloudflare_received.some(({ status, fault }) => status === 400 && fault !== true);
}

function statusesIn({ response, responses }: HazardStep): number[] {
  return (responses ?? (response === undefined ? [] : [response])).map(({ status }) => status);
}

interface ComparableCall {
  readonly method: string;
  readonly accepted: boolean;
  readonly bound?: readonly string[];
  readonly created?: readonly string[];
  readonly deleted?: readonly string[];
  readonly hasTag?: boolean;
}

function comparableCall(call: ModelCall): ComparableCall {
  const { method, accepted } = call;
  if (call.method !== 'PUT') return { method, accepted };
  const { classNames: bound, newClasses: created, deletedClasses: deleted, oldTag } = call;
  return { method, accepted, bound, created, deleted, hasTag: oldTag !== '' };
}

function callsIn(step: HazardStep): ComparableCall[] {
  return step.cloudflare_received.map(({ method = 'PUT', status, migrations, do_bindings: bindings }) => {
    const accepted = status === 200;
    if (migrations === undefined) return { method, accepted };
    const { new_classes: created, deleted_classes: deleted, old_tag: tag } = migrations;
    const bound = (bindings ?? []).map((each) => (typeof each === 'string' ? each : (each.class_name ?? '')));
    return { method, accepted, bound, created, deleted, hasTag: tag !== undefined };
  });
}

function lostIn(step: HazardStep): string[] {
  return step.cloudflare_received.flatMap(
    ({ stub_effect: effect }) => effect?.classes_whose_storage_was_deleted ?? [],
  );
}

/** What the step's call to Cloudflare deletes, or would have deleted if it had not failed; sorted. */
function deletedIn(step: HazardStep, before: RowsLeft | undefined): string[] {
  return step.cloudflare_received
    .flatMap(({ method, migrations }) =>
      method === 'DELETE'
        ? (before?.app_do_deploy_state?.deployed_class_names ?? [])
        : (migrations?.deleted_classes ?? []),
    )
    .toSorted();
}

function destroyedBy(plan: Plan): string[] {
  return plan.fates
    .filter(({ kind }) => kind === 'destroyed')
    .map(({ className }) => className)
    .sort();
}

/** Rows, keys and upload of the plan are those of the recording, unless Cloudflare failed. */
function assertForetold(plan: Plan, step: HazardStep): void {
  const call = step.cloudflare_received.at(-1);
  if (call?.migrations !== undefined && plan.upload?.kind === 'module') {
    const { newClasses, deletedClasses } = plan.upload;
    const { new_classes: created, deleted_classes: deleted } = call.migrations;
    assert.deepEqual(
      { newClasses, deletedClasses },
      { newClasses: created, deletedClasses: deleted },
      step.do,
    );
  }
  assert.equal(plan.upload === undefined, plan.obstacle !== undefined || call === undefined, step.do);
  const failed = call !== undefined && call.status !== 200;
  if (failed && plan.obstacle === undefined) return;
  assert.deepEqual(
    plan.rowsAfter.map(({ name, className, status }) => [name, className, status]).sort(),
    step.db_after.app_durable_objects.map((row) => [row.name, row.class_name, row.status]).sort(),
    step.do,
  );
  assert.deepEqual(plan.envKeysAfter, step.db_after.app_do_env_vars, step.do);
}

function comparableState({ rows, envKeys, lastUpload }: PlatformState): unknown {
  return {
    rows: rows
      .map(({ name, className, status, everDeployed }) => [name, className, status, everDeployed])
      .sort(),
    envKeys,
    deployed: lastUpload?.classNames,
    hasTag: lastUpload !== undefined && lastUpload.tag !== '',
  };
}

function comparableRows(left: RowsLeft): unknown {
  const state = left.app_do_deploy_state;
  return {
    rows: left.app_durable_objects
      .map((row) => [row.name, row.class_name, row.status, row.last_deployed_at !== null])
      .sort(),
    envKeys: left.app_do_env_vars,
    deployed: state?.deployed_class_names,
    hasTag: state !== null && state.migration_tag !== '',
  };
}
