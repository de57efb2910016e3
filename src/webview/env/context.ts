import type { Format } from '../common/format.ts';
import type { EnvStrings, EnvToHost } from '../protocol/env.ts';

/** What the parts of the env page share. */
export interface EnvContext {
  readonly strings: EnvStrings;
  readonly format: Format;
  send(message: EnvToHost): void;
  /** The app that the person sees; changes are sent for it. Undefined while there is none. */
  appId(): string | undefined;
  /** Writes what may survive a reload. */
  keep(): void;
  /** Shows a result and has it read out. */
  announce(kind: 'success' | 'error' | 'info', text: string): void;
}

/** Whether a change can be made now, and what every change does. */
export interface Permission {
  readonly readOnly: boolean;
  readonly consequence: string;
  readonly redeploys: boolean;
  readonly maxValueLength: number;
}

/** Whether a change can be sent; says so when not, for example while the app is being read. */
export function appFor(context: EnvContext): string | undefined {
  const appId = context.appId();
  if (appId === undefined) context.announce('info', context.strings.loading);
  return appId;
}
