import type { ClassStatus } from '../model/app.ts';
import {
  bindingOf,
  envKeyProblem,
  isDoName,
  MAX_BUNDLE_BYTES,
  MAX_CLASSES_PER_APP,
  PLATFORM_ENV_KEYS,
} from '../model/names.ts';

/**
 * The platform's state machine for one app, as its recordings show it: each change writes its row or key
 * first, then uploads all active classes as one module, and names as deleted every class of the last good
 * upload whose *class name* is not in the new one. Cloudflare deletes all that those classes stored.
 */

export interface ModelRow {
  readonly name: string;
  readonly className: string;
  readonly status: ClassStatus;
  /** Whether a deploy of this row ever succeeded. */
  readonly everDeployed: boolean;
}

export interface PlatformState {
  readonly rows: readonly ModelRow[];
  readonly envKeys: readonly string[];
  /** Keys of the variables of the whole app, which no change here touches. */
  readonly appEnvKeys?: readonly string[];
  /** What the platform noted after its last good upload. Undefined before the first; no tag after a removal. */
  readonly lastUpload: { readonly classNames: readonly string[]; readonly tag: string } | undefined;
  /** What Cloudflare has. */
  readonly script: { readonly classNames: readonly string[]; readonly tag: string } | undefined;
}

export const EMPTY_PLATFORM: PlatformState = {
  rows: [],
  envKeys: [],
  lastUpload: undefined,
  script: undefined,
};

export type ModelChange =
  /** `className` is undefined for a source that the bundler's check refuses. */
  | { readonly kind: 'register'; readonly name: string; readonly className: string | undefined }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'setEnv'; readonly key: string }
  | { readonly kind: 'deleteEnv'; readonly key: string }
  /** An env change whose key is not known. */
  | { readonly kind: 'redeploy' };

/** What decides the outcome besides the platform's rows. */
export interface Surroundings {
  /** The tag that a good upload gets. */
  readonly newTag: string;
  /** Size of the module in UTF-8 bytes, when it is known. */
  readonly moduleBytes?: number | undefined;
  /** Whether the sources load as one module, apart from class names that come twice. */
  readonly loads?: boolean;
  /**
   * Cloudflare fails: at the tag's look-up before a first upload, at the upload or removal, or only with its
   * answer, when it has done what it was asked.
   */
  readonly fails?: 'lookUp' | 'change' | 'answer' | undefined;
}

export type RefusalCode =
  | 'INVALID_NAME'
  | 'INVALID_SOURCE'
  | 'INVALID_ENV_KEY'
  | 'RESERVED_ENV_KEY'
  | 'NOT_FOUND'
  | 'TOO_MANY_CLASSES'
  | 'BUNDLE_TOO_LARGE'
  | 'ENV_BINDING_COLLISION'
  /** 10021: the module does not load, or one class name comes twice. */
  | 'MODULE_DOES_NOT_LOAD'
  /** 10079: the platform's migration tag is not the script's. */
  | 'TAG_MISMATCH'
  /** 10007: the script to remove is not there. */
  | 'NO_SCRIPT'
  | 'CLOUDFLARE_FAILED';

/** One call of the platform to Cloudflare. */
export type ModelCall =
  | { readonly method: 'GET'; readonly accepted: boolean }
  | {
      readonly method: 'PUT';
      readonly accepted: boolean;
      readonly classNames: readonly string[];
      readonly oldTag: string;
      readonly newClasses: readonly string[];
      readonly deletedClasses: readonly string[];
    }
  | { readonly method: 'DELETE'; readonly accepted: boolean };

export interface Outcome {
  readonly state: PlatformState;
  /** HTTP status of the platform's answer. */
  readonly status: number;
  readonly refusal: RefusalCode | undefined;
  readonly calls: readonly ModelCall[];
  /** Class names whose storage Cloudflare deleted; also of a call whose answer was lost. */
  readonly lost: readonly string[];
}

/** A change between writing its row or key and calling Cloudflare. */
export interface Submitted {
  readonly state: PlatformState;
  readonly change: ModelChange;
  /** Undefined when the change ends without a call to Cloudflare. */
  readonly active: readonly ModelRow[] | undefined;
  readonly previous: PlatformState['lastUpload'];
  /** The script's tag, which the platform asks for when it remembers none; empty for no script. */
  readonly foundTag: string;
  readonly refusal: RefusalCode | undefined;
}

/** Rows in these states are part of what the platform uploads. */
export function isActiveStatus(status: ClassStatus): boolean {
  return status !== 'ERROR';
}

/** A whole change, when no other one comes between its steps. */
export function applyChange(state: PlatformState, change: ModelChange, surroundings: Surroundings): Outcome {
  const submitted = submitChange(state, change);
  return completeChange(submitted.state, submitted, surroundings);
}

/** What a change writes before the platform calls Cloudflare; all that is left of it when the platform dies then. */
export function submitChange(state: PlatformState, change: ModelChange): Submitted {
  const refusal = refusalBefore(state, change);
  const foundTag = state.script?.tag ?? '';
  if (refusal !== undefined) {
    return { state, change, active: undefined, previous: undefined, foundTag, refusal };
  }
  const written = { ...state, rows: rowsWith(state.rows, change), envKeys: keysWith(state.envKeys, change) };
  const active = written.rows
    .filter((row) => isActiveStatus(row.status))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const calls = active.length > 0 || change.kind === 'delete';
  return {
    state: written,
    change,
    active: calls ? active : undefined,
    previous: state.lastUpload,
    foundTag,
    refusal: undefined,
  };
}

/** The rest of a submitted change on the state as it is by then. */
export function completeChange(
  state: PlatformState,
  submitted: Submitted,
  surroundings: Surroundings,
): Outcome {
  const { change, active, refusal } = submitted;
  if (active === undefined) {
    return { state, status: statusOf(change, refusal), refusal, calls: [], lost: [] };
  }
  const done =
    active.length === 0 ? removeScript(state, surroundings) : upload(state, active, submitted, surroundings);
  return {
    state: { ...done.state, rows: settled(done.state.rows, change, done.refusal) },
    status: statusOf(change, done.refusal),
    refusal: done.refusal,
    calls: done.calls,
    lost: done.lost,
  };
}

function refusalBefore(state: PlatformState, change: ModelChange): RefusalCode | undefined {
  switch (change.kind) {
    case 'register':
      if (!isDoName(change.name)) return 'INVALID_NAME';
      return change.className === undefined ? 'INVALID_SOURCE' : undefined;
    case 'delete':
      return state.rows.some(({ name }) => name === change.name) ? undefined : 'NOT_FOUND';
    case 'setEnv':
      switch (envKeyProblem(change.key)) {
        case 'reserved':
          return 'RESERVED_ENV_KEY';
        case 'empty':
        case 'shape':
          return 'INVALID_ENV_KEY';
        default:
          return undefined;
      }
    case 'deleteEnv':
    case 'redeploy':
      return undefined;
  }
}

function rowsWith(rows: readonly ModelRow[], change: ModelChange): readonly ModelRow[] {
  if (change.kind === 'delete') return rows.filter(({ name }) => name !== change.name);
  if (change.kind !== 'register' || change.className === undefined) return rows;
  const { name, className } = change;
  const everDeployed = rows.some((row) => row.name === name && row.everDeployed);
  return [...rows.filter((row) => row.name !== name), { name, className, status: 'BUILDING', everDeployed }];
}

function keysWith(keys: readonly string[], change: ModelChange): readonly string[] {
  if (change.kind === 'deleteEnv') return keys.filter((key) => key !== change.key);
  return change.kind === 'setEnv' ? [...new Set([...keys, change.key])].sort() : keys;
}

type End = Pick<Outcome, 'state' | 'refusal' | 'calls' | 'lost'>;

function upload(
  state: PlatformState,
  active: readonly ModelRow[],
  { previous, foundTag }: Submitted,
  { newTag, moduleBytes, loads, fails }: Surroundings,
): End {
  const refused = (refusal: RefusalCode, calls: readonly ModelCall[] = []): End => ({
    state,
    refusal,
    calls,
    lost: [],
  });
  if (active.length > MAX_CLASSES_PER_APP) return refused('TOO_MANY_CLASSES');
  if (moduleBytes !== undefined && moduleBytes > MAX_BUNDLE_BYTES) return refused('BUNDLE_TOO_LARGE');

  const lookUp: readonly ModelCall[] =
    previous === undefined ? [{ method: 'GET', accepted: fails !== 'lookUp' }] : [];
  if (previous === undefined && fails === 'lookUp') return refused('CLOUDFLARE_FAILED', lookUp);
  if (collidingKey(allKeys(state), active) !== undefined) return refused('ENV_BINDING_COLLISION', lookUp);

  const classNames = active.map(({ className }) => className);
  const before = previous?.classNames ?? [];
  const put = {
    method: 'PUT' as const,
    classNames,
    oldTag: previous === undefined ? foundTag : previous.tag,
    newClasses: classNames.filter((name) => !before.includes(name)),
    deletedClasses: before.filter((name) => !classNames.includes(name)),
  };
  const fault = uploadFault(state, put, loads ?? true, fails === 'change');
  if (fault !== undefined) return refused(fault, [...lookUp, { ...put, accepted: false }]);
  const held = state.script?.classNames ?? [];
  const script = { classNames, tag: newTag };
  return end(
    { ...state, script },
    script,
    [...lookUp, { ...put, accepted: true }],
    put.deletedClasses.filter((name) => held.includes(name)),
    fails,
  );
}

/** Cloudflare has done it; the platform notes it only when it hears of it. */
function end(
  state: PlatformState,
  lastUpload: NonNullable<PlatformState['lastUpload']>,
  calls: readonly ModelCall[],
  lost: readonly string[],
  fails: Surroundings['fails'],
): End {
  if (fails === 'answer') return { state, refusal: 'CLOUDFLARE_FAILED', calls: calls.map(unheard), lost };
  return { state: { ...state, lastUpload }, refusal: undefined, calls, lost };
}

function unheard(call: ModelCall): ModelCall {
  return call.method === 'GET' ? call : { ...call, accepted: false };
}

/** What the classes find in their environment, without what the platform puts there itself. */
function allKeys({ appEnvKeys = [], envKeys }: PlatformState): readonly string[] {
  return [...appEnvKeys, ...envKeys];
}

/** The first key of the environment that is also the binding of a class. */
export function collidingKey(
  envKeys: readonly string[],
  active: readonly Pick<ModelRow, 'name'>[],
): string | undefined {
  const bindings = new Set(active.map(({ name }) => bindingOf(name)));
  return [...envKeys, ...PLATFORM_ENV_KEYS].find((key) => bindings.has(key));
}

function uploadFault(
  state: PlatformState,
  put: { readonly oldTag: string; readonly classNames: readonly string[] },
  loads: boolean,
  fails: boolean,
): RefusalCode | undefined {
  if (fails) return 'CLOUDFLARE_FAILED';
  if (put.oldTag !== (state.script?.tag ?? '')) return 'TAG_MISMATCH';
  const twice = new Set(put.classNames).size < put.classNames.length;
  return twice || !loads ? 'MODULE_DOES_NOT_LOAD' : undefined;
}

function removeScript(state: PlatformState, { fails }: Surroundings): End {
  const refused = (refusal: RefusalCode): End => ({
    state,
    refusal,
    calls: [{ method: 'DELETE', accepted: false }],
    lost: [],
  });
  if (fails === 'change') return refused('CLOUDFLARE_FAILED');
  if (state.script === undefined) return refused('NO_SCRIPT');
  return end(
    { ...state, script: undefined },
    { classNames: [], tag: '' },
    [{ method: 'DELETE', accepted: true }],
    state.script.classNames,
    fails,
  );
}

/** Only the registered row changes its state: others that an upload takes along stay as they are. */
function settled(
  rows: readonly ModelRow[],
  change: ModelChange,
  refusal: RefusalCode | undefined,
): readonly ModelRow[] {
  if (change.kind !== 'register') return rows;
  return rows.map((row): ModelRow => {
    if (row.name !== change.name) return row;
    return refusal === undefined
      ? { ...row, status: 'READY', everDeployed: true }
      : { ...row, status: 'ERROR' };
  });
}

const CLOUDFLARES: readonly RefusalCode[] = [
  'MODULE_DOES_NOT_LOAD',
  'TAG_MISMATCH',
  'NO_SCRIPT',
  'CLOUDFLARE_FAILED',
];

function statusOf(change: ModelChange, refusal: RefusalCode | undefined): number {
  if (refusal === undefined) return 200;
  // The route of `delete_env` tells no failures apart.
  if (change.kind === 'deleteEnv') return 500;
  if (refusal === 'NOT_FOUND') return 404;
  return CLOUDFLARES.includes(refusal) ? 502 : 400;
}
