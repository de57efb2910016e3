import * as vscode from 'vscode';
import { DoError, ERROR_CODES, isCancelled, toError } from '../../core/errors.ts';
import type { App } from '../../core/model/app.ts';
import { logError } from '../errors.ts';
import type { LocalState } from '../local/controller.ts';
import { cancelled } from '../progress.ts';
import { isRejectedKey, LOCAL_CONNECTION, remoteConnection } from './connections.ts';
import type { Connection, ReadySession, Session } from './session.ts';
import { connectionOf } from './session.ts';
import type { PlatformAddress, SessionWorld } from './sessionWorld.ts';

/** How a connection is made: `look` asks nobody anything, `command` may start and ask. */
type Manner = 'look' | 'command';

/** Somebody chose something else while an answer was awaited. */
class Superseded extends Error {}

/**
 * Owns the session: what the window is connected to. It connects when somebody looks (`look`) or runs a
 * command (`ready`), never before.
 */
export class SessionStore implements vscode.Disposable {
  readonly #world: SessionWorld;
  readonly #changed = new vscode.EventEmitter<Session>();
  readonly onDidChange: vscode.Event<Session> = this.#changed.event;
  #current: Session;
  #connecting: Promise<void> | undefined;
  #abort = new AbortController();
  #looked = false;
  #pick: Connection | undefined;

  constructor(world: SessionWorld) {
    this.#world = world;
    this.#current = this.#resting();
  }

  get current(): Session {
    return this.#current;
  }

  /** Whether anybody has looked yet; before that, nothing was asked of any platform. */
  get looked(): boolean {
    return this.#looked;
  }

  /**
   * The session with an app, for a command that needs one: starts the embedded platform, asks to sign in
   * and to pick an app as needed. Throws DoError; `CANCELLED` when the person gave up.
   */
  async ready(): Promise<ReadySession> {
    const tried = new Set<Session['kind']>();
    for (;;) {
      await this.#connecting;
      const now = this.#current;
      if (now.kind === 'ready') return now;
      if (now.kind === 'noFolder') throw noFolder();
      if (tried.has(now.kind)) throw this.#failureOf(now);
      tried.add(now.kind);
      await this.#help(now);
    }
  }

  /** Connects without asking anything: somebody looks at a view or a file. Never rejects. */
  async look(): Promise<void> {
    if (this.#looked) return this.#connecting;
    await this.#connect('look');
  }

  /** Connects anew with the chosen connection, asking nothing. Never rejects. */
  async reconnect(): Promise<void> {
    await this.#connect('look');
  }

  /** Connects anew; starts the embedded platform when it is chosen. Never rejects. */
  async start(): Promise<void> {
    await this.#connect('command');
  }

  /** Chooses a connection for this workspace and connects. */
  async useConnection(connection: Connection): Promise<void> {
    this.#pick = connection;
    await this.#world.memory.setConnection(connection);
    await this.#connect('command');
  }

  /** Chooses an app of the current connection for this workspace. */
  async useApp(app: App): Promise<void> {
    const connection = connectionOf(this.#current);
    if (connection === undefined) return;
    await this.#world.memory.setApp(connection, app.id);
    await this.#connect('command');
  }

  /** The apps of the current connection; connects first as `ready` does, but needs no app. */
  async apps(): Promise<readonly App[]> {
    const address = await this.address();
    return this.#world.listApps(address, this.#abort.signal);
  }

  /** The address and key of the current connection, for what needs no app. Signs in or starts as needed. */
  async address(): Promise<PlatformAddress> {
    const tried = new Set<Session['kind']>();
    for (;;) {
      await this.#connecting;
      const now = this.#current;
      if (now.kind === 'noFolder') throw noFolder();
      if (now.kind === 'ready' || now.kind === 'noApp') {
        const address = await this.#addressOf(now.connection, 'look');
        if (address !== undefined) return address;
      }
      if (tried.has(now.kind)) throw this.#failureOf(now);
      tried.add(now.kind);
      await this.#help(now);
    }
  }

  /** Follows what happens around: folders, trust, keys of other windows, the embedded platform. */
  environmentChanged(): void {
    const resting = this.#current.kind === 'noFolder' || this.#current.kind === 'untrusted';
    if (!this.#looked) this.#move(this.#resting());
    else if (resting || !this.#world.hasFolder()) void this.#connect('look');
  }

  /** Another folder of the workspace is worked on: it has a connection and an app of its own. */
  folderChanged(): void {
    this.#pick = undefined;
    if (this.#looked) void this.#connect('look');
    else this.#move(this.#resting());
  }

  /** The way to the platform is another one: connects anew, so that what is open goes that way as well. */
  networkChanged(): void {
    const { kind } = this.#current;
    if (this.#looked && (kind === 'ready' || kind === 'noApp' || kind === 'unreachable'))
      void this.#connect('look');
  }

  keyChanged(origin: string): void {
    const connection = connectionOf(this.#current);
    if (this.#looked && connection?.kind === 'remote' && connection.origin === origin)
      void this.#connect('look');
  }

  localChanged(state: LocalState): void {
    const now = this.#current;
    if (!this.#looked || this.#connecting !== undefined || connectionOf(now)?.kind !== 'local') return;
    if (state.kind === 'stopped') this.#move({ kind: 'stopped', connection: LOCAL_CONNECTION });
    if (state.kind === 'failed')
      this.#move({ kind: 'stopped', connection: LOCAL_CONNECTION, error: state.error });
    if (state.kind === 'starting') this.#move({ kind: 'connecting', connection: LOCAL_CONNECTION });
    if (state.kind !== 'running' || (now.kind === 'ready' && now.connection.origin === state.url)) return;
    void this.#connect('look');
  }

  /** A refresh found that the key no longer counts. */
  keyRejected(error: DoError): void {
    const connection = connectionOf(this.#current);
    if (connection?.kind === 'remote') this.#move({ kind: 'signedOut', connection, error });
  }

  /** Nothing could be read of the app, not even once. */
  appUnreadable(error: DoError): void {
    const connection = connectionOf(this.#current);
    if (connection !== undefined) this.#move({ kind: 'unreachable', connection, error });
  }

  dispose(): void {
    this.#abort.abort(cancelled());
    this.#changed.dispose();
  }

  #resting(): Session {
    if (!this.#world.hasFolder()) return { kind: 'noFolder' };
    const connection = this.#world.memory.connection() ?? LOCAL_CONNECTION;
    return connection.kind === 'local' ? { kind: 'stopped', connection } : { kind: 'connecting', connection };
  }

  /** Gets one step further towards `ready`, with the person's help. */
  async #help(session: Session): Promise<void> {
    switch (session.kind) {
      case 'untrusted':
        throw untrusted();
      case 'signedOut':
        if (await this.#shareKey()) return;
        if (!(await this.#world.prompts.signIn(session.connection, session.error))) throw cancelled();
        return;
      case 'noApp': {
        const app = await this.#world.prompts.pickApp(session.connection, session.apps);
        if (app === undefined) throw cancelled();
        await this.useApp(app);
        return;
      }
      default:
        await this.#connect('command');
    }
  }

  /** Asks whether the command line's key may go where the folder says; true when connected anew with it. */
  async #shareKey(): Promise<boolean> {
    const cli = await this.#world.cliSignIn().catch(() => undefined);
    if (cli?.askBefore === undefined || this.#world.memory.mayShareKey(cli.askBefore, cli.origin))
      return false;
    if (connectionOf(this.#current)?.origin !== cli.origin) return false;
    if (!(await this.#world.prompts.shareKey(cli.askBefore, cli.origin))) return false;
    await this.#world.memory.allowShareKey(cli.askBefore, cli.origin);
    await this.#connect('command');
    return true;
  }

  #connect(manner: Manner): Promise<void> {
    this.#looked = true;
    this.#abort.abort(cancelled());
    this.#abort = new AbortController();
    const attempt = this.#attempt(manner, this.#abort.signal).finally(() => {
      if (this.#connecting === attempt) this.#connecting = undefined;
    });
    this.#connecting = attempt;
    return attempt;
  }

  /** One way from nothing to a session; every step is dropped when another attempt has begun. Never rejects. */
  async #attempt(manner: Manner, signal: AbortSignal): Promise<void> {
    if (!this.#world.hasFolder()) {
      this.#move({ kind: 'noFolder' });
      return;
    }
    let mine = this.#move({ kind: 'connecting', connection: this.#chosen() ?? LOCAL_CONNECTION });
    const step = async <T>(work: Promise<T>): Promise<T> => {
      const value = await work;
      if (this.#current !== mine || signal.aborted) throw new Superseded();
      return value;
    };
    try {
      const wished = await step(this.#wishedConnection());
      if (wished.origin !== mine.connection.origin)
        mine = this.#move({ kind: 'connecting', connection: wished });
      const address = await step(this.#addressOf(wished, manner));
      if (address === undefined) {
        this.#move(this.#withoutAddress(wished));
        return;
      }
      const connection: Connection = { ...wished, origin: address.origin };
      const apps = await step(this.#world.listApps(address, signal));
      const app = await step(this.#appOf(connection, apps));
      if (app === undefined) {
        this.#move({ kind: 'noApp', connection, apps });
        return;
      }
      const operations = await step(this.#world.operations(address, app));
      this.#move(this.#readySession(connection, app, operations));
    } catch (error) {
      if (error instanceof Superseded || signal.aborted || this.#current !== mine) return;
      if (isCancelled(error)) {
        this.#move(this.#withoutAddress(mine.connection));
        return;
      }
      logError(error, 'connecting');
      this.#move(failed(mine.connection, error));
    }
  }

  #readySession(connection: Connection, app: App, operations: ReadySession['operations']): ReadySession {
    const world = this.#world;
    return {
      kind: 'ready',
      connection,
      app,
      operations,
      get instanceBase() {
        return world.instanceBase(connection, app);
      },
    };
  }

  /** What was chosen in this workspace, by a person. */
  #chosen(): Connection | undefined {
    return this.#pick ?? this.#world.memory.connection();
  }

  /** What was chosen; else who is signed in with the command line; else the embedded platform. */
  async #wishedConnection(): Promise<Connection> {
    const chosen = this.#chosen();
    if (chosen !== undefined) return chosen.kind === 'local' ? LOCAL_CONNECTION : chosen;
    const cli = await this.#world.cliSignIn();
    // The command line can be pointed at the embedded platform: then it has to be started like that.
    const isLocal = cli === undefined || this.#world.local.owns(cli.origin);
    return isLocal ? LOCAL_CONNECTION : remoteConnection(cli.origin);
  }

  async #addressOf(connection: Connection, manner: Manner): Promise<PlatformAddress | undefined> {
    if (connection.kind === 'local') {
      const mayStart = this.#world.isTrusted() && (manner === 'command' || this.#world.mayAutoStart());
      const running = await (mayStart ? this.#world.local.start() : this.#world.local.attach());
      return running === undefined ? undefined : { origin: running.url, apiKey: running.apiKey };
    }
    const apiKey = (await this.#world.keyOf(connection.origin)) ?? (await this.#cliKey(connection.origin));
    return apiKey === undefined ? undefined : { origin: connection.origin, apiKey };
  }

  async #cliKey(origin: string): Promise<string | undefined> {
    const cli = await this.#world.cliSignIn();
    if (cli?.origin !== origin) return undefined;
    const allowed = cli.askBefore === undefined || this.#world.memory.mayShareKey(cli.askBefore, origin);
    return allowed ? cli.apiKey : undefined;
  }

  async #appOf(connection: Connection, apps: readonly App[]): Promise<App | undefined> {
    const byId = (id: string | undefined): App | undefined => apps.find((app) => app.id === id);
    const chosen = byId(this.#world.memory.app(connection));
    if (chosen !== undefined) return chosen;
    const cli = await this.#world.cliSignIn().catch(() => undefined);
    const named = cli?.origin === connection.origin ? byId(cli.currentApp) : undefined;
    if (named !== undefined || connection.kind !== 'local') return named;
    // The embedded platform makes one app by itself; another folder of the workspace may have taken it.
    const [only, ...others] = apps;
    const isFree =
      only !== undefined && others.length === 0 && !this.#world.memory.isTaken(connection, only.id);
    if (!isFree) return undefined;
    await this.#world.memory.setApp(connection, only.id);
    return only;
  }

  #withoutAddress(connection: Connection): Session {
    if (connection.kind === 'remote') return { kind: 'signedOut', connection };
    return this.#world.isTrusted() ? { kind: 'stopped', connection } : { kind: 'untrusted' };
  }

  #failureOf(session: Session): DoError {
    switch (session.kind) {
      case 'unreachable':
        return session.error;
      case 'stopped':
      case 'signedOut':
        if (session.error !== undefined) return session.error;
        return session.kind === 'signedOut' ? signedOut(session.connection) : notRunning();
      case 'noApp':
        return noApp();
      default:
        return cancelled();
    }
  }

  #move<S extends Session>(next: S): S {
    this.#current = next;
    this.#changed.fire(next);
    return next;
  }
}

/** Where a connection ends up that could not be made. */
function failed(connection: Connection, thrown: unknown): Session {
  const error = asDoError(thrown);
  if (connection.kind === 'local' && error.code === ERROR_CODES.localPlatform) {
    return { kind: 'stopped', connection, error };
  }
  return isRejectedKey(error) && connection.kind === 'remote'
    ? { kind: 'signedOut', connection, error }
    : { kind: 'unreachable', connection, error };
}

function asDoError(error: unknown): DoError {
  if (error instanceof DoError) return error;
  return new DoError({
    code: ERROR_CODES.unreachable,
    message: vscode.l10n.t('The platform could not be asked: {0}', toError(error).message),
    nextStep: vscode.l10n.t('The log has the details.'),
    cause: error,
  });
}

function noFolder(): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('No folder is open.'),
    nextStep: vscode.l10n.t('Open a folder first.'),
  });
}

function untrusted(): DoError {
  return new DoError({
    code: ERROR_CODES.untrusted,
    message: vscode.l10n.t(
      'This workspace is in Restricted Mode, so the local platform is not started from it.',
    ),
    nextStep: vscode.l10n.t('Trust the workspace, or sign in to a platform.'),
  });
}

function signedOut(connection: Connection): DoError {
  return new DoError({
    code: 'AUTH_INVALID_API_KEY',
    message: vscode.l10n.t('Nobody is signed in to {0}.', connection.label),
    nextStep: vscode.l10n.t('Sign in first.'),
  });
}

function notRunning(): DoError {
  return new DoError({
    code: ERROR_CODES.localPlatform,
    message: vscode.l10n.t('The local platform does not run.'),
    nextStep: vscode.l10n.t('Start it first.'),
  });
}

function noApp(): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('No app is selected.'),
    nextStep: vscode.l10n.t('Select or create an app first.'),
  });
}
