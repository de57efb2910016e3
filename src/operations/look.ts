import type { ModuleClass } from '../core/bundle/buildModule.ts';
import { DoError } from '../core/errors.ts';
import type { DoClass, DoClassDetail } from '../core/model/app.ts';
import { observe, type Knowledge } from '../core/plan/knowledge.ts';
import { isActive } from '../core/plan/plan.ts';
import { withoutDeleted } from './deletedElsewhere.ts';
import { UNREADABLE, type AppOperationsParts } from './parts.ts';
import { placeholderEnv } from './preflight/placeholderEnv.ts';
import type { PreflightVerdict } from './preflight/preflight.ts';

/** An app as it is before a change. */
export interface Look {
  readonly rows: readonly DoClass[];
  readonly envKeys: readonly string[];
  /** Keys of the variables of the whole app; undefined where the platform does not tell. */
  readonly appEnvKeys: readonly string[] | undefined;
  /** Rows with their sources, by DO name; one that cannot be read is missing. */
  readonly sources: ReadonlyMap<string, DoClassDetail>;
  readonly known: Knowledge;
}

/** Reads all that a change has to be planned on. */
export async function lookAt(parts: AppOperationsParts, signal: AbortSignal | undefined): Promise<Look> {
  const { client, app, pending, platform } = parts;
  const options = signal === undefined ? {} : { signal };
  const [rows, envKeys, appEnvKeys, known] = await Promise.all([
    client.list(app.id, options),
    client.listEnv(app.id, options),
    // A key may do all that a change needs, and not be allowed this.
    client.listAppEnv(app.id, options).catch(() => undefined),
    pending.knowledge.read(platform, app.id),
  ]);
  const names = rows.map(({ name }) => name).filter((name) => name !== UNREADABLE);
  const details = await Promise.all(names.map((name) => client.get(app.id, name, options).catch(whenGone)));
  const now = await withoutDeleted(client, app.id, observe(known, rows), rows, signal);
  const sources = details.flatMap((row) => (row === undefined ? [] : [[row.name, row] as const]));
  return { rows, envKeys, appEnvKeys, sources: new Map(sources), known: now };
}

/** What the module of an app is made of. */
export interface AppModule {
  readonly rows: readonly DoClass[];
  readonly envKeys: readonly string[];
  readonly appEnvKeys?: readonly string[] | undefined;
  /** By DO name; one that cannot be read is missing. */
  readonly sources: ReadonlyMap<string, ModuleClass>;
}

/** What a change would make of the module. */
export interface WantedModule {
  /** A class that gets this source and access mode. */
  readonly deploys?: ModuleClass;
  /** DO name of a class that goes. */
  readonly deletes?: string;
  readonly envKeys?: readonly string[];
}

/** Whether the module that a change uploads would load. */
export async function preflightOf(
  parts: AppOperationsParts,
  look: AppModule,
  wanted: WantedModule,
  signal: AbortSignal | undefined,
): Promise<PreflightVerdict> {
  const active = look.rows.filter(isActive);
  const stay = active.filter(({ name }) => name !== wanted.deploys?.name && name !== wanted.deletes);
  const unread = stay.find(({ name }) => !look.sources.has(name));
  if (unread !== undefined)
    return { kind: 'unavailable', why: `The source of ${unread.name} cannot be read from the platform.` };
  const classes = stay.flatMap(({ name }) => look.sources.get(name) ?? []).map(asModuleClass);
  const running = active.every(({ name, status }) => status === 'READY' && look.sources.has(name))
    ? active.flatMap(({ name }) => look.sources.get(name) ?? []).map(asModuleClass)
    : undefined;
  return parts.preflight.check(
    {
      classes: wanted.deploys === undefined ? classes : [...classes, wanted.deploys],
      changed: wanted.deploys?.name,
      running,
      env: placeholderEnv(parts.app, parts.origin, [
        ...(look.appEnvKeys ?? []),
        ...(wanted.envKeys ?? look.envKeys),
      ]),
    },
    signal ?? new AbortController().signal,
  );
}

function asModuleClass({ name, code, accessMode }: ModuleClass): ModuleClass {
  return { name, code, accessMode };
}

/** Somebody deleted it between two requests. */
function whenGone(error: unknown): undefined {
  if (!(error instanceof DoError && error.status === 404)) throw error;
}
