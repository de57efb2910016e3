import { setTimeout as sleep } from 'node:timers/promises';
import { DoError } from '../core/errors.ts';
import { LONGEST_DEPLOY_MS } from '../core/plan/stuck.ts';
import type { AppQueue } from '../platform/appQueue.ts';
import type { PlatformClient } from '../platform/client.ts';
import { cancelled } from '../platform/networkErrors.ts';

/** The person cancelled when the change was on its way already. */
export const ALREADY_SENT = 'ALREADY_SENT';

/** Somebody else deploys a class of the app right now. */
export const DEPLOY_RUNNING = 'DEPLOY_RUNNING';

export interface ChangeParts {
  readonly client: PlatformClient;
  readonly queue: AppQueue;
  readonly origin: string;
  readonly appId: string;
  /** What the change is, as the beginning of a sentence: `The deploy of chat-room`. */
  readonly what: string;
}

export interface Change {
  /** For all that happens before the change goes out. */
  readonly signal: AbortSignal;
  /** Sends the change. From here on it runs to its end, also when nobody waits for it any more. */
  send<T>(request: () => Promise<T>): Promise<T>;
}

/**
 * Runs one change of an app when it is its turn and when nobody else is deploying. A platform does not stop a
 * deploy because its caller is gone, so cancelling ends the waiting only: the app's turn is kept until the
 * platform has answered, else the next change would run into this one (hazard j).
 */
export async function runChange<T>(
  parts: ChangeParts,
  signal: AbortSignal | undefined,
  task: (change: Change) => Promise<T>,
): Promise<T> {
  let sent = false;
  const work = parts.queue.run(
    `${parts.origin} ${parts.appId}`,
    async (turn, verify) => {
      await untilNobodyDeploys(parts, turn);
      return task({
        signal: turn,
        send: async (request) => {
          if (turn.aborted) throw cancelled(turn.reason);
          // Between plan and sending the machine may have slept, and another window have had its turn.
          await verify();
          sent = true;
          return request();
        },
      });
    },
    signal,
  );
  if (signal === undefined) return work;
  return endedBy(work, signal, () => (sent ? alreadySent(parts.what) : cancelled(signal.reason)));
}

/** Milliseconds to wait for somebody else's deploy. */
const FOREIGN_DEPLOY_WAIT_MS = 60_000;

const POLL_MS = 500;

/** The queue orders our own changes; this waits for those of other tools, as far as the platform shows them. */
async function untilNobodyDeploys(parts: ChangeParts, signal: AbortSignal): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const rows = await parts.client.list(parts.appId, { signal });
    const building = rows.filter(({ status, name }) => status === 'BUILDING' && name !== 'env');
    const details = await Promise.all(
      building.map(({ name }) => parts.client.get(parts.appId, name, { signal })),
    );
    const running = details.find(
      ({ status, updatedAt }) =>
        status === 'BUILDING' && Date.now() - Date.parse(updatedAt) < LONGEST_DEPLOY_MS,
    );
    if (running === undefined) return;
    if (performance.now() - begin > FOREIGN_DEPLOY_WAIT_MS) throw deployRunning(running.name);
    await sleep(POLL_MS, undefined, { signal }).catch((error: unknown) => {
      throw cancelled(error);
    });
  }
}

/** The outcome of `work`, or the error as soon as the signal aborts. `work` goes on then. */
async function endedBy<T>(work: Promise<T>, signal: AbortSignal, error: () => DoError): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(error());
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function alreadySent(what: string): DoError {
  return new DoError({
    code: ALREADY_SENT,
    message: `${what} was sent before you cancelled; the platform carries it out.`,
    nextStep: 'Look in a moment at what is deployed then.',
  });
}

function deployRunning(name: string): DoError {
  return new DoError({
    code: DEPLOY_RUNNING,
    message: `Somebody else is deploying ${name}; two deploys of one app at once would break one of them.`,
    nextStep: 'Wait until it is done, then try again. Nothing was changed.',
  });
}
