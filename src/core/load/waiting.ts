import type ts from 'typescript';
import { fulfilled } from './natives/promises.ts';
import { getMember } from './objects.ts';
import { Thrown, type Run } from './run.ts';
import { isPrimitive, isThing, UNDEFINED, type Thing, type Value } from './values.ts';

/** What an `await` gives. */
export function settle(run: Run, node: ts.Node, value: Value): Value {
  run.waited();
  if (isPrimitive(value)) return value;
  if (!isThing(value)) return run.unknown();
  const state = value.promise ?? thenable(run, node, value);
  switch (state.state) {
    case 'fulfilled':
      return state.value;
    case 'rejected':
      throw run.raised(new Thrown(state.failure));
    case 'pending':
      run.recordEndless({ node, message: 'this await never ends', kind: 'endless' });
      return run.unknown();
    case 'unknown':
      return run.unknown();
  }
}

/** Anything with a method `then` is waited for. */
function thenable(run: Run, node: ts.Node, value: Thing): ReturnType<typeof fulfilled> {
  if (value.isOpen || value.proxy) return { state: 'unknown' };
  const method = getMember(run, node, value, 'then', 'this');
  if (!isThing(method) || !method.isFunction)
    return isThing(method) || isPrimitive(method) ? { state: 'fulfilled', value } : { state: 'unknown' };
  const ways: { state?: ReturnType<typeof fulfilled> } = {};
  const way = (make: (given: Value) => ReturnType<typeof fulfilled>): Value =>
    run.realm.function('settle', ({ args: [given = UNDEFINED] }) => {
      ways.state ??= run.isCertain ? make(given) : { state: 'unknown' };
      return UNDEFINED;
    });
  const resolve = way((given) => fulfilled(run, node, given));
  const reject = way((given) => ({
    state: 'rejected',
    failure: { node, message: 'what is waited for is rejected', kind: 'thrown', value: given },
  }));
  const { thrown, isCertain } = run.guarded(() =>
    run.call(method, { node, self: value, args: [resolve, reject], isNew: false }),
  );
  if (ways.state) return ways.state;
  return thrown && isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' };
}
