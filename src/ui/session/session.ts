import type { DoError } from '../../core/errors.ts';
import type { App } from '../../core/model/app.ts';
import type { AppOperations } from '../../operations/appOperations.ts';

/** Where classes are deployed to. */
export interface Connection {
  /** `local`: the embedded platform. `remote`: hosted Butterbase or a self-hosted platform. */
  readonly kind: 'local' | 'remote';
  /** Normalised, without a trailing slash. Of the embedded platform it changes with every start; `local` while unknown. */
  readonly origin: string;
  /** For people: "Local Platform", "Butterbase", "butterbase.example.com". */
  readonly label: string;
}

export interface ReadySession {
  readonly kind: 'ready';
  readonly connection: Connection;
  readonly app: App;
  readonly operations: AppOperations;
  /**
   * Instances live at `<instanceBase>/_do/<name>/<instance-id>`; no trailing slash. Undefined when the
   * address is not known: the app has no subdomain, or a self-hosted platform does not say its domain.
   */
  readonly instanceBase: string | undefined;
}

/**
 * What the extension is connected to. Every transition makes a new value: whoever awaited something
 * compares `store.current` with the value it started from by identity, and a stale answer is dropped.
 */
export type Session =
  | { readonly kind: 'noFolder' }
  /** Restricted Mode, and the chosen connection would have to be started. */
  | { readonly kind: 'untrusted' }
  /** The embedded platform is chosen and does not run. `error`: why its last start failed. */
  | { readonly kind: 'stopped'; readonly connection: Connection; readonly error?: DoError }
  | { readonly kind: 'connecting'; readonly connection: Connection }
  | { readonly kind: 'signedOut'; readonly connection: Connection; readonly error?: DoError }
  | { readonly kind: 'noApp'; readonly connection: Connection; readonly apps: readonly App[] }
  | { readonly kind: 'unreachable'; readonly connection: Connection; readonly error: DoError }
  | ReadySession;

/** The connection of a session, when it has one. */
export function connectionOf(session: Session): Connection | undefined {
  return 'connection' in session ? session.connection : undefined;
}
