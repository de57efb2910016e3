import { toKey } from '../conversions.ts';
import { iterate } from '../iteration.ts';
import type { Run } from '../run.ts';
import {
  isPrimitive,
  isThing,
  knownPrimitive,
  openObject,
  primitive,
  Thing,
  UNDEFINED,
  type Call,
  type Key,
  type Value,
} from '../values.ts';
import { put } from './collections.ts';
import type { Handlers } from './handler.ts';

/** What puts the values of a list into groups. */
export const GROUP_HANDLERS: Handlers = {
  'Object.groupBy': (run, call) => {
    const groups = new Map<unknown, Value[]>();
    const isKnown = eachWithGroup(run, call, (value, group) => {
      const key = toKey(run, call.node, group);
      if (key !== undefined) add(groups, key, value);
      return key !== undefined;
    });
    if (!isKnown) return escaped(run, groups);
    const made = new Thing(null);
    for (const [key, values] of groups) made.properties.set(key as Key, { value: run.realm.arrayOf(values) });
    return made;
  },
  'Map.groupBy': (run, call) => {
    const groups = new Map<unknown, Value[]>();
    const keys = new Map<unknown, Value>();
    const isKnown = eachWithGroup(run, call, (value, group) => {
      const known = isPrimitive(group) ? knownPrimitive(group) : isThing(group) && { is: group };
      if (!known) return false;
      if (!keys.has(known.is)) keys.set(known.is, group);
      add(groups, known.is, value);
      return true;
    });
    const made = run.realm.instance('Map');
    if (!isKnown) {
      escaped(run, groups);
      return made;
    }
    made.entries = new Map();
    for (const [is, values] of groups) put(run, made, keys.get(is) ?? UNDEFINED, run.realm.arrayOf(values));
    return made;
  },
};

/** False when it is not known which values there are, or in which group one of them is. */
function eachWithGroup(
  run: Run,
  { node, args: [list = UNDEFINED, callback = UNDEFINED] }: Call,
  take: (value: Value, group: Value) => boolean,
): boolean {
  if (isPrimitive(callback)) run.fail(node, 'groupBy() is given no function');
  let index = 0;
  let isKnown = run.isCertain;
  const areAll = iterate(run, node, list, 'what groupBy() is given', (value) => {
    const group = run.call(callback, {
      node,
      self: UNDEFINED,
      args: [value, primitive(index++)],
      isNew: false,
    });
    isKnown = take(value, group) && isKnown;
    if (!isKnown) run.escape(value);
    return true;
  });
  return areAll && isKnown && run.isCertain;
}

function add(groups: Map<unknown, Value[]>, key: unknown, value: Value): void {
  const known = groups.get(key);
  if (known) known.push(value);
  else groups.set(key, [value]);
}

function escaped(run: Run, groups: ReadonlyMap<unknown, readonly Value[]>): Thing {
  for (const values of groups.values()) for (const value of values) run.escape(value);
  return openObject();
}
