import { escapeGenerator } from '../escaping.ts';
import { elementsOf, firstOf, iterate } from '../iteration.ts';
import { methodOf } from '../objects.ts';
import type { Run } from '../run.ts';
import {
  isPrimitive,
  isThing,
  knownPrimitive,
  primitive,
  UNDEFINED,
  type Give,
  type Call,
  type Thing,
  type Value,
} from '../values.ts';
import { iteratorOver } from './collections.ts';
import { promise } from '../settling.ts';
import type { Handler, Handlers } from './handler.ts';

/** What arrays, collections and generators give to iterate. */
export const ITERATOR_HANDLERS: Handlers = {
  Iterator: (run, { node, target }) =>
    target === undefined
      ? run.fail(node, 'Iterator cannot be made by itself')
      : run.realm.instance('Iterator'),
  'Iterator.from': (run, { node, args: [value = UNDEFINED] }) => {
    if (isPrimitive(value) && value.type !== 'string')
      run.fail(node, 'Iterator.from() takes an object or a text');
    if (isThing(value) && methodOf(run, node, value, 'iterator') === null) {
      // It gives its values by itself.
      run.escape(value);
      return run.realm.instance('IteratorHelper');
    }
    const elements = elementsOf(run, node, value, 'what Iterator.from() is given');
    return iteratorOver(run, elements, 'ArrayIterator');
  },
  'Iterator.prototype.@iterator': (_run, { self }) => self,
  ...Object.fromEntries(
    ['ArrayIterator', 'MapIterator', 'SetIterator', 'StringIterator', 'IteratorHelper'].map((name) => [
      `${name}.prototype.next`,
      next,
    ]),
  ),
  'String.prototype.@iterator': (run, { self }) => {
    const text = isPrimitive(self) ? self.value : undefined;
    const values = typeof text === 'string' ? Array.from(text, primitive) : undefined;
    return iteratorOver(run, values, 'StringIterator');
  },
  'Iterator.prototype.toArray': (run, { node, self }) => {
    const elements = elementsOf(run, node, self, 'this');
    return elements && run.realm.arrayOf(elements);
  },
  'Iterator.prototype.forEach': (run, { node, self, args: [callback = UNDEFINED] }) => {
    refuseNoFunction(run, node, callback);
    iterate(run, node, self, 'this', (value) => {
      run.call(callback, { node, self: UNDEFINED, args: [value], isNew: false });
      return true;
    });
    return UNDEFINED;
  },
  'Iterator.prototype.map': lazily((run, node, callback, value, give) =>
    give(run.call(callback, { node, self: UNDEFINED, args: [value], isNew: false })),
  ),
  ...Object.fromEntries(['take', 'drop'].map((name) => [`Iterator.prototype.${name}`, refuseNoCount])),
  'Generator.prototype.next': nextOfGenerator,
  'AsyncGenerator.prototype.next': (run, call) => {
    const { value, thrown, isCertain, mayHaveThrown } = run.guarded(() => nextOfGenerator(run, call));
    if (thrown && isCertain) return promise(run, { state: 'rejected', failure: thrown.failure });
    if (!value || mayHaveThrown) return undefined;
    return promise(run, { state: 'fulfilled', value });
  },
  'Generator.prototype.throw': (run, { node, self }) => {
    if (!isThing(self) || !self.generate || !run.isCertain) return undefined;
    if (self.answers) return lost(run, self);
    return run.fail(node, 'this is thrown into a generator that has not begun', 'thrown');
  },
  'Generator.prototype.return': (run, { self, args: [value = UNDEFINED] }) => {
    if (!isThing(self) || !self.generate || !run.isCertain) return undefined;
    if (self.answers) return lost(run, self);
    self.generate = undefined;
    self.steps = { values: [], next: 0 };
    return result(run, value, true);
  },
};

/** What has begun may catch what is thrown into it, and end in its own way. */
function lost(run: Run, generator: Thing): Value {
  const { generate } = generator;
  generator.generate = undefined;
  if (generate) escapeGenerator(run, generate);
  return run.unknown();
}

function refuseNoCount(run: Run, { node, args: [count = UNDEFINED] }: Call): undefined {
  const known = isPrimitive(count) ? knownPrimitive(count) : undefined;
  if (known && typeof known.is !== 'symbol' && !(Number(known.is) >= 0))
    run.fail(node, 'this is no number of values', 'type', 'RangeError');
  return undefined;
}

function refuseNoFunction(run: Run, node: Call['node'], callback: Value): void {
  if (isPrimitive(callback)) run.fail(node, 'this is given no function');
}

function next(run: Run, { self }: Call): Value | undefined {
  if (!isThing(self) || !self.steps || !run.isCertain) return undefined;
  const { steps } = self;
  run.changes += 1;
  run.decisions += 1;
  const isDone = steps.next >= steps.values.length;
  const value = steps.values[steps.next];
  steps.next += 1;
  return result(run, isDone ? UNDEFINED : (value ?? UNDEFINED), isDone);
}

function result(run: Run, value: Value, isDone: boolean): Thing {
  const made = run.realm.plain();
  made.properties.set('value', { value });
  made.properties.set('done', { value: primitive(isDone) });
  return made;
}

/**
 * A generator begins anew for each step, which nobody notices as long as it has changed nothing; after that what it
 * does is left to chance.
 */
function nextOfGenerator(run: Run, { self, args: [sent = UNDEFINED] }: Call): Value | undefined {
  if (!isThing(self)) return undefined;
  if (self.steps) return result(run, UNDEFINED, true);
  if (!self.generate || !run.isCertain) return undefined;
  const { generate } = self;
  const { changes } = run;
  const answers = [...(self.answers ?? []), sent];
  const { value, isDone } = firstOf(run, (give) => {
    let at = 0;
    return generate((given) => {
      at += 1;
      return answers[at] ?? give(given);
    });
  });
  if (isDone) {
    self.generate = undefined;
    self.steps = { values: [], next: 0 };
  } else if (run.changes === changes) {
    self.answers = answers;
  } else {
    self.generate = undefined;
    escapeGenerator(run, generate);
  }
  return result(run, value, isDone);
}

/** Nothing happens before somebody takes what it gives. */
function lazily(
  step: (run: Run, node: Call['node'], callback: Value, value: Value, give: Give) => void,
): Handler {
  return (run, { node, self, args: [callback = UNDEFINED] }) => {
    refuseNoFunction(run, node, callback);
    const made = run.realm.instance('IteratorHelper');
    made.generate = (give) => {
      iterate(run, node, self, 'this', (value) => {
        step(run, node, callback, value, give);
        return true;
      });
      return UNDEFINED;
    };
    return made;
  };
}
