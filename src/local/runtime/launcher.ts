import { setTimeout as delay } from 'node:timers/promises';
import { localDispatcher } from '../../core/bundle/dispatcherText.ts';
import { watchdog } from '../watchdog.ts';
import { PidFile } from './orphans.ts';
import { writeRunFiles, type RunFiles } from './runFiles.ts';
import type { LogLine } from './workerdLog.ts';
import { launchWorkerd, type LaunchResult } from './workerdProcess.ts';

export interface RuntimeClass {
  readonly name: string;
  readonly className: string;
  readonly binding: string;
}

/** What an app's workerd runs. */
export interface RuntimeSpec {
  readonly module: string;
  readonly classes: readonly RuntimeClass[];
  readonly env: Readonly<Record<string, string>>;
}

export interface LauncherOptions {
  readonly appId: string;
  /** State folder of the app. */
  readonly folder: string;
  /** Storage of the instances, in the state folder. */
  readonly storage: string;
  /** Path of the workerd binary. */
  readonly workerd: string;
  readonly allowedHosts: readonly string[];
  readonly controlToken: string;
  readonly deadlineMs: number;
  readonly onLine: (line: LogLine) => void;
}

/** What a start for trial says about a module, or that nothing starts here. */
export type Check =
  | { readonly kind: 'loads'; readonly over: Promise<void> }
  /** workerd's first error. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'noStart'; readonly reason: string };

/** How long a port that was ours may stay busy before another one is taken, ms. */
const PORT_PATIENCE_MS = 500;
const PORT_RETRY_MS = 50;

/** Starts the workerd processes of one app, each guarded by the watchdog and the pid file from its first moment. */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #pids: PidFile;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#pids = new PidFile(options.folder);
  }

  writeFiles(spec: RuntimeSpec): Promise<RunFiles> {
    const { appId, folder, allowedHosts, controlToken } = this.#options;
    const { module, classes, env } = spec;
    return writeRunFiles(folder, module, { appId, classes, env, allowedHosts, controlToken });
  }

  /** Whether the module loads. It runs on storage in memory and a port nobody knows, and is gone when `over` resolves. */
  async check(files: RunFiles, signal: AbortSignal): Promise<Check> {
    const lines: LogLine[] = [];
    const result = await this.#launch(files, 'check', 0, (line) => lines.push(line), signal);
    if (result.ok) return { kind: 'loads', over: result.process.kill() };
    // What the module printed helps to see why; when it loads, the real start prints it again.
    lines.filter((line) => line.stream === 'console').forEach(this.#options.onLine);
    const { reason, message } = result;
    const itsOwnFault = reason === 'refused' || (reason === 'unclear' && (await this.#startsOthers(signal)));
    return itsOwnFault ? { kind: 'refused', message } : { kind: 'noStart', reason: message };
  }

  /** Starts on the real storage: on `wished`, if it is or soon gets free, else on any port. 0 is any port. */
  async serve(files: RunFiles, wished: number, signal: AbortSignal): Promise<LaunchResult> {
    let port = wished;
    const giveUpAt = performance.now() + PORT_PATIENCE_MS;
    for (;;) {
      const result = await this.#launch(files, 'serve', port, this.#options.onLine, signal);
      if (result.ok || result.reason !== 'portBusy' || port === 0) return result;
      if (performance.now() < giveUpAt) await delay(PORT_RETRY_MS);
      else port = 0;
    }
  }

  /** Whether a module without any code of the app starts. One that does not is the machine's fault, and so is the first. */
  async #startsOthers(signal: AbortSignal): Promise<boolean> {
    const files = await this.writeFiles({ module: localDispatcher([]), classes: [], env: {} });
    try {
      const result = await this.#launch(files, 'check', 0, () => undefined, signal);
      if (result.ok) await result.process.kill();
      return result.ok;
    } finally {
      await files.remove();
    }
  }

  #launch(
    files: RunFiles,
    purpose: 'check' | 'serve',
    port: number,
    onLine: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<LaunchResult> {
    return launchWorkerd({
      binary: this.#options.workerd,
      configFile: purpose === 'check' ? files.checkConfigFile : files.configFile,
      storage: purpose === 'check' ? undefined : this.#options.storage,
      port,
      deadlineMs: this.#options.deadlineMs,
      onLine,
      onPid: (pid, alive) => this.#guard(pid, alive, files.mark),
      signal,
    });
  }

  #guard(pid: number, alive: boolean, mark: string): void {
    if (alive) {
      watchdog.watch(pid, mark);
      this.#pids.add(pid, mark);
    } else {
      watchdog.unwatch(pid);
      this.#pids.remove(pid);
    }
  }
}
