import { setTimeout as delay } from 'node:timers/promises';
import type { HostCall, HostFailure, HostProbe } from './scriptHost.ts';

/** What can be made to go wrong at Cloudflare. The words of the refusals are those of the recordings. */
const FAULTS = {
  /** Works, and can be slow. */
  none: undefined,
  tagMismatch: {
    status: 412,
    code: 10079,
    message: "Actor migration tag precondition failed. Expected tag 'v-1' but found 'v-2'",
  },
  unauthorized: { status: 403, code: 10000, message: 'Authentication error' },
  rateLimited: { status: 429, code: 971, message: 'Rate limited. Please wait.' },
  serverError: { status: 500, code: 10013, message: 'An unknown error has occurred.' },
  /** Nothing was done. */
  socketClosed: { reset: true },
  /** It was done, and the platform does not know: from then on its tag is not that of the script. */
  answerLost: { answerLost: true },
  /** The script is gone with all storage, for good. */
  scriptLost: { before: 'scriptLost' },
  /** The script has a tag that the platform does not know, for good. */
  tagMoved: { before: 'tagMoved' },
} as const satisfies Readonly<Record<string, HostFailure | undefined>>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

export interface Fault {
  readonly name: FaultName;
  /** Which call it waits for: an upload or removal, or the look-up of the tag before a first upload. */
  readonly on?: 'change' | 'lookUp' | undefined;
  /** Milliseconds that the call takes longer. */
  readonly slowMs?: number | undefined;
}

export interface ObservedCall {
  readonly appId: string;
  readonly call: HostCall;
  /** HTTP status of Cloudflare's answer; 0 for none. */
  readonly status: number;
}

/** Makes the embedded platform's Cloudflare fail on purpose, and remembers what it was asked. For tests. */
export class FaultSwitch implements HostProbe {
  readonly #waiting = new Map<string, Fault[]>();
  readonly #calls: ObservedCall[] = [];

  /** The next calls of the app meet these, each one of them. */
  add(appId: string, ...faults: readonly Fault[]): void {
    this.#waiting.set(appId, [...(this.#waiting.get(appId) ?? []), ...faults]);
  }

  /** Forgets what waits; answers how many that were. */
  clear(appId: string): number {
    const waiting = this.#waiting.get(appId)?.length ?? 0;
    this.#waiting.delete(appId);
    return waiting;
  }

  /** What the platform sent to Cloudflare for the app, oldest first. */
  calls(appId: string): readonly ObservedCall[] {
    return this.#calls.filter((each) => each.appId === appId);
  }

  async intercept(appId: string, call: HostCall): Promise<HostFailure | undefined> {
    const kind = call.method === 'GET' ? 'lookUp' : 'change';
    const waiting = this.#waiting.get(appId) ?? [];
    const index = waiting.findIndex(({ on = 'change' }) => on === kind);
    const [fault] = index === -1 ? [] : waiting.splice(index, 1);
    if (fault?.slowMs !== undefined) await delay(fault.slowMs);
    return fault === undefined ? undefined : FAULTS[fault.name];
  }

  observe(appId: string, call: HostCall, status: number): void {
    this.#calls.push({ appId, call, status });
  }
}
