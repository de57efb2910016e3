import type { DoClass } from '../../core/model/app.ts';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import type { DeletedClassNode, DeletedClassesNode, EntryNode, HistoryNode } from '../tree/nodes.ts';

/** The element that holds the history of a class; `parent` is the id of the class's element. */
export function historyNode(parent: string, name: string): HistoryNode {
  return { kind: 'history', id: `${parent}/history`, name };
}

/** One element an entry, in the order of the entries: newest first. */
export function entryNodes(parent: string, entries: readonly HistoryEntry[]): EntryNode[] {
  return entries.map((entry, index) => ({
    kind: 'historyEntry',
    id: `${parent}/${entry.id}`,
    name: entry.name,
    entry,
    previous: previousOf(entry, entries.slice(index + 1)),
  }));
}

/** The element of the classes that are gone; undefined when the history knows none. */
export function deletedClassesNode(
  place: string,
  entries: readonly HistoryEntry[],
  rows: readonly DoClass[],
): DeletedClassesNode | undefined {
  const there = new Set(rows.map(({ name }) => name));
  const last = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    if (!there.has(entry.name) && !last.has(entry.name)) last.set(entry.name, entry);
  }
  if (last.size === 0) return undefined;
  const id = `${place}//deleted`;
  const classes = [...last.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry): DeletedClassNode => ({
      kind: 'deletedClass',
      id: `${id}/${entry.name}`,
      name: entry.name,
      last: entry,
    }));
  return { kind: 'deletedClasses', id, classes };
}

/** The next older entry whose source is another one. */
function previousOf(entry: HistoryEntry, older: readonly HistoryEntry[]): HistoryEntry | undefined {
  return older.find(({ name, hash }) => name === entry.name && hash !== entry.hash);
}
