import type ts from 'typescript';
import { toKey } from '../conversions.ts';
import { isAsync, isGenerator } from '../functionKinds.ts';
import { iterate } from '../iteration.ts';
import { defineMember, getMember, ownKeys, ownProperty, setMember, sharedBy } from '../objects.ts';
import { isSame } from '../operators.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  knownPrimitive,
  NULL,
  primitive,
  SOME_BOOLEAN,
  SOME_STRING,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Key,
  type Value,
} from '../values.ts';
import { define, defineAll, described, lock, setPrototype } from './descriptors.ts';
import type { Handlers } from './handler.ts';

/** The functions of `Object`, and what all objects share. */
export const OBJECT_HANDLERS: Handlers = {
  Object: (run, { args: [value = UNDEFINED] }) => {
    if (isNothing(value)) return run.realm.plain();
    return isPrimitive(value) ? wrapped(run, value) : value;
  },
  'Object.create': create,
  'Object.keys': (run, call) => listed(run, call, (key) => primitive(key)),
  'Object.values': (run, call) => listed(run, call, (_key, value) => value),
  'Object.entries': (run, call) =>
    listed(run, call, (key, value) => run.realm.arrayOf([primitive(key), value])),
  'Object.getOwnPropertyNames': names,
  'Object.assign': assign,
  'Object.fromEntries': fromEntries,
  'Object.defineProperty': (
    run,
    { node, args: [object = UNDEFINED, key = UNDEFINED, descriptor = UNDEFINED] },
  ) => {
    if (isPrimitive(object)) run.fail(node, 'Object.defineProperty() takes an object');
    define(run, node, object, toKey(run, node, key), descriptor);
    return object;
  },
  'Object.defineProperties': (run, { node, args: [object = UNDEFINED, descriptors = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Object.defineProperties() takes an object');
    defineAll(run, node, object, descriptors);
    return object;
  },
  'Object.getOwnPropertyDescriptor': (run, { node, args: [object = UNDEFINED, key = UNDEFINED] }) => {
    if (isNothing(object)) run.fail(node, `${object.type} has no members`);
    return described(run, object, toKey(run, node, key));
  },
  'Object.setPrototypeOf': (run, { node, args: [object = UNDEFINED, proto = UNDEFINED] }) => {
    if (isNothing(object)) run.fail(node, `${object.type} has no prototype`);
    setPrototype(run, node, object, proto);
    return object;
  },
  'Object.getPrototypeOf': (run, { node, args: [object = UNDEFINED] }) => {
    if (isNothing(object)) run.fail(node, `${object.type} has no prototype`);
    if (isPrimitive(object)) return sharedBy(run, object);
    return protoOf(object);
  },
  'Object.freeze': (run, { args: [value = UNDEFINED] }) => lock(run, value, true),
  'Object.seal': (run, { args: [value = UNDEFINED] }) => lock(run, value, false),
  'Object.preventExtensions': (run, { args: [value = UNDEFINED] }) => lock(run, value, undefined),
  'Object.isFrozen': (_run, { args: [value = UNDEFINED] }) =>
    isPrimitive(value) ? primitive(true) : SOME_BOOLEAN,
  'Object.isSealed': (_run, { args: [value = UNDEFINED] }) =>
    isPrimitive(value) ? primitive(true) : SOME_BOOLEAN,
  'Object.isExtensible': (_run, { args: [value = UNDEFINED] }) =>
    isPrimitive(value) ? primitive(false) : SOME_BOOLEAN,
  'Object.is': (_run, { args: [a = UNDEFINED, b = UNDEFINED] }) => {
    const [one, other] = [knownPrimitive(a), knownPrimitive(b)];
    if (one && other) return primitive(Object.is(one.is, other.is));
    const same = isSame(a, b);
    return same === undefined ? SOME_BOOLEAN : primitive(same);
  },
  'Object.hasOwn': (run, { node, args: [object = UNDEFINED, key = UNDEFINED] }) => {
    if (isNothing(object)) run.fail(node, `${object.type} has no members`);
    return hasOwn(object, toKey(run, node, key));
  },
  'Object.prototype.hasOwnProperty': (run, { node, self, args: [key = UNDEFINED] }) => {
    const name = toKey(run, node, key);
    if (isNothing(self)) run.fail(node, `${self.type} has no members`);
    return hasOwn(self, name);
  },
  'Object.prototype.valueOf': (run, { node, self }) => {
    if (isNothing(self)) run.fail(node, `${self.type} is no object`);
    return isPrimitive(self) ? wrapped(run, self) : self;
  },
  'Object.prototype.toString': tagged,
  'Object.prototype.toLocaleString': () => SOME_STRING,
  'Object.prototype.isPrototypeOf': () => SOME_BOOLEAN,
  'Object.prototype.propertyIsEnumerable': () => SOME_BOOLEAN,
  'Object.prototype.__proto__=': (run, { node, self, args: [proto = UNDEFINED] }) => {
    if (!isPrimitive(proto) || proto.type === 'null') setPrototype(run, node, self, proto);
    return UNDEFINED;
  },
  'Object.prototype.__proto__': (_run, { self }) => (isThing(self) ? protoOf(self) : UNKNOWN),
};

function wrapped(run: Run, value: Value): Value {
  if (!isPrimitive(value)) return value;
  const made = new Thing(sharedBy(run, value));
  const known = knownPrimitive(value);
  if (known) made.host = Object(known.is) as object;
  else made.isOpen = true;
  made.brand = BRANDS[value.type];
  return made;
}

const BRANDS: Readonly<Record<string, string>> = {
  string: 'String',
  number: 'Number',
  boolean: 'Boolean',
  bigint: 'BigInt',
  symbol: 'Symbol',
};

function protoOf(object: Value): Value {
  if (!isThing(object) || object.proxy || object.proto === undefined) return UNKNOWN;
  // These have one of their own, which has no name.
  const { node } = object.code ?? {};
  if (node && (isAsync(node) || isGenerator(node))) return UNKNOWN;
  return object.proto ?? NULL;
}

function create(run: Run, { node, args: [proto = UNDEFINED, descriptors = UNDEFINED] }: Call): Value {
  if (isPrimitive(proto) && proto.type !== 'null') run.fail(node, 'Object.create() takes an object or null');
  const made = new Thing(isThing(proto) ? proto : isPrimitive(proto) ? null : undefined);
  if (!isPrimitive(descriptors) || descriptors.type !== 'undefined') defineAll(run, node, made, descriptors);
  return made;
}

function listed(
  run: Run,
  { node, args: [object = UNDEFINED] }: Call,
  of: (key: string, value: Value) => Value,
): Value | undefined {
  if (isNothing(object)) run.fail(node, `${object.type} has no members`);
  if (isPrimitive(object)) {
    if (object.type !== 'string') return run.realm.arrayOf([]);
    if (typeof object.value !== 'string') return undefined;
    return run.realm.arrayOf(
      [...object.value.split('')].map((value, index) => of(String(index), primitive(value))),
    );
  }
  const keys = isThing(object) && !object.host ? ownKeys(object) : undefined;
  if (!keys || !isThing(object)) return undefined;
  run.decisions += 1;
  run.step(keys.length / 10);
  return run.realm.arrayOf(keys.map((key) => of(key, getMember(run, node, object, key, 'this'))));
}

function names(run: Run, { node, args: [object = UNDEFINED] }: Call): Value | undefined {
  if (isNothing(object)) run.fail(node, `${object.type} has no members`);
  return undefined;
}

function assign(run: Run, { node, args: [target = UNDEFINED, ...sources] }: Call): Value | undefined {
  if (isNothing(target)) run.fail(node, `nothing can be set on ${target.type}`);
  if (isPrimitive(target)) return undefined;
  for (const source of sources)
    copyMembers(run, node, source, (key, value) => setMember(run, node, target, key, value, 'this'));
  if (isThing(target) && sources.some((source) => !isCountable(source))) {
    run.forget(target);
    target.isOpen = true;
    for (const property of target.properties.values()) property.value = UNKNOWN;
  }
  return target;
}

/** Whether it is known what a spread of it gives. */
export function isCountable(source: Value): boolean {
  return isPrimitive(source)
    ? source.type !== 'string' || typeof source.value === 'string'
    : isThing(source) && ownKeys(source) !== undefined && !source.host;
}

/** Reads all that a spread reads. */
export function copyMembers(
  run: Run,
  node: ts.Node,
  source: Value,
  add: (key: Key, value: Value) => void,
  isLeftOut: (key: Key) => boolean = () => false,
): void {
  run.decisions += 1;
  if (isPrimitive(source)) {
    if (typeof source.value === 'string')
      source.value.split('').forEach((value, index) => add(String(index), primitive(value)));
    return;
  }
  const keys = isThing(source) && !source.host ? ownKeys(source) : undefined;
  if (!keys || !isThing(source)) {
    run.escape(source);
    run.unknown();
    return;
  }
  const symbols = [...source.properties].flatMap(([key, { isHidden }]) =>
    typeof key === 'symbol' && isHidden !== true ? [key] : [],
  );
  for (const key of [...keys, ...symbols]) {
    run.step();
    if (!isLeftOut(key)) add(key, getMember(run, node, source, key, 'this'));
  }
}

function fromEntries(run: Run, { node, args: [entries = UNDEFINED] }: Call): Value {
  const made = run.realm.plain();
  const isKnown = iterate(run, node, entries, 'what Object.fromEntries() is given', (entry) => {
    if (isPrimitive(entry)) run.fail(node, 'Object.fromEntries() takes pairs');
    const key = toKey(run, node, getMember(run, node, entry, '0', 'a pair'));
    const value = getMember(run, node, entry, '1', 'a pair');
    if (key === undefined) made.isOpen = true;
    else defineMember(run, made, key, { value });
    return true;
  });
  if (!isKnown) made.isOpen = true;
  return made;
}

function hasOwn(object: Value, key: Key | undefined): Value {
  if (!isThing(object) || key === undefined || object.proxy) return SOME_BOOLEAN;
  const own = ownProperty(object, key);
  return own === 'unknown' ? SOME_BOOLEAN : primitive(own !== undefined);
}

function tagged(run: Run, { node, self }: Call): Value {
  if (isPrimitive(self)) return SOME_STRING;
  const tag = getMember(run, node, self, Symbol.toStringTag, 'this');
  if (isPrimitive(tag) && typeof tag.value === 'string') return primitive(`[object ${tag.value}]`);
  if (!isPrimitive(tag) || !isThing(self) || self.isOpen || self.host) return SOME_STRING;
  const kind = self.isFunction
    ? 'Function'
    : self.brand === 'Array'
      ? 'Array'
      : self.brand?.endsWith('Error')
        ? 'Error'
        : 'Object';
  return primitive(`[object ${kind}]`);
}
