import type { HistoryEntry } from './entry.ts';

/** What a person last saw of a class, as it is remembered. */
export interface Looked {
  readonly hash: string;
  readonly className: string;
  readonly accessMode: string;
  readonly status: string;
  /** False when only the program saw it: that is where changes are counted from, but nobody looked. */
  readonly byPerson: boolean;
}

/**
 * How what is deployed relates to what a person saw of it.
 *
 * - `known`: they deployed it from the editor, or looked at it.
 * - `first`: it came from elsewhere before anybody here could see another state; nobody looked at it.
 * - `changed`: it came from elsewhere since, in place of the source with the hash `before`.
 */
export type Sight =
  | { readonly kind: 'known' }
  | { readonly kind: 'first'; readonly now: HistoryEntry }
  | { readonly kind: 'changed'; readonly now: HistoryEntry; readonly before: string };

/** @param now the newest entry of the class */
export function sightOf(now: HistoryEntry, looked: Looked | undefined): Sight {
  if (now.event === 'deployed' && now.from === 'editor') return { kind: 'known' };
  if (looked === undefined) return { kind: 'first', now };
  if (!isState(now, looked)) return { kind: 'changed', now, before: looked.hash };
  return looked.byPerson ? { kind: 'known' } : { kind: 'first', now };
}

/**
 * What to remember of a class after it was read.
 * @param byPerson whether a person looks at it right now
 */
export function lookedAt(now: HistoryEntry, looked: Looked | undefined, byPerson: boolean): Looked {
  const isOurs = sightOf(now, looked).kind === 'known';
  // A change stays one until somebody looks.
  if (!byPerson && !isOurs && looked !== undefined) return looked;
  const { hash, className, accessMode, status } = now;
  return { hash, className, accessMode, status, byPerson: byPerson || isOurs };
}

/**
 * Whether a deploy has to ask first, because it would put its source in the place of one that nobody looked at.
 * @param hash of the source that is to be deployed
 */
export function mustAsk(sight: Sight, hash: string): boolean {
  return sight.kind !== 'known' && sight.now.hash !== hash;
}

function isState(entry: HistoryEntry, looked: Looked): boolean {
  return (
    entry.hash === looked.hash &&
    entry.className === looked.className &&
    entry.accessMode === looked.accessMode &&
    entry.status === looked.status
  );
}
