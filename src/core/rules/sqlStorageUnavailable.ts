import ts from 'typescript';
import { codeOf, memberName, memberNameNode, type MemberUse } from '../source/code.ts';
import { ownerOf, unwrapped } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'sql-storage-unavailable';

/** What only classes with SQLite have. */
const SQLITE_ONLY: ReadonlyMap<string, string> = new Map([
  ['sql', 'storage.sql'],
  ['kv', 'storage.kv'],
  ['getCurrentBookmark', 'Point-in-time recovery'],
  ['getBookmarkForTime', 'Point-in-time recovery'],
  ['onNextSessionRestoreBookmark', 'Point-in-time recovery'],
]);

/** Names by which people keep the state when nothing else tells what it is. */
const NAMES_OF_STATE: ReadonlySet<string> = new Set(['ctx', 'state', 'doState']);

/** SQL, synchronous key-value storage and point-in-time recovery: the platform's classes are KV-backed. */
export const sqlStorageUnavailable: FileRule = {
  id: ID,
  check(file) {
    const { members } = codeOf(file.facts.file);
    return [...SQLITE_ONLY].flatMap(([name, what]) =>
      (members.get(name) ?? []).filter(isOfStorage).map((use) => finding(file, use, what)),
    );
  },
};

function isOfStorage(use: MemberUse): boolean {
  const owner = ownerOf(use);
  if (owner !== undefined) return owner === 'storage';
  if (ts.isBindingElement(use)) return false;
  // `something.state.storage.sql`, where what `state` is stays open.
  const storage = unwrapped(use.expression);
  if (!ts.isPropertyAccessExpression(storage) || memberName(storage) !== 'storage') return false;
  if (ownerOf(storage) !== undefined) return false;
  const state = unwrapped(storage.expression);
  return ts.isPropertyAccessExpression(state) && NAMES_OF_STATE.has(state.name.text);
}

function finding(file: FileSubject, use: MemberUse, what: string): Finding {
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `${what} is for classes with SQLite only, and the platform's classes keep their data in the key-value storage: this throws whenever it is used. Use \`await storage.get(key)\` and \`await storage.put(key, value)\`.`,
    range: file.rangeOf(memberNameNode(use)),
    fixes: [],
  };
}
