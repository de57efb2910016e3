import type ts from 'typescript';
import { symbolOf } from './realm.ts';
import type { Run } from './run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  named,
  primitive,
  truth,
  UNDEFINED,
  UNKNOWN,
  type Key,
  type Primitive,
  type Property,
  type Thing,
  type Value,
} from './values.ts';

/** Arrays that are longer are not followed. */
export const LONGEST_ARRAY = 10_000;

/** What a member gives. `key` is undefined where the text does not tell it. */
export function getMember(run: Run, node: ts.Node, object: Value, key: Key | undefined, text: string): Value {
  if (isNothing(object)) {
    run.fail(node, `${text} is ${object.type}, so that nothing can be read from it`);
  }
  if (isPrimitive(object)) return memberOfPrimitive(run, node, object, key);
  return isThing(object) && key !== undefined ? getFrom(run, node, object, key, object) : run.unknown();
}

/** A member that is looked for in one object and read as one of another: what `super.member` does. */
export function getFrom(run: Run, node: ts.Node, object: Thing, key: Key, self: Value): Value {
  if (object.proxy) return getThroughProxy(run, node, object, key);
  const property = findProperty(object, key);
  if (property === 'unknown') return run.unknown();
  if (property === undefined) return UNDEFINED;
  if (property.get) return run.call(property.get, { node, self, args: [], isNew: false });
  return property.isAccessor === true ? UNDEFINED : property.value;
}

function getThroughProxy(run: Run, node: ts.Node, object: Thing, key: Key): Value {
  const { target, handler } = object.proxy ?? { target: UNKNOWN, handler: UNKNOWN };
  const trap = getMember(run, node, handler, 'get', 'the handler');
  if (isNothing(trap)) return getMember(run, node, target, key, 'the target');
  return run.call(trap, { node, self: handler, args: [target, keyValue(key), object], isNew: false });
}

export function keyValue(key: Key): Value {
  return primitive(key);
}

/** The member of an object or of what it inherits from; undefined when there is none for sure. */
export function findProperty(object: Thing, key: Key): Property | 'unknown' | undefined {
  for (let at: Thing | null | undefined = object; at !== null; at = at.proto) {
    if (at === undefined || at.proxy) return 'unknown';
    const own = ownProperty(at, key);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** Its own member; undefined when there is none for sure. */
export function ownProperty(object: Thing, key: Key): Property | 'unknown' | undefined {
  const kept = object.properties.get(key);
  if (kept) return kept;
  if (object.brand === 'Array' || object.elements) {
    const element = elementProperty(object, key);
    if (element !== undefined) return element;
  }
  if (object.brand === 'RegExp' && key === 'lastIndex')
    return { value: { kind: 'primitive', type: 'number' }, isFixed: true, isHidden: true };
  if (isBytes(object) && isIndex(key)) return byteAt(object, Number(key));
  if (object.brand === 'String' && (key === 'length' || isIndex(key))) return partOfText(object, key);
  const found = object.lookup?.(key);
  if (found !== undefined) {
    // What is made when it is asked for stays the same from then on.
    if (found !== 'unknown' && (object.native || object.code)) object.properties.set(key, found);
    return found;
  }
  return object.isOpen ? 'unknown' : undefined;
}

/** One of the arrays that hold numbers of one size. */
function isBytes({ brand }: Thing): boolean {
  return brand !== undefined && /^(?:Big)?(?:Uint|Int|Float)\d+(?:Clamped)?Array$/.test(brand);
}

function byteAt({ host }: Thing, index: number): Property | 'unknown' | undefined {
  if (!host) return 'unknown';
  const value = (host as ArrayLike<number | bigint>)[index];
  return value === undefined ? undefined : { value: primitive(value) };
}

/** Of an object that `new String()` makes. */
function partOfText({ host }: Thing, key: string): Property | 'unknown' | undefined {
  if (!host) return 'unknown';
  const text = Object.values(host).join('');
  const own = { isReadOnly: true, isFixed: true } as const;
  if (key === 'length') return { value: primitive(text.length), isHidden: true, ...own };
  const character = text[Number(key)];
  return character === undefined ? undefined : { value: primitive(character), ...own };
}

function elementProperty({ elements, isFrozen }: Thing, key: Key): Property | 'unknown' | undefined {
  if (key === 'length') {
    if (!elements) return 'unknown';
    return { value: primitive(elements.length), isFixed: true, isHidden: true, ...readOnly(isFrozen) };
  }
  if (!isIndex(key)) return undefined;
  if (!elements) return 'unknown';
  const value = elements[Number(key)];
  return value && { value, ...readOnly(isFrozen) };
}

function readOnly(isFrozen: boolean): { isReadOnly?: true; isFixed?: true } {
  return isFrozen ? { isReadOnly: true, isFixed: true } : {};
}

export function isIndex(key: Key): key is string {
  return typeof key === 'string' && /^(?:0|[1-9]\d{0,8})$/.test(key);
}

export function setMember(
  run: Run,
  node: ts.Node,
  object: Value,
  key: Key | undefined,
  value: Value,
  text: string,
): void {
  if (isNothing(object)) run.fail(node, `${text} is ${object.type}, so that nothing can be set on it`);
  if (isPrimitive(object)) {
    const shared = key === undefined ? undefined : findProperty(sharedBy(run, object), key);
    if (shared !== 'unknown' && shared?.set)
      run.call(shared.set, { node, self: object, args: [value], isNew: false });
    else if (shared !== 'unknown' && key !== undefined)
      run.fail(node, `${text} is ${named(object)}, on which nothing can be set`);
    return;
  }
  if (!isThing(object)) {
    run.escape(value);
    run.unknown();
    return;
  }
  if (object.proxy) {
    setThroughProxy(run, node, object, key, value);
    return;
  }
  if (key === undefined) {
    setSomewhere(run, node, object, value, text);
    return;
  }
  const known = findProperty(object, key);
  if (known === 'unknown') {
    run.escape(value);
    run.unknown();
    if (!object.hasEscaped && object.brand !== 'Array') object.properties.set(key, { value: UNKNOWN });
    return;
  }
  if (known?.set) {
    run.call(known.set, { node, self: object, args: [value], isNew: false });
    return;
  }
  if (known?.isAccessor === true) run.fail(node, `${nameOf(key)} has a getter and no setter`);
  if (known?.isReadOnly === true) run.fail(node, `${nameOf(key)} cannot be set`);
  const own = ownProperty(object, key);
  if (own === undefined && object.isSealed)
    run.fail(node, `nothing can be added to ${text}, which is frozen, sealed or the like`);
  if (object.hasEscaped) run.escape(value);
  write(run, node, object, key, value);
}

function setThroughProxy(run: Run, node: ts.Node, object: Thing, key: Key | undefined, value: Value): void {
  const { target, handler } = object.proxy ?? { target: UNKNOWN, handler: UNKNOWN };
  const trap = getMember(run, node, handler, 'set', 'the handler');
  if (isNothing(trap)) {
    setMember(run, node, target, key, value, 'the target');
    return;
  }
  const name = key === undefined ? UNKNOWN : keyValue(key);
  const result = run.call(trap, { node, self: handler, args: [target, name, value, object], isNew: false });
  if (truth(result) === false) run.fail(node, 'the proxy does not take this');
}

function setSomewhere(run: Run, node: ts.Node, object: Thing, value: Value, text: string): void {
  if (object.isSealed && [...object.properties.values()].every(({ isReadOnly }) => isReadOnly === true)) {
    run.fail(node, `${text} is frozen, so that nothing can be set on it`);
  }
  run.escape(value);
  run.unknown();
  run.changes += 1;
  object.elements = undefined;
  object.isOpen = true;
  for (const property of object.properties.values()) property.value = UNKNOWN;
}

/** Sets a member of the object itself, whatever it was. */
function write(run: Run, node: ts.Node, object: Thing, key: Key, value: Value): void {
  run.changes += 1;
  const next = run.isCertain ? value : UNKNOWN;
  if (!run.isCertain) {
    run.escape(value);
    const before = object.properties.get(key);
    if (before) run.escape(before.value);
  }
  const isElement =
    object.brand === 'Arguments' && isIndex(key) && Number(key) < (object.elements?.length ?? 0);
  if (isElement || (object.brand === 'Array' && (key === 'length' || isIndex(key)))) {
    writeElement(run, node, object, key, next);
    return;
  }
  if (isBytes(object) && isIndex(key)) {
    writeByte(run, node, object, Number(key), next);
    return;
  }
  const own = object.properties.get(key);
  if (own) own.value = next;
  else object.properties.set(key, { value: next });
}

function writeByte(run: Run, node: ts.Node, object: Thing, index: number, value: Value): void {
  const isBig = object.brand?.startsWith('Big') === true;
  if (
    isPrimitive(value) &&
    value.type !== (isBig ? 'bigint' : 'number') &&
    (isBig || value.type === 'bigint' || value.type === 'symbol')
  )
    run.fail(node, `${named(value)} is nothing that can be kept there`);
  if (!object.host || !isPrimitive(value) || value.value === undefined) object.host = undefined;
  else Reflect.set(object.host, index, value.value);
}

function writeElement(run: Run, node: ts.Node, object: Thing, key: string, value: Value): void {
  const { elements } = object;
  if (!elements) return;
  if (key === 'length') {
    const length = isPrimitive(value) ? value.value : undefined;
    const isKnown = length !== undefined && typeof length !== 'symbol';
    const count = isKnown ? Number(length) : NaN;
    if (isKnown && count >>> 0 !== count) run.fail(node, 'this is no length', 'type', 'RangeError');
    if (isKnown && count <= LONGEST_ARRAY) elements.length = count;
    else object.elements = undefined;
    return;
  }
  const index = Number(key);
  if (index >= LONGEST_ARRAY || !run.isCertain) object.elements = undefined;
  else elements[index] = value;
}

/** Gives an object a member of its own, as a literal, a field or `Object.defineProperty` do. */
export function defineMember(run: Run, object: Thing, key: Key, property: Property): void {
  run.changes += 1;
  if (object.hasEscaped) {
    run.escape(property.value);
    property.value = UNKNOWN;
  }
  const isElement = object.brand === 'Array' && isIndex(key);
  if (isElement && object.elements && property.isAccessor !== true && run.isCertain) {
    if (Number(key) < LONGEST_ARRAY) object.elements[Number(key)] = property.value;
    else object.elements = undefined;
    return;
  }
  if (isElement) object.elements = undefined;
  if (!run.isCertain) {
    for (const each of [property.value, property.get, property.set]) if (each) run.escape(each);
    object.isOpen = true;
    object.properties.set(key, { value: UNKNOWN });
    return;
  }
  object.properties.set(key, property);
}

export function deleteMember(
  run: Run,
  node: ts.Node,
  object: Value,
  key: Key | undefined,
  text: string,
): Value {
  if (isNothing(object)) run.fail(node, `${text} is ${object.type}, so that nothing can be deleted from it`);
  if (isPrimitive(object) && typeof object.value === 'string') {
    const isOwn =
      key === 'length' || (key !== undefined && isIndex(key) && Number(key) < object.value.length);
    if (isOwn) run.fail(node, `${nameOf(key)} cannot be deleted`);
  }
  if (!isThing(object)) return primitive(true);
  if (object.proxy) {
    run.escape(object.proxy.handler);
    return run.unknown();
  }
  if (key === undefined) {
    run.forget(object);
    object.isOpen = true;
    return run.unknown();
  }
  const own = ownProperty(object, key);
  if (own === 'unknown') return run.unknown();
  if (own?.isFixed === true) run.fail(node, `${nameOf(key)} cannot be deleted`);
  if (own === undefined) return primitive(true);
  run.changes += 1;
  if (!run.isCertain) {
    object.isOpen = true;
    object.elements = undefined;
    own.value = UNKNOWN;
  } else if (object.elements && isIndex(key)) {
    object.elements[Number(key)] = undefined;
  } else {
    object.properties.delete(key);
    const { lookup } = object;
    if (lookup) object.lookup = (other) => (other === key ? undefined : lookup(other));
  }
  return primitive(true);
}

/** Undefined when it is not known. */
export function hasMember(run: Run, node: ts.Node, object: Thing, key: Key | undefined): boolean | undefined {
  if (object.proxy) {
    const trap = getMember(run, node, object.proxy.handler, 'has', 'the handler');
    if (!isNothing(trap) && key !== undefined)
      run.call(trap, {
        node,
        self: object.proxy.handler,
        args: [object.proxy.target, keyValue(key)],
        isNew: false,
      });
    return undefined;
  }
  const found = key === undefined ? 'unknown' : findProperty(object, key);
  return found === 'unknown' ? undefined : found !== undefined;
}

/** Its own enumerable members with names, in their order; undefined when the text does not tell. */
export function ownKeys(object: Thing): string[] | undefined {
  if (object.isOpen || object.proxy || object.native || (object.brand === 'Array' && !object.elements))
    return undefined;
  const indexes = (object.elements ?? []).flatMap((each, index) => (each ? [String(index)] : []));
  const named = [...object.properties].flatMap(([key, { isHidden }]) =>
    typeof key === 'string' && isHidden !== true ? [key] : [],
  );
  const isNumber = (key: string): boolean => isIndex(key);
  return [
    ...indexes,
    ...named.filter(isNumber).sort((a, b) => Number(a) - Number(b)),
    ...named.filter((key) => !isNumber(key)),
  ];
}

function memberOfPrimitive(run: Run, node: ts.Node, object: Primitive, key: Key | undefined): Value {
  const { value } = object;
  if (key === undefined) return run.unknown();
  if (object.type === 'string') {
    if (key === 'length') return typeof value === 'string' ? primitive(value.length) : primitiveOf('number');
    if (isIndex(key)) {
      if (typeof value !== 'string') return UNKNOWN;
      const character = value[Number(key)];
      return character === undefined ? UNDEFINED : primitive(character);
    }
  }
  return getFrom(run, node, sharedBy(run, object), key, object);
}

function primitiveOf(type: Primitive['type']): Primitive {
  return { kind: 'primitive', type };
}

/** What a text, number or the like has its members from. */
export function sharedBy(run: Run, { type }: Primitive): Thing {
  return run.realm.proto(CLASSES.get(type) ?? 'Object');
}

const CLASSES: ReadonlyMap<Primitive['type'], string> = new Map<Primitive['type'], string>([
  ['string', 'String'],
  ['number', 'Number'],
  ['boolean', 'Boolean'],
  ['bigint', 'BigInt'],
  ['symbol', 'Symbol'],
]);

export function nameOf(key: Key): string {
  return typeof key === 'symbol' ? (key.description ?? 'this member') : key;
}

/** Undefined when it is not known, null when there is none. */
export function methodOf(run: Run, node: ts.Node, object: Value, name: string): Value | null | undefined {
  const method = getMember(run, node, object, symbolOf(name), 'this');
  if (isNothing(method)) return null;
  return isPrimitive(method) || isThing(method) ? method : undefined;
}
