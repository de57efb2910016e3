import { iterate } from '../iteration.ts';
import { getMember } from '../objects.ts';
import type { Run } from '../run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Failure,
  type Settled,
  type Thing,
  type Value,
} from '../values.ts';
import ts from 'typescript';
import type { Handlers } from './handler.ts';

/** What is waited for: made settled as far as it is known how. */
export const PROMISE_HANDLERS: Handlers = {
  Promise: made,
  'Promise.resolve': (run, { self, node, args: [value = UNDEFINED] }) => {
    if (isPrimitive(self)) run.fail(node, 'Promise.resolve() is called without Promise');
    return isThing(value) && value.promise ? value : promise(run, fulfilled(run, node, value));
  },
  'Promise.reject': (run, { node, args: [value = UNDEFINED] }) => promise(run, rejected(node, value)),
  'Promise.all': (run, call) => together(run, call, 'all'),
  'Promise.allSettled': (run, call) => together(run, call, 'allSettled'),
  'Promise.race': (run, call) => together(run, call, 'race'),
  'Promise.any': (run, call) => together(run, call, 'any'),
  'Promise.try': (run, { node, args: [callback = UNDEFINED, ...args] }) => {
    const { value, thrown, mayHaveThrown, isCertain } = run.guarded(() =>
      run.call(callback, { node, self: UNDEFINED, args, isNew: false }),
    );
    if (thrown)
      return promise(run, isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' });
    return promise(run, mayHaveThrown ? { state: 'unknown' } : fulfilled(run, node, value ?? UNKNOWN));
  },
  'Promise.withResolvers': (run, { node }) => {
    const own = promise(run, { state: 'pending' });
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

export function promise(run: Run, state: Settled): Thing {
  const own = run.realm.instance('Promise');
  own.promise = state;
  return own;
}

function rejected(node: ts.Node, value: Value): Settled {
  return { state: 'rejected', failure: { node, message: 'this promise is rejected', kind: 'thrown', value } };
}

/** What a promise becomes that is resolved with a value: that of another promise, where it is one. */
export function fulfilled(run: Run, node: ts.Node, value: Value): Settled {
  if (isThing(value)) {
    if (value.promise) return value.promise;
    if (value.isOpen || value.proxy) return { state: 'unknown' };
    const method = getMember(run, node, value, 'then', 'this');
    if (!isPrimitive(method)) return { state: 'unknown' };
  }
  return value === UNKNOWN ? { state: 'unknown' } : { state: 'fulfilled', value };
}

function made(run: Run, { node, args: [executor = UNDEFINED] }: Call): Value {
  if (isPrimitive(executor) || (isThing(executor) && !executor.isFunction && !executor.isOpen)) {
    run.fail(node, 'a promise takes a function');
  }
  const own = promise(run, { state: 'pending' });
  const { resolve, reject } = resolversOf(run, node, own);
  const { thrown, mayHaveThrown, isCertain } = run.guarded(() =>
    run.call(executor, { node, self: UNDEFINED, args: [resolve, reject], isNew: false }),
  );
  if (own.promise?.state !== 'pending') return own;
  if (thrown) own.promise = isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' };
  // Whoever got hold of one of the two can settle it at any time.
  else if (mayHaveThrown || usesResolvers(executor)) own.promise = { state: 'unknown' };
  return own;
}

/** What settles a promise. Whoever gets hold of one of the two can do so at any time. */
function resolversOf(
  run: Run,
  node: ts.Node,
  own: Thing,
): { readonly resolve: Thing; readonly reject: Thing } {
  const settle = (to: (value: Value) => Settled): Thing => {
    const made = run.realm.function('settle', ({ args: [value = UNDEFINED] }) => {
      run.changes += 1;
      if (own.promise?.state === 'pending') own.promise = run.isCertain ? to(value) : { state: 'unknown' };
      return UNDEFINED;
    });
    made.onEscape = () => {
      if (own.promise?.state === 'pending') own.promise = { state: 'unknown' };
    };
    return made;
  };
  return {
    resolve: settle((value) => fulfilled(run, node, value)),
    reject: settle((value) => rejected(node, value)),
  };
}

function usesResolvers(executor: Value): boolean {
  return !isThing(executor) || !executor.code || executor.code.node.parameters.length > 0;
}

function then(run: Run, { node, self }: Call, onValue: Value = UNDEFINED, onError: Value = UNDEFINED): Value {
  const state = isThing(self) ? self.promise : undefined;
  if (isPrimitive(self)) run.fail(node, 'this is no promise');
  if (!state || state.state === 'unknown') {
    run.escape(onValue);
    run.escape(onError);
    return promise(run, { state: 'unknown' });
  }
  if (state.state === 'pending') {
    run.escape(onValue);
    run.escape(onError);
    return promise(run, { state: isThing(self) && self.hasEscaped ? 'unknown' : 'pending' });
  }
  const callback = state.state === 'fulfilled' ? onValue : onError;
  if (isPrimitive(callback) || (isThing(callback) && !callback.isFunction && !callback.isOpen))
    return promise(run, state);
  const given = state.state === 'fulfilled' ? state.value : thrownValue(run, state.failure);
  return isThing(callback) && isWaitedFor(node)
    ? followed(run, callback, node, given)
    : elsewhere(run, callback);
}

/** It runs after what comes next. */
function elsewhere(run: Run, callback: Value): Value {
  run.defer(callback);
  return promise(run, { state: 'unknown' });
}

function last(run: Run, call: Call): Value {
  const {
    self,
    args: [callback = UNDEFINED],
  } = call;
  const state: Settled = (isThing(self) ? self.promise : undefined) ?? { state: 'unknown' };
  if (isThing(callback) && isWaitedFor(call.node) && state.state !== 'pending') {
    const after = followed(run, callback, call.node, undefined);
    const isOver = after.promise?.state === 'fulfilled' && isPrimitive(after.promise.value);
    return isOver ? promise(run, state) : after;
  }
  run.escape(callback);
  return promise(run, isPrimitive(callback) ? state : { state: 'unknown' });
}

function followed(run: Run, callback: Thing, node: ts.Node, value: Value | undefined): Thing {
  const {
    value: result,
    thrown,
    isCertain,
    mayHaveThrown,
  } = run.guarded(() =>
    run.call(callback, { node, self: UNDEFINED, args: value ? [value] : [], isNew: false }),
  );
  if (thrown)
    return promise(run, isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' });
  return promise(
    run,
    mayHaveThrown || !run.isCertain ? { state: 'unknown' } : fulfilled(run, node, result ?? UNKNOWN),
  );
}

/** `await` around a chain of calls: nothing else of the module runs before they have. */
function isWaitedFor(call: ts.Node): boolean {
  let at = call.parent;
  let from = call;
  while (
    ts.isParenthesizedExpression(at) ||
    ((ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) && at.expression === from)
  ) {
    from = at;
    at = at.parent;
  }
  return ts.isAwaitExpression(at);
}

/** What a `catch` gets. */
export function thrownValue(run: Run, { value, error }: Failure): Value {
  if (value) return value;
  if (error === undefined) return UNKNOWN;
  const own = run.realm.instance(error);
  own.properties.set('message', { value: { kind: 'primitive', type: 'string' }, isHidden: true });
  own.properties.set('stack', { value: { kind: 'primitive', type: 'string' }, isHidden: true });
  return own;
}

function together(
  run: Run,
  { node, self, args: [all = UNDEFINED] }: Call,
  kind: 'all' | 'allSettled' | 'race' | 'any',
): Value {
  if (isPrimitive(self)) run.fail(node, `Promise.${kind}() is called without Promise`);
  const states: Settled[] = [];
  const { value: isKnown, thrown } = run.guarded(() =>
    iterate(run, node, all, `what Promise.${kind}() is given`, (value) => {
      states.push(fulfilled(run, node, value));
      return true;
    }),
  );
  if (thrown) return promise(run, { state: 'rejected', failure: thrown.failure });
  if (isKnown !== true || !run.isCertain) return promise(run, { state: 'unknown' });
  return promise(run, settledOf(run, node, kind, states));
}

function settledOf(run: Run, node: ts.Node, kind: string, states: readonly Settled[]): Settled {
  const ending = states.find(({ state }) => (kind === 'any' ? state === 'fulfilled' : state === 'rejected'));
  const isUnknown = states.some(({ state }) => state === 'unknown');
  const isPending = states.some(({ state }) => state === 'pending');
  if (kind === 'race') {
    const first = states.find(({ state }) => state !== 'pending');
    return first ?? { state: 'pending' };
  }
  if (ending && kind !== 'allSettled')
    return ending.state === 'fulfilled' && isUnknown ? { state: 'unknown' } : ending;
  if (isPending) return { state: 'pending' };
  if (isUnknown) return { state: 'unknown' };
  if (kind === 'any')
    return {
      state: 'rejected',
      failure: { node, message: 'every promise is rejected', kind: 'type', error: 'AggregateError' },
    };
  const values = states.map((state) =>
    kind === 'all' && state.state === 'fulfilled' ? state.value : outcome(run, state),
  );
  return { state: 'fulfilled', value: run.realm.arrayOf(values) };
}

function outcome(run: Run, state: Settled): Thing {
  const made = run.realm.plain();
  made.properties.set('status', { value: primitive(state.state) });
  if (state.state === 'fulfilled') made.properties.set('value', { value: state.value });
  if (state.state === 'rejected') made.properties.set('reason', { value: thrownValue(run, state.failure) });
  return made;
}
