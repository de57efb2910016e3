import type ts from 'typescript';
import { getMember, methodOf, LONGEST_ARRAY } from './objects.ts';
import { Thrown, type Run } from './run.ts';
import { Stop } from './stop.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  named,
  primitive,
  truth,
  UNDEFINED,
  UNKNOWN,
  type Give,
  type Thing,
  type Value,
} from './values.ts';

/**
 * Takes the values of something iterable one after the other, as a loop does. `take` answers whether it wants
 * another one. False when the text does not tell which values there are; `take` may have had some of them.
 * @param wants whether it wants any: what is taken from is asked for its iterator all the same
 */
export function iterate(
  run: Run,
  node: ts.Node,
  value: Value,
  text: string,
  take: (value: Value) => boolean,
  wants: () => boolean = () => true,
): boolean {
  run.decisions += 1;
  if (isPrimitive(value)) {
    if (value.type !== 'string')
      run.fail(node, `${text} is ${named(value)}, of which nothing can be taken one by one`);
    if (!wants()) return true;
    return typeof value.value === 'string' && takeAll(run, Array.from(value.value, primitive), take);
  }
  if (!isThing(value)) {
    run.unknown();
    return false;
  }
  const method = methodOf(run, node, value, 'iterator');
  if (method === null || isPrimitive(method ?? UNDEFINED)) {
    if (method !== undefined) run.fail(node, `${text} is not iterable`);
  }
  if (method === undefined || !isThing(method)) return giveUp(run, value);
  if (method.native) return iterateNative(run, value, take, wants);
  const iterator = run.call(method, { node, self: value, args: [], isNew: false });
  if (isPrimitive(iterator)) run.fail(node, `what ${text} gives to iterate is no object`);
  if (!isThing(iterator)) return giveUp(run, value);
  return iterator.native || iterator.generate || iterator.steps
    ? iterateNative(run, iterator, take, wants)
    : iterateBySteps(run, node, iterator, take, wants);
}

/** Takes what an async generator gives, for one that waits for each value. */
export function iterateAsync(
  run: Run,
  _node: ts.Node,
  value: Value,
  _text: string,
  take: (value: Value) => boolean,
): boolean {
  return isThing(value) ? iterateNative(run, value, take, () => true) : giveUp(run, value);
}

function giveUp(run: Run, value: Value): false {
  run.escape(value);
  run.unknown();
  return false;
}

function iterateNative(
  run: Run,
  value: Thing,
  take: (value: Value) => boolean,
  wants: () => boolean,
): boolean {
  const { elements, entries, steps, generate } = value;
  if (!wants()) {
    // A generator that nobody wants anything of is over before it begins.
    if (generate && run.isCertain && !value.answers) value.generate = () => UNDEFINED;
    return true;
  }
  if (value.host && 'length' in value.host) {
    // It may be written to on the way.
    for (let index = 0; ; index += 1) {
      run.step();
      const host = value.host as ArrayLike<number | bigint> | undefined;
      if (!host) return false;
      const element = host[index];
      if (element === undefined || !take(primitive(element))) return true;
    }
  }
  if (elements) {
    // What is added on the way is taken, too.
    for (let index = 0; value.elements === elements && index < elements.length; index += 1) {
      run.step();
      if (!take(elements[index] ?? UNDEFINED)) return true;
    }
    return value.elements === elements;
  }
  if (entries) {
    for (const entry of entries.values()) {
      run.step();
      const isMap = value.brand === 'Map';
      if (!take(isMap ? run.realm.arrayOf([entry.key, entry.value]) : entry.value)) return true;
      if (value.entries !== entries) return false;
    }
    return true;
  }
  if (steps && run.isCertain) {
    while (steps.next < steps.values.length) {
      run.step();
      const next = steps.values[steps.next];
      steps.next += 1;
      run.changes += 1;
      if (!take(next ?? UNDEFINED)) return true;
    }
    return true;
  }
  if (generate && run.isCertain && !value.answers) {
    value.generate = undefined;
    runGenerator(run, generate, take);
    return true;
  }
  return giveUp(run, value);
}

function takeAll(run: Run, values: readonly Value[], take: (value: Value) => boolean): true {
  for (const each of values) {
    run.step();
    if (!take(each)) break;
  }
  return true;
}

/** What is not the same in a generator and around it. */
function stateOf({
  frame,
  give,
  mayHaveLeft,
  mayHaveLeftMore,
}: Run): Pick<Run, 'frame' | 'give' | 'mayHaveLeft' | 'mayHaveLeftMore'> {
  return { frame, give, mayHaveLeft, mayHaveLeftMore };
}

/** A generator runs as far as somebody takes what it gives. */
function runGenerator(run: Run, generate: (give: Give) => unknown, take: (value: Value) => boolean): void {
  const outside = stateOf(run);
  let passed: Thrown | Stop | undefined;
  let stop: Stop | undefined;
  try {
    generate((value) => {
      const inside = stateOf(run);
      Object.assign(run, outside);
      let goesOn = false;
      try {
        goesOn = take(value);
      } catch (error) {
        if (!(error instanceof Thrown) && !(error instanceof Stop)) throw error;
        passed = error;
      } finally {
        outside.mayHaveLeft = run.mayHaveLeft;
        outside.mayHaveLeftMore = run.mayHaveLeftMore;
        Object.assign(run, inside, { mayHaveLeft: inside.mayHaveLeft || outside.mayHaveLeft });
      }
      if (goesOn) return run.isCertain ? UNDEFINED : UNKNOWN;
      // It waits with the generator around it that takes what it gives.
      stop = new Stop(!(passed instanceof Stop) || passed.isOver);
      throw stop;
    });
  } catch (error) {
    if (error !== stop) throw error;
  } finally {
    Object.assign(run, outside);
  }
  if (passed) throw passed instanceof Thrown ? run.raised(passed) : passed;
}

/** By the protocol: `next()` until it is done. */
function iterateBySteps(
  run: Run,
  node: ts.Node,
  iterator: Thing,
  take: (value: Value) => boolean,
  wants: () => boolean,
): boolean {
  const next = getMember(run, node, iterator, 'next', 'this');
  if (!takesOn(run, node, iterator, wants)) return true;
  for (;;) {
    run.step();
    const result = run.call(next, { node, self: iterator, args: [], isNew: false });
    if (isPrimitive(result)) run.fail(node, 'what an iterator gives is no object');
    const isDone = truth(getMember(run, node, result, 'done', 'this'));
    if (isDone === true) return true;
    if (isDone === undefined) return giveUp(run, iterator);
    const value = getMember(run, node, result, 'value', 'this');
    if (!takesOn(run, node, iterator, () => take(value))) return true;
  }
}

/** Closes an iterator when nobody wants more, or when what is taken goes wrong. */
function takesOn(run: Run, node: ts.Node, iterator: Thing, wants: () => boolean): boolean {
  let goesOn = false;
  try {
    goesOn = wants();
  } catch (error) {
    if (error instanceof Thrown) run.guarded(() => close(run, node, iterator));
    if (error instanceof Stop && error.isOver) close(run, node, iterator);
    throw error;
  }
  if (!goesOn) close(run, node, iterator);
  return goesOn;
}

/** Nobody wants more of it. */
function close(run: Run, node: ts.Node, iterator: Thing): void {
  const method = getMember(run, node, iterator, 'return', 'this');
  if (isNothing(method)) return;
  const result = run.call(method, { node, self: iterator, args: [], isNew: false });
  if (isPrimitive(result)) run.fail(node, 'what an iterator gives is no object');
}

/** The values that a spread takes one after the other; undefined when the text does not tell. */
export function elementsOf(
  run: Run,
  node: ts.Node,
  value: Value,
  text: string,
): readonly Value[] | undefined {
  const elements: Value[] = [];
  const isKnown = iterate(run, node, value, text, (element) => elements.push(element) <= LONGEST_ARRAY);
  if (isKnown && elements.length <= LONGEST_ARRAY) return elements;
  for (const element of elements) run.escape(element);
  return undefined;
}

/** `next()` of a generator that has not begun. */
export function firstOf(
  run: Run,
  generate: (give: Give) => Value,
): { readonly value: Value; readonly isDone: boolean } {
  const outside = stateOf(run);
  const stop = new Stop(false);
  let first: Value = UNDEFINED;
  try {
    const value = generate((given) => {
      first = given;
      throw stop;
    });
    return { value, isDone: true };
  } catch (error) {
    if (error !== stop) throw error;
    return { value: first, isDone: false };
  } finally {
    Object.assign(run, outside);
  }
}
