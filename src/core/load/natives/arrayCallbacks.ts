import type ts from 'typescript';
import { toText } from '../conversions.ts';
import type { Run } from '../run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  SOME_BOOLEAN,
  truth,
  UNDEFINED,
  UNKNOWN,
  type Thing,
  type Value,
} from '../values.ts';
import { elementsIn, flattened, isLocked, type Elements } from './arrays.ts';
import type { Handler, Handlers } from './handler.ts';

/** The methods of arrays that call what they are given. */
export const ARRAY_CALLBACK_HANDLERS: Handlers = {
  ...each('forEach', () => UNDEFINED),
  ...each('map', (run, results) => run.realm.arrayOf(results)),
  ...each('filter', filtered),
  ...each('flatMap', (run, results) => flattened(run, results, 1)),
  'Array.prototype.find': searching((value) => value ?? UNDEFINED, UNDEFINED, false),
  'Array.prototype.findLast': searching((value) => value ?? UNDEFINED, UNDEFINED, true),
  'Array.prototype.findIndex': searching((_value, index) => primitive(index), primitive(-1), false),
  'Array.prototype.findLastIndex': searching((_value, index) => primitive(index), primitive(-1), true),
  'Array.prototype.some': deciding(true),
  'Array.prototype.every': deciding(false),
  'Array.prototype.reduce': reducing(false),
  'Array.prototype.reduceRight': reducing(true),
  'Array.prototype.sort': sorting(true),
  'Array.prototype.toSorted': sorting(false),
};

/** Those that call what they are given for each element, in order. */
function each(
  name: string,
  result: (run: Run, results: readonly Value[], elements: readonly Value[]) => Value | undefined,
): Handlers {
  return {
    [`Array.prototype.${name}`]: (run, call) => {
      const {
        node,
        args: [callback = UNDEFINED, receiver = UNDEFINED],
      } = call;
      const self = ofNumbers(run, call.self);
      const elements = elementsIn(self);
      if (isPrimitive(callback)) run.fail(node, `${name}() is given no function`);
      if (!elements) return undefined;
      run.decisions += 1;
      const present: Value[] = [];
      const results: Value[] = [];
      for (let index = 0, length = elements.length; index < length; index += 1) {
        const element = elements[index];
        if (!element) continue;
        run.step();
        present.push(element);
        results.push(callOne(run, node, { callback, receiver }, element, index, self));
      }
      return result(run, results, present);
    },
  };
}

/** A number has no elements. */
function ofNumbers(run: Run, self: Value): Value {
  const isText = isPrimitive(self) && self.type === 'string';
  return isPrimitive(self) && !isText ? run.realm.arrayOf([]) : self;
}

/** What is called, and what `this` is in it. */
interface Callback {
  readonly callback: Value;
  readonly receiver: Value;
}

function callOne(
  run: Run,
  node: ts.Node,
  { callback, receiver }: Callback,
  element: Value,
  index: number,
  self: Value,
): Value {
  return run.call(callback, { node, self: receiver, args: [element, primitive(index), self], isNew: false });
}

function filtered(run: Run, results: readonly Value[], elements: readonly Value[]): Value {
  const answers = results.map(truth);
  if (!answers.includes(undefined)) return run.realm.arrayOf(elements.filter((_, index) => answers[index]));
  for (const element of elements) run.escape(element);
  return run.realm.instance('Array');
}

/** Those that stop at the first element for which the answer is yes. */
function searching(
  found: (value: Value | undefined, index: number) => Value,
  none: Value,
  isLast: boolean,
): Handler {
  return (run, { node, self, args: [callback = UNDEFINED, receiver = UNDEFINED] }) => {
    const elements = elementsIn(self);
    if (isPrimitive(callback)) run.fail(node, 'this is given no function');
    if (!elements) return undefined;
    return search(run, node, self, elements, { callback, receiver }, { found, none, isLast, sought: true });
  };
}

interface Search {
  readonly found: (value: Value | undefined, index: number) => Value;
  readonly none: Value;
  readonly isLast: boolean;
  readonly sought: boolean;
}

function search(
  run: Run,
  node: ts.Node,
  self: Value,
  elements: Elements,
  callback: Callback,
  { found, none, isLast, sought }: Search,
): Value {
  run.decisions += 1;
  let isOver = false;
  const places = elements.map((_, index) => index);
  for (const index of isLast ? places.reverse() : places) {
    run.step();
    const element = elements[index];
    const call = (): Value => callOne(run, node, callback, element ?? UNDEFINED, index, self);
    const answer = truth(isOver ? run.perhaps(call) : call());
    if (answer === sought && !isOver) return found(element, index);
    // Those that come later may not be asked.
    if (answer !== !sought) isOver = true;
  }
  return isOver ? UNKNOWN : none;
}

function deciding(sought: boolean): Handler {
  return (run, { node, self, args: [callback = UNDEFINED, receiver = UNDEFINED] }) => {
    const elements = elementsIn(self);
    if (isPrimitive(callback)) run.fail(node, 'this is given no function');
    if (!elements) return undefined;
    const found = (): Value => primitive(sought);
    const present = elements.filter((element) => element !== undefined);
    const answer = search(
      run,
      node,
      self,
      present,
      { callback, receiver },
      {
        found,
        none: primitive(!sought),
        isLast: false,
        sought,
      },
    );
    return answer === UNKNOWN ? SOME_BOOLEAN : answer;
  };
}

function reducing(isRight: boolean): Handler {
  return (run, { node, self, args }) => {
    const [callback = UNDEFINED] = args;
    const elements = elementsIn(self);
    if (isPrimitive(callback)) run.fail(node, 'reduce() is given no function');
    if (!elements) return undefined;
    run.decisions += 1;
    const places = elements.flatMap((element, index) => (element ? [{ element, index }] : []));
    if (isRight) places.reverse();
    let value = args[1];
    if (args.length < 2) {
      value = places.shift()?.element ?? run.fail(node, 'reduce() has no element to begin with');
    }
    for (const { element, index } of places) {
      run.step();
      value = run.call(callback, {
        node,
        self: UNDEFINED,
        args: [value ?? UNDEFINED, element, primitive(index), self],
        isNew: false,
      });
    }
    return value;
  };
}

function sorting(isInPlace: boolean): Handler {
  return (run, { node, self, args: [compare = UNDEFINED] }) => {
    if (isPrimitive(compare) && compare.type !== 'undefined') run.fail(node, 'sort() is given no function');
    if (!isThing(self) || !self.elements) return undefined;
    const { elements } = self;
    if (isInPlace && isLocked(self) && elements.length > 1) run.fail(node, 'a frozen array cannot be sorted');
    run.decisions += 1;
    const present = elements.filter((element) => element !== undefined);
    if (isPrimitive(compare)) return sortedByText(run, node, self, present, isInPlace);
    let isKnown = run.isCertain;
    const sorted = present.slice(0, 500).sort((a, b) => {
      run.step();
      const order = run.call(compare, { node, self: UNDEFINED, args: [a, b], isNew: false });
      const number = isPrimitive(order) && typeof order.value === 'number' ? order.value : undefined;
      if (number === undefined) isKnown = false;
      return number ?? 0;
    });
    return placed(run, self, isKnown && present.length === elements.length ? sorted : undefined, isInPlace);
  };
}

function sortedByText(
  run: Run,
  node: ts.Node,
  self: Thing,
  present: readonly Value[],
  isInPlace: boolean,
): Value {
  const isMore = present.length > 1;
  const keyed = present.map((value) => ({ value, key: isMore ? toText(run, node, value).value : '' }));
  const isKnown = run.isCertain && keyed.every(({ key }) => typeof key === 'string');
  const defined = keyed.filter(({ value }) => !(isPrimitive(value) && value.type === 'undefined'));
  const sorted = defined
    .sort(({ key: a }, { key: b }) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0))
    .map(({ value }) => value);
  const isWhole = sorted.length === self.elements?.length;
  return placed(run, self, isKnown && isWhole ? sorted : undefined, isInPlace);
}

function placed(run: Run, self: Thing, sorted: Value[] | undefined, isInPlace: boolean): Value {
  run.changes += 1;
  if (!isInPlace) return sorted ? run.realm.arrayOf(sorted) : run.realm.instance('Array');
  self.elements = sorted;
  return self;
}
