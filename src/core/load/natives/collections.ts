import type ts from 'typescript';
import { sharedOf } from '../functionKinds.ts';
import { iterate } from '../iteration.ts';
import { getMember } from '../objects.ts';
import type { Run } from '../run.ts';
import {
  isPrimitive,
  isThing,
  isNothing,
  knownPrimitive,
  primitive,
  SOME_BOOLEAN,
  SOME_NUMBER,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Thing,
  type Value,
} from '../values.ts';
import type { Handler, Handlers } from './handler.ts';

/** `Map`, `Set` and their weak relatives. */
export const COLLECTION_HANDLERS: Handlers = {
  Map: (run, call) => made(run, call, 'Map'),
  Set: (run, call) => made(run, call, 'Set'),
  WeakMap: (run, call) => made(run, call, 'WeakMap'),
  WeakSet: (run, call) => made(run, call, 'WeakSet'),
  'Map.prototype.get': get,
  'Map.prototype.has': has,
  'Set.prototype.has': has,
  'Map.prototype.set': (run, { self, args: [key = UNDEFINED, value = UNDEFINED] }) => {
    put(run, self, key, value);
    return self;
  },
  'Set.prototype.add': (run, { self, args: [value = UNDEFINED] }) => {
    put(run, self, value, value);
    return self;
  },
  'Map.prototype.delete': remove,
  'Set.prototype.delete': remove,
  'Map.prototype.clear': clear,
  'Set.prototype.clear': clear,
  'Map.prototype.size': size,
  'Set.prototype.size': size,
  'Map.prototype.forEach': forEach,
  'Set.prototype.forEach': forEach,
  'Map.prototype.keys': listed(({ key }) => key),
  'Map.prototype.values': listed(({ value }) => value),
  'Map.prototype.entries': listed(({ key, value }, run) => run.realm.arrayOf([key, value])),
  'Map.prototype.@iterator': listed(({ key, value }, run) => run.realm.arrayOf([key, value])),
  'Set.prototype.keys': listed(({ key }) => key),
  'Set.prototype.values': listed(({ key }) => key),
  'Set.prototype.entries': listed(({ key }, run) => run.realm.arrayOf([key, key])),
  'Set.prototype.@iterator': listed(({ key }) => key),
  ...Object.fromEntries(
    [
      'union',
      'intersection',
      'difference',
      'symmetricDifference',
      'isSubsetOf',
      'isSupersetOf',
      'isDisjointFrom',
    ].map((name) => [`Set.prototype.${name}`, compared]),
  ),
  'WeakMap.prototype.get': get,
  'WeakMap.prototype.has': has,
  'WeakSet.prototype.has': has,
  'WeakMap.prototype.delete': remove,
  'WeakSet.prototype.delete': remove,
  'WeakMap.prototype.set': (run, { node, self, args: [key = UNDEFINED, value = UNDEFINED] }) => {
    refusePrimitive(run, node, key);
    put(run, self, key, value);
    return self;
  },
  'WeakSet.prototype.add': (run, { node, self, args: [value = UNDEFINED] }) => {
    refusePrimitive(run, node, value);
    put(run, self, value, value);
    return self;
  },
};

function made(run: Run, call: Call, brand: string): Value {
  const {
    node,
    args: [source = UNDEFINED],
  } = call;
  const collection = run.realm.instance(brand);
  collection.entries = new Map();
  if (isNothing(source)) return collection;
  const isMap = brand.endsWith('Map');
  const adder = ownAdder(run, call, collection, isMap ? 'set' : 'add');
  const isKnown = iterate(run, node, source, `what ${brand} is made of`, (element) => {
    if (isMap && isPrimitive(element)) run.fail(node, `a ${brand} is made of pairs`);
    const key = isMap ? getMember(run, node, element, '0', 'a pair') : element;
    const value = isMap ? getMember(run, node, element, '1', 'a pair') : element;
    if (adder) {
      run.call(adder, { node, self: collection, args: isMap ? [key, value] : [value], isNew: false });
      return true;
    }
    if (brand.startsWith('Weak')) refusePrimitive(run, node, key);
    put(run, collection, key, value);
    return true;
  });
  if (!isKnown) collection.entries = undefined;
  return collection;
}

/** The method of a class that extends a collection, which its constructor puts everything in with. */
function ownAdder(run: Run, { node, target }: Call, collection: Thing, name: string): Value | undefined {
  if (target === undefined) return undefined;
  const shared = sharedOf(run, node, target);
  const adder = shared ? getMember(run, node, shared, name, 'this') : UNKNOWN;
  if (isThing(adder) && adder.native) return undefined;
  collection.proto = shared;
  return adder;
}

function refusePrimitive(run: Run, node: ts.Node, key: Value): void {
  // A symbol can be one, unless it is registered.
  if (isPrimitive(key) && (typeof key.value !== 'symbol' || Symbol.keyFor(key.value) !== undefined))
    run.fail(node, `a ${key.type} is nothing that can be kept weakly`);
}

/** Under which it is kept; undefined when that is not known. */
function identity(key: Value): { readonly is: unknown } | undefined {
  if (isThing(key)) return { is: key };
  return knownPrimitive(key);
}

export function put(run: Run, self: Value, key: Value, value: Value): void {
  if (!isThing(self)) return;
  run.changes += 1;
  const known = identity(key);
  if (!known || !self.entries || !run.isCertain) {
    for (const each of self.entries?.values() ?? []) run.escape(each.value);
    run.escape(value);
    self.entries = undefined;
  } else {
    self.entries.set(known.is, { key, value });
  }
}

function get(run: Run, { self, args: [key = UNDEFINED] }: Call): Value | undefined {
  const known = identity(key);
  if (!isThing(self)) return undefined;
  if (!known || !self.entries) return UNKNOWN;
  run.decisions += 1;
  return self.entries.get(known.is)?.value ?? UNDEFINED;
}

function has(run: Run, { self, args: [key = UNDEFINED] }: Call): Value | undefined {
  const known = identity(key);
  if (!isThing(self)) return undefined;
  run.decisions += 1;
  return known && self.entries ? primitive(self.entries.has(known.is)) : SOME_BOOLEAN;
}

function remove(run: Run, call: Call): Value | undefined {
  const {
    self,
    args: [key = UNDEFINED],
  } = call;
  const found = has(run, call);
  const known = identity(key);
  if (!isThing(self)) return undefined;
  run.changes += 1;
  if (known && run.isCertain) self.entries?.delete(known.is);
  else self.entries = undefined;
  return found;
}

function compared(run: Run, { node, args: [other = UNDEFINED] }: Call): undefined {
  if (isPrimitive(other)) run.fail(node, 'a set is compared with an object');
  const size = knownPrimitive(getMember(run, node, other, 'size', 'this'));
  if (size && typeof size.is !== 'symbol' && Number.isNaN(Number(size.is ?? NaN)))
    run.fail(node, 'a set is compared with something that has a size');
  return undefined;
}

function clear(run: Run, { self }: Call): Value | undefined {
  if (!isThing(self)) return undefined;
  run.changes += 1;
  self.entries = run.isCertain ? new Map() : undefined;
  return UNDEFINED;
}

function size(_run: Run, { self }: Call): Value | undefined {
  if (!isThing(self)) return undefined;
  return self.entries ? primitive(self.entries.size) : SOME_NUMBER;
}

function forEach(
  run: Run,
  { node, self, args: [callback = UNDEFINED, receiver = UNDEFINED] }: Call,
): Value | undefined {
  if (!isThing(self)) return undefined;
  if (isPrimitive(callback)) run.fail(node, 'forEach() is given no function');
  if (!self.entries) return undefined;
  run.decisions += 1;
  for (const { key, value } of self.entries.values()) {
    run.step();
    run.call(callback, { node, self: receiver, args: [value, key, self], isNew: false });
  }
  return UNDEFINED;
}

function listed(of: (entry: { key: Value; value: Value }, run: Run) => Value): Handler {
  return (run, { self }) => {
    if (!isThing(self)) return undefined;
    const values = self.entries && [...self.entries.values()].map((entry) => of(entry, run));
    return iteratorOver(run, values, self.brand === 'Map' ? 'MapIterator' : 'SetIterator');
  };
}

/** Something that gives values one after the other; of which nobody knows when they are left out. */
export function iteratorOver(
  run: Run,
  values: readonly (Value | undefined)[] | undefined,
  brand: string,
): Thing {
  const iterator = run.realm.instance(brand);
  if (values) iterator.steps = { values, next: 0 };
  return iterator;
}
