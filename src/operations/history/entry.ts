import { isAccessMode, type AccessMode, type ClassStatus } from '../../core/model/app.ts';

/**
 * Why an entry was made. `deployed`: it was sent and the platform took it. `seen`: it was there when somebody
 * looked. `replaced`: it was there right before a change put another in its place. `deleted`: it was there
 * when its class was deleted.
 */
export type HistoryEvent = 'deployed' | 'seen' | 'replaced' | 'deleted';

/** From where it was deployed, as far as known; `elsewhere` is none of ours. */
export type HistoryOrigin = 'editor' | 'cli' | 'agent' | 'elsewhere';

/** What is known about one source that was deployed once. Values of environment variables are no part of it. */
export interface HistoryFacts {
  /** `local` for the embedded platform, else the platform's origin. */
  readonly platform: string;
  readonly appId: string;
  readonly appName?: string;
  /** DO name. */
  readonly name: string;
  readonly className: string;
  readonly accessMode: AccessMode;
  /** Of the row at that time. Of an ERROR row the source is what was submitted, not what ran. */
  readonly status: ClassStatus;
  readonly event: HistoryEvent;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Who, when it is known. */
  readonly by?: string;
  readonly from: HistoryOrigin;
}

export interface HistoryEntry extends HistoryFacts {
  /** Unique among all entries. */
  readonly id: string;
  /** SHA-256 of the source, 64 hex digits. */
  readonly hash: string;
  /** UTF-8 bytes of the source. */
  readonly bytes: number;
}

/** One line of the index, without its end. */
export function lineOf(entry: HistoryEntry): string {
  return JSON.stringify(entry);
}

/** What a line says; undefined when it is no entry that can be understood. */
export function entryOf(value: unknown): HistoryEntry | undefined {
  return isEntry(value) ? value : undefined;
}

/** What an entry says about the class itself. */
export type EntryState = Pick<HistoryEntry, 'hash' | 'className' | 'accessMode' | 'status' | 'event'>;

/** Whether two entries tell the same state of a class. */
export function isSameState(a: EntryState, b: EntryState): boolean {
  return (
    a.hash === b.hash &&
    a.className === b.className &&
    a.accessMode === b.accessMode &&
    a.status === b.status &&
    (a.event === 'deleted') === (b.event === 'deleted')
  );
}

/** Which class an entry is of, over all platforms and apps. */
export function classKey({ platform, appId, name }: HistoryFacts): string {
  return JSON.stringify([platform, appId, name]);
}

const EVENTS: readonly unknown[] = ['deployed', 'seen', 'replaced', 'deleted'] satisfies HistoryEvent[];
const ORIGINS: readonly unknown[] = ['editor', 'cli', 'agent', 'elsewhere'] satisfies HistoryOrigin[];
const STATUSES: readonly unknown[] = ['PENDING', 'BUILDING', 'READY', 'ERROR'] satisfies ClassStatus[];

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const texts = ['id', 'platform', 'appId', 'name', 'className', 'at'];
  return (
    texts.every((key) => typeof fields[key] === 'string') &&
    ['appName', 'by'].every((key) => fields[key] === undefined || typeof fields[key] === 'string') &&
    isHash(fields.hash) &&
    Number.isSafeInteger(fields.bytes) &&
    !Number.isNaN(Date.parse(String(fields.at))) &&
    isAccessMode(fields.accessMode) &&
    STATUSES.includes(fields.status) &&
    EVENTS.includes(fields.event) &&
    ORIGINS.includes(fields.from)
  );
}

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
