import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { logError } from '../errors.ts';
import { log } from '../log.ts';
import { settings } from '../settings.ts';
import { localRequest, openEvents, isRecord, type EventStream } from './localHttp.ts';
import { deployLine, parseLocalEvent, type LocalEvent } from './localEvents.ts';
import { findRunning, readApps, startProcess, type LocalReady } from './localProcess.ts';

/** The embedded platform as this window sees it. A new value per transition. */
export type LocalState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | RunningLocal
  | { readonly kind: 'failed'; readonly error: DoError };

export interface RunningLocal extends LocalReady {
  readonly kind: 'running';
}

/** Storage of a deleted class that can be brought back. */
export interface TrashItem {
  readonly id: string;
  readonly appId: string;
  readonly className: string;
  /** ISO 8601 UTC. */
  readonly deletedAt: string;
  readonly bytes: number;
}

/** Under which key the last address is remembered. */
const LAST_URL = 'lastLocalUrl';

/** Waits (ms) before each new start of a platform that died by itself; after the last it has failed. */
const RESTART_DELAYS = [0, 1000, 3000, 10_000];
/** A platform that lived this long (ms) begins with the first delay again. */
const HEALTHY_AFTER = 60_000;

/**
 * Starts, attaches to, watches and stops the embedded platform. One process serves all windows on the same
 * state folder; the open event stream of each keeps it alive, so nothing has to be stopped at the end.
 */
export class LocalPlatformController implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #changed = new vscode.EventEmitter<LocalState>();
  readonly #received = new vscode.EventEmitter<LocalEvent>();
  readonly onDidChange: vscode.Event<LocalState> = this.#changed.event;
  /** Deploys and logs of the running platform. */
  readonly onDidReceive: vscode.Event<LocalEvent> = this.#received.event;
  #current: LocalState = { kind: 'stopped' };
  #starting: Promise<RunningLocal> | undefined;
  #stream: EventStream | undefined;
  #runningSince = 0;
  #failures = 0;
  #stoppedByPerson = false;
  #disposed = false;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  get current(): LocalState {
    return this.#current;
  }

  /** Somebody stopped it (here or in another window) and did not start it again: it must not start by itself. */
  get stoppedByPerson(): boolean {
    return this.#stoppedByPerson;
  }

  /** Whether the origin is, or last was, that of the embedded platform: it keeps its port when it can. */
  owns(origin: string): boolean {
    const running = this.#current.kind === 'running' ? this.#current.url : undefined;
    return origin === running || origin === this.#context.globalState.get<string>(LAST_URL);
  }

  /** Where the embedded platform keeps everything. */
  get stateDir(): string {
    return settings.localStateFolder() || path.join(this.#context.globalStorageUri.fsPath, 'local');
  }

  /** The running platform, when there is one on the state folder. Starts nothing. Never rejects. */
  async attach(): Promise<RunningLocal | undefined> {
    const before = this.current;
    if (before.kind === 'running') return before;
    if (this.#starting !== undefined) return this.#starting.catch(() => undefined);
    const found = await findRunning(this.stateDir);
    const now = this.current;
    if (now.kind === 'running') return now;
    return found === undefined || now !== before ? undefined : this.#run(found);
  }

  /** The running platform; starts it when there is none. Throws DoError `LOCAL_PLATFORM`. */
  start(): Promise<RunningLocal> {
    this.#stoppedByPerson = false;
    if (this.#current.kind === 'running') return Promise.resolve(this.#current);
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Ends the platform for all windows. Does nothing when it does not run. */
  async stop(): Promise<void> {
    this.#stoppedByPerson = true;
    const running = (await this.#starting?.catch(() => undefined)) ?? (await this.attach());
    if (running === undefined) {
      this.#move({ kind: 'stopped' });
      return;
    }
    this.#stream?.close();
    this.#stream = undefined;
    await localRequest(running, 'POST', '/_local/shutdown', 10_000);
    await this.#untilGone();
    this.#move({ kind: 'stopped' });
    log().info('The embedded platform was stopped.');
  }

  async restart(): Promise<RunningLocal> {
    await this.stop();
    return this.start();
  }

  /** Storage of deleted classes, newest first. */
  async trash(): Promise<readonly TrashItem[]> {
    const body = await localRequest(this.#needRunning(), 'GET', '/_local/trash');
    const items = isRecord(body) && Array.isArray(body['items']) ? (body['items'] as unknown[]) : [];
    return items.flatMap(parseTrashItem).sort((a, b) => b.deletedAt.localeCompare(a.deletedAt));
  }

  /**
   * Brings storage back. Throws DoError with the platform's words, of status 409 when the class is not there
   * or has newer storage; with `replace`, that goes to the trash instead.
   */
  async restore(id: string, replace: boolean): Promise<void> {
    const path = `/_local/trash/${encodeURIComponent(id)}/restore`;
    await localRequest(this.#needRunning(), 'POST', path, 30_000, { replace });
  }

  /** Reads the apps and their addresses again, such as after the first deploy of an app. Never rejects. */
  async refreshApps(): Promise<void> {
    const before = this.#current;
    if (before.kind !== 'running') return;
    try {
      const apps = await readApps(before);
      if (this.#current === before && JSON.stringify(apps) !== JSON.stringify(before.apps)) {
        this.#move({ ...before, apps });
      }
    } catch (error) {
      logError(error, 'reading the apps of the embedded platform');
    }
  }

  /** Leaves the platform to the other windows; without any it ends by itself. */
  dispose(): void {
    this.#disposed = true;
    this.#stream?.close();
    this.#changed.dispose();
    this.#received.dispose();
  }

  async #start(): Promise<RunningLocal> {
    this.#move({ kind: 'starting' });
    try {
      const stateDir = this.stateDir;
      const found =
        (await findRunning(stateDir)) ??
        (await startProcess({
          execPath: process.execPath,
          cli: this.#context.asAbsolutePath('dist/cli.js'),
          stateDir,
          allowedHosts: settings.localAllowedHosts(),
          outputDir: this.#context.logUri.fsPath,
        }));
      return this.#run(found);
    } catch (error) {
      const failure = asFailure(error);
      this.#move({ kind: 'failed', error: failure });
      throw failure;
    }
  }

  #run(found: LocalReady): RunningLocal {
    const running: RunningLocal = { kind: 'running', ...found };
    this.#runningSince = Date.now();
    log().info(`The embedded platform runs at ${found.url} on ${this.stateDir}.`);
    void this.#context.globalState.update(LAST_URL, found.url);
    this.#stream?.close();
    this.#stream = openEvents(
      found,
      (event) => this.#hear(event),
      () => void this.#lost(),
    );
    this.#move(running);
    return running;
  }

  #hear(value: unknown): void {
    const event = parseLocalEvent(value);
    if (event === undefined) return;
    if (event.type === 'log') log()[event.level](event.text);
    if (event.type === 'deploy') log()[event.ok ? 'info' : 'error'](deployLine(event));
    if (event.type === 'stopping') this.#stoppedByPerson = true;
    else if (event.type !== 'log') void this.refreshApps();
    this.#received.fire(event);
  }

  /** The stream ended although nobody here closed it: the platform died, or somebody stopped it elsewhere. */
  async #lost(): Promise<void> {
    if (this.#disposed) return;
    this.#stream = undefined;
    if (this.#stoppedByPerson) {
      this.#move({ kind: 'stopped' });
      return;
    }
    if (Date.now() - this.#runningSince > HEALTHY_AFTER) this.#failures = 0;
    const delay = RESTART_DELAYS[this.#failures];
    this.#failures += 1;
    if (delay === undefined) {
      this.#move({ kind: 'failed', error: died() });
      return;
    }
    log().warn('The embedded platform ended unexpectedly; it is started again.');
    this.#move({ kind: 'starting' });
    if (this.#failures > 1) {
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('The local platform ended and is started again.'),
        10_000,
      );
    }
    await sleep(delay);
    if (!this.#wantsRestart()) return;
    await this.start().catch((error: unknown) => logError(error, 'starting the embedded platform again'));
  }

  #wantsRestart(): boolean {
    return !this.#disposed && !this.#stoppedByPerson && this.#current.kind === 'starting';
  }

  /** Waits until nothing answers on the state folder, at most 5 s. */
  async #untilGone(): Promise<void> {
    for (let waited = 0; waited < 5000; waited += 50) {
      if ((await findRunning(this.stateDir)) === undefined) return;
      await sleep(50);
    }
  }

  #needRunning(): RunningLocal {
    if (this.#current.kind === 'running') return this.#current;
    throw new DoError({
      code: ERROR_CODES.localPlatform,
      message: vscode.l10n.t('The local platform does not run.'),
      nextStep: vscode.l10n.t('Start it first.'),
    });
  }

  #move(next: LocalState): void {
    if (this.#disposed || (this.#current.kind === next.kind && next.kind === 'stopped')) return;
    this.#current = next;
    this.#changed.fire(next);
  }
}

function parseTrashItem(value: unknown): TrashItem[] {
  if (!isRecord(value) || typeof value['id'] !== 'string') return [];
  const text = (key: string): string => (typeof value[key] === 'string' ? value[key] : '');
  const bytes = typeof value['bytes'] === 'number' ? value['bytes'] : 0;
  return [
    {
      id: value['id'],
      appId: text('appId'),
      className: text('className'),
      deletedAt: text('deletedAt'),
      bytes,
    },
  ];
}

function asFailure(error: unknown): DoError {
  if (error instanceof DoError) return error;
  return new DoError({
    code: ERROR_CODES.localPlatform,
    message: vscode.l10n.t('The local platform could not be started: {0}', toError(error).message),
    nextStep: vscode.l10n.t('The log has the details.'),
    cause: error,
  });
}

function died(): DoError {
  return new DoError({
    code: ERROR_CODES.localPlatform,
    message: vscode.l10n.t('The local platform ended again and again.'),
    nextStep: vscode.l10n.t('The log says what it wrote. Start it again when the cause is mended.'),
  });
}
