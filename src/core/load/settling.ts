import type ts from 'typescript';
import { getMember } from './objects.ts';
import type { Run } from './run.ts';
import { isPrimitive, isThing, UNKNOWN, type Settled, type Thing, type Value } from './values.ts';

/** A promise that nobody has settled yet. */
export function pendingPromise(run: Run): Thing {
  return promise(run, { state: 'pending' });
}

export function promise(run: Run, state: Settled): Thing {
  const own = run.realm.instance('Promise');
  own.promise = state;
  return own;
}

/** The first one to settle a promise does so for good. */
export function settlePromise(own: Thing, state: Settled): void {
  if (own.promise?.state !== 'pending') return;
  own.promise = state;
  const { waiting } = own;
  own.waiting = undefined;
  for (const each of waiting ?? []) each(state);
}

/** Calls back at once when it is settled already. */
export function whenSettled(own: Thing, callback: (state: Settled) => void): void {
  const state = own.promise ?? { state: 'unknown' };
  if (state.state === 'pending') (own.waiting ??= []).push(callback);
  else callback(state);
}

/** Runs a job as soon as a promise is settled; `escape` where nobody knows when that is, or how. */
export function afterSettled(run: Run, own: Thing, work: (state: Settled) => void, escape: () => void): void {
  whenSettled(own, (state) => {
    if (state.state === 'unknown') escape();
    else run.jobs.push({ run: () => work(state), escape });
  });
}

/** What `resolve()` does with a promise: it follows another one that it is given. */
export function resolvePromise(run: Run, node: ts.Node, own: Thing, value: Value): void {
  const lose = (): void => settlePromise(own, { state: 'unknown' });
  if (!isThing(value) || !value.promise) {
    settlePromise(own, fulfilled(run, node, value));
    return;
  }
  // The runtime takes a job to begin to wait, and another one to go on.
  run.jobs.push({
    run: () => afterSettled(run, value, (state) => settlePromise(own, state), lose),
    escape: lose,
  });
}

/** What a promise becomes that is resolved with a value that is none itself. */
export function fulfilled(run: Run, node: ts.Node, value: Value): Settled {
  if (isThing(value)) {
    if (value.promise) return value.promise;
    if (value.isOpen || value.proxy) return { state: 'unknown' };
    const method = getMember(run, node, value, 'then', 'this');
    if (!isPrimitive(method)) return { state: 'unknown' };
  }
  return value === UNKNOWN ? { state: 'unknown' } : { state: 'fulfilled', value };
}
