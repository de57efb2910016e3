import { createHash } from 'node:crypto';
import type { BuiltModule, ModuleClass } from '../../core/bundle/buildModule.ts';
import type { TranspileCache } from '../../core/bundle/transpile.ts';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import type { Trial } from '../../local/runtime/moduleTrial.ts';
import { readsEnvAtLoad } from './envProbe.ts';
import { isTooEarlyForEnv } from './loadErrors.ts';

/** A place in the source of a class; line and column from one. */
export interface FaultPlace {
  /** DO name of the class. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** What is known of the module that a change would upload, before anything is sent. */
export type PreflightVerdict =
  /** `ms`: how long the check took. */
  | { readonly kind: 'loads'; readonly ms: number }
  /** The platform would refuse it, and leave the class that is deployed in ERROR. */
  | {
      readonly kind: 'fails';
      /** The bundler's code, or `DOES_NOT_LOAD`. */
      readonly code: string;
      /** What is wrong, with positions as `chat-room.ts:12:3`. */
      readonly message: string;
      readonly place: FaultPlace | undefined;
      /** DO names of the classes without which it would load; empty when that is not known. */
      readonly culprits: readonly string[];
      readonly ms: number;
    }
  /** It does not load here, but may on the platform. */
  | { readonly kind: 'unsure'; readonly why: string }
  /** Nothing can be checked on this machine, or a source could not be read. */
  | { readonly kind: 'unavailable'; readonly why: string };

export interface PreflightRequest {
  /** The classes that the change would upload. */
  readonly classes: readonly ModuleClass[];
  /** DO name of the class whose source or access mode changes. */
  readonly changed: string | undefined;
  /** The classes as the platform uploaded them already; undefined when some of them may never have loaded. */
  readonly running: readonly ModuleClass[] | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export interface PreflightOptions {
  /** Path of the workerd binary. @throws DoError when this machine has none */
  readonly workerd: () => string;
}

/** The module does not load, so that a deploy of it would leave a class in ERROR. */
export const DOES_NOT_LOAD = 'DOES_NOT_LOAD';

/** Verdicts that are kept: the same module is looked at before the question and again before it is sent. */
const KEPT = 16;

/**
 * Builds the module that the platform would upload and loads it in the runtime that the platform uses. A class that
 * does not load goes into ERROR there, and loses its storage with the next deploy of anything (hazards b, c, l).
 */
export class Preflight {
  readonly #options: PreflightOptions;
  readonly #verdicts = new Map<string, PreflightVerdict>();
  #cache: TranspileCache | undefined;

  constructor(options: PreflightOptions) {
    this.#options = options;
  }

  /** @throws DoError `CANCELLED`; whatever else goes wrong is a verdict. */
  async check(request: PreflightRequest, signal: AbortSignal): Promise<PreflightVerdict> {
    if (request.classes.length === 0) return { kind: 'loads', ms: 0 };
    const key = digest(request);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = await this.#look(request, signal);
    if (signal.aborted) throw cancelled(signal.reason);
    if (verdict.kind === 'unavailable') return verdict;
    this.#verdicts.set(key, verdict);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > KEPT && oldest !== undefined) this.#verdicts.delete(oldest);
    return verdict;
  }

  async #look(request: PreflightRequest, signal: AbortSignal): Promise<PreflightVerdict> {
    const begin = performance.now();
    const ms = (): number => Math.round(performance.now() - begin);
    const built = await this.#build(request.classes);
    if (!built.ok) {
      const culprits = await this.#culprits(request, async (classes) => (await this.#build(classes)).ok);
      return {
        kind: 'fails',
        code: built.code,
        message: built.message,
        place: undefined,
        culprits,
        ms: ms(),
      };
    }
    let workerd: string;
    try {
      workerd = this.#options.workerd();
    } catch (error) {
      return { kind: 'unavailable', why: toError(error).message };
    }
    const trial = await this.#load(built.module, request.env, workerd, signal);
    if (trial.kind === 'loads') return { kind: 'loads', ms: ms() };
    if (trial.kind === 'noStart') return { kind: 'unavailable', why: trial.reason };
    const doubt = await this.#doubt(request, built.module, trial.message, workerd, signal);
    if (doubt !== undefined) return { kind: 'unsure', why: doubt };
    const { firstPosition, mapPositions } = await import('../../core/bundle/positions.ts');
    const place = firstPosition(trial.message, built.module);
    const loads = async (classes: readonly ModuleClass[]): Promise<boolean> => {
      const part = await this.#build(classes);
      return part.ok && (await this.#load(part.module, request.env, workerd, signal)).kind === 'loads';
    };
    return {
      kind: 'fails',
      code: DOES_NOT_LOAD,
      message: mapPositions(trial.message, built.module),
      place,
      culprits: await this.#culprits(request, loads),
      ms: ms(),
    };
  }

  /** Why a failure here need not be one on the platform, or undefined. */
  async #doubt(
    request: PreflightRequest,
    module: BuiltModule,
    message: string,
    workerd: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { running, env } = request;
    if (running !== undefined && running.length > 0) {
      const before = await this.#build(running);
      const trial = before.ok ? await this.#load(before.module, env, workerd, signal) : undefined;
      // What the platform loaded and this machine does not is no measure for the rest.
      if (trial?.kind === 'refused' && sameError(trial.message, message)) {
        return `What is deployed already does not load here either (${firstLine(message)}), so this machine cannot tell.`;
      }
    }
    if (isTooEarlyForEnv(message) || !(await readsEnvAtLoad(module, env, workerd, signal))) return undefined;
    return `A class reads env while it loads, and the platform does not give the values away (${firstLine(message)} here).`;
  }

  /** The classes that are at fault: one alone, or those that do not go together with the changed one. */
  async #culprits(
    { classes, changed }: PreflightRequest,
    loads: (classes: readonly ModuleClass[]) => Promise<boolean>,
  ): Promise<string[]> {
    const alone: string[] = [];
    for (const item of classes) if (!(await loads([item]))) alone.push(item.name);
    if (alone.length > 0) return alone;
    const own = classes.find(({ name }) => name === changed);
    if (own === undefined) return [];
    for (const other of classes) {
      if (other !== own && !(await loads(byName([own, other])))) return [own.name, other.name];
    }
    return [];
  }

  async #load(
    module: BuiltModule,
    env: Readonly<Record<string, string>>,
    workerd: string,
    signal: AbortSignal,
  ): Promise<Trial> {
    const { tryModule } = await import('../../local/runtime/moduleTrial.ts');
    const modules = new Map([['worker.mjs', module.code]]);
    return tryModule({ workerd, modules, classes: module.classes, env, signal });
  }

  async #build(
    classes: readonly ModuleClass[],
  ): Promise<
    | { readonly ok: true; readonly module: BuiltModule }
    | { readonly ok: false; readonly code: string; readonly message: string }
  > {
    // Both bring TypeScript with them, which only a change needs.
    const [{ buildModule }, { BundleError }, transpile] = await Promise.all([
      import('../../core/bundle/buildModule.ts'),
      import('../../core/bundle/bundleError.ts'),
      import('../../core/bundle/transpile.ts'),
    ]);
    this.#cache ??= new transpile.TranspileCache();
    try {
      return { ok: true, module: buildModule(byName(classes), { cache: this.#cache }) };
    } catch (error) {
      if (error instanceof BundleError || error instanceof DoError)
        return { ok: false, code: error.code, message: error.message };
      throw error;
    }
  }
}

/** The platform's order. */
function byName(classes: readonly ModuleClass[]): ModuleClass[] {
  return [...classes].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function digest({ classes, running, changed, env }: PreflightRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([classes, running, changed, env]))
    .digest('hex');
}

/** Whether two errors say the same, wherever in the module. */
function sameError(a: string, b: string): boolean {
  return firstLine(a) === firstLine(b);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim().replace(/\.$/, '');
}

function cancelled(cause: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.cancelled,
    message: 'Cancelled.',
    nextStep: 'Start it again when you want to.',
    cause,
  });
}
