import { isIndex, ownKeys } from '../objects.ts';
import { LONGEST_TEXT } from '../operators.ts';
import type { Run } from '../run.ts';
import { SHAPES } from '../runtimeShapes.ts';
import {
  isPrimitive,
  isThing,
  knownPrimitive,
  NULL,
  openObject,
  primitive,
  Thing,
  UNDEFINED,
  type Call,
  type Primitive,
  type Value,
} from '../values.ts';
import { isTooMuch } from './bounds.ts';

/**
 * Calls what JavaScript itself has when everything is known that it is given: it does the same here and in the
 * runtime. Undefined where that cannot be said, or where it would take long.
 */
export function callReal(run: Run, path: string, call: Call): Value | undefined {
  const { node, self, args, isNew } = call;
  if (!isReal(path, isNew)) return undefined;
  const target = memberOfThisProcess(path);
  const isMethod = path.includes('.prototype.');
  const owner = isMethod ? toReal(self) : { is: undefined };
  const given = args.map((each) => toReal(each));
  if (typeof target !== 'function' || !owner || !given.every((each) => each !== undefined)) return undefined;
  const values = given.map(({ is }) => is);
  if (isTooMuch(path, owner.is, values)) return undefined;
  run.step(5 + sizeOf(owner.is) / 100);
  if (isMethod && isThing(self) && !run.isCertain && CHANGING.test(path)) return undefined;
  if (ATOMIC.test(path)) {
    if (!run.isCertain) return undefined;
    run.changes += 1;
  }
  if (isMethod && isThing(self)) run.changes += 1;
  const result = attempted(run, node, spoken(path, isNew), (): unknown =>
    isNew ? Reflect.construct(target, values) : Reflect.apply(target, owner.is, values),
  );
  if (typeof result === 'function') return functionFrom(run, path, result);
  const known = fromReal(run, result, 0);
  return known && isLocal(path) ? typeOnly(known) : known;
}

function attempted(run: Run, node: Call['node'], name: string, make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'Error';
    return run.fail(node, `${name} does not take this`, 'type', kind in SHAPES ? kind : 'TypeError');
  }
}

/** Such as what the member `format` of what formats numbers gives. */
function functionFrom(run: Run, path: string, result: unknown): Value | undefined {
  if (typeof result !== 'function') return undefined;
  return run.realm.function(path, ({ node, args }) => {
    const given = args.map((each) => toReal(each));
    if (!given.every((each) => each !== undefined)) return run.unknown();
    const made = attempted(run, node, spoken(path, false), (): unknown =>
      Reflect.apply(
        result,
        undefined,
        given.map(({ is }) => is),
      ),
    );
    return typeOnly(fromReal(run, made, 0) ?? run.unknown());
  });
}

/** As people write it. */
export function spoken(path: string, isNew: boolean): string {
  return isNew ? `new ${path}()` : `${path.replace(/^.*\.prototype\./, '').replace('@', 'Symbol.')}()`;
}

const FUNCTIONS: ReadonlySet<string> = new Set(
  `String.fromCharCode String.fromCodePoint Number BigInt BigInt.asIntN BigInt.asUintN Symbol.for Symbol.keyFor parseInt
  parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape atob btoa
  Date.UTC URL.canParse URL.parse Intl.getCanonicalLocales Intl.supportedValuesOf RegExp Boolean`.split(
    /\s+/,
  ),
);

const CLASSES: ReadonlySet<string> = new Set(
  `RegExp Date URL URLSearchParams Headers FormData ArrayBuffer DataView TextEncoder TextDecoder Number String Boolean Int8Array
  Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array
  Float64Array Intl.DateTimeFormat Intl.NumberFormat Intl.Collator Intl.PluralRules Intl.RelativeTimeFormat
  Intl.ListFormat Intl.Locale Intl.DisplayNames Intl.Segmenter`.split(/\s+/),
);

const CALLABLE: ReadonlySet<string> = new Set(['Intl.DateTimeFormat', 'Intl.NumberFormat', 'Intl.Collator']);

/** Their methods. Those that take a regular expression or call what they are given are not among them. */
const SHARED =
  /^(?:Number|BigInt|Boolean|Symbol|Date|URL|URLSearchParams|Headers|FormData|ArrayBuffer|DataView|TextEncoder|TextDecoder|Intl\.\w+)\.prototype\.(?!forEach$|entries$|keys$|values$|@iterator$|setTime$)/;

const OF_TEXTS =
  /^String\.prototype\.(?:at|charAt|charCodeAt|codePointAt|concat|endsWith|includes|indexOf|isWellFormed|lastIndexOf|localeCompare|normalize|padEnd|padStart|repeat|replace|replaceAll|slice|split|startsWith|substring|substr|toLocaleLowerCase|toLocaleUpperCase|toLowerCase|toString|toUpperCase|toWellFormed|trim|trimEnd|trimStart|valueOf)$/;

const OF_BYTES =
  /^TypedArray\.prototype\.(?:at|buffer|byteLength|byteOffset|length|copyWithin|fill|includes|indexOf|join|lastIndexOf|reverse|set|slice|subarray|toReversed|with)$/;

const OF_PATTERNS =
  /^RegExp\.prototype\.(?:dotAll|flags|global|hasIndices|ignoreCase|multiline|source|sticky|unicode|unicodeSets|toString)$/;

/** Only with objects that belong to one who knows what they are. */
const CHANGING = /\.prototype\.(?:set\w*|append|delete|sort|fill|reverse|copyWithin|\w+=)$/;

/** What they give depends on where the process runs, and on how new it is. */
const LOCAL =
  /^Intl\.|\.toLocale|\.localeCompare$|^Date\.prototype\.(?!toISOString$|toJSON$|getTime$|valueOf$|getUTC|setUTC)|^Intl/;

function isLocal(path: string): boolean {
  return LOCAL.test(path);
}

/** Those that change what they are given say what was there, and need to know that they are called. */
const ATOMIC =
  /^Atomics\.(?:add|and|compareExchange|exchange|isLockFree|load|notify|or|pause|store|sub|xor)$/;

function isReal(path: string, isNew: boolean): boolean {
  if (isNew) return CLASSES.has(path);
  if (FUNCTIONS.has(path) || CALLABLE.has(path) || ATOMIC.test(path)) return true;
  if (/^Math\.(?!random$)|^Number\.(?!prototype)/.test(path)) return true;
  return SHARED.test(path) || OF_TEXTS.test(path) || OF_BYTES.test(path) || OF_PATTERNS.test(path);
}

/** A function, or the getter of a member. */
function memberOfThisProcess(path: string): unknown {
  const [first = '', ...names] = path.split('.');
  const start: unknown =
    first === 'TypedArray' ? Object.getPrototypeOf(Uint8Array) : Reflect.get(globalThis, first);
  let at: unknown = start;
  for (const [index, part] of names.entries()) {
    const name = part.replace('=', '');
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null) return undefined;
    const key = name.startsWith('@') ? (Symbol as unknown as Record<string, symbol>)[name.slice(1)] : name;
    if (key === undefined) return undefined;
    const own: { value?: unknown; get?: unknown; set?: unknown } =
      Object.getOwnPropertyDescriptor(at, key) ?? {};
    if (index === names.length - 1 && own.get) return part.endsWith('=') ? own.set : own.get;
    at = own.value;
  }
  return at;
}

/** So many values are handed over at once. */
const MOST_VALUES = 1_000;
const DEEPEST = 8;

interface Real {
  readonly is: unknown;
}

/** As JavaScript itself has it; undefined where something of it is not known, or where it is large. */
export function toReal(value: Value): Real | undefined {
  return realOf(value, { values: MOST_VALUES }, 0);
}

function realOf(value: Value, left: { values: number }, depth: number): Real | undefined {
  left.values -= 1;
  const known = knownPrimitive(value);
  if (known) return known;
  if (!isThing(value) || depth > DEEPEST || left.values < 0) return undefined;
  if (value.host) return { is: value.host };
  if (value.isFunction || value.entries || value.promise || value.proxy || value.steps || value.generate)
    return undefined;
  if (value.elements && value.brand === 'Array') return realArray(value.elements, left, depth);
  const isPlain = value.brand === undefined && value.proto?.native?.name === 'Object.prototype';
  const keys = isPlain ? ownKeys(value) : undefined;
  if (!keys || keys.length > MOST_VALUES || value.properties.size > keys.length) return undefined;
  const made: Record<string, unknown> = {};
  for (const key of keys) {
    const property = value.properties.get(key);
    const isKnown = property && property.isAccessor !== true;
    const real = isKnown ? realOf(property.value, left, depth + 1) : undefined;
    if (!real) return undefined;
    const flags = { enumerable: true, writable: true, configurable: true };
    Object.defineProperty(made, key, { value: real.is, ...flags });
  }
  return { is: made };
}

function realArray(
  elements: readonly (Value | undefined)[],
  left: { values: number },
  depth: number,
): Real | undefined {
  if (elements.length > MOST_VALUES) return undefined;
  const made: unknown[] = [];
  for (const element of elements) {
    const real = element && realOf(element, left, depth + 1);
    if (!real) return undefined;
    made.push(real.is);
  }
  return { is: made };
}

/** Of a value of JavaScript itself; undefined where it is none that can be followed. */
export function fromReal(run: Run, value: unknown, depth: number): Value | undefined {
  switch (typeof value) {
    case 'undefined':
      return UNDEFINED;
    case 'string':
      return value.length > LONGEST_TEXT ? { kind: 'primitive', type: 'string' } : primitive(value);
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'symbol':
      return primitive(value);
    case 'object':
      return value === null ? NULL : objectFromReal(run, value, depth);
    default:
      return undefined;
  }
}

function objectFromReal(run: Run, value: object, depth: number): Thing | undefined {
  if (depth > DEEPEST * 4) return undefined;
  const inner = (member: unknown): Value => fromReal(run, member, depth + 1) ?? openObject();
  if (Array.isArray(value)) {
    run.step(value.length / 10);
    if (value.length > LONGEST_TEXT) return run.realm.instance('Array');
    const made = run.realm.arrayOf(value.map(inner));
    // What a pattern found says where, too.
    for (const [key, member] of Object.entries(value))
      if (!isIndex(key)) made.properties.set(key, { value: inner(member) });
    return made;
  }
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto === Object.prototype || proto === null) {
    const made = proto === null ? new Thing(null) : run.realm.plain();
    const entries = Object.entries(value);
    run.step(entries.length / 10);
    for (const [key, member] of entries) made.properties.set(key, { value: inner(member) });
    return made;
  }
  const brand = classOf(value);
  if (brand === undefined) return undefined;
  // What it is asked for again is the same.
  const known = run.hosted.get(value);
  if (known && known.host === value) return known;
  const made = run.realm.instance(brand);
  made.host = value;
  // Of what stood for it nothing is known any longer.
  if (known) made.isOpen = true;
  else run.hosted.set(value, made);
  return made;
}

function classOf(value: object): string | undefined {
  const name = value.constructor.name;
  if (CLASSES.has(name)) return name;
  return CLASSES.has(`Intl.${name}`) ? `Intl.${name}` : undefined;
}

function typeOnly(value: Value): Value {
  if (isPrimitive(value)) {
    const { type } = value;
    return type === 'undefined' || type === 'null'
      ? value
      : ({ kind: 'primitive', type } satisfies Primitive);
  }
  if (isThing(value) && value.elements) {
    const made = openObject();
    made.brand = 'Array';
    return made;
  }
  return value;
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 10;
}
