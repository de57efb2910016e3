import type { DoClass } from '../model/app.ts';
import { cautionsOf } from './cautions.ts';
import { fatesOf } from './fates.ts';
import { observe, type Knowledge } from './knowledge.ts';
import { obstacleOf, requestObstacle } from './obstacles.ts';
import {
  applyChange,
  isActiveStatus,
  submitChange,
  type ModelCall,
  type ModelChange,
  type ModelRow,
  type PlatformState,
} from './platformModel.ts';
import type { ModuleFacts, Plan, PlannedApp, PlannedUpload, WantedChange } from './planTypes.ts';
import { stuckStates } from './stuck.ts';

/*
 * What a change of an app does to each of its classes: the platform's state machine is run on what is known
 * of the app, and its result is put into words.
 */

export type { ClassFate, FateKind, Obstacle, Plan } from './planTypes.ts';

export interface DeployChange extends ModuleFacts {
  readonly name: string;
  readonly className: string;
  /** Whether source and access mode are those of the row. */
  readonly sameAsDeployed: boolean;
}

/** What a plan may know besides rows and keys. */
export type PlanExtras = Pick<PlannedApp, 'knowledge' | 'manifest' | 'sources'>;

/** What a deploy of one class does. @param envKeys the app's env keys: one equal to a binding fails the deploy. */
export function planDeploy(
  rows: readonly DoClass[],
  change: DeployChange,
  envKeys: readonly string[],
  extras: PlanExtras = {},
): Plan {
  return planChange({ ...extras, rows, envKeys }, { kind: 'deploy', ...change });
}

/** What deleting one class does. */
export function planDelete(
  rows: readonly DoClass[],
  name: string,
  envKeys?: readonly string[],
  extras: PlanExtras = {},
): Plan {
  return planChange({ ...extras, rows, envKeys }, { kind: 'delete', name });
}

/** What setting or deleting an env key does: a redeploy when any class is active, else nothing (hazard b3). */
export function planEnvChange(
  rows: readonly DoClass[],
  change: Extract<WantedChange, { kind: 'setEnv' | 'deleteEnv' | 'redeploy' }> = { kind: 'redeploy' },
  envKeys?: readonly string[],
  extras: PlanExtras = {},
): Plan {
  return planChange({ ...extras, rows, envKeys }, change);
}

/** What one change does to every class of the app, provided that Cloudflare takes what the platform sends. */
export function planChange(app: PlannedApp, change: WantedChange): Plan {
  const known = observe(app.knowledge, app.rows);
  const before = believedState(app, known);
  const model = modelChange(change);
  const surroundings = {
    newTag: 'next',
    moduleBytes: change.moduleBytes,
    loads: change.loadError === undefined,
  };
  const { state, refusal, calls } = applyChange(before, model, surroundings);
  const submitted = submitChange(before, model);
  const obstacle =
    requestObstacle(change) ?? obstacleOf(refusal, change, submitted.active ?? [], submitted.state);
  const upload = obstacle === undefined ? uploadIn(calls, known) : undefined;
  const fates = fatesOf({ app, change, known, upload, obstacle });
  return {
    fates,
    redeploys: upload?.kind === 'module',
    obstacle,
    upload,
    refusal,
    rowsAfter: state.rows,
    envKeysAfter: app.envKeys === undefined ? undefined : state.envKeys,
    cautions: cautionsOf({ app, change, known, fates, uploads: upload !== undefined }),
    stuck: stuckStates(app),
  };
}

/** Whether the platform uploads this row's source with the next deploy of anything. */
export function isActive(row: Pick<DoClass, 'status'>): boolean {
  return isActiveStatus(row.status);
}

/** The platform's state as far as it is known; what may be held counts as held. */
function believedState({ rows, envKeys, appEnvKeys }: PlannedApp, known: Knowledge): PlatformState {
  const held = known.held.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const classNames = held.map(({ className }) => className);
  const script = { classNames: scriptClasses(known), tag: 'last' };
  const nothing = script.classNames.length === 0;
  return {
    rows: rows.map(asModelRow),
    envKeys: envKeys ?? [],
    appEnvKeys: appEnvKeys ?? [],
    lastUpload: nothing ? { classNames: [], tag: '' } : { classNames, tag: script.tag },
    script: nothing ? undefined : script,
  };
}

/** What Cloudflare may have. */
function scriptClasses({ held, unheard }: Knowledge): string[] {
  return [...new Set([...held, ...unheard].map(({ className }) => className))];
}

function asModelRow({ name, className, status, lastDeployedAt }: DoClass): ModelRow {
  return { name, className, status, everDeployed: lastDeployedAt !== undefined };
}

function modelChange(change: WantedChange): ModelChange {
  switch (change.kind) {
    case 'deploy':
      return { kind: 'register', name: change.name, className: change.className };
    case 'delete':
      return { kind: 'delete', name: change.name };
    case 'setEnv':
    case 'deleteEnv':
      return { kind: change.kind, key: change.key };
    case 'redeploy':
      return { kind: 'redeploy' };
  }
}

function uploadIn(calls: readonly ModelCall[], known: Knowledge): PlannedUpload | undefined {
  const call = calls.find(({ method }) => method !== 'GET');
  if (call === undefined || call.method === 'GET') return undefined;
  if (call.method === 'DELETE') {
    return { kind: 'removal', deletedClasses: scriptClasses(known) };
  }
  const { classNames, newClasses, deletedClasses } = call;
  return { kind: 'module', classNames, newClasses, deletedClasses };
}
