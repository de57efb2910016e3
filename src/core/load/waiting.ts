import type ts from 'typescript';
import { getMember } from './objects.ts';
import { Thrown, type Run } from './run.ts';
import { afterSettled, fulfilled } from './settling.ts';
import { isPrimitive, isThing, UNDEFINED, type Settled, type Thing, type Value } from './values.ts';

/** What an `await` gives, where nothing stops that could go on later. */
export function settle(run: Run, node: ts.Node, value: Value): Value {
  return run.isMain && run.isCertain ? settleInTurn(run, node, value) : settleAtOnce(run, node, value);
}

/** The module waits: everything that has its turn before it goes on runs now. */
function settleInTurn(run: Run, node: ts.Node, value: Value): Value {
  let outcome: Settled | undefined;
  const goOn = (state: Settled): void => {
    outcome = state;
  };
  const lose = (): void => goOn({ state: 'unknown' });
  if (isThing(value) && value.promise) {
    afterSettled(run, value, goOn, lose);
  } else {
    const state = stateOf(run, node, value);
    run.jobs.push({ run: () => goOn(state), escape: lose });
  }
  while (!outcome) {
    run.step();
    if (!run.apart(() => run.jobs.next())) return never(run, node);
  }
  return outcomeOf(run, outcome);
}

/** Nobody knows what else runs in the meantime. */
export function settleAtOnce(run: Run, node: ts.Node, value: Value): Value {
  run.waited();
  const state = isThing(value) && value.promise ? value.promise : stateOf(run, node, value);
  return state.state === 'pending' ? never(run, node) : outcomeOf(run, state);
}

function stateOf(run: Run, node: ts.Node, value: Value): Settled {
  if (isPrimitive(value)) return { state: 'fulfilled', value };
  return isThing(value) ? thenable(run, node, value) : { state: 'unknown' };
}

function outcomeOf(run: Run, state: Settled): Value {
  if (state.state === 'fulfilled') return state.value;
  if (state.state === 'rejected') throw run.raised(new Thrown(state.failure));
  run.waited();
  return run.unknown();
}

function never(run: Run, node: ts.Node): Value {
  if (!run.hasForgotten) run.recordEndless({ node, message: 'this await never ends', kind: 'endless' });
  return run.unknown();
}

/** Anything with a method `then` is waited for. */
export function thenable(run: Run, node: ts.Node, value: Thing): Settled {
  if (value.isOpen || value.proxy) return { state: 'unknown' };
  const method = getMember(run, node, value, 'then', 'this');
  if (!isThing(method) || !method.isFunction)
    return isThing(method) || isPrimitive(method) ? { state: 'fulfilled', value } : { state: 'unknown' };
  const ways: { state?: Settled } = {};
  const way = (make: (given: Value) => Settled): Value =>
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
