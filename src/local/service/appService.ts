import type { BuiltModule } from '../../core/bundle/buildModule.ts';
import { bindingOf, envKeyProblem, isDoName } from '../../core/model/names.ts';
import type { AccessMode } from '../../core/model/app.ts';
import { toError } from '../../core/errors.ts';
import type { AppRow } from '../store/appTable.ts';
import { startFault } from '../runtime/startFault.ts';
import type { ClassSource } from '../store/classTable.ts';
import { isFull } from '../store/database.ts';
import type { Script } from '../store/deployTable.ts';
import type { Store } from '../store/store.ts';
import { BUILDER, EMPTY_MODULE, type AppBundler } from './bundler.ts';
import { DeployError } from './deployError.ts';
import type { DeployCause, EventBus } from './events.ts';
import { platformEnv, refuseCollisions } from './platformEnv.ts';
import type { RuntimeSpec } from '../runtime/appRuntime.ts';
import type { RuntimePort } from './runtimePort.ts';
import { runtimeUnavailable } from './runtimeUnavailable.ts';
import { HostError, ScriptHost, type HostProbe } from './scriptHost.ts';
import { SerialQueue } from './serialQueue.ts';
import { UsageMeter } from './usageMeter.ts';

export interface AppServiceParts {
  readonly appId: string;
  readonly store: Store;
  readonly runtime: RuntimePort;
  readonly bundler: () => Promise<AppBundler>;
  /** URL of the API, known once it listens; without a slash at the end. */
  readonly apiUrl: () => string;
  readonly probe: HostProbe;
  readonly events: EventBus;
}

export interface RegisterInput {
  readonly name: string;
  readonly code: string;
  readonly accessMode: AccessMode;
}

/**
 * The state machine of one app's classes, as the hosted platform has it: every change sends all active classes as
 * one module, and a class that was in the last good deploy and is not active now loses its storage (here: to
 * the trash). Changes run one at a time, in the order in which they came; reads do not wait for them.
 */
export class AppService {
  readonly appId: string;
  readonly runtime: RuntimePort;
  readonly usage: UsageMeter;
  readonly #store: Store;
  readonly #bundler: () => Promise<AppBundler>;
  readonly #apiUrl: () => string;
  readonly #events: EventBus;
  readonly #host: ScriptHost;
  readonly #queue = new SerialQueue();
  /** What runs, once it was built in this process. */
  #module: BuiltModule | undefined;
  #loaded: AppBundler | undefined;

  constructor(parts: AppServiceParts) {
    this.appId = parts.appId;
    this.runtime = parts.runtime;
    this.#store = parts.store;
    this.#bundler = parts.bundler;
    this.#apiUrl = parts.apiUrl;
    this.#events = parts.events;
    this.usage = new UsageMeter(parts.appId, parts.store.usage, parts.runtime);
    this.#host = new ScriptHost({
      appId: parts.appId,
      deploys: parts.store.deploys,
      runtime: parts.runtime,
      probe: parts.probe,
    });
  }

  /** Whether the app's worker runs, or is about to: it is being replaced or restarted. */
  get running(): boolean {
    const { kind } = this.runtime.state;
    return kind === 'running' || kind === 'changing';
  }

  /** Starts what was accepted last; classes that were only submitted since then stay out. */
  async start(): Promise<void> {
    await this.#queue.run(async () => {
      const script = this.#store.deploys.script(this.appId);
      const env = this.#env(script?.env ?? {});
      let spec: RuntimeSpec = { module: EMPTY_MODULE.code, classes: EMPTY_MODULE.classes, env };
      if (script !== undefined) {
        const classes = script.classes.map(({ name, className }) => ({
          name,
          className,
          binding: bindingOf(name),
        }));
        spec = { module: script.module, classes, env };
        if (script.builder !== BUILDER) spec = { ...spec, module: await this.#rebuilt(script) };
      }
      const started = await this.runtime.deploy(spec);
      if (!started.ok) throw new Error(`The app ${this.#app().name} does not start: ${started.message}`);
      this.#store.apps.setPort(this.appId, started.port);
      await this.#host.emptyPending();
    });
  }

  /** Builds what runs once more, so that the next deploy finds its sources transpiled and log lines their positions. */
  async warmUp(): Promise<void> {
    const script = this.#store.deploys.script(this.appId);
    const bundler = await this.#bundler();
    if (script !== undefined && this.#module === undefined) this.#module = bundler.build(script.classes);
    this.#loaded = bundler;
  }

  /** A log line or message of the runtime with its positions in the app's own files, as far as they are known by now. */
  explain(message: string): string {
    if (this.#module === undefined || this.#loaded === undefined) return message;
    return this.#loaded.explain(message, this.#module);
  }

  /** @throws DeployError; DoError when this machine cannot run anything now: the row stays as it was then */
  async register(input: RegisterInput): Promise<{ readonly id: string; readonly className: string }> {
    if (!isDoName(input.name)) {
      throw new DeployError(
        'INVALID_NAME',
        `Invalid DO name: ${input.name}. Must be lowercase kebab-case (e.g. 'chat-room').`,
      );
    }
    const bundler = await this.#bundler();
    const className = bundler.classNameOf(input.code);
    return this.#change(async () => {
      const { classes } = this.#store;
      const before = classes.find(this.appId, input.name);
      const tag = this.#tag();
      const id = classes.submit(this.appId, { ...input, className }, now());
      this.#changed();
      try {
        await this.#deploy({ kind: 'classDeployed', name: input.name }, classes.active(this.appId), bundler);
      } catch (error) {
        // A class in ERROR loses its storage with the next change: only what the platform refuses may get there.
        if (error instanceof DeployError) classes.setError(id, error.message, now());
        else if (this.#tag() !== tag) classes.setReady(id, now());
        else classes.putBack(this.appId, input.name, before);
        throw error;
      }
      classes.setReady(id, now());
      return { id, className };
    });
  }

  /** @throws DeployError: the row is gone even so; DoError when this machine cannot run anything now: it stays then */
  async delete(name: string): Promise<void> {
    await this.#change(async () => {
      const { classes, deploys } = this.#store;
      const before = classes.find(this.appId, name);
      const tag = this.#tag();
      if (!classes.delete(this.appId, name)) throw new DeployError('NOT_FOUND', 'DO not found');
      const remaining = classes.active(this.appId);
      const cause = { kind: 'classDeleted', name } as const;
      const deployed =
        remaining.length > 0
          ? this.#deploy(cause, remaining, await this.#bundler())
          : this.#wrapped(cause, [], () =>
              this.#host.delete(
                this.#env({}),
                (work) => this.#store.transaction(work),
                () => deploys.saveState(this.appId, { classNames: [], migrationTag: '' }, now()),
              ),
            );
      await deployed.catch((error: unknown) => {
        if (!(error instanceof DeployError) && this.#tag() === tag) classes.putBack(this.appId, name, before);
        throw error;
      });
    });
  }

  /** Answers whether the classes were deployed again. @throws DeployError; the value is kept then, except when the key is refused */
  async setEnv(key: string, value: string): Promise<boolean> {
    refuseKey(key);
    return this.#change(() =>
      this.#withVariable({ kind: 'variableSet', name: key }, () =>
        this.#store.env.set(this.appId, key, value, now()),
      ),
    );
  }

  /** Answers whether the classes were deployed again, also when there was no such key. @throws DeployError */
  async deleteEnv(key: string): Promise<boolean> {
    return this.#change(() =>
      this.#withVariable({ kind: 'variableDeleted', name: key }, () =>
        this.#store.env.delete(this.appId, key),
      ),
    );
  }

  /**
   * Sets the variables of the whole app, or deletes those that are null; answers the keys that there are then and
   * whether the classes were deployed again. As on the platform, a refused deploy is not this call's failure.
   */
  async changeAppEnv(
    changes: Readonly<Record<string, string | null>>,
  ): Promise<{ readonly keys: readonly string[]; readonly redeployed: boolean }> {
    const { appEnv } = this.#store;
    return this.#change(async () => {
      const before = appEnv.read(this.appId);
      const values = new Map(Object.entries(before.values));
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) values.delete(key);
        else values.set(key, value);
      }
      const after = { values: Object.fromEntries(values), updatedAt: now() };
      const isDeletion = Object.values(changes).every((value) => value === null);
      const name = Object.keys(changes).join(', ');
      const redeployed = await this.#redeployAfter(
        { kind: isDeletion ? 'variableDeleted' : 'variableSet', name },
        () => appEnv.write(this.appId, after),
        () => appEnv.write(this.appId, before),
      ).catch((error: unknown) => {
        // Whoever watches is told by the deploy's event.
        if (error instanceof DeployError) return false;
        throw error;
      });
      return { keys: [...values.keys()], redeployed };
    });
  }

  /** Runs `work` when no change of the app is under way, and keeps changes waiting meanwhile. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(work);
  }

  /** Lets a change that is under way end, then stops the worker. */
  async stop(): Promise<void> {
    await this.#queue.idle();
    await this.usage.flush().catch(() => undefined);
    await this.runtime.stop();
  }

  #withVariable(cause: DeployCause, change: () => void): Promise<boolean> {
    const { env } = this.#store;
    const key = cause.name;
    const before = env.values(this.appId)[key];
    return this.#redeployAfter(cause, change, () => {
      if (before === undefined) env.delete(this.appId, key);
      else env.set(this.appId, key, before, now());
    });
  }

  /** Deploys with changed variables. The platform keeps the change when it refuses the deploy. */
  async #redeployAfter(cause: DeployCause, change: () => void, undo: () => void): Promise<boolean> {
    const tag = this.#tag();
    change();
    try {
      return await this.#redeploy(cause);
    } catch (error) {
      if (!(error instanceof DeployError) && this.#tag() === tag) undo();
      throw error;
    }
  }

  /** Changes with every deploy that was accepted, even when something failed after that. */
  #tag(): string | undefined {
    return this.#store.deploys.state(this.appId)?.migrationTag;
  }

  async #redeploy(cause: DeployCause): Promise<boolean> {
    const active = this.#store.classes.active(this.appId);
    if (active.length === 0) return false;
    await this.#deploy(cause, active, await this.#bundler());
    return true;
  }

  async #deploy(cause: DeployCause, active: readonly ClassSource[], bundler: AppBundler): Promise<void> {
    const { deploys, env: envTable, appEnv } = this.#store;
    const module = bundler.build(active);
    const current = active.map((item) => item.className);
    const previous = deploys.state(this.appId);
    const before = previous?.classNames ?? [];
    await this.#wrapped(cause, active, async () => {
      const oldTag = previous === undefined ? await this.#host.tag() : previous.migrationTag;
      const ownEnv = { ...appEnv.read(this.appId).values, ...envTable.values(this.appId) };
      const env = this.#env(ownEnv);
      refuseCollisions(
        env,
        module.classes.map((item) => item.binding),
      );
      await this.#host.put(
        {
          module,
          sources: active.map(({ name, className, code, accessMode }) => ({
            name,
            className,
            code,
            accessMode,
          })),
          ownEnv,
          env,
          newClasses: current.filter((name) => !before.includes(name)),
          deletedClasses: before.filter((name) => !current.includes(name)),
          oldTag,
          explain: (message) => bundler.explain(message, module),
        },
        (work) => this.#store.transaction(work),
        (tag) => deploys.saveState(this.appId, { classNames: current, migrationTag: tag }, now()),
      );
      this.#module = module;
      this.#loaded = bundler;
    });
  }

  /** The module of a script that an earlier builder made; that one when it cannot be built any more. */
  async #rebuilt(script: Script): Promise<string> {
    const bundler = await this.#bundler();
    try {
      return bundler.build(script.classes).code;
    } catch (error) {
      if (error instanceof DeployError) return script.module;
      throw error;
    }
  }

  async #wrapped(
    cause: DeployCause,
    active: readonly ClassSource[],
    upload: () => Promise<void>,
  ): Promise<void> {
    const started = performance.now();
    const report = (ok: boolean, message?: string) =>
      this.#events.emit({
        type: 'deploy',
        appId: this.appId,
        appName: this.#app().name,
        ok,
        cause,
        classes: active.map((item) => item.name),
        ...(message === undefined ? {} : { message }),
        ms: Math.round(performance.now() - started),
      });
    try {
      await upload();
      report(true);
    } catch (error) {
      const wrapped = error instanceof HostError ? fromHost(error) : error;
      report(false, toError(wrapped).message);
      throw wrapped;
    }
  }

  async #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      try {
        return await work();
      } catch (error) {
        throw isFull(error) ? runtimeUnavailable(startFault(toError(error).message, '')) : error;
      } finally {
        this.#changed();
      }
    });
  }

  #changed(): void {
    const { port } = this.runtime;
    const app = this.#app();
    if (port !== 0 && app.port !== port) this.#store.apps.setPort(this.appId, port);
    this.#events.emit({ type: 'state', appId: this.appId });
  }

  #env(own: Readonly<Record<string, string>>): Record<string, string> {
    const { invokerToken } = this.#store;
    return platformEnv({ app: this.#app(), own, apiUrl: this.#apiUrl(), invokerToken });
  }

  #app(): AppRow {
    const app = this.#store.apps.find(this.appId);
    if (app === undefined) throw new Error(`The app ${this.appId} is gone.`);
    return app;
  }
}

function refuseKey(key: string): void {
  const problem = envKeyProblem(key);
  if (problem === 'reserved') {
    throw new DeployError(
      'RESERVED_ENV_KEY',
      `Reserved key: "${key}" — keys starting with BUTTERBASE_ are reserved for platform use`,
    );
  }
  if (problem === 'empty' || problem === 'shape') {
    throw new DeployError(
      'INVALID_ENV_KEY',
      `Invalid env var key '${key}'. Must match /^[A-Z_][A-Z0-9_]*$/ (uppercase, digits, underscore).`,
    );
  }
}

/** The platform tells refusals apart by what their text contains. */
function fromHost(error: HostError): DeployError {
  const { message } = error;
  if (message.includes('[10079]') || message.includes('Actor migration tag')) {
    return new DeployError(
      'CF_MIGRATION_TAG_MISMATCH',
      'Cloudflare rejected the Durable Object deploy: migration tag mismatch. This usually means the deploy state ' +
        `was reset while the CF script still exists. Original error: ${message}`,
      error,
    );
  }
  if (message.includes('[10021]') || message.includes('migration')) {
    return new DeployError(
      'CF_INVALID_MIGRATION',
      `Cloudflare rejected the Durable Object migration. Original error: ${message}`,
      error,
    );
  }
  if (message.includes('CF API error')) {
    return new DeployError(
      'CF_DEPLOY_FAILED',
      `Cloudflare rejected the Durable Object deploy. Original error: ${message}`,
      error,
    );
  }
  return new DeployError(
    'CF_DEPLOY_FAILED',
    `Failed to deploy Durable Object Worker to Cloudflare: ${message}`,
    error,
  );
}

function now(): string {
  return new Date().toISOString();
}
