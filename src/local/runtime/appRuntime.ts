import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { listTrash, moveToTrash, restoreFromTrash, trashItem, type TrashItem } from '../trash.ts';
import { watchdog } from '../watchdog.ts';
import type { DispatchRequest, DispatchResponse } from './controlClient.ts';
import { FolderLock } from './folderLock.ts';
import { Launcher, type RuntimeSpec } from './launcher.ts';
import { LiveProcess } from './liveProcess.ts';
import { endOrphans } from './orphans.ts';
import { RestartPolicy } from './restartPolicy.ts';
import { removeLeftRunFiles, type RunFiles } from './runFiles.ts';
import { addTallies, EMPTY_TALLY, type Tally } from './tally.ts';
import { startFault, type StartFault } from './startFault.ts';
import { uniqueKeyOf } from './workerdConfig.ts';
import type { LogLine } from './workerdLog.ts';

export type { RuntimeClass, RuntimeSpec } from './launcher.ts';

export type StartResult =
  | { readonly ok: true; readonly port: number }
  /** The module does not load. workerd's first error, such as `Uncaught SyntaxError: …\n  at worker.mjs:81:6`. */
  | { readonly ok: false; readonly fault: 'module'; readonly message: string }
  /** No module starts here now: it says nothing about this one. */
  | ({ readonly ok: false; readonly fault: 'machine' } & StartFault);

export type RuntimeState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly port: number; readonly pid: number }
  /** Being replaced, or waiting for the next start after a crash. Dispatches wait. */
  | { readonly kind: 'changing' }
  | { readonly kind: 'failed'; readonly reason: string };

/** What happened to a runtime without being asked for. */
export type RuntimeExit =
  | { readonly kind: 'crashed'; readonly reason: string; readonly restartInMs: number }
  | { readonly kind: 'restarted'; readonly port: number }
  | { readonly kind: 'gaveUp'; readonly reason: string };

export interface AppRuntimeOptions {
  readonly appId: string;
  /** State folder of the app; storage, trash and short-lived files live in it. */
  readonly folder: string;
  /** Path of the workerd binary. */
  readonly workerd: string;
  /** Wished port, 0 for any. */
  readonly port: number;
  /** Host names besides loopback under which instances may be called. */
  readonly allowedHosts: readonly string[];
  readonly onLine: (line: LogLine) => void;
  readonly onExit: (event: RuntimeExit) => void;
  /** Milliseconds that a module may take to load. */
  readonly loadDeadlineMs?: number;
}

const LOAD_DEADLINE_MS = 10_000;

/** One app: one workerd process, its storage and its counts. Changes run one after the other. */
export class AppRuntime {
  readonly #options: AppRuntimeOptions;
  readonly #storage: string;
  readonly #trash: string;
  readonly #launcher: Launcher;
  readonly #restarts = new RestartPolicy();
  readonly #token = randomBytes(24).toString('hex');
  #lock: FolderLock | undefined;
  #changes: Promise<unknown> = Promise.resolve();
  #stopping = new AbortController();
  #spec: RuntimeSpec | undefined;
  #state: State = { kind: 'stopped' };
  #port = 0;
  #tally: Tally = EMPTY_TALLY;
  #cpuMs = 0;

  constructor(options: AppRuntimeOptions) {
    this.#options = options;
    this.#storage = path.join(options.folder, 'do');
    this.#trash = path.join(options.folder, 'trash');
    const { appId, folder, workerd, allowedHosts, onLine } = options;
    this.#launcher = new Launcher({
      appId,
      folder,
      storage: this.#storage,
      workerd,
      allowedHosts,
      controlToken: this.#token,
      deadlineMs: options.loadDeadlineMs ?? LOAD_DEADLINE_MS,
      onLine,
    });
  }

  /** Port of the instances; 0 until the first start. It stays the same unless another program takes it. */
  get port(): number {
    return this.#port;
  }

  get state(): RuntimeState {
    const state = this.#state;
    if (state.kind === 'running') return { kind: 'running', port: state.live.port, pid: state.live.pid };
    return state.kind === 'changing' ? { kind: 'changing' } : state;
  }

  /**
   * Checks that the module loads in a workerd of its own, then replaces the running process on the same port. A module
   * that does not load leaves the running one as it is. Throws a `DoError` when the folder cannot be used.
   */
  deploy(spec: RuntimeSpec): Promise<StartResult> {
    return this.#change(async () => {
      let files: RunFiles;
      try {
        files = await this.#launcher.writeFiles(spec);
      } catch (error) {
        return this.#machineFault(toError(error).message);
      }
      let over = Promise.resolve();
      try {
        const check = await this.#launcher.check(files, this.#stopping.signal);
        if (check.kind === 'refused') return { ok: false, fault: 'module', message: check.message };
        if (check.kind === 'noStart') return this.#machineFault(check.reason);
        ({ over } = check);
        return await this.#replace(spec, files);
      } finally {
        await over;
        await files.remove();
      }
    });
  }

  /** Requests since this object was made, over all restarts of the process. */
  async counts(): Promise<Tally> {
    if (this.#state.kind !== 'running') return this.#tally;
    const { live } = this.#state;
    return addTallies(this.#tally, await live.counts());
  }

  /** CPU time (ms) of all processes since this object was made. */
  async cpuMs(): Promise<number> {
    return this.#cpuMs + (this.#state.kind === 'running' ? await this.#state.live.cpuMs() : 0);
  }

  /** Gives an instance a request from inside, without access check. Waits while the process is being replaced. */
  async dispatch(name: string, instance: string, request: DispatchRequest): Promise<DispatchResponse> {
    while (this.#state.kind === 'changing') await this.#state.settled;
    if (this.#state.kind === 'running') return this.#state.live.control.dispatch(name, instance, request);
    throw new DoError({
      code: ERROR_CODES.localPlatform,
      message:
        this.#state.kind === 'failed'
          ? `The app does not run: ${this.#state.reason}`
          : 'The app has no running Durable Object class.',
      nextStep: 'Deploy a class of the app.',
    });
  }

  /** Moves the storage of a class, with its alarms, to the trash. A process that has the class open restarts. */
  trashStorage(className: string): Promise<TrashItem | undefined> {
    return this.#change(() =>
      this.#withStorageClosed(className, () =>
        moveToTrash(this.#trash, this.#storageOf(className), className),
      ),
    );
  }

  listTrash(): Promise<TrashItem[]> {
    return listTrash(this.#trash);
  }

  /** Restores storage of a class that is deployed. Throws a `DoError` (404, 409) as `restoreFromTrash` does. */
  restoreStorage(id: string, options: { readonly replace?: boolean } = {}): Promise<void> {
    return this.#change(async () => {
      const { className } = await trashItem(this.#trash, id);
      if (!this.#declares(className)) {
        throw new DoError({
          code: 'CLASS_MISSING',
          status: 409,
          message: `The app has no class ${className} that could use the data.`,
          nextStep: `Deploy ${className} again, then restore.`,
        });
      }
      await this.#withStorageClosed(className, () =>
        restoreFromTrash(this.#trash, id, this.#storageOf(className), options),
      );
    });
  }

  /** Ends the process and everything that guards it. `deploy` may start it again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#serialised(async () => {
      await this.#end({ kind: 'stopped' });
      this.#spec = undefined;
      this.#restarts.reset();
      this.#lock?.release();
      this.#lock = undefined;
      this.#stopping = new AbortController();
    });
    await watchdog.endWhenIdle();
  }

  #change<T>(action: () => Promise<T>): Promise<T> {
    return this.#serialised(async () => {
      await this.#open();
      return action();
    });
  }

  #serialised<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(action);
    this.#changes = result.catch(() => undefined);
    return result;
  }

  async #open(): Promise<void> {
    if (this.#lock !== undefined) return;
    const { folder } = this.#options;
    await fs.mkdir(this.#storage, { recursive: true, mode: 0o700 });
    const lock = FolderLock.acquire(folder);
    try {
      await endOrphans(folder);
      await removeLeftRunFiles(folder);
    } catch (error) {
      lock.release();
      throw error;
    }
    this.#lock = lock;
  }

  async #replace(spec: RuntimeSpec, files: RunFiles): Promise<StartResult> {
    const previous = this.#spec;
    await this.#end(changing());
    const result = await this.#start(spec, files);
    if (result.ok) {
      this.#restarts.reset();
      return result;
    }
    // It loads, but not here: no space, no port, no memory. What ran before is the best there is.
    if (previous !== undefined) await this.#startFrom(previous);
    return result;
  }

  async #startFrom(spec: RuntimeSpec): Promise<StartResult> {
    const files = await this.#launcher.writeFiles(spec);
    try {
      return await this.#start(spec, files);
    } finally {
      await files.remove();
    }
  }

  /** Starts on the port of the last start when it is free. */
  async #start(spec: RuntimeSpec, files: RunFiles): Promise<StartResult> {
    const wished = this.#port === 0 ? this.#options.port : this.#port;
    const result = await this.#launcher.serve(files, wished, this.#stopping.signal);
    if (!result.ok) {
      this.#enter({ kind: 'failed', reason: result.message });
      // It loaded a moment ago, in the trial or in an earlier start.
      return this.#machineFault(result.message);
    }
    const live = new LiveProcess(result.process, this.#token);
    this.#spec = spec;
    this.#port = live.port;
    this.#enter({ kind: 'running', live });
    void live.exited.then(({ reason }) => this.#ended(live, reason));
    return { ok: true, port: live.port };
  }

  #machineFault(reason: string): StartResult {
    return { ok: false, fault: 'machine', ...startFault(reason, this.#options.workerd) };
  }

  /** Ends the running process, if any, and keeps its counts. */
  async #end(next: State): Promise<void> {
    if (this.#state.kind !== 'running') {
      this.#enter(next);
      return;
    }
    const { live } = this.#state;
    this.#enter(next);
    await live.end();
    this.#keepTotals(live);
  }

  #keepTotals(live: LiveProcess): void {
    this.#tally = addTallies(this.#tally, live.lastTally);
    this.#cpuMs += live.lastCpuMs;
  }

  /** The process ended and nobody asked for it. */
  #ended(live: LiveProcess, reason: string): void {
    if (this.#state.kind !== 'running' || this.#state.live !== live) return;
    live.control.close();
    this.#keepTotals(live);
    this.#recover(reason);
  }

  #recover(reason: string): void {
    const restartInMs = this.#restarts.afterCrash(Date.now());
    if (restartInMs === undefined) {
      this.#enter({ kind: 'failed', reason });
      this.#options.onExit({ kind: 'gaveUp', reason });
      return;
    }
    const waiting = changing();
    this.#enter(waiting);
    this.#options.onExit({ kind: 'crashed', reason, restartInMs });
    void this.#restartAfter(restartInMs, waiting);
  }

  async #restartAfter(ms: number, waiting: State): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    await this.#serialised(async () => {
      // A deploy or a stop came first.
      if (this.#state !== waiting || this.#spec === undefined) return;
      try {
        const result = await this.#startFrom(this.#spec);
        if (result.ok) this.#options.onExit({ kind: 'restarted', port: result.port });
        else this.#recover(result.message);
      } catch (error) {
        this.#recover(toError(error).message);
      }
    });
  }

  async #withStorageClosed<T>(className: string, action: () => Promise<T>): Promise<T> {
    const spec = this.#spec;
    if (this.#state.kind !== 'running' || spec === undefined || !this.#declares(className)) return action();
    await this.#end(changing());
    try {
      return await action();
    } finally {
      await this.#startFrom(spec);
    }
  }

  #declares(className: string): boolean {
    return this.#spec?.classes.some((each) => each.className === className) ?? false;
  }

  #storageOf(className: string): string {
    return path.join(this.#storage, uniqueKeyOf(this.#options.appId, className));
  }

  #enter(next: State): void {
    const before = this.#state;
    this.#state = next;
    if (before.kind === 'changing') before.settle();
  }
}

type State =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly live: LiveProcess }
  | { readonly kind: 'changing'; readonly settled: Promise<void>; readonly settle: () => void }
  | { readonly kind: 'failed'; readonly reason: string };

function changing(): State {
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  return { kind: 'changing', settled, settle };
}
