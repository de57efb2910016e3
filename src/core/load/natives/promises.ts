import type ts from 'typescript';
import type { Run } from '../run.ts';
import {
  afterSettled,
  fulfilled,
  pendingPromise,
  promise,
  resolvePromise,
  settlePromise,
} from '../settling.ts';
import {
  isPrimitive,
  isThing,
  SOME_STRING,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Failure,
  type Settled,
  type Thing,
  type Value,
} from '../values.ts';
import type { Handlers } from './handler.ts';

/** What is waited for: made settled as far as it is known how. */
export const PROMISE_HANDLERS: Handlers = {
  Promise: made,
  'Promise.resolve': (run, { self, node, args: [value = UNDEFINED] }) => {
    if (isPrimitive(self)) run.fail(node, 'Promise.resolve() is called without Promise');
    return isThing(value) && value.promise ? value : promise(run, fulfilled(run, node, value));
  },
  'Promise.reject': (run, { node, args: [value = UNDEFINED] }) => promise(run, rejected(node, value)),
  'Promise.try': (run, { node, args: [callback = UNDEFINED, ...args] }) => {
    const own = pendingPromise(run);
    const value = called(run, node, own, callback, args);
    if (value) resolvePromise(run, node, own, value);
    return own;
  },
  'Promise.withResolvers': (run, { node }) => {
    const own = pendingPromise(run);
    const object = run.realm.plain();
    const { resolve, reject } = resolversOf(run, node, own);
    object.properties.set('promise', { value: own });
    object.properties.set('resolve', { value: resolve });
    object.properties.set('reject', { value: reject });
    return object;
  },
  'Promise.prototype.then': (run, call) => then(run, call, call.args[0], call.args[1]),
  'Promise.prototype.catch': (run, call) => then(run, call, UNDEFINED, call.args[0]),
  'Promise.prototype.finally': last,
};

function rejected(node: ts.Node, value: Value): Settled {
  return { state: 'rejected', failure: { node, message: 'this promise is rejected', kind: 'thrown', value } };
}

function made(run: Run, { node, args: [executor = UNDEFINED] }: Call): Value {
  if (isPrimitive(executor) || (isThing(executor) && !executor.isFunction && !executor.isOpen)) {
    run.fail(node, 'a promise takes a function');
  }
  const own = pendingPromise(run);
  const { resolve, reject } = resolversOf(run, node, own);
  const { thrown, mayHaveThrown, isCertain } = run.guarded(() =>
    run.call(executor, { node, self: UNDEFINED, args: [resolve, reject], isNew: false }),
  );
  if (thrown)
    settlePromise(own, isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' });
  else if (mayHaveThrown) settlePromise(own, { state: 'unknown' });
  return own;
}

/** What settles a promise. Whoever gets hold of one of the two can do so at any time. */
function resolversOf(
  run: Run,
  node: ts.Node,
  own: Thing,
): { readonly resolve: Thing; readonly reject: Thing } {
  let isResolved = false;
  const lose = (): void => settlePromise(own, { state: 'unknown' });
  const once = (to: (value: Value) => void): Thing => {
    const made = run.realm.function('settle', ({ args: [value = UNDEFINED] }) => {
      run.changes += 1;
      if (!run.isCertain) lose();
      else if (!isResolved) to(value);
      isResolved = true;
      return UNDEFINED;
    });
    made.onEscape = lose;
    return made;
  };
  return {
    resolve: once((value) => resolvePromise(run, node, own, value)),
    reject: once((value) => settlePromise(own, rejected(node, value))),
  };
}

function then(run: Run, { node, self }: Call, onValue: Value = UNDEFINED, onError: Value = UNDEFINED): Value {
  return reacting(run, node, self, [onValue, onError], (own, state) => {
    const callback = state.state === 'fulfilled' ? onValue : onError;
    if (!isCallable(callback)) {
      settlePromise(own, state);
      return;
    }
    const given = state.state === 'rejected' ? thrownValue(run, state.failure) : valueOf(state);
    const value = called(run, node, own, callback, [given]);
    if (value) resolvePromise(run, node, own, value);
  });
}

function last(run: Run, { node, self, args: [callback = UNDEFINED] }: Call): Value {
  return reacting(run, node, self, [callback], (own, state) => {
    if (!isCallable(callback)) {
      settlePromise(own, state);
      return;
    }
    const value = called(run, node, own, callback, []);
    if (!value) return;
    // What it gives is waited for, and then left aside unless it is an error.
    const given = isThing(value) && value.promise ? value : promise(run, fulfilled(run, node, value));
    const after = pendingPromise(run);
    const goOn = (end: Settled): void => settlePromise(after, end.state === 'rejected' ? end : state);
    afterSettled(run, given, goOn, () => settlePromise(after, { state: 'unknown' }));
    resolvePromise(run, node, own, after);
  });
}

/** A promise that is settled by what reacts to another one. */
function reacting(
  run: Run,
  node: ts.Node,
  self: Value,
  callbacks: readonly Value[],
  react: (own: Thing, state: Settled) => void,
): Value {
  if (isPrimitive(self)) run.fail(node, 'this is no promise');
  const own = pendingPromise(run);
  const lose = (): void => {
    for (const callback of callbacks) run.escape(callback);
    settlePromise(own, { state: 'unknown' });
  };
  if (!isThing(self) || !self.promise || !run.isCertain) lose();
  else afterSettled(run, self, (state) => react(own, state), lose);
  return own;
}

function isCallable(callback: Value): boolean {
  return !isPrimitive(callback) && (!isThing(callback) || callback.isFunction || callback.isOpen);
}

function valueOf(state: Settled): Value {
  return state.state === 'fulfilled' ? state.value : UNKNOWN;
}

/** Undefined when it throws: the promise is rejected then. */
function called(
  run: Run,
  node: ts.Node,
  own: Thing,
  callback: Value,
  args: readonly Value[],
): Value | undefined {
  const { value, thrown, isCertain, mayHaveThrown } = run.guarded(() =>
    run.call(callback, { node, self: UNDEFINED, args, isNew: false }),
  );
  if (thrown && isCertain) settlePromise(own, { state: 'rejected', failure: thrown.failure });
  else if (thrown || mayHaveThrown || !run.isCertain) settlePromise(own, { state: 'unknown' });
  return own.promise?.state === 'pending' ? value : undefined;
}

/** What a `catch` gets. */
export function thrownValue(run: Run, { value, error }: Failure): Value {
  if (value) return value;
  if (error === undefined) return UNKNOWN;
  const own = run.realm.instance(error);
  own.properties.set('message', { value: SOME_STRING, isHidden: true });
  own.properties.set('stack', { value: SOME_STRING, isHidden: true });
  return own;
}
