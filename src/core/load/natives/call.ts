import { SHAPES } from '../runtimeShapes.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Primitive,
  type Thing,
  type Value,
} from '../values.ts';
import { ARRAY_CALLBACK_HANDLERS } from './arrayCallbacks.ts';
import { ARRAY_HANDLERS } from './arrays.ts';
import { barred } from './barred.ts';
import { COLLECTION_HANDLERS } from './collections.ts';
import { KEY_HANDLERS } from './cryptoKeys.ts';
import { ERROR_HANDLERS } from './errors.ts';
import { EVENT_HANDLERS } from './events.ts';
import { FUNCTION_HANDLERS } from './functions.ts';
import { GROUP_HANDLERS } from './groups.ts';
import type { Handler } from './handler.ts';
import { ITERATOR_HANDLERS } from './iterators.ts';
import { JSON_HANDLERS } from './json.ts';
import { MATCHING_HANDLERS } from './matching.ts';
import { OBJECT_HANDLERS } from './objects.ts';
import { PRIMITIVE_HANDLERS } from './primitives.ts';
import { PROMISE_GROUP_HANDLERS } from './promiseGroups.ts';
import { PROMISE_HANDLERS } from './promises.ts';
import { callReal } from './real.ts';
import { WEB_HANDLERS } from './web.ts';
import { checkArguments } from './webArguments.ts';

const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  [
    ARRAY_CALLBACK_HANDLERS,
    ARRAY_HANDLERS,
    COLLECTION_HANDLERS,
    ERROR_HANDLERS,
    EVENT_HANDLERS,
    FUNCTION_HANDLERS,
    GROUP_HANDLERS,
    ITERATOR_HANDLERS,
    JSON_HANDLERS,
    KEY_HANDLERS,
    MATCHING_HANDLERS,
    OBJECT_HANDLERS,
    PRIMITIVE_HANDLERS,
    PROMISE_GROUP_HANDLERS,
    PROMISE_HANDLERS,
    WEB_HANDLERS,
  ].flatMap((handlers) => Object.entries(handlers)),
);

/** Classes that give something when they are called without `new`, too. */
const CALLABLE_CLASSES: ReadonlySet<string> = new Set(
  `AggregateError Array BigInt Boolean Date Error EvalError Function Number Object RangeError ReferenceError RegExp
  String SuppressedError Symbol SyntaxError TypeError URIError Intl.DateTimeFormat Intl.NumberFormat Intl.Collator
  Intl.v8BreakIterator`.split(/\s+/),
);

/** Calls a function of the runtime. */
export function callNative(run: Run, path: string, call: Call): Value {
  const { node, isNew } = call;
  const forbidden = barred(run, path, call);
  if (forbidden) return forbidden;
  if (SHAPES[path]?.kind === 'class' && !isNew && !CALLABLE_CLASSES.has(path) && !path.startsWith('console.'))
    run.fail(node, `${path} is called without \`new\``);
  checkArguments(run, path, call);
  if (!isOfItsOwn(run, path, call)) return unfollowed(run, path, call);
  const known =
    call.isOpenEnded === true ? undefined : (HANDLERS.get(path)?.(run, call) ?? callReal(run, path, call));
  return known ? ofItsKind(run, path, call, known) : unfollowed(run, path, call);
}

/** What makes another one of what it is called on, or of the class that it is called on. */
const OF_KIND =
  /^(?:Array\.(?:from|of)|(?:Shared)?ArrayBuffer\.prototype\.slice|Promise\.\w+|(?:Array|TypedArray)\.prototype\.(?:concat|filter|flat|flatMap|map|slice|splice|subarray)|Promise\.prototype\.\w+)$/;

/** A class that extends one of the runtime's gets one of its own, and may say of which class. */
function ofItsKind(run: Run, path: string, { self, isNew }: Call, made: Value): Value {
  if (isNew || !isThing(made) || made === self || !isThing(self) || !OF_KIND.test(path)) return made;
  const [name = ''] = path.split('.');
  const isUsual = path.includes('.prototype.') ? self.proto === made.proto : self === run.realm.thing(name);
  if (!isUsual) made.proto = undefined;
  return made;
}

/** Its methods take anything that looks alike. */
const GENERIC =
  /^(?:Array|String|Object|Function|Iterator|AsyncIterator|RegExp|Promise|\w*Error|DOMException|WorkerGlobalScope|ServiceWorkerGlobalScope|EventTarget|Date\.prototype\.(?:toJSON|@toPrimitive))(?:\.|$)/;

/** Whether the method is called on what it is a method of. False when that is not known. */
function isOfItsOwn(run: Run, path: string, { node, self }: Call): boolean {
  const end = path.indexOf('.prototype.');
  if (end < 0) return true;
  const owner = path.slice(0, end);
  if (GENERIC.test(path)) {
    const takesNothing = owner === 'Array' || owner === 'String';
    if (takesNothing && isNothing(self)) run.fail(node, `this method is called on ${self.type}`);
    return true;
  }
  if (isPrimitive(self) ? OF_PRIMITIVES[self.type] === owner : isThing(self) && isA(self, owner)) return true;
  const isOther = isPrimitive(self) || (isThing(self) && !self.isOpen && !self.proxy && !self.native);
  return isOther ? run.fail(node, `this method is called on something that is no ${owner}`) : false;
}

const OF_PRIMITIVES: Readonly<Partial<Record<Primitive['type'], string>>> = {
  string: 'String',
  number: 'Number',
  boolean: 'Boolean',
  bigint: 'BigInt',
  symbol: 'Symbol',
};

function isA(object: Thing, owner: string): boolean {
  for (let name = object.brand; name !== undefined; name = SHAPES[name]?.base)
    if (name === owner) return true;
  return object.native?.name === owner;
}

/** Nobody says what it does with what it is given. */
function unfollowed(run: Run, path: string, { self, args, isNew }: Call): Value {
  for (const argument of args) run.escape(argument);
  if (isThing(self) && !self.native && path.includes('.prototype.')) {
    if (self.brand === undefined || GENERIC.test(path)) run.escape(self);
    else run.forget(self);
  }
  run.unknown();
  if (isNew && SHAPES[path]?.kind === 'class') {
    const made = run.realm.instance(path);
    made.isOpen = !CLOSED.has(path);
    return made;
  }
  const name = path.replace(/^.*\./, '');
  if (
    path.startsWith('String.prototype.') ||
    path.startsWith('Array.prototype.') ||
    path.startsWith('Math.')
  ) {
    const result = resultOf(path, name);
    if (result) return result;
  }
  return TEXTS.has(path) ? SOME_STRING : path.startsWith('console.') ? UNDEFINED : openResult(path);
}

/** Their instances have nothing of their own. */
const CLOSED: ReadonlySet<string> = new Set(
  `Array Map Set WeakMap WeakSet Date RegExp URL URLSearchParams Headers Request TextEncoder TextDecoder ArrayBuffer
  DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array
  BigUint64Array Float32Array Float64Array AbortController EventTarget Blob FormData
  DisposableStack HTMLRewriter`.split(/\s+/),
);

const TEXTS: ReadonlySet<string> = new Set(
  `encodeURIComponent encodeURI decodeURIComponent decodeURI escape unescape atob btoa Function.prototype.toString
  Number.prototype.toFixed Number.prototype.toString Number.prototype.toPrecision Number.prototype.toExponential
  Number.prototype.toLocaleString Date.prototype.toISOString String.raw String.fromCharCode
  String.fromCodePoint Object.prototype.toString`.split(/\s+/),
);

function resultOf(path: string, name: string): Value | undefined {
  if (path.startsWith('Math.')) return SOME_NUMBER;
  if (/^(?:includes|startsWith|endsWith|some|every|isWellFormed)$/.test(name)) return SOME_BOOLEAN;
  if (
    /^(?:indexOf|lastIndexOf|findIndex|findLastIndex|search|localeCompare|charCodeAt|push|unshift)$/.test(
      name,
    )
  )
    return SOME_NUMBER;
  const isOfText = path.startsWith('String.');
  const isText =
    /^(?:charAt|concat|normalize|pad\w+|repeat|replace\w*|slice|sub\w+|to\w+|trim\w*|valueOf)$/.test(name);
  if (isOfText) return isText ? SOME_STRING : undefined;
  return name === 'join' || name === 'toString' || name === 'toLocaleString' ? SOME_STRING : undefined;
}

function openResult(path: string): Value {
  if (path === 'isNaN' || path === 'isFinite' || path.startsWith('Number.is')) return SOME_BOOLEAN;
  if (path === 'parseInt' || path === 'parseFloat' || path === 'Number') return SOME_NUMBER;
  return UNKNOWN;
}
