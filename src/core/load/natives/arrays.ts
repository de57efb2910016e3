import type ts from 'typescript';
import { toPrimitive, toText } from '../conversions.ts';
import { elementsOf } from '../iteration.ts';
import { getMember, LONGEST_ARRAY } from '../objects.ts';
import { isSame, joined } from '../operators.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  primitive,
  SOME_BOOLEAN,
  SOME_NUMBER,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Thing,
  type Value,
} from '../values.ts';
import { iteratorOver } from './collections.ts';
import type { Handler, Handlers } from './handler.ts';

export type Elements = readonly (Value | undefined)[];

/** Arrays: what calls something for each element, what gives parts, and what changes them. */
export const ARRAY_HANDLERS: Handlers = {
  Array: construct,
  'Array.isArray': (_run, { args: [value = UNDEFINED] }) =>
    value === UNKNOWN || (isThing(value) && value.isOpen) || (isThing(value) && value.proxy)
      ? SOME_BOOLEAN
      : primitive(isThing(value) && value.brand === 'Array'),
  'Array.of': (run, { args }) => run.realm.arrayOf(args),
  'Array.from': from,
  'TypedArray.from': (run, call) => {
    from(run, call);
    return undefined;
  },
  'Array.prototype.flat': (run, { self, args: [depth = primitive(1)] }) => {
    const elements = elementsIn(self);
    const levels = isPrimitive(depth) && typeof depth.value === 'number' ? depth.value : undefined;
    return elements && levels !== undefined ? flattened(run, elements, levels) : undefined;
  },
  'Array.prototype.concat': concatenated,
  'Array.prototype.includes': finding(() => primitive(true), primitive(false), SOME_BOOLEAN),
  'Array.prototype.indexOf': finding((index) => primitive(index), primitive(-1), SOME_NUMBER),
  'Array.prototype.join': (run, { node, self, args: [separator = UNDEFINED] }) =>
    text(run, node, self, separator),
  'Array.prototype.toString': (run, { node, self }) => text(run, node, self, UNDEFINED),
  'Array.prototype.at': picking((elements, args) => elements.at(...args)),
  'Array.prototype.slice': parting((elements, args) => elements.slice(...args)),
  'Array.prototype.toReversed': parting((elements) => elements.toReversed()),
  'Array.prototype.toSpliced': parting((elements, args) => elements.toSpliced(...args)),
  'Array.prototype.with': replaced,
  'Array.prototype.push': changing((elements, args) => primitive(elements.push(...args))),
  'Array.prototype.unshift': changing((elements, args) => primitive(elements.unshift(...args))),
  'Array.prototype.pop': changing((elements) => elements.pop() ?? UNDEFINED),
  'Array.prototype.shift': changing((elements) => elements.shift() ?? UNDEFINED),
  'Array.prototype.reverse': changing((elements, _args, self) => {
    elements.reverse();
    return self;
  }),
  'Array.prototype.fill': changing((elements, args, self) => {
    const [value = UNDEFINED, ...range] = args;
    const numbers = range.map(numberOf);
    if (numbers.includes(undefined)) return undefined;
    elements.fill(value, ...(numbers as number[]));
    return self;
  }),
  'Array.prototype.splice': (run, call) => spliced(run, call),
  'Array.prototype.values': listed((value) => value ?? UNDEFINED),
  'Array.prototype.@iterator': listed((value) => value ?? UNDEFINED),
  'Array.prototype.keys': listed((_value, index) => primitive(index)),
  'Array.prototype.entries': listed((value, index, run) =>
    run.realm.arrayOf([primitive(index), value ?? UNDEFINED]),
  ),
};

function numberOf(value: Value): number | undefined {
  if (isPrimitive(value) && value.type === 'undefined') return undefined;
  return isPrimitive(value) && typeof value.value === 'number' ? value.value : undefined;
}

/** Of an array, of the arguments of a function, or of a text. */
export function elementsIn(self: Value): Elements | undefined {
  if (isPrimitive(self) && typeof self.value === 'string') return Array.from(self.value, primitive);
  return isThing(self) ? self.elements : undefined;
}

function construct(run: Run, { node, args }: Call): Value | undefined {
  const [length] = args;
  if (args.length !== 1 || !length) return run.realm.arrayOf(args);
  if (!isPrimitive(length)) return isThing(length) ? run.realm.arrayOf(args) : run.realm.instance('Array');
  if (length.type !== 'number') return run.realm.arrayOf(args);
  if (typeof length.value !== 'number') return run.realm.instance('Array');
  if (length.value >>> 0 !== length.value) run.fail(node, 'this is no length', 'type', 'RangeError');
  return length.value > LONGEST_ARRAY
    ? run.realm.instance('Array')
    : run.realm.arrayOf(Array.from({ length: length.value }, () => undefined));
}

function from(run: Run, call: Call): Value | undefined {
  const {
    node,
    args: [source = UNDEFINED, callback = UNDEFINED, self = UNDEFINED],
  } = call;
  if (isNothing(source)) run.fail(node, `Array.from() is given ${source.type}`);
  if (isPrimitive(callback) && callback.type !== 'undefined')
    run.fail(node, 'Array.from() is given no function');
  const elements = listOf(run, node, source);
  if (!elements) return undefined;
  if (isPrimitive(callback)) return run.realm.arrayOf(elements);
  run.decisions += 1;
  return run.realm.arrayOf(
    elements.map((element, index) => {
      run.step();
      return run.call(callback, { node, self, args: [element, primitive(index)], isNew: false });
    }),
  );
}

/** Of something iterable, or of something with a length. */
function listOf(run: Run, node: ts.Node, source: Value): readonly Value[] | undefined {
  if (isPrimitive(source) && source.type !== 'string') return [];
  if (!isThing(source) || source.brand !== undefined || source.generate || source.isOpen)
    return elementsOf(run, node, source, 'what Array.from() is given');
  const isIterable = !isNothing(getMember(run, node, source, Symbol.iterator, 'this'));
  if (isIterable) return elementsOf(run, node, source, 'what Array.from() is given');
  return arrayLike(run, node, source);
}

/** What is in something with a length. */
export function arrayLike(run: Run, node: ts.Node, source: Thing): readonly Value[] | undefined {
  const length = toPrimitive(run, node, getMember(run, node, source, 'length', 'this'), 'number');
  if (!isPrimitive(length)) return undefined;
  const count = length.type === 'undefined' ? 0 : length.value;
  if (typeof count !== 'number' || count > LONGEST_ARRAY) return undefined;
  run.step(Math.max(0, count) / 10);
  const places = Array.from({ length: Math.max(0, Math.trunc(count) || 0) }, (_, index) => String(index));
  return places.map((key) => getMember(run, node, source, key, 'this'));
}

/** What is in arrays in an array, so many levels deep. */
export function flattened(run: Run, elements: Elements, levels: number): Value | undefined {
  const flat: Value[] = [];
  const add = (all: Elements, left: number): boolean =>
    all.every((element) => {
      run.step();
      if (!element) return true;
      const isArray = isThing(element) && element.brand === 'Array';
      if (left >= 1 && isArray && element.elements) return add(element.elements, left - 1);
      if (left >= 1 && (isArray || element === UNKNOWN || (isThing(element) && element.isOpen))) return false;
      return flat.push(element) > 0;
    });
  return add(elements, levels) ? run.realm.arrayOf(flat) : undefined;
}

function concatenated(run: Run, { self, args }: Call): Value | undefined {
  const all: (Value | undefined)[] = [];
  for (const part of [self, ...args]) {
    if (isThing(part) && part.brand === 'Array') {
      if (!part.elements) return undefined;
      all.push(...part.elements);
    } else if (isPrimitive(part) || (isThing(part) && !part.isOpen)) {
      all.push(part);
    } else {
      return undefined;
    }
  }
  run.step(all.length / 10);
  return all.length > LONGEST_ARRAY ? undefined : run.realm.arrayOf(all);
}

function finding(found: (index: number) => Value, none: Value, unsure: Value): Handler {
  return (run, { self, args: [sought = UNDEFINED, start] }) => {
    const elements = elementsIn(self);
    if (!elements || start || typeof (isPrimitive(self) && self.value) === 'string') return undefined;
    run.decisions += 1;
    run.step(elements.length / 10);
    for (const [index, element] of elements.entries()) {
      const same = isSame(element ?? UNDEFINED, sought);
      if (same === undefined) return unsure;
      if (same) return found(index);
    }
    const isNotANumber = isPrimitive(sought) && Number.isNaN(sought.value);
    return isNotANumber ? unsure : none;
  };
}

function text(run: Run, node: ts.Node, self: Value, separator: Value): Value | undefined {
  const elements = elementsIn(self);
  if (!elements || !isThing(self)) return undefined;
  const comma =
    isPrimitive(separator) && separator.type === 'undefined' ? primitive(',') : toText(run, node, separator);
  let whole = primitive('');
  for (const [index, element] of elements.entries()) {
    run.step();
    if (index > 0) whole = joined(run, whole, comma);
    if (!element || isNothing(element)) continue;
    if (element === self) return undefined;
    whole = joined(run, whole, toText(run, node, element));
  }
  return whole;
}

function picking(pick: (elements: Elements, args: [number]) => Value | undefined): Handler {
  return (run, call) => {
    const elements = isThing(call.self) ? call.self.elements : undefined;
    const [index = 0] = call.args.map(numberOf);
    run.decisions += 1;
    return elements && (call.args.length === 0 || numberOf(call.args[0] ?? UNDEFINED) !== undefined)
      ? (pick(elements, [index]) ?? UNDEFINED)
      : undefined;
  };
}

function parting(part: (elements: Elements, args: [number, number?]) => (Value | undefined)[]): Handler {
  return (run, { self, args }) => {
    const elements = isThing(self) ? self.elements : undefined;
    const numbers = args.map(numberOf);
    if (!elements || numbers.includes(undefined) || args.length > 2) return undefined;
    run.step(elements.length / 10);
    return run.realm.arrayOf(part(elements, numbers as [number, number?]));
  };
}

function replaced(
  run: Run,
  { node, self, args: [place = UNDEFINED, value = UNDEFINED] }: Call,
): Value | undefined {
  const elements = isThing(self) ? self.elements : undefined;
  const index = numberOf(place);
  if (!elements || index === undefined) return undefined;
  const at = index < 0 ? elements.length + index : index;
  if (at < 0 || at >= elements.length)
    run.fail(node, 'with() is given a place that is not there', 'type', 'RangeError');
  return run.realm.arrayOf(elements.with(at, value));
}

export function isLocked({ isSealed }: Thing): boolean {
  return isSealed;
}

/** Those that change the array itself. */
function changing(
  change: (elements: (Value | undefined)[], args: readonly Value[], self: Thing) => Value | undefined,
): Handler {
  return (run, { node, self, args }) => {
    if (!isThing(self) || !self.elements || self.brand !== 'Array') return undefined;
    // Even what would change nothing sets the length.
    if (isLocked(self))
      run.fail(node, 'this array is frozen, sealed or the like, so that it cannot be changed');
    run.changes += 1;
    run.step(1 + self.elements.length / 1_000);
    if (self.hasEscaped || !run.isCertain || self.elements.length + args.length > LONGEST_ARRAY) {
      for (const each of [...self.elements, ...args]) if (each) run.escape(each);
      self.elements = undefined;
      return UNKNOWN;
    }
    run.decisions += 1;
    const result = change(self.elements, args, self);
    if (result === undefined) self.elements = undefined;
    return result ?? UNKNOWN;
  };
}

function spliced(run: Run, call: Call): Value | undefined {
  const { args } = call;
  const [start, count, ...added] = args;
  const numbers = [start, count].flatMap((each) => (each ? [numberOf(each)] : []));
  if (numbers.includes(undefined)) return undefined;
  return changing((elements) => {
    const removed =
      args.length === 0
        ? []
        : args.length === 1
          ? elements.splice(numbers[0] ?? 0)
          : elements.splice(numbers[0] ?? 0, numbers[1] ?? 0, ...added);
    return run.realm.arrayOf(removed);
  })(run, call);
}

function listed(of: (value: Value | undefined, index: number, run: Run) => Value): Handler {
  return (run, call) => {
    const elements = elementsIn(call.self);
    return iteratorOver(
      run,
      elements?.map((value, index) => of(value, index, run)),
      'ArrayIterator',
    );
  };
}
