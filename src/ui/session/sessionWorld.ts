import type { App } from '../../core/model/app.ts';
import type { DoError } from '../../core/errors.ts';
import type { AppOperations } from '../../operations/appOperations.ts';
import type { RunningLocal } from '../local/controller.ts';
import type { CliSignIn } from './cliSignIn.ts';
import type { Connection } from './session.ts';

/** Everything outside the session that it asks: so that its transitions can be tested without an editor. */
export interface SessionWorld {
  hasFolder(): boolean;
  isTrusted(): boolean;
  /** Whether the embedded platform may be started without somebody asking for it. */
  mayAutoStart(): boolean;
  readonly memory: SessionMemory;
  /** The API key kept for a remote origin. */
  keyOf(origin: string): Promise<string | undefined>;
  /** Who is signed in with the platform's command line. Throws DoError `BAD_CONFIG` for a broken file. */
  cliSignIn(): Promise<CliSignIn | undefined>;
  readonly local: {
    attach(): Promise<RunningLocal | undefined>;
    start(): Promise<RunningLocal>;
    /** Whether the origin is, or last was, that of the embedded platform. */
    owns(origin: string): boolean;
  };
  listApps(address: PlatformAddress, signal: AbortSignal): Promise<readonly App[]>;
  /** Operations on one app. Keeps nothing open that it does not give back in `closeClients`. */
  operations(address: PlatformAddress, app: App): Promise<AppOperations>;
  /** Where instances of the app live, asked each time; undefined when it is not known. */
  instanceBase(connection: Connection, app: App): string | undefined;
  readonly prompts: SessionPrompts;
}

export interface PlatformAddress {
  readonly origin: string;
  readonly apiKey: string;
}

/** What the current folder of this workspace remembers between sessions. */
export interface SessionMemory {
  connection(): Connection | undefined;
  setConnection(connection: Connection | undefined): Promise<void>;
  /** The id of the app chosen on a connection. */
  app(connection: Connection): string | undefined;
  setApp(connection: Connection, appId: string | undefined): Promise<void>;
  /** Whether another folder of this workspace has chosen the app. */
  isTaken(connection: Connection, appId: string): boolean;
  /** Whether a person allowed the key of one platform to go to another. */
  mayShareKey(from: string, to: string): boolean;
  allowShareKey(from: string, to: string): Promise<void>;
}

/** What the session asks a person. Each gives undefined or false when they gave up. */
export interface SessionPrompts {
  /** Signs in and calls `useConnection`. */
  signIn(connection: Connection, error: DoError | undefined): Promise<boolean>;
  pickApp(connection: Connection, apps: readonly App[]): Promise<App | undefined>;
  shareKey(from: string, to: string): Promise<boolean>;
}
