import type { AppRow } from '../store/appTable.ts';
import type { Store } from '../store/store.ts';
import type { AppRegistry } from '../service/appRegistry.ts';
import type { EventBus } from '../service/events.ts';
import type { FaultSwitch } from '../service/faultSwitch.ts';
import { appNotFound, type HttpError } from './errors.ts';
import { requireKey, type Caller } from './auth.ts';
import type { FastifyRequest } from 'fastify';

/** What the routes work with. */
export interface ApiParts {
  readonly store: Store;
  readonly registry: AppRegistry;
  readonly events: EventBus;
  readonly region: string;
  /** Requests per minute, app and route. */
  readonly rateLimit: number;
  readonly allowedHosts: readonly string[];
  readonly stateDir: string;
  /** URL of the API, known once it listens; without a slash at the end. */
  readonly url: () => string;
  readonly version: string;
  /** Where the causes of unexpected failures go. */
  readonly log: (line: string) => void;
  /** Called when a window begins or ends to watch. */
  readonly watchersChanged: (count: number) => void;
  /** Undefined unless the platform was started for tests of failures. */
  readonly faults: FaultSwitch | undefined;
  /** Asks the platform to end. */
  readonly shutdown: () => void;
}

/** The app, when the caller owns it. @throws HttpError 401 or 404 */
export function ownApp(
  parts: ApiParts,
  request: Pick<FastifyRequest, 'caller'>,
  appId: string,
  missing: (appId: string) => HttpError = appNotFound,
): AppRow {
  const caller = requireKey(request);
  const app = parts.registry.find(appId);
  if (app === undefined || !owns(caller, app)) throw missing(appId);
  return app;
}

export function owns(caller: Extract<Caller, { kind: 'key' }>, app: AppRow): boolean {
  return app.ownerId === caller.ownerId;
}
