import { classKey, isSameState, type HistoryEntry } from './entry.ts';

/** How much of the past is kept. */
export interface HistoryLimits {
  /** Most entries of one class. */
  readonly entriesPerClass: number;
  /** Most bytes of all sources together, each counted once. */
  readonly bytes: number;
  /** Milliseconds after which the last source of a deleted class may go when there are too many bytes. */
  readonly deletedForMs: number;
  /** Bytes of an app's index after which what is not kept any more is taken out of the file. */
  readonly indexBytes: number;
}

export const DEFAULT_LIMITS: HistoryLimits = {
  entriesPerClass: 200,
  bytes: 64 * 1024 * 1024,
  deletedForMs: 365 * 24 * 60 * 60 * 1000,
  indexBytes: 256 * 1024,
};

/** The newest first; of the same time, the one that was recorded later. */
export function newestFirst(recorded: readonly HistoryEntry[]): HistoryEntry[] {
  return recorded.toReversed().sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/**
 * What is kept of the entries of one app. A state that was only seen again is one entry, and of each class
 * there are the newest and, however old, the last one that was READY.
 *
 * @param entries newest first, as is the result
 */
export function keptOfApp(entries: readonly HistoryEntry[], limits: HistoryLimits): HistoryEntry[] {
  const kept = new Set<HistoryEntry>();
  for (const ofClass of byClass(entries).values()) {
    const changes = ofClass.filter((entry, index) => !isOnlySeenAgain(entry, ofClass[index + 1]));
    const good = changes.find(({ status }) => status === 'READY');
    for (const entry of changes.slice(0, Math.max(1, limits.entriesPerClass))) kept.add(entry);
    if (good !== undefined) kept.add(good);
  }
  return entries.filter((entry) => kept.has(entry));
}

/**
 * The ids of what has to go so that all sources together have no more than `limits.bytes`: the oldest first.
 * The last entry of a class and the last one that was READY stay, even beyond the limit; those of a class that
 * was deleted longer than `limits.deletedForMs` ago do not.
 *
 * @param now milliseconds since 1970
 */
export function beyondBytes(
  entries: readonly HistoryEntry[],
  limits: HistoryLimits,
  now: number,
): ReadonlySet<string> {
  const sizes = new Map(entries.map(({ hash, bytes }) => [hash, bytes]));
  let total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const gone = new Set<string>();
  if (total <= limits.bytes) return gone;
  const sorted = newestFirst(entries);
  const needed = new Set(protectedEntries(sorted, limits, now).map(({ hash }) => hash));
  const uses = new Map<string, number>();
  for (const { hash } of entries) uses.set(hash, (uses.get(hash) ?? 0) + 1);
  for (const { id, hash, bytes } of sorted.reverse()) {
    if (total <= limits.bytes) break;
    if (needed.has(hash)) continue;
    gone.add(id);
    const left = (uses.get(hash) ?? 1) - 1;
    uses.set(hash, left);
    if (left === 0) total -= bytes;
  }
  return gone;
}

function protectedEntries(
  entries: readonly HistoryEntry[],
  limits: HistoryLimits,
  now: number,
): HistoryEntry[] {
  return [...byClass(entries).values()].flatMap((ofClass) => {
    const [last] = ofClass;
    if (last === undefined) return [];
    const isLongGone = last.event === 'deleted' && now - Date.parse(last.at) > limits.deletedForMs;
    if (isLongGone) return [];
    const good = ofClass.find(({ status }) => status === 'READY');
    return good === undefined ? [last] : [last, good];
  });
}

/** Two windows may see one change at once: the second says nothing that is not known. */
function isOnlySeenAgain(entry: HistoryEntry, before: HistoryEntry | undefined): boolean {
  const isChange = entry.event === 'deployed' || entry.event === 'deleted';
  return !isChange && before !== undefined && isSameState(entry, before);
}

function byClass(entries: readonly HistoryEntry[]): Map<string, HistoryEntry[]> {
  const classes = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const key = classKey(entry);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [entry]);
    else known.push(entry);
  }
  return classes;
}
