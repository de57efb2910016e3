import type { DoClass } from '../../core/model/app.ts';
import type { AuditEntry, KeyEntry } from '../../platform/schemas.ts';

/** Milliseconds between a deploy and what the audit log says of it: it is written right after. */
const NEAR_MS = 60_000;

/**
 * Who deployed what a row shows now, when the platform's audit log knows: of the entries about the class the one
 * nearest to the row's last deploy. A deploy that failed is not in the log.
 */
export function deployedBy(
  row: DoClass,
  log: readonly AuditEntry[],
  keys: readonly KeyEntry[],
): string | undefined {
  const at = Date.parse(row.lastDeployedAt ?? '');
  if (row.status !== 'READY' || Number.isNaN(at)) return undefined;
  const distance = (entry: AuditEntry): number => Math.abs(Date.parse(entry.at) - at);
  const [nearest] = log
    .filter(({ eventType, name, resourceId }) => {
      return eventType === 'durable_object.create' && (name === row.name || resourceId === row.id);
    })
    .filter((entry) => distance(entry) <= NEAR_MS)
    .sort((a, b) => distance(a) - distance(b));
  return nearest === undefined ? undefined : actorOf(nearest, keys);
}

/** When and by whom a class was deleted last, when the log knows. */
export function deletedBy(
  name: string,
  log: readonly AuditEntry[],
  keys: readonly KeyEntry[],
): { readonly at: string; readonly by: string | undefined } | undefined {
  const [last] = log
    .filter(({ eventType, resourceId }) => eventType === 'durable_object.delete' && resourceId === name)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return last === undefined ? undefined : { at: last.at, by: actorOf(last, keys) };
}

/** An actor in words: the name of the key when the account has it, else the kind and the id. */
function actorOf({ actorType, actorId }: AuditEntry, keys: readonly KeyEntry[]): string | undefined {
  if (actorId === undefined) return undefined;
  switch (actorType) {
    case 'api_key':
      return `API key ${keys.find(({ id }) => id === actorId)?.name ?? shortId(actorId)}`;
    case 'platform_user':
      return `user ${shortId(actorId)}`;
    default:
      return undefined;
  }
}

/** The first part of a UUID: enough to tell the few of one app apart. */
function shortId(id: string): string {
  return id.slice(0, 8);
}
