import type ts from 'typescript';
import { toText } from '../conversions.ts';
import { findProperty, getMember, ownKeys } from '../objects.ts';
import type { Run } from '../run.ts';
import { isNothing, isPrimitive, isThing, UNDEFINED, type Call, type Thing, type Value } from '../values.ts';
import { disposable } from '../disposal.ts';
import { promise } from '../settling.ts';
import type { Handlers } from './handler.ts';
import { fromReal, toReal } from './real.ts';

/** What the runtime has besides the language. */
export const WEB_HANDLERS: Handlers = {
  structuredClone: clone,
  queueMicrotask: (run, { node, args: [callback = UNDEFINED] }) => {
    if (isPrimitive(callback) || (isThing(callback) && !callback.isFunction && !callback.isOpen))
      run.fail(node, 'queueMicrotask() is given no function');
    if (!run.isCertain) run.escape(callback);
    else
      run.jobs.push({
        run: () => run.guarded(() => run.call(callback, { node, self: UNDEFINED, args: [], isNew: false })),
        escape: () => run.escape(callback),
      });
    return UNDEFINED;
  },
  // Opening one is allowed while the module loads; asking it is not.
  'CacheStorage.prototype.open': (run, { node, args, isOpenEnded }) => {
    if (args.length === 0 && isOpenEnded !== true) run.fail(node, 'caches.open() is given no name');
    for (const argument of args) run.escape(argument);
    return promise(run, { state: 'fulfilled', value: run.realm.thing('caches.default', 'object') });
  },
  Request: request,
  'Request.prototype.headers': (_run, { self }) =>
    isThing(self) ? self.properties.get(HEADERS)?.value : undefined,
  'WebAssembly.Module': (run, { node }) => run.fail(node, 'code is made from bytes', 'type', 'Error'),
  'AbortSignal.abort': (run) => {
    const made = run.realm.instance('AbortSignal');
    made.properties.set(ABORTED, { value: UNDEFINED, isHidden: true });
    return made;
  },
  'AbortSignal.prototype.throwIfAborted': (run, { node, self }) =>
    isThing(self) && self.properties.has(ABORTED) ? run.fail(node, 'this signal is aborted') : undefined,
  'DisposableStack.prototype.use': (run, { node, args: [value = UNDEFINED] }) => {
    disposable(run, node, value, false);
    return value;
  },
  'Crypto.prototype.subtle': (run) => run.realm.thing('crypto.subtle'),
  'Atomics.wait': (run, { node }) => run.fail(node, 'nothing waits while the module loads'),
  'Atomics.waitAsync': (run, { node, args: [list = UNDEFINED] }) => {
    const host = isThing(list) ? list.host : undefined;
    if (ArrayBuffer.isView(host) && host.buffer instanceof ArrayBuffer)
      run.fail(node, 'one waits for memory that is shared');
    return undefined;
  },
  eval: (run, { node }) => codeFrom(run, node, 'eval'),
  Function: (run, { node, args: [text] }) =>
    text ? codeFrom(run, node, 'Function') : run.realm.function('anonymous', () => UNDEFINED),
  ...Object.fromEntries(['log', 'debug', 'info', 'warn', 'error'].map((name) => [`console.${name}`, logged])),
};

/** The runtime makes no code from text. */
function codeFrom(run: Run, node: ts.Node, name: string): Value {
  return run.fail(node, `${name}() makes code from text`, 'code', 'EvalError');
}

/** What is written to the log is looked at by the runtime. */
function logged(_run: Run, { args }: Call): Value | undefined {
  return args.every(isPrimitive) ? UNDEFINED : undefined;
}

function clone(run: Run, { node, args: [value] }: Call): Value | undefined {
  if (!value) run.fail(node, 'structuredClone() is given nothing');
  refuse(run, node, value, []);
  const real = toReal(value);
  return real && (isPrimitive(value) ? value : fromReal(run, structuredClone(real.is), 0));
}

/** What cannot be cloned. */
function refuse(run: Run, node: ts.Node, value: Value, around: readonly Thing[]): void {
  run.step();
  if (isPrimitive(value) && value.type === 'symbol')
    run.fail(node, 'a symbol cannot be cloned', 'type', 'DOMException');
  if (!isThing(value) || around.includes(value)) return;
  if (value.isFunction) run.fail(node, 'a function cannot be cloned', 'type', 'DOMException');
  if (value.brand?.startsWith('Weak') === true || value.brand === 'Promise')
    run.fail(node, `a ${value.brand} cannot be cloned`, 'type', 'DOMException');
  const keys = value.host ? [] : ownKeys(value);
  for (const key of keys ?? [])
    refuse(run, node, getMember(run, node, value, key, 'this'), [...around, value]);
}

/** Under which a signal says that it is aborted. */
const ABORTED = Symbol('aborted');

/** Under which a request keeps its headers. */
const HEADERS = Symbol('headers');

function callHeaders(run: Run, node: ts.Node, headers: Value): Value {
  const args = isNothing(headers) ? [] : [headers];
  return run.call(run.realm.thing('Headers'), { node, self: UNDEFINED, args, isNew: true });
}

function request(run: Run, { node, args: [input = UNDEFINED, init = UNDEFINED] }: Call): Value {
  const made = run.realm.instance('Request');
  const text = isPrimitive(input) ? toText(run, node, input).value : undefined;
  if (typeof text === 'string' && !URL.canParse(text))
    run.fail(node, 'new Request() does not take this text');
  if (isNothing(init))
    made.properties.set(HEADERS, { value: callHeaders(run, node, UNDEFINED), isHidden: true });
  if (!isThing(init) || init.isOpen) return made;
  const method = findProperty(init, 'method') ? getMember(run, node, init, 'method', 'this') : UNDEFINED;
  const body = findProperty(init, 'body') ? getMember(run, node, init, 'body', 'this') : UNDEFINED;
  const isGet = isNothing(method) || (isPrimitive(method) && /^(?:get|head)$/i.test(String(method.value)));
  const hasBody = (isPrimitive(body) && !isNothing(body)) || (isThing(body) && !body.isOpen);
  if (isPrimitive(input) && isGet && hasBody) run.fail(node, 'a request with a body is no GET');
  if (hasBody && isPrimitive(body)) run.fail(node, 'a request with a body is not allowed', 'barred', 'Error');
  const headers = findProperty(init, 'headers') ? getMember(run, node, init, 'headers', 'this') : UNDEFINED;
  made.properties.set(HEADERS, { value: callHeaders(run, node, headers), isHidden: true });
  run.unknown();
  return made;
}
