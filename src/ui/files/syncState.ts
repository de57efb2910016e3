import type { DoClass, DoClassDetail } from '../../core/model/app.ts';
import type { Disposable } from '../disposable.ts';
import type { ReadySession } from '../session/session.ts';
import type { DoFile } from './doFiles.ts';
import { readSource } from './readSource.ts';

/** How a local file relates to what is deployed. `unknown`: one side cannot be read, or what runs is not what was submitted. */
export type SyncState = 'inSync' | 'modified' | 'missing' | 'unknown';

interface CachedDetail {
  readonly version: string;
  readonly detail: Promise<DoClassDetail>;
}

/** A file or an editor was held against the source that is deployed under its name. */
export interface Compared {
  readonly session: ReadySession;
  readonly row: DoClass;
  /** The deployed source. */
  readonly code: string;
  readonly isSame: boolean;
}

const listeners = new Set<(compared: Compared) => void>();

/** Tells of every comparison that could be made. */
export function onDidCompare(listener: (compared: Compared) => void): Disposable {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}

/** Deployed sources by DO name; a session belongs to one app of one connection. */
const cache = new WeakMap<ReadySession, Map<string, CachedDetail>>();

/**
 * Compares the saved file with the deployed source. The source is fetched once per deploy of the class.
 * Never rejects.
 */
export async function syncOf(
  row: DoClass,
  file: DoFile | undefined,
  session: ReadySession,
): Promise<SyncState> {
  if (file === undefined) return 'missing';
  return compare(row, session, () => readSource(file.uri));
}

/** The same for the text of an editor, saved or not. */
export async function syncOfText(row: DoClass, text: string, session: ReadySession): Promise<SyncState> {
  return compare(row, session, () => Promise.resolve(text));
}

async function compare(row: DoClass, session: ReadySession, read: () => Promise<string>): Promise<SyncState> {
  if (row.status !== 'READY') return 'unknown';
  try {
    const [detail, text] = await Promise.all([deployedSource(row, session), read()]);
    const { code } = detail;
    const isSame = code === text;
    for (const listener of [...listeners]) listener({ session, row, code, isSame });
    return isSame ? 'inSync' : 'modified';
  } catch {
    return 'unknown';
  }
}

/** The row with its source, from the cache when the class was not deployed since. Rejects like `operations.get`. */
export function deployedSource(row: DoClass, session: ReadySession): Promise<DoClassDetail> {
  const details = cache.get(session) ?? new Map<string, CachedDetail>();
  cache.set(session, details);
  const version = versionOf(row);
  const known = details.get(row.name);
  if (known?.version === version) return known.detail;
  const detail = session.operations.get(row.name);
  details.set(row.name, { version, detail });
  detail.catch(() => details.delete(row.name));
  return detail;
}

/** Differs between two deploys of a class. */
export function versionOf({ id, status, lastDeployedAt }: DoClass): string {
  return [id, status, lastDeployedAt].join(' ');
}
