import { DoError, ERROR_CODES } from '../core/errors.ts';
import type { App, DoClass, DoClassDetail, Usage } from '../core/model/app.ts';
import { envKeyMessage, envValueMessage } from '../core/model/envFile.ts';
import { bindingOf } from '../core/model/names.ts';
import { planDelete, planDeploy, planEnvChange } from '../core/plan/plan.ts';
import type { AppQueue } from '../platform/appQueue.ts';
import type { PlatformClient, RegisterResult } from '../platform/client.ts';
import { afterFailedDelete, afterFailedDeploy, afterFailedEnv } from './aftermath.ts';
import { runChange, type Change } from './change.ts';
import {
  effectsOf,
  refuseDestruction,
  refuseObstacle,
  type DeletePreview,
  type DeployPreview,
  type Effects,
} from './previews.ts';
import { compareDeleted, compareDeployed, compareEnv } from './readBack.ts';
import { checkInput, type DeployInput } from './sourceCheck.ts';

/** The source of a class before it is changed or deleted. */
export interface SourceBackup {
  readonly appId: string;
  readonly name: string;
  readonly className: string;
  readonly code: string;
  readonly accessMode: DoClass['accessMode'];
  /** ISO 8601 UTC: when it was saved. */
  readonly at: string;
}

export interface AppOperationsParts {
  readonly client: PlatformClient;
  readonly app: App;
  readonly queue: AppQueue;
  readonly origin: string;
  /** Must have saved the source for good when it resolves; when it rejects, the change is not made. */
  readonly saveSource: (backup: SourceBackup) => Promise<void>;
}

export interface ChangeOptions {
  /** Class names whose stored data the person agreed to lose. */
  readonly allowDestroy?: readonly string[];
  /** Stops waiting. A change that is on its way is not stopped by it: the platform would go on anyway. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * All that can be done with one app. The only way to change anything: each change waits for its turn, is
 * planned on what is deployed at that moment, is refused when it would destroy data nobody agreed to lose,
 * saves the sources it replaces, goes out once, and is read back and compared with the plan.
 */
export class AppOperations {
  readonly app: App;
  readonly #parts: AppOperationsParts;

  constructor(parts: AppOperationsParts) {
    this.app = parts.app;
    this.#parts = parts;
  }

  async list(signal?: AbortSignal): Promise<DoClass[]> {
    return this.#client.list(this.app.id, asOptions(signal));
  }

  async get(name: string, signal?: AbortSignal): Promise<DoClassDetail> {
    return this.#client.get(this.app.id, name, asOptions(signal));
  }

  async usage(signal?: AbortSignal): Promise<Usage> {
    return this.#client.usage(this.app.id, asOptions(signal));
  }

  async listEnv(signal?: AbortSignal): Promise<string[]> {
    return this.#client.listEnv(this.app.id, asOptions(signal));
  }

  /**
   * What a deploy would do.
   * @throws DoError when the source, the name or the state of the app does not allow it.
   */
  async previewDeploy(input: DeployInput, signal?: AbortSignal): Promise<DeployPreview> {
    return (await this.#planDeploy(input, signal)).preview;
  }

  /**
   * Deploys one class. A deploy of the same source and access mode is allowed: it restarts the app.
   * @throws DoError `WOULD_DESTROY`, `ALREADY_SENT` when cancelled too late, `READ_BACK` when what is deployed
   *   afterwards is not what was sent, or what the platform answered.
   */
  async deploy(input: DeployInput, options: ChangeOptions = {}): Promise<RegisterResult> {
    await checkInput(input);
    return this.#change(options.signal, `The deploy of ${input.name}`, async (change) => {
      const { preview, rows } = await this.#planDeploy(input, change.signal);
      refuseDestruction(preview, options.allowDestroy ?? []);
      const replaced = preview.kind === 'unchanged' ? undefined : preview.current;
      await this.#saveSources(replaced, preview, change.signal);
      const result = await change.send(async () =>
        this.#client
          .register(this.app.id, input)
          .catch(async (error: unknown) =>
            afterFailedDeploy(this.#client, this.app.id, input, preview.current, error),
          ),
      );
      await compareDeployed(this.#client, this.app.id, input, preview, rows);
      return result;
    });
  }

  /** What deleting a class would do; the class itself is the first of those that it destroys. */
  async previewDelete(name: string, signal?: AbortSignal): Promise<DeletePreview> {
    return (await this.#planDelete(name, signal)).preview;
  }

  /**
   * Deletes a class with all that its instances stored. To ask for it is to agree to that; the others that
   * would go with it must be in `allowDestroy`.
   */
  async delete(name: string, options: ChangeOptions = {}): Promise<void> {
    await this.#change(options.signal, `The deletion of ${name}`, async (change) => {
      const { preview, rows } = await this.#planDelete(name, change.signal);
      const allowed = options.allowDestroy ?? [];
      if (preview.current === undefined && !allowed.includes(preview.className)) throw cannotSave(name);
      refuseDestruction(preview, [...allowed, preview.className]);
      await this.#saveSources(preview.current, preview, change.signal);
      await change.send(async () =>
        this.#client
          .delete(this.app.id, name)
          .catch(async (error: unknown) => afterFailedDelete(this.#client, this.app.id, name, error)),
      );
      await compareDeleted(this.#client, this.app.id, name, preview, rows);
    });
  }

  /** What setting or deleting any env key would do. */
  async previewEnv(signal?: AbortSignal): Promise<Effects> {
    return effectsOf(planEnvChange(await this.list(signal)));
  }

  /** @returns whether the app was redeployed with it, so that every WebSocket dropped. */
  async setEnv(key: string, value: string, options: ChangeOptions = {}): Promise<{ redeployed: boolean }> {
    refuseInput(envKeyMessage(key, []) ?? envValueMessage(value));
    return this.#changeEnv(key, 'set', options, async () => this.#client.setEnv(this.app.id, key, value));
  }

  /** @throws DoError `NO_SUCH_KEY` when it is not set: the platform would redeploy the app for nothing. */
  async deleteEnv(key: string, options: ChangeOptions = {}): Promise<{ redeployed: boolean }> {
    return this.#changeEnv(key, 'deleted', options, async () => this.#client.deleteEnv(this.app.id, key));
  }

  async #changeEnv(
    key: string,
    intent: 'set' | 'deleted',
    options: ChangeOptions,
    request: () => Promise<{ redeployed: boolean }>,
  ): Promise<{ redeployed: boolean }> {
    return this.#change(options.signal, `The change of ${key}`, async (change) => {
      const [rows, keys] = await Promise.all([this.list(change.signal), this.listEnv(change.signal)]);
      if (intent === 'deleted' && !keys.includes(key)) throw noSuchKey(key);
      const bindings = rows.map(({ name }) => bindingOf(name));
      if (intent === 'set') refuseInput(envKeyMessage(key, bindings));
      const effects = effectsOf(planEnvChange(rows));
      refuseDestruction(effects, options.allowDestroy ?? []);
      await this.#saveSources(undefined, effects, change.signal);
      const result = await change.send(async () =>
        request().catch(async (error: unknown) =>
          afterFailedEnv(this.#client, this.app.id, key, intent, error),
        ),
      );
      await compareEnv(this.#client, this.app.id, key, intent, effects, rows);
      return result;
    });
  }

  async #planDeploy(
    input: DeployInput,
    signal: AbortSignal | undefined,
  ): Promise<{ preview: DeployPreview; rows: DoClass[] }> {
    const className = await checkInput(input);
    const [rows, envKeys] = await Promise.all([this.list(signal), this.listEnv(signal)]);
    const known = rows.some(({ name }) => name === input.name);
    const current = known ? await this.get(input.name, signal) : undefined;
    const sameAsDeployed = current?.code === input.code && current.accessMode === input.accessMode;
    const plan = planDeploy(rows, { name: input.name, className, sameAsDeployed }, envKeys);
    refuseObstacle(plan);
    const unchanged = plan.fates.some(({ kind }) => kind === 'unchanged');
    const kind = unchanged ? 'unchanged' : known ? 'update' : 'create';
    return { preview: { kind, className, current, ...effectsOf(plan) }, rows };
  }

  async #planDelete(
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<{ preview: DeletePreview; rows: DoClass[] }> {
    const rows = await this.list(signal);
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) throw noSuchClass(name);
    const current = name === UNREADABLE ? undefined : await this.get(name, signal);
    const preview = { className: row.className, current, ...effectsOf(planDelete(rows, name)) };
    return { preview, rows };
  }

  /** Saves the source that the change replaces, and those of the other classes that go with it. */
  async #saveSources(
    current: DoClassDetail | undefined,
    effects: Effects,
    signal: AbortSignal,
  ): Promise<void> {
    const details = current === undefined ? [] : [current];
    for (const { name } of effects.destroys) {
      if (name !== current?.name && name !== UNREADABLE) details.push(await this.get(name, signal));
    }
    const at = new Date().toISOString();
    for (const { name, className, code, accessMode } of details) {
      await this.#parts.saveSource({ appId: this.app.id, name, className, code, accessMode, at });
    }
  }

  async #change<T>(
    signal: AbortSignal | undefined,
    what: string,
    task: (change: Change) => Promise<T>,
  ): Promise<T> {
    const { client, queue, origin } = this.#parts;
    return runChange({ client, queue, origin, appId: this.app.id, what }, signal, task);
  }

  get #client(): PlatformClient {
    return this.#parts.client;
  }
}

/** `GET …/env` lists environment keys, so a class of this name cannot be read. */
const UNREADABLE = 'env';

function asOptions(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function refuseInput(message: string | undefined): void {
  if (message === undefined) return;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message,
    nextStep: 'Correct it and try again. Nothing was changed.',
  });
}

function noSuchClass(name: string): DoError {
  return new DoError({
    code: 'NO_SUCH_CLASS',
    message: `This app has no Durable Object named ${name}.`,
    nextStep: 'Refresh: it may have been deleted already.',
  });
}

function noSuchKey(key: string): DoError {
  return new DoError({
    code: 'NO_SUCH_KEY',
    message: `The environment key ${key} is not set.`,
    nextStep: 'Refresh: it may have been deleted already. Nothing was changed.',
  });
}

function cannotSave(name: string): DoError {
  return new DoError({
    code: 'CANNOT_SAVE',
    message: `The source of ${name} cannot be read from the platform, so it cannot be saved before the deletion.`,
    nextStep: 'Make sure that you have its source, then agree to lose what it stored.',
  });
}
