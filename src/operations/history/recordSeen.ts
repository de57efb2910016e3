import type { App, DoClass } from '../../core/model/app.ts';
import type { AppQueue } from '../../platform/appQueue.ts';
import type { PlatformClient } from '../../platform/client.ts';
import type { AuditEntry, KeyEntry } from '../../platform/schemas.ts';
import { deletedBy, deployedBy } from './auditTrail.ts';
import { isSameState, type HistoryEntry } from './entry.ts';
import type { History } from './history.ts';
import { hashOf, whenLost } from './sourceStore.ts';

export interface SeenParts {
  readonly client: PlatformClient;
  readonly app: App;
  readonly queue: AppQueue;
  readonly origin: string;
  /** `local` for the embedded platform, else the platform's origin. */
  readonly platform: string;
  readonly history: History;
}

/**
 * Reads what is deployed and records what the history does not have yet as seen, and classes that are gone as
 * deleted, with who did it when the audit log knows. It waits for its turn like a change of the app: then what
 * this person's programs deploy themselves is recorded already, and is not taken for somebody else's.
 *
 * @param known DO names whose newest entry is up to date; they are not read.
 * @returns the newest entry of each class that is deployed and was read, by DO name.
 */
export async function recordSeen(
  parts: SeenParts,
  known: ReadonlySet<string> = new Set(),
  signal?: AbortSignal,
): Promise<Map<string, HistoryEntry>> {
  const { queue, origin, app } = parts;
  return queue.run(`${origin} ${app.id}`, (turn) => new Reading(parts, turn).record(known), signal);
}

/** `GET …/env` lists environment keys, so a class of this name cannot be read. */
const UNREADABLE = 'env';

/** One reading of an app. What names people is asked for when there is something to name. */
class Reading {
  readonly #parts: SeenParts;
  readonly #signal: AbortSignal;
  #trail: Promise<{ readonly log: readonly AuditEntry[]; readonly keys: readonly KeyEntry[] }> | undefined;

  constructor(parts: SeenParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  async record(known: ReadonlySet<string>): Promise<Map<string, HistoryEntry>> {
    const { client, app, history, platform } = this.#parts;
    const rows = await client.list(app.id, { signal: this.#signal });
    const past = new Map<string, HistoryEntry[]>();
    for (const entry of await history.list({ appId: app.id, platform })) {
      past.set(entry.name, [...(past.get(entry.name) ?? []), entry]);
    }
    const seen = new Map<string, HistoryEntry>();
    for (const row of rows.filter(isSettled)) {
      if (!known.has(row.name)) seen.set(row.name, await this.#recordRow(row, past.get(row.name) ?? []));
    }
    const names = new Set(rows.map(({ name }) => name));
    for (const [entry] of past.values()) {
      if (entry !== undefined && entry.event !== 'deleted' && !names.has(entry.name))
        await this.#recordGone(entry);
    }
    return seen;
  }

  /** @param past what the history has of the class, newest first */
  async #recordRow(row: DoClass, past: readonly HistoryEntry[]): Promise<HistoryEntry> {
    const { client, app, history, platform } = this.#parts;
    const detail = await client.get(app.id, row.name, { signal: this.#signal });
    const { code, className, accessMode, status } = detail;
    const state = { hash: hashOf(code), className, accessMode, status, event: 'seen' } as const;
    const [last] = past;
    const isKnown = last !== undefined && isSameState(last, state);
    if (isKnown && !isNameless(last)) return last;
    const { log, keys } = await this.#names();
    const by = deployedBy(detail, log, keys);
    if (isKnown && by === undefined) return last;
    const before = past.find((entry) => !isSameState(entry, state));
    return history.record({
      platform,
      appId: app.id,
      appName: app.name,
      name: row.name,
      className,
      accessMode,
      status,
      code,
      event: 'seen',
      at: between(before?.at, detail.status === 'READY' ? detail.lastDeployedAt : detail.updatedAt),
      from: 'elsewhere',
      ...(by === undefined ? {} : { by }),
    });
  }

  async #recordGone(last: HistoryEntry): Promise<void> {
    const { history } = this.#parts;
    const code = await history.source(last.hash).catch(whenLost);
    if (code === undefined) return;
    const { log, keys } = await this.#names();
    const deletion = deletedBy(last.name, log, keys);
    const { platform, appId, appName, name, className, accessMode, status } = last;
    await history.record({
      ...{ platform, appId, name, className, accessMode, status },
      ...(appName === undefined ? {} : { appName }),
      ...(deletion?.by === undefined ? {} : { by: deletion.by }),
      code,
      event: 'deleted',
      at: between(last.at, deletion?.at),
      from: 'elsewhere',
    });
  }

  /** The log and the names of the keys; nothing where the platform does not tell. */
  async #names(): Promise<{ readonly log: readonly AuditEntry[]; readonly keys: readonly KeyEntry[] }> {
    const { client, app } = this.#parts;
    const options = { signal: this.#signal };
    this.#trail ??= Promise.all([
      client.auditLogs(app.id, options).catch(() => []),
      client.listKeys(options).catch(() => []),
    ]).then(([log, keys]) => ({ log, keys }));
    return this.#trail;
  }
}

/** Whether it came from elsewhere and was noted without looking who it was: before a change, everything is. */
function isNameless({ from, by }: HistoryEntry): boolean {
  return from === 'elsewhere' && by === undefined;
}

/** Whether no deploy of the class is under way, and it can be read. */
function isSettled({ name, status }: DoClass): boolean {
  return name !== UNREADABLE && (status === 'READY' || status === 'ERROR');
}

/**
 * The time that the platform says, unless it cannot be: its clock and ours differ, and what is seen now is later
 * than what was recorded before.
 */
function between(before: string | undefined, said: string | undefined): string {
  const now = Date.now();
  const time = Date.parse(said ?? '');
  const isPossible = time <= now && (before === undefined || time > Date.parse(before));
  return new Date(isPossible ? time : now).toISOString();
}
