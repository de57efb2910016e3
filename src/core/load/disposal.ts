import type ts from 'typescript';
import { methodOf } from './objects.ts';
import { Thrown, type Run } from './run.ts';
import { settle } from './waiting.ts';
import { isThing, named, UNKNOWN, type Value, type Scope } from './values.ts';

/** What `using` takes: an object with a method that disposes of it, or nothing. The method, where it is known. */
export function disposable(run: Run, node: ts.Node, value: Value, isAsync: boolean): Value | undefined {
  if (!isThing(value)) {
    if (value.kind === 'unknown') run.unknown();
    else if (value.type !== 'undefined' && value.type !== 'null')
      run.fail(node, `${named(value)} cannot be disposed of`);
    return undefined;
  }
  const names = isAsync ? ['asyncDispose', 'dispose'] : ['dispose'];
  const methods = names.map((name) => methodOf(run, node, value, name));
  if (methods.every((each) => each === null)) run.fail(node, 'nothing disposes of this');
  const method = methods.find((each) => each !== null);
  const isNoFunction = method && (!isThing(method) || (!method.isFunction && !method.isOpen));
  if (isNoFunction) run.fail(node, 'what should dispose of this is no function');
  if (!method) run.escape(value);
  return method ?? undefined;
}

/** Runs a block, and disposes of what it used however it ends. */
export function disposing<T>(run: Run, scope: Scope, block: () => T): T {
  let end: T;
  try {
    end = block();
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    const { mayHaveThrown } = run.guarded(() => dispose(run, scope));
    // What disposes has the last word.
    throw mayHaveThrown ? new Thrown({ ...error.failure, value: UNKNOWN }) : error;
  }
  dispose(run, scope);
  return end;
}

/** In the order opposite to that of the text. */
export function dispose(run: Run, scope: Scope): void {
  for (const { node, method, value, isAsync } of scope.disposals.splice(0).reverse()) {
    const result = run.call(method, { node, self: value, args: [], isNew: false });
    if (isAsync) settle(run, node, result);
  }
}
