import type { DoClass } from '../core/model/app.ts';
import type { Knowledge } from '../core/plan/knowledge.ts';
import type { PlatformClient } from '../platform/client.ts';
import type { AuditEntry } from '../platform/schemas.ts';

/**
 * What is known of an app without the classes that others have deleted: a row that is gone may stand for a class that
 * runs on, because its removal failed (hazard d). The platform's audit log tells: it has changes that succeeded only.
 * Asked for only when there is such a class; what the log does not tell stays as it is.
 */
export async function withoutDeleted(
  client: PlatformClient,
  appId: string,
  known: Knowledge,
  rows: readonly DoClass[],
  signal: AbortSignal | undefined,
): Promise<Knowledge> {
  const isGone = ({ name, className }: Knowledge['held'][number]): boolean =>
    !rows.some((row) => row.name === name || row.className === className);
  if (!known.held.some(isGone)) return known;
  const log = await client.auditLogs(appId, signal === undefined ? {} : { signal }).catch(() => []);
  const held = known.held.filter((each) => !(isGone(each) && wasDeletedLast(log, each.name)));
  return { ...known, held };
}

/** Whether the last change of that name which succeeded was its deletion. */
function wasDeletedLast(log: readonly AuditEntry[], name: string): boolean {
  const [last] = log
    .filter(
      (entry) =>
        (entry.eventType === 'durable_object.create' && entry.name === name) ||
        (entry.eventType === 'durable_object.delete' && entry.resourceId === name),
    )
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return last?.eventType === 'durable_object.delete';
}
