import type ts from 'typescript';
import { toKey } from '../conversions.ts';
import { iterate } from '../iteration.ts';
import {
  defineMember,
  findProperty,
  getMember,
  isIndex,
  nameOf,
  ownKeys,
  ownProperty,
  setMember,
  sharedBy,
} from '../objects.ts';
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
  truth,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Key,
  type Property,
  type Value,
} from '../values.ts';
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
  add: (key: string, value: Value) => void,
): void {
  run.decisions += 1;
  if (isPrimitive(source)) {
    if (typeof source.value === 'string')
      source.value.split('').forEach((value, index) => add(String(index), primitive(value)));
    return;
  }
  const keys = isThing(source) && !source.host ? ownKeys(source) : undefined;
  if (!keys) {
    run.escape(source);
    run.unknown();
    return;
  }
  for (const key of keys) {
    run.step();
    add(key, getMember(run, node, source, key, 'this'));
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

function defineAll(run: Run, node: ts.Node, object: Value, descriptors: Value): void {
  if (isNothing(descriptors)) run.fail(node, `${descriptors.type} describes no members`);
  const keys = isThing(descriptors) ? ownKeys(descriptors) : [];
  if (!keys) {
    run.escape(descriptors);
    run.escape(object);
  }
  for (const key of keys ?? [])
    define(run, node, object, key, getMember(run, node, descriptors, key, 'this'));
}

/** What `Object.defineProperty` does. */
export function define(
  run: Run,
  node: ts.Node,
  object: Value,
  key: Key | undefined,
  descriptor: Value,
): void {
  if (isPrimitive(descriptor)) run.fail(node, 'a member is described by an object');
  if (!isThing(object) || !isThing(descriptor) || key === undefined || descriptor.isOpen) {
    run.escape(object);
    run.escape(descriptor);
    run.unknown();
    return;
  }
  const known = ownProperty(object, key);
  const property = describedBy(run, node, descriptor, known === 'unknown' ? undefined : known);
  if (known === 'unknown') {
    run.unknown();
    object.properties.set(key, { value: UNKNOWN });
    return;
  }
  const isSame = known && property.isAccessor !== true && isSameValue(known.value, property.value);
  const isFree = known
    ? known.isFixed !== true || (known.isReadOnly !== true && !property.isAccessor)
    : !object.isSealed;
  if (!isFree && !isSame) run.fail(node, `${nameOf(key)} cannot be defined there`);
  if (isIndex(key) && object.brand === 'Array' && property.isReadOnly === true) object.elements = undefined;
  defineMember(run, object, key, property);
}

function isSameValue(a: Value, b: Value): boolean {
  return isSame(a, b) !== false;
}

function describedBy(run: Run, node: ts.Node, descriptor: Thing, known: Property | undefined): Property {
  const part = (name: string): Value | undefined => {
    const found = findProperty(descriptor, name);
    return found === undefined ? undefined : getMember(run, node, descriptor, name, 'this');
  };
  const [get, set, value, writable, enumerable, configurable] = [
    'get',
    'set',
    'value',
    'writable',
    'enumerable',
    'configurable',
  ].map(part);
  for (const accessor of [get, set]) {
    const isNone = accessor && isPrimitive(accessor) && accessor.type !== 'undefined';
    if (isNone || (accessor && isThing(accessor) && !accessor.isFunction && !accessor.isOpen))
      run.fail(node, 'a getter or setter is no function');
  }
  if ((get ?? set) && (value ?? writable)) run.fail(node, 'a member has a getter or setter and a value');
  const flag = (said: Value | undefined, before: boolean): boolean => (said ? truth(said) === true : before);
  const flags = {
    isFixed: !flag(configurable, known ? known.isFixed !== true : false),
    isHidden: !flag(enumerable, known ? known.isHidden !== true : false),
  };
  if (get ?? set) {
    const functions = { ...(get && isThing(get) && { get }), ...(set && isThing(set) && { set }) };
    return { value: UNDEFINED, isAccessor: true, ...functions, ...flags };
  }
  const isReadOnly = !flag(writable, known ? known.isReadOnly !== true : false);
  return { value: value ?? known?.value ?? UNDEFINED, isReadOnly, ...flags };
}

function described(run: Run, object: Value, key: Key | undefined): Value | undefined {
  const own = isThing(object) && key !== undefined && !object.proxy ? ownProperty(object, key) : 'unknown';
  if (own === 'unknown') return undefined;
  if (own === undefined) return UNDEFINED;
  const made = run.realm.plain();
  const add = (name: string, value: Value): unknown => made.properties.set(name, { value });
  if (own.isAccessor === true) {
    add('get', own.get ?? UNDEFINED);
    add('set', own.set ?? UNDEFINED);
  } else {
    add('value', own.value);
    add('writable', primitive(own.isReadOnly !== true));
  }
  add('enumerable', primitive(own.isHidden !== true));
  add('configurable', primitive(own.isFixed !== true));
  return made;
}

function hasOwn(object: Value, key: Key | undefined): Value {
  if (!isThing(object) || key === undefined || object.proxy) return SOME_BOOLEAN;
  const own = ownProperty(object, key);
  return own === 'unknown' ? SOME_BOOLEAN : primitive(own !== undefined);
}

/** What `Object.setPrototypeOf` and `__proto__` do. */
export function setPrototype(run: Run, node: ts.Node, object: Value, proto: Value): void {
  if (isPrimitive(proto) && proto.type !== 'null') run.fail(node, 'a prototype is an object or null');
  if (!isThing(object) || object.proxy) return;
  const next = isThing(proto) ? proto : isPrimitive(proto) ? null : undefined;
  if (object.isSealed && next !== object.proto) run.fail(node, 'the prototype of this object cannot be set');
  for (let at: Thing | null | undefined = next; at; at = at.proto)
    if (at === object) run.fail(node, 'an object would inherit from itself');
  run.changes += 1;
  if (run.isCertain) object.proto = next;
  else run.escape(object);
}

function lock(run: Run, value: Value, isFrozen: boolean | undefined): Value {
  if (!isThing(value)) return value;
  run.changes += 1;
  if (!run.isCertain || value.proxy) {
    run.escape(value);
    return value;
  }
  value.isSealed = true;
  for (const property of value.properties.values()) {
    if (isFrozen !== undefined) property.isFixed = true;
    if (isFrozen === true && property.isAccessor !== true) property.isReadOnly = true;
  }
  if (isFrozen === true) value.isFrozen = true;
  return value;
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
