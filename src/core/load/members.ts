import ts from 'typescript';
import type { Run } from './run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  nativeFunction,
  primitive,
  settled,
  SOME_STRING,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Primitive,
  type Property,
  type Settled,
  type Value,
} from './values.ts';

/** What a member gives. `key` is undefined where the text does not tell it. */
export function getMember(
  run: Run,
  node: ts.Node,
  object: Value,
  key: string | undefined,
  text: string,
): Value {
  if (isNothing(object)) {
    run.fail(node, `${text} is ${object.type}, so that nothing can be read from it`);
  }
  if (isPrimitive(object)) return memberOfPrimitive(run, object, key);
  if (!isThing(object) || key === undefined) return run.unknown();
  const property = propertyOf(run, object, key);
  if (property === 'unknown') return run.unknown();
  if (property === undefined) return UNDEFINED;
  if (property.get) return run.call(property.get, { node, self: object, args: [], isNew: false });
  return property.set ? UNDEFINED : property.value;
}

/** The member itself; undefined when there is none for sure. */
export function propertyOf(run: Run, object: Thing, key: string): Property | 'unknown' | undefined {
  const own = object.properties.get(key);
  if (own) return own;
  if (object.lookup) return { value: object.lookup(key) };
  if (object.elements) {
    if (key === 'length') return { value: primitive(object.elements.length) };
    const element = /^\d+$/.test(key) ? object.elements[Number(key)] : undefined;
    if (element !== undefined) return { value: element };
    const method = arrayMethod(run, object, key);
    if (method) return { value: method };
    if (/^\d+$/.test(key) && !object.isOpen) return run.isPolluted ? 'unknown' : undefined;
    return 'unknown';
  }
  if (object.promise) {
    const method = promiseMethod(run, object.promise, key);
    if (method) return { value: method };
  }
  if (key === 'call' && object.code) return { value: callMethod(run, object) };
  if (object.isOpen || run.isPolluted || object.isFunction || key in SHARED_BY_ALL) return 'unknown';
  if (!object.of) return undefined;
  return ofClass(run, object.of, key);
}

/** What every object has from its prototype. */
const SHARED_BY_ALL: object = {};

function ofClass(run: Run, made: Thing, key: string): Property | 'unknown' | undefined {
  const shared = made.shared?.properties.get(key);
  if (shared) return shared;
  if (made.hasEscaped || made.class === undefined) return 'unknown';
  const { base } = made.class;
  if (base === undefined) return undefined;
  return isThing(base) ? ofClass(run, base, key) : 'unknown';
}

export function setMember(
  run: Run,
  node: ts.Node,
  object: Value,
  key: string | undefined,
  value: Value,
  text: string,
): void {
  if (isNothing(object)) run.fail(node, `${text} is ${object.type}, so that nothing can be set on it`);
  if (isPrimitive(object)) run.fail(node, `${text} is a ${object.type}, on which nothing can be set`);
  if (!isThing(object)) {
    run.escape(value);
    run.unknown();
    return;
  }
  if (object.isFrozen) run.fail(node, `${text} is frozen, so that nothing can be set on it`);
  if (object.native && object.native.name !== 'globalThis') run.isPolluted = true;
  if (key === undefined || key === '__proto__') {
    run.escape(value);
    object.isOpen = true;
    for (const property of object.properties.values()) property.value = UNKNOWN;
    return;
  }
  setProperty(run, node, object, key, value);
}

function setProperty(run: Run, node: ts.Node, object: Thing, key: string, value: Value): void {
  const known = propertyOf(run, object, key);
  if (known === 'unknown' || known === undefined) {
    if (object.hasEscaped) run.escape(value);
    if (object.elements) {
      object.elements = undefined;
      object.isOpen = true;
    }
    object.properties.set(key, {
      value: run.isCertain && known === undefined ? value : known === undefined ? UNKNOWN : value,
    });
    return;
  }
  if (known.set) {
    run.call(known.set, { node, self: object, args: [value], isNew: false });
  } else if (known.get || known.isReadOnly === true) {
    run.fail(node, `${key} cannot be set`);
  } else if (object.elements) {
    object.elements = undefined;
    object.isOpen = true;
  } else {
    const next = run.isCertain ? value : UNKNOWN;
    const own = object.properties.get(key);
    if (own) own.value = next;
    else object.properties.set(key, { value: next });
  }
}

function memberOfPrimitive(run: Run, { type, value }: Primitive, key: string | undefined): Value {
  if (key === undefined || run.isPolluted) return UNKNOWN;
  if (typeof value === 'string' && key === 'length') return primitive(value.length);
  if (typeof value === 'string' && /^\d+$/.test(key)) {
    const character = value[Number(key)];
    return character === undefined ? UNDEFINED : primitive(character);
  }
  const shared = PROTOTYPES.get(type);
  return shared === undefined || key in shared || (type === 'string' && /^\d/.test(key))
    ? UNKNOWN
    : UNDEFINED;
}

/** Every string, number and the like has the members of these. */
const PROTOTYPES: ReadonlyMap<Primitive['type'], object> = new Map<Primitive['type'], object>([
  ['string', String.prototype],
  ['number', Number.prototype],
  ['boolean', Boolean.prototype],
  ['bigint', BigInt.prototype],
  ['symbol', Symbol.prototype],
]);

function callMethod(run: Run, callee: Thing): Thing {
  return nativeFunction('call', ({ node, args: [self = UNDEFINED, ...args] }) =>
    run.call(callee, { node, self, args, isNew: false }),
  );
}

/** What is given to it runs later, when nothing more is known. */
function promiseMethod(run: Run, promise: Settled, key: string): Thing | undefined {
  if (key !== 'then' && key !== 'catch' && key !== 'finally') return undefined;
  return nativeFunction(key, ({ node, args }) => {
    const [first] = args;
    if (key === 'then' && promise.state === 'fulfilled' && first && isThing(first) && isWaitedFor(node)) {
      return followed(run, first, node, promise.value);
    }
    for (const argument of args) run.escape(argument);
    const isCaught = promise.state === 'rejected' && (key === 'catch' || (key === 'then' && args.length > 1));
    const stays = promise.state === 'pending' || (promise.state === 'rejected' && !isCaught);
    return settled(stays ? promise : { state: 'unknown' });
  });
}

function followed(run: Run, callback: Thing, node: ts.Node, value: Value): Thing {
  const { thrown, isCertain } = run.guarded(() =>
    run.call(callback, { node, self: UNDEFINED, args: [value], isNew: false }),
  );
  return settled(thrown && isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' });
}

function isWaitedFor(call: ts.Node): boolean {
  let at = call.parent;
  while (ts.isParenthesizedExpression(at)) at = at.parent;
  return ts.isAwaitExpression(at);
}

/** Those that call what they are given, at once and for each element. */
const FOR_EACH: ReadonlySet<string> = new Set([
  'forEach',
  'map',
  'filter',
  'flatMap',
  'some',
  'every',
  'find',
  'findIndex',
]);

function arrayMethod(run: Run, array: Thing, key: string): Thing | undefined {
  const { elements } = array;
  if (!elements || !FOR_EACH.has(key)) return undefined;
  return nativeFunction(key, ({ node, args: [callback = UNDEFINED] }) => {
    if (!isThing(callback) && callback.kind !== 'unknown') run.fail(node, `${key}() is given no function`);
    const results = elements.map((element, index) => {
      const callOne = (): Value =>
        run.call(callback, { node, self: UNDEFINED, args: [element, primitive(index), array], isNew: false });
      // Those that stop early may not get to what comes later.
      return index === 0 || !STOPPING.has(key) ? callOne() : run.perhaps(callOne);
    });
    if (key === 'map') return arrayOf(results);
    return key === 'forEach' ? UNDEFINED : UNKNOWN;
  });
}

const STOPPING: ReadonlySet<string> = new Set(['some', 'every', 'find', 'findIndex']);

export function arrayOf(elements: readonly Value[]): Thing {
  const made = new Thing();
  made.elements = [...elements];
  return made;
}

/** The values that a loop or a spread takes one after the other; undefined when the text does not tell. */
export function elementsOf(
  run: Run,
  node: ts.Node,
  value: Value,
  text: string,
): readonly Value[] | undefined {
  if (isPrimitive(value)) {
    if (value.type !== 'string')
      run.fail(node, `${text} is ${named(value.type)}, of which nothing can be taken one by one`);
    return typeof value.value === 'string' ? Array.from(value.value, primitive) : undefined;
  }
  if (!isThing(value)) {
    run.unknown();
    return undefined;
  }
  if (value.elements && !value.isOpen) return value.elements;
  const isPlain = !value.isOpen && !value.isFunction && !value.of && !run.isPolluted;
  if (isPlain || value.code || (value.class && value.class.base === undefined && !value.isOpen)) {
    run.fail(node, `${text} is not iterable`);
  }
  run.escape(value);
  run.unknown();
  return undefined;
}

function named(type: string): string {
  return type === 'undefined' || type === 'null' ? type : `a ${type}`;
}

/** What `typeof` says; undefined where it is not known. */
export function typeOf(value: Value): Value {
  if (isThing(value)) {
    if (value.isFunction) return primitive('function');
    return value.isOpen && value.native === undefined && value.of === undefined && value.properties.size === 0
      ? SOME_STRING
      : primitive('object');
  }
  if (!isPrimitive(value)) return SOME_STRING;
  return primitive(value.type === 'null' ? 'object' : value.type);
}
