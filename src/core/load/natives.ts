import type ts from 'typescript';
import { getMember, setMember } from './members.ts';
import type { Run } from './run.ts';
import type { Thing } from './values.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  nativeFunction,
  NULL,
  openObject,
  primitive,
  settled,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  SOME_SYMBOL,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Failure,
  type Settled,
  type Value,
} from './values.ts';

/** Objects that are neither functions nor classes. */
const OBJECTS: ReadonlySet<string> = new Set(
  'Atomics Intl JSON Math Reflect WebAssembly Cloudflare caches console crypto globalThis navigator performance scheduler self'.split(
    ' ',
  ),
);

/** Plain functions. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `addEventListener atob btoa clearInterval clearTimeout decodeURI decodeURIComponent dispatchEvent encodeURI
  encodeURIComponent escape eval fetch isFinite isNaN parseFloat parseInt queueMicrotask removeEventListener
  reportError setInterval setTimeout structuredClone unescape`.split(/\s+/),
);

/** Classes that give something when they are called without `new`, too. */
const CALLABLE_CLASSES: ReadonlySet<string> = new Set(
  `AggregateError Array BigInt Boolean Date Error EvalError Function Number Object RangeError ReferenceError RegExp
  String SuppressedError Symbol SyntaxError TypeError URIError`.split(/\s+/),
);

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['undefined', UNDEFINED],
  ['NaN', primitive(NaN)],
  ['Infinity', primitive(Infinity)],
]);

/** Calls that throw on the spot while the module loads, by their path. */
const BARRED_CALLS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'clearTimeout',
  'clearInterval',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'AbortSignal.timeout',
]);

/** Things that cannot be made while the module loads. */
const BARRED_CLASSES: ReadonlySet<string> = new Set([
  'WebSocket',
  'WebSocketPair',
  'EventSource',
  'Response',
]);

/** Calls whose promise is rejected while the module loads: harmless until it is awaited. */
const REJECTED_CALLS: ReadonlySet<string> = new Set([
  'fetch',
  'scheduler.wait',
  'caches.open',
  'caches.default.match',
  'caches.default.put',
  'caches.default.delete',
  'crypto.subtle.generateKey',
]);

/** Functions of the runtime's modules that throw on the spot. */
const BARRED_IMPORTS: ReadonlySet<string> = new Set(['connect', 'waitUntil']);

/** Exports of the runtime's modules that are no classes. */
const IMPORTED_OBJECTS: ReadonlySet<string> = new Set(['env', 'exports', 'cache', 'tracing']);
const IMPORTED_FUNCTIONS: ReadonlySet<string> = new Set([
  'abortIsolate',
  'connect',
  'waitUntil',
  'withEnv',
  'withEnvAndExports',
  'withExports',
]);

/** The runtime's global of that name. */
export function globalOf(run: Run, name: string): Value {
  const constant = CONSTANTS.get(name);
  if (constant) return constant;
  if (name === 'globalThis' || name === 'self') return globalObject(run);
  const made = openObject();
  const isObject = OBJECTS.has(name);
  made.native = {
    name,
    isCallable: !isObject,
    isConstructor: !isObject && !FUNCTIONS.has(name),
    call: (call) => callGlobal(run, name, call),
  };
  if (!isObject || MEMBERS.has(name)) addMembers(run, made, name);
  if (name === 'Math')
    for (const key of ['PI', 'E', 'LN2', 'LN10', 'SQRT2', 'LOG2E', 'LOG10E', 'SQRT1_2'])
      made.properties.set(key, { value: SOME_NUMBER });
  return made;
}

/** Its members are the globals; what is set on it is one from then on. */
function globalObject(run: Run): Thing {
  const made = openObject();
  made.native = { name: 'globalThis', isCallable: false, isConstructor: false };
  for (const name of [
    'setTimeout',
    'setInterval',
    'clearTimeout',
    'clearInterval',
    'crypto',
    'fetch',
    'scheduler',
    'caches',
    'Response',
    'WebSocket',
    'WebSocketPair',
    'eval',
    'Function',
    'undefined',
  ])
    made.properties.set(name, { value: globalOf(run, name) });
  return made;
}

/** An export of a module of the runtime. */
export function importOf(run: Run, name: string, env: (key: string) => Value): Value {
  if (IMPORTED_OBJECTS.has(name)) {
    const made = openObject();
    made.native = { name, isCallable: false, isConstructor: false };
    if (name === 'env') made.lookup = env;
    return made;
  }
  if (IMPORTED_FUNCTIONS.has(name)) {
    return nativeFunction(name, ({ node }) =>
      BARRED_IMPORTS.has(name) ? run.fail(node, `${name}() is not allowed`, 'barred') : run.unknown(),
    );
  }
  const made = openObject();
  const call = ({ node, args, isNew }: Call): Value => {
    if (MADE_BY_RUNTIME.has(name)) run.fail(node, `only the runtime makes a ${name}`);
    if (!isNew && name === 'RpcTarget') run.fail(node, `${name} is called without \`new\``);
    return unknownCall(run, args);
  };
  made.native = { name, isCallable: true, isConstructor: true, call };
  return made;
}

const MADE_BY_RUNTIME: ReadonlySet<string> = new Set([
  'DurableObject',
  'WorkerEntrypoint',
  'WorkflowEntrypoint',
]);

const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['crypto', ['randomUUID', 'getRandomValues', 'subtle']],
  ['crypto.subtle', ['generateKey']],
  ['AbortSignal', ['timeout']],
  ['scheduler', ['wait']],
  ['caches', ['open', 'default']],
  ['caches.default', ['match', 'put', 'delete']],
  ['Promise', ['resolve', 'reject', 'all']],
  [
    'Object',
    [
      'freeze',
      'seal',
      'preventExtensions',
      'keys',
      'values',
      'entries',
      'assign',
      'create',
      'defineProperty',
      'defineProperties',
    ],
  ],
  ['performance', ['now']],
  ['JSON', ['parse', 'stringify']],
  ['Math', ['random', 'max', 'min', 'floor', 'round', 'ceil', 'abs']],
  ['Date', ['now']],
  ['Symbol', []],
  ['Response', ['json', 'error', 'redirect']],
  ['Array', ['from', 'of', 'isArray']],
]);

function addMembers(run: Run, owner: Thing, path: string): void {
  for (const member of MEMBERS.get(path) ?? []) {
    const name = `${path}.${member}`;
    const isObject = MEMBERS.has(name);
    const made = isObject ? openObject() : nativeFunction(name, (call) => callGlobal(run, name, call));
    if (isObject) {
      made.native = { name, isCallable: false, isConstructor: false };
      addMembers(run, made, name);
    }
    owner.properties.set(member, { value: made });
  }
}

function callGlobal(run: Run, name: string, call: Call): Value {
  const { node, args, isNew } = call;
  if (isNew ? BARRED_CLASSES.has(name) : BARRED_CALLS.has(name)) {
    run.fail(node, `${isNew ? 'new ' : ''}${name}() is not allowed`, 'barred');
  }
  if (isNew && name === 'Symbol') run.fail(node, 'Symbol is called without `new`');
  if (isNew && name === 'BigInt') run.fail(node, 'BigInt is called without `new`');
  if (name === 'eval' || (name === 'Function' && args.length > 0)) {
    const [text] = args;
    if (name === 'Function' || (text && isPrimitive(text) && text.type === 'string'))
      run.fail(node, `${name}() makes code from text`, 'code');
    if (text && !isThing(text)) return run.unknown();
  }
  if (!isNew && !CALLABLE_CLASSES.has(name) && /^[A-Z]\w*$/.test(name))
    run.fail(node, `${name} is called without \`new\``);
  if (REJECTED_CALLS.has(name)) {
    for (const argument of args) run.escape(argument);
    return settled({
      state: 'rejected',
      failure: { node, message: `${name}() is rejected`, kind: 'barred' },
    });
  }
  return KNOWN.get(name)?.(run, call) ?? unknownCall(run, args);
}

function unknownCall(run: Run, args: readonly Value[]): Value {
  for (const argument of args) run.escape(argument);
  return run.unknown();
}

/** One of the runtime's modules as a whole. */
export function spaceOf(run: Run, exported: ReadonlySet<string>, env: (key: string) => Value): Thing {
  const made = openObject();
  made.isFrozen = true;
  const members = new Map<string, Value>();
  made.lookup = (key) => {
    if (!exported.has(key)) return UNDEFINED;
    const member = members.get(key) ?? importOf(run, key, env);
    members.set(key, member);
    return member;
  };
  return made;
}

/** The helper that every source can use. */
export function helperOf(run: Run): Thing {
  const made = openObject();
  const ctx = nativeFunction('butterbase.ctx', ({ node, args: [request = UNDEFINED] }) =>
    isPrimitive(request) ? run.fail(node, 'butterbase.ctx() is given no request') : run.unknown(),
  );
  made.lookup = (key) => (key === 'ctx' ? ctx : key in OF_ALL ? UNKNOWN : UNDEFINED);
  return made;
}

/** The binding of a class: instances of it cannot be reached while the module loads. */
export function namespaceOf(run: Run, name: string): Thing {
  const made = openObject();
  const barred = nativeFunction('get', ({ node }) =>
    run.fail(node, `env.${name}.get() is not allowed`, 'barred'),
  );
  made.lookup = (key) => {
    if (key === 'get' || key === 'getByName') return barred;
    return NAMESPACE.has(key) || key in OF_ALL ? UNKNOWN : UNDEFINED;
  };
  return made;
}

const NAMESPACE: ReadonlySet<string> = new Set([
  'idFromName',
  'idFromString',
  'newUniqueId',
  'getExisting',
  'jurisdiction',
]);

const OF_ALL: object = {};

const KNOWN: ReadonlyMap<string, (run: Run, call: Call) => Value | undefined> = new Map<
  string,
  (run: Run, call: Call) => Value | undefined
>([
  ['Math.random', () => SOME_NUMBER],
  ['Date.now', () => SOME_NUMBER],
  ['Symbol', (run, { args }) => (args.some(isThing) ? unknownCall(run, args) : SOME_SYMBOL)],
  [
    'String',
    (_run, { args, isNew }) => (isNew || args.some((each) => !isPrimitive(each)) ? undefined : SOME_STRING),
  ],
  [
    'Number',
    (_run, { args, isNew }) =>
      isNew || args.some((each) => !isPrimitive(each) || each.type === 'symbol') ? undefined : SOME_NUMBER,
  ],
  ['Boolean', (_run, { isNew }) => (isNew ? undefined : SOME_BOOLEAN)],
  ['parseInt', () => SOME_NUMBER],
  ['parseFloat', () => SOME_NUMBER],
  ['isNaN', () => SOME_BOOLEAN],
  ['performance.now', () => SOME_NUMBER],
  [
    'RegExp',
    (run, { node, args: [pattern, flags = primitive('')] }) => expression(run, node, pattern, flags),
  ],
  ['Request', (run, call) => attempted(run, call, (text) => new URL(text), true)],
  ['Object.create', (run, { node, args: [value = UNDEFINED] }) => object(run, node, value, true)],
  ['Object.defineProperty', (run, { node, args: [value = UNDEFINED] }) => object(run, node, value, false)],
  ['Object.defineProperties', (run, { node, args: [value = UNDEFINED] }) => object(run, node, value, false)],
  ['Object.assign', (run, call) => assigned(run, call)],
  ['Error', (run, { args }) => errorOf(run, args)],
  ['TypeError', (run, { args }) => errorOf(run, args)],
  ['RangeError', (run, { args }) => errorOf(run, args)],
  ['Array', (run, { node, args }) => sized(run, node, args)],
  ['Promise.all', (run, { args: [all = UNDEFINED] }) => together(run, all)],
  [
    'structuredClone',
    (run, { node, args: [value] }) =>
      value && isThing(value) && (value.code ?? value.class)
        ? run.fail(node, 'a function cannot be cloned')
        : undefined,
  ],
  ['BigInt', (run, call) => bigint(run, call)],
  ['JSON.parse', (run, call) => parsed(run, call)],
  ['JSON.stringify', () => UNKNOWN],
  ['decodeURIComponent', (run, call) => attempted(run, call, (text) => decodeURIComponent(text))],
  ['decodeURI', (run, call) => attempted(run, call, (text) => decodeURI(text))],
  ['atob', (run, call) => attempted(run, call, (text) => atob(text))],
  [
    'URL',
    (run, call) => (call.args.length === 1 ? attempted(run, call, (text) => new URL(text), true) : undefined),
  ],
  ['Object.freeze', (_run, { args: [value = UNDEFINED] }) => frozen(value)],
  ['Object.seal', (_run, { args: [value = UNDEFINED] }) => value],
  ['Object.preventExtensions', (_run, { args: [value = UNDEFINED] }) => value],
  ['Object.keys', (run, call) => membersOf(run, call)],
  ['Object.values', (run, call) => membersOf(run, call)],
  ['Object.entries', (run, call) => membersOf(run, call)],
  [
    'Promise.resolve',
    (_run, { args: [value = UNDEFINED] }) =>
      isThing(value) && value.promise ? value : settled(fulfilled(value)),
  ],
  [
    'Promise.reject',
    (run, { node, args }) => {
      for (const argument of args) run.escape(argument);
      const failure: Failure = { node, message: 'this promise is rejected', kind: 'thrown' };
      return settled({ state: 'rejected', failure });
    },
  ],
  ['Promise', (run, call) => newPromise(run, call)],
  ['Map', (run, call) => withElements(run, call)],
  ['Set', (run, call) => withElements(run, call)],
]);

/** Nothing goes wrong while an error is made. */
function errorOf(run: Run, args: readonly Value[]): Value {
  for (const argument of args) run.escape(argument);
  return openObject();
}

function assigned(run: Run, { node, args: [target = UNDEFINED, ...sources] }: Call): Value | undefined {
  if (isNothing(target)) run.fail(node, `nothing can be set on ${target.type}`);
  const plain = sources.filter(
    (source) => isThing(source) && !source.isOpen && !source.elements && !source.isFunction,
  );
  if (!isThing(target) || plain.length < sources.length) return undefined;
  for (const source of plain.filter(isThing)) {
    for (const key of source.properties.keys()) {
      setMember(run, node, target, key, getMember(run, node, source, key, 'this'), 'this');
    }
  }
  return target;
}

function expression(run: Run, node: ts.Node, pattern: Value | undefined, flags: Value): undefined {
  if (!pattern || !isPrimitive(pattern) || typeof pattern.value !== 'string' || !isPrimitive(flags)) return;
  if (typeof flags.value !== 'string' || pattern.value.includes('(?')) return;
  try {
    new RegExp(pattern.value, flags.value);
  } catch {
    run.fail(node, 'this is no regular expression');
  }
}

function object(run: Run, node: ts.Node, value: Value, canBeNull: boolean): undefined {
  if (isPrimitive(value) && !(canBeNull && value.type === 'null')) run.fail(node, 'this takes an object');
}

function sized(run: Run, node: ts.Node, args: readonly Value[]): undefined {
  const [length] = args;
  if (args.length !== 1 || !length || !isPrimitive(length) || typeof length.value !== 'number') return;
  if (!Number.isInteger(length.value) || length.value < 0 || length.value >= 2 ** 32)
    run.fail(node, 'this is no length');
}

function together(run: Run, all: Value): Value | undefined {
  const elements = isThing(all) ? (all.elements ?? []) : [];
  const rejected = elements.find((each) => isThing(each) && each.promise?.state === 'rejected');
  if (rejected && isThing(rejected) && rejected.promise && run.isCertain) return settled(rejected.promise);
  const isEndless = elements.some((each) => isThing(each) && each.promise?.state === 'pending');
  return isEndless ? settled({ state: 'pending' }) : undefined;
}

function fulfilled(value: Value): Settled {
  return value === UNKNOWN || (isThing(value) && value.isOpen)
    ? { state: 'unknown' }
    : { state: 'fulfilled', value };
}

function frozen(value: Value): Value {
  if (isThing(value) && !value.isFunction) value.isFrozen = true;
  return value;
}

function membersOf(run: Run, { node, args: [value = UNDEFINED] }: Call): Value {
  if (isPrimitive(value) && (value.type === 'undefined' || value.type === 'null')) {
    run.fail(node, `${value.type} has no members`);
  }
  run.escape(value);
  return run.unknown();
}

function withElements(run: Run, { node, args }: Call): undefined {
  const [value] = args;
  if (value && isPrimitive(value) && ['number', 'boolean', 'bigint', 'symbol'].includes(value.type)) {
    run.fail(node, `a ${value.type} is not iterable`);
  }
  return undefined;
}

function bigint(run: Run, { node, args: [value = UNDEFINED] }: Call): Value | undefined {
  if (!isPrimitive(value)) return undefined;
  const made: Value = { kind: 'primitive', type: 'bigint' };
  if (value.type === 'undefined' || value.type === 'null' || value.type === 'symbol') {
    run.fail(node, `BigInt() takes no ${value.type}`);
  }
  if (value.value === undefined) {
    run.unknown();
    return made;
  }
  try {
    BigInt(value.value);
    return made;
  } catch {
    return run.fail(node, 'BigInt() is given no whole number');
  }
}

function parsed(run: Run, { node, args: [value = UNDEFINED] }: Call): Value | undefined {
  const text =
    isPrimitive(value) && value.type === 'undefined'
      ? 'undefined'
      : isPrimitive(value) && value.type === 'string'
        ? value.value
        : undefined;
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return primitive(value);
    return value === null ? NULL : openObject();
  } catch {
    return run.fail(node, 'JSON.parse() is given no JSON');
  }
}

function attempted(
  run: Run,
  { node, args: [value], isNew }: Call,
  make: (text: string) => unknown,
  isClass = false,
): Value | undefined {
  if (isNew !== isClass || !value || !isPrimitive(value) || typeof value.value !== 'string') return undefined;
  try {
    make(value.value);
    return isClass ? undefined : SOME_STRING;
  } catch {
    return run.fail(node, `${node.getText().split('(')[0] ?? ''}() does not take this text`);
  }
}

function newPromise(run: Run, { node, args: [executor = UNDEFINED] }: Call): Value {
  if (isPrimitive(executor) || (isThing(executor) && !executor.isFunction && !executor.isOpen)) {
    run.fail(node, 'a promise takes a function');
  }
  if (!isThing(executor) || !executor.code) return unknownCall(run, [executor]);
  const { parameters } = executor.code.node;
  const ways: { promise: Settled | undefined } = { promise: undefined };
  const settle = (make: (value: Value) => Settled): Thing =>
    nativeFunction('settle', ({ args: [value = UNDEFINED] }) => {
      ways.promise ??= run.isCertain ? make(value) : { state: 'unknown' };
      return UNDEFINED;
    });
  const resolve = settle(fulfilled);
  const reject = settle(() => ({
    state: 'rejected',
    failure: { node, message: 'this promise is rejected', kind: 'thrown' },
  }));
  const { thrown, mayHaveThrown } = run.guarded(() =>
    run.call(executor, { node, self: UNDEFINED, args: [resolve, reject], isNew: false }),
  );
  if (ways.promise) return settled(ways.promise);
  if (thrown) return settled({ state: 'rejected', failure: thrown.failure });
  return settled({ state: parameters.length === 0 && !mayHaveThrown ? 'pending' : 'unknown' });
}
