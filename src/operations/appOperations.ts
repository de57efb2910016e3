import { DoError } from '../core/errors.ts';
import type { App, DoClass, DoClassDetail, Usage } from '../core/model/app.ts';
import { envKeyMessage, envValueMessage } from '../core/model/envFile.ts';
import type { WantedChange } from '../core/plan/planTypes.ts';
import type { StuckInput, StuckState } from '../core/plan/stuck.ts';
import type { PlatformClient, RegisterResult } from '../platform/client.ts';
import { afterFailedDelete, afterFailedEnv } from './aftermath.ts';
import { runChange, type Change } from './change.ts';
import { deployNow } from './deployNow.ts';
import type { HistoryEntry } from './history/entry.ts';
import { recordSeen } from './history/recordSeen.ts';
import { lookAt } from './look.ts';
import type { AppOperationsParts } from './parts.ts';
import { recoverChanges, type RecoveredChange } from './pending/recover.ts';
import { planDeleteOf, planDeployOf, planEnvOf, refuseInput, type EnvChange } from './planning.ts';
import {
  refuseDestruction,
  type DeletePreview,
  type DeployPreview,
  type Destruction,
  type Effects,
} from './previews.ts';
import { compareDeleted, compareEnv } from './readBack.ts';
import { carryOutRepairs, findRepairs, refuseInVain, type Repair } from './repair.ts';
import { keepSources, sendChange } from './send.ts';
import { checkInput, type DeployInput } from './sourceCheck.ts';
import { stuckNow } from './stuckNow.ts';

export type { AppOperationsParts } from './parts.ts';

export interface ChangeOptions {
  /** Class names whose stored data the person agreed to lose. */
  readonly allowDestroy?: readonly string[] | undefined;
  /** Classes that are brought back first, in the same turn; then the change is planned anew and goes on. */
  readonly repairs?: readonly Repair[] | undefined;
  /** Stops waiting. A change that is on its way is not stopped by it: the platform would go on anyway. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * All that can be done with one app. The only way to change anything: each change waits for its turn, is
 * planned on what is deployed at that moment, has its module loaded for trial, is refused when it would destroy data
 * nobody agreed to lose, keeps the sources that are deployed, is noted, goes out once, and is read back and
 * compared with the plan.
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

  /** Keys of the whole app; undefined where the platform does not tell them. */
  async listAppEnv(signal?: AbortSignal): Promise<string[] | undefined> {
    return this.#client.listAppEnv(this.app.id, asOptions(signal));
  }

  /** Records in the history what is deployed and it does not have yet; the newest entry of each class that was read. */
  async recordSeen(known?: ReadonlySet<string>, signal?: AbortSignal): Promise<Map<string, HistoryEntry>> {
    return recordSeen(this.#parts, known, signal);
  }

  /**
   * What a deploy would do.
   * @throws DoError when the source, the name or the state of the app does not allow it.
   */
  async previewDeploy(input: DeployInput, signal?: AbortSignal): Promise<DeployPreview> {
    await checkInput(input);
    return planDeployOf(this.#parts, await lookAt(this.#parts, signal), input, signal);
  }

  /**
   * Deploys one class. A deploy of the same source and access mode is allowed: it restarts the app.
   * @throws DoError `WOULD_DESTROY`, `DOES_NOT_LOAD`, `ALREADY_SENT` when cancelled too late, `READ_BACK` when what
   *   is deployed afterwards is not what was sent, or what the platform answered.
   */
  async deploy(input: DeployInput, options: ChangeOptions = {}): Promise<RegisterResult> {
    const className = await checkInput(input);
    return this.#change(options, `The deploy of ${input.name}`, async (change) => {
      const { name, code, accessMode } = input;
      await this.#repair(change, options, { kind: 'deploy', name, className, code, accessMode });
      const look = await lookAt(this.#parts, change.signal);
      return deployNow(this.#parts, change, look, input, options.allowDestroy ?? []);
    });
  }

  /** What deleting a class would do; the class itself is the first of those that it destroys. */
  async previewDelete(name: string, signal?: AbortSignal): Promise<DeletePreview> {
    return planDeleteOf(this.#parts, await lookAt(this.#parts, signal), name, signal);
  }

  /**
   * Deletes a class with all that its instances stored. To ask for it is to agree to that; the others that
   * would go with it must be in `allowDestroy`.
   */
  async delete(name: string, options: ChangeOptions = {}): Promise<void> {
    await this.#change(options, `The deletion of ${name}`, async (change) => {
      await this.#repair(change, options, { kind: 'delete', name });
      const look = await lookAt(this.#parts, change.signal);
      const preview = await planDeleteOf(this.#parts, look, name, change.signal);
      const row = look.rows.find((candidate) => candidate.name === name);
      const allowed = options.allowDestroy ?? [];
      if (preview.current === undefined && !allowed.includes(preview.className)) throw cannotSave(name);
      const own = preview.destroys.filter((fate) => fate.name === name).map(({ className }) => className);
      refuseDestruction(preview, [...allowed, ...own]);
      await keepSources(this.#parts, look, preview, { deleted: name });
      const { className } = preview;
      const id = row?.id ?? '';
      const createdAt = preview.current?.createdAt;
      await sendChange(this.#parts, change, look, {
        what: `The deletion of ${name}`,
        change: { kind: 'delete', name, className, id, createdAt: createdAt ?? null },
        request: () => this.#client.delete(this.app.id, name),
        aftermath: (error) => afterFailedDelete(this.#client, this.app.id, { name, id, createdAt }, error),
        redeployed: () => true,
        compare: (after) => compareDeleted(name, preview, look, after),
      });
    });
  }

  /** What setting or deleting an env key would do; of one that is not known yet without `change`. */
  async previewEnv(change: EnvChange = { kind: 'redeploy' }, signal?: AbortSignal): Promise<Effects> {
    return planEnvOf(this.#parts, await lookAt(this.#parts, signal), change, signal);
  }

  /** @returns whether the app was redeployed with it, so that every WebSocket dropped. */
  async setEnv(key: string, value: string, options: ChangeOptions = {}): Promise<{ redeployed: boolean }> {
    refuseInput(envKeyMessage(key, []) ?? envValueMessage(value));
    return this.#changeEnv({ kind: 'setEnv', key, value }, options);
  }

  /** @throws DoError `NO_SUCH_KEY` when it is not set: the platform would redeploy the app for nothing. */
  async deleteEnv(key: string, options: ChangeOptions = {}): Promise<{ redeployed: boolean }> {
    return this.#changeEnv({ kind: 'deleteEnv', key }, options);
  }

  /**
   * With what the classes can be brought back that a change would destroy although nobody asked for it.
   * @param fileOf the local file of a DO name, as it would be deployed
   * @throws DoError `NO_REPAIR`
   */
  async repairsFor(
    destroys: readonly Destruction[],
    fileOf: (name: string) => DeployInput | undefined,
    signal?: AbortSignal,
  ): Promise<readonly Repair[]> {
    const look = await lookAt(this.#parts, signal);
    return findRepairs(this.#parts, look, destroys, fileOf, signal);
  }

  /** The source of a class that was kept last; undefined when none was. */
  async lastKept(name: string): Promise<string | undefined> {
    const { history, platform } = this.#parts;
    const [newest] = await history.list({ appId: this.app.id, name, platform });
    return newest === undefined ? undefined : history.source(newest.hash);
  }

  /**
   * States in which the app is and which do not mend by themselves, from a list of its classes and keys that was read
   * just now. Undefined while a change of ours is on its way.
   */
  async stuck(
    seen: Pick<StuckInput, 'rows' | 'envKeys' | 'appEnvKeys'>,
    signal?: AbortSignal,
  ): Promise<readonly StuckState[] | undefined> {
    return stuckNow(this.#parts, seen, signal);
  }

  /** What became of changes that were cut off. Each is told once, to one of all processes that ask. */
  async recover(signal?: AbortSignal): Promise<readonly RecoveredChange[]> {
    return recoverChanges(this.#parts, signal);
  }

  async #changeEnv(
    wanted: Exclude<EnvChange, { kind: 'redeploy' }>,
    options: ChangeOptions,
  ): Promise<{ redeployed: boolean }> {
    const { key } = wanted;
    const intent = wanted.kind === 'setEnv' ? 'set' : 'deleted';
    return this.#change(options, `The change of ${key}`, async (change) => {
      await this.#repair(change, options, wanted);
      const look = await lookAt(this.#parts, change.signal);
      const effects = await planEnvOf(this.#parts, look, wanted, change.signal);
      refuseDestruction(effects, options.allowDestroy ?? []);
      await keepSources(this.#parts, look, effects, {});
      return sendChange(this.#parts, change, look, {
        what: `The change of ${key}`,
        change:
          wanted.kind === 'setEnv'
            ? { kind: 'setEnv', key, wasSet: look.envKeys.includes(key) }
            : { kind: 'deleteEnv', key },
        request: () =>
          wanted.kind === 'setEnv'
            ? this.#client.setEnv(this.app.id, key, wanted.value)
            : this.#client.deleteEnv(this.app.id, key),
        aftermath: (error) =>
          afterFailedEnv(
            this.#client,
            this.app.id,
            key,
            { intent, wasSet: look.envKeys.includes(key) },
            error,
          ),
        redeployed: ({ redeployed }) => redeployed,
        compare: (after) => compareEnv(key, intent, effects, look, after),
      });
    });
  }

  /** Brings classes back before the change, when the change itself would go on afterwards. */
  async #repair(change: Change, options: ChangeOptions, wanted: WantedChange): Promise<void> {
    const { repairs = [] } = options;
    if (repairs.length === 0) return;
    const look = await lookAt(this.#parts, change.signal);
    refuseInVain(look, repairs, wanted);
    await carryOutRepairs(this.#parts, change, repairs);
  }

  async #change<T>(options: ChangeOptions, what: string, task: (change: Change) => Promise<T>): Promise<T> {
    const { client, queue, origin } = this.#parts;
    return runChange({ client, queue, origin, appId: this.app.id, what }, options.signal, task);
  }

  get #client(): PlatformClient {
    return this.#parts.client;
  }
}

function asOptions(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function cannotSave(name: string): DoError {
  return new DoError({
    code: 'CANNOT_SAVE',
    message: `The source of ${name} cannot be read from the platform, so it cannot be saved before the deletion.`,
    nextStep: 'Make sure that you have its source, then agree to lose what it stored.',
  });
}
