import type ts from 'typescript';
import { iterate } from '../iteration.ts';
import type { Run } from '../run.ts';
import { afterSettled, fulfilled, pendingPromise, promise, settlePromise } from '../settling.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  UNDEFINED,
  type Call,
  type Settled,
  type Thing,
  type Value,
} from '../values.ts';
import type { Handlers } from './handler.ts';
import { thrownValue } from './promises.ts';

type Kind = 'all' | 'allSettled' | 'race' | 'any';

/** What waits for several promises at once. */
export const PROMISE_GROUP_HANDLERS: Handlers = {
  'Promise.all': (run, call) => together(run, call, 'all'),
  'Promise.allSettled': (run, call) => together(run, call, 'allSettled'),
  'Promise.race': (run, call) => together(run, call, 'race'),
  'Promise.any': (run, call) => together(run, call, 'any'),
};

function together(run: Run, { node, self, args: [all = UNDEFINED] }: Call, kind: Kind): Value {
  if (isPrimitive(self)) run.fail(node, `Promise.${kind}() is called without Promise`);
  const parts: Thing[] = [];
  const { value: isKnown, thrown } = run.guarded(() =>
    iterate(run, node, all, `what Promise.${kind}() is given`, (value) => {
      parts.push(isThing(value) && value.promise ? value : promise(run, fulfilled(run, node, value)));
      return true;
    }),
  );
  if (thrown) return promise(run, { state: 'rejected', failure: thrown.failure });
  if (isKnown !== true || !run.isCertain) return promise(run, { state: 'unknown' });
  return waitFor(run, node, kind, parts);
}

function waitFor(run: Run, node: ts.Node, kind: Kind, parts: readonly Thing[]): Thing {
  const own = pendingPromise(run);
  const states: (Settled | undefined)[] = parts.map(() => undefined);
  const end = (): void => {
    if (kind !== 'race' && states.every((state) => state !== undefined))
      settlePromise(own, endOf(run, node, kind, states));
  };
  for (const [index, part] of parts.entries()) {
    const take = (state: Settled): void => {
      states[index] = state;
      const isUnknown = states.some((each) => each?.state === 'unknown');
      if (endsAll(kind, state))
        settlePromise(own, isUnknown && kind === 'any' ? { state: 'unknown' } : state);
      end();
    };
    afterSettled(run, part, take, () => take({ state: 'unknown' }));
  }
  end();
  return own;
}

/** One is enough. */
function endsAll(kind: Kind, { state }: Settled): boolean {
  if (kind === 'race') return true;
  return (kind === 'any' && state === 'fulfilled') || (kind === 'all' && state === 'rejected');
}

function endOf(run: Run, node: ts.Node, kind: Kind, states: readonly Settled[]): Settled {
  if (states.some(({ state }) => state === 'unknown')) return { state: 'unknown' };
  if (kind === 'any') {
    const message = 'every promise is rejected';
    const value = run.realm.instance('AggregateError');
    value.isOpen = true;
    return { state: 'rejected', failure: { node, message, kind: 'type', value } };
  }
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
