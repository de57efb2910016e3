import type { AppRuntime, RuntimeExit } from '../runtime/appRuntime.ts';
import type { LogLine } from '../runtime/workerdLog.ts';

/** The process of one app, as the service needs it. */
export type RuntimePort = Pick<
  AppRuntime,
  | 'port'
  | 'state'
  | 'deploy'
  | 'counts'
  | 'cpuMs'
  | 'dispatch'
  | 'trashStorage'
  | 'listTrash'
  | 'restoreStorage'
  | 'stop'
>;

export interface RuntimeRequest {
  readonly appId: string;
  /** Folder of the app's state: storage, trash and short-lived files. */
  readonly folder: string;
  /** The TCP port it had before; another one is taken when that is not free. 0 for any. */
  readonly port: number;
  readonly onLine: (line: LogLine) => void;
  readonly onExit: (event: RuntimeExit) => void;
}

export type RuntimeFactory = (request: RuntimeRequest) => RuntimePort;
