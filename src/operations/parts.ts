import type { App } from '../core/model/app.ts';
import type { AppQueue } from '../platform/appQueue.ts';
import type { PlatformClient } from '../platform/client.ts';
import type { History } from './history/history.ts';
import type { PendingChanges } from './pending/pendingChanges.ts';
import type { Preflight } from './preflight/preflight.ts';

/** What the operations on one app are made from. */
export interface AppOperationsParts {
  readonly client: PlatformClient;
  readonly app: App;
  /** Shared by all apps of the process. */
  readonly queue: AppQueue;
  /** Base address of the platform. */
  readonly origin: string;
  /** Which platform it is, for what is kept: `local` for the embedded one, whose address changes, else its origin. */
  readonly platform: string;
  readonly history: History;
  readonly pending: PendingChanges;
  readonly preflight: Preflight;
  /** Who changes something. */
  readonly from: 'editor' | 'cli' | 'agent';
}

/** `GET …/env` lists environment keys, so a class of this name cannot be read. */
export const UNREADABLE = 'env';
