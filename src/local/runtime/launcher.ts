import { setTimeout as delay } from 'node:timers/promises';
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

  /**
   * Why the module does not load, or undefined when it does. It runs on storage in memory and a port nobody knows,
   * and is gone when `over` resolves.
   */
  async check(
    files: RunFiles,
    signal: AbortSignal,
  ): Promise<{ readonly refusal: string | undefined; readonly over: Promise<void> }> {
    const lines: LogLine[] = [];
    const result = await this.#launch(files, 'check', 0, (line) => lines.push(line), signal);
    if (result.ok) return { refusal: undefined, over: result.process.kill() };
    // What the module printed helps to see why; when it loads, the real start prints it again.
    lines.filter((line) => line.stream === 'console').forEach(this.#options.onLine);
    return { refusal: result.message, over: Promise.resolve() };
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
