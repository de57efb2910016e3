import type ts from 'typescript';
import { defineMember, findProperty, getMember, isIndex, nameOf, ownKeys, ownProperty } from '../objects.ts';
import { isSame } from '../operators.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  primitive,
  truth,
  UNDEFINED,
  UNKNOWN,
  type Key,
  type Property,
  type Thing,
  type Value,
} from '../values.ts';

/** What `Object.defineProperties` does. */
export function defineAll(run: Run, node: ts.Node, object: Value, descriptors: Value): void {
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
  const isRefused = known ? known.isFixed === true && isOther(known, property) : object.isSealed;
  if (isRefused) run.fail(node, `${nameOf(key)} cannot be defined there`);
  if (object.brand === 'Array' && key === 'length') {
    run.unknown();
    run.forget(object);
    return;
  }
  const isPlain = !property.isReadOnly && !property.isFixed && !property.isHidden;
  if (isIndex(key) && !isPlain) object.elements = undefined;
  defineMember(run, object, key, property);
}

/** Whether a member that is fixed would be another one. */
function isOther(known: Property, property: Property): boolean {
  const isAccessor = property.isAccessor === true;
  const isHidden = property.isHidden === true;
  if (property.isFixed !== true || isHidden !== (known.isHidden === true)) return true;
  if (isAccessor !== (known.isAccessor === true)) return true;
  if (isAccessor) return property.get !== known.get || property.set !== known.set;
  const isSet = property.isReadOnly !== true || isSame(known.value, property.value) === false;
  return known.isReadOnly === true && isSet;
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
  const isStill = known?.isAccessor === true && !(value ?? writable);
  if ((get ?? set) || isStill) {
    const before = isStill ? known : undefined;
    const functions = { ...functionOf('get', get, before), ...functionOf('set', set, before) };
    return { value: UNDEFINED, isAccessor: true, ...functions, ...flags };
  }
  const isReadOnly = !flag(writable, known ? known.isReadOnly !== true : false);
  return { value: value ?? known?.value ?? UNDEFINED, isReadOnly, ...flags };
}

/** What a descriptor does not say stays as it was. */
function functionOf(
  name: 'get' | 'set',
  said: Value | undefined,
  before: Property | undefined,
): Pick<Property, 'get' | 'set'> {
  const value = said ?? before?.[name];
  return value && isThing(value) ? { [name]: value } : {};
}

/** What `Object.getOwnPropertyDescriptor` gives. */
export function described(run: Run, object: Value, key: Key | undefined): Value | undefined {
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

/** What `Object.freeze`, `Object.seal` and `Object.preventExtensions` do. */
export function lock(run: Run, value: Value, isFrozen: boolean | undefined): Value {
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
