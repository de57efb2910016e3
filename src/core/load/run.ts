import type ts from 'typescript';
import {
  isThing,
  join,
  UNKNOWN,
  type Call,
  type Failure,
  type Thing,
  type Value,
  type Binding,
  type Scope,
} from './values.ts';

/** So many expressions and statements are followed; what comes then is not known. */
const MOST_STEPS = 60_000;

/** So many calls within each other. */
const DEEPEST = 60;

/** How a statement ends that does not simply end. */
export type Completion =
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue'; readonly label: string | undefined }
  | undefined;

/** An error of the program that is followed. */
export class Thrown extends Error {
  readonly failure: Failure;
  /** It was said already that it reaches the outside. */
  isRecorded = false;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What goes on is not followed any further. */
export class GaveUp extends Error {}

/** `value` is undefined when something was thrown for sure. */
export interface Guarded<T> {
  readonly value: T | undefined;
  readonly thrown: Thrown | undefined;
  readonly mayHaveThrown: boolean;
  /** Whether what was thrown is thrown each time. */
  readonly isCertain: boolean;
}

/** What the parts of the interpreter ask of each other. */
export interface Parts {
  evaluate(run: Run, node: ts.Expression, scope: Scope): Value;
  statements(run: Run, statements: readonly ts.Statement[], scope: Scope): Completion;
  call(run: Run, callee: Value, call: Call): Value;
  /** Whether the runtime has a module of that name. */
  hasModule(specifier: string): boolean;
}

/** One module on its way to being loaded: what is known at a moment, and what went wrong. */
export class Run {
  readonly failures = new Map<ts.Node, { readonly failure: Failure; readonly isCertain: boolean }>();
  readonly #parts: Parts;
  /** Conditions around that nobody knows. */
  #conditions = 0;
  /** A `return`, `break` or `continue` may have left this place. */
  mayHaveLeft = false;
  /** In a `try`: something may have thrown before. */
  mayHaveThrown = false;
  /** Things around that catch what is thrown. */
  #guards = 0;
  /** In a function that somebody unknown calls at some time. */
  #elsewhere = 0;
  #steps = 0;
  #depth = 0;
  /** Somebody changed what all objects share. */
  isPolluted = false;
  /** In an async function that nobody waits for at once. */
  isDetached = false;
  /** What comes now runs at another time. */
  isLater = false;
  self: Value = { kind: 'primitive', type: 'undefined' };

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isCertain(): boolean {
    return (
      this.#conditions === 0 &&
      !this.mayHaveLeft &&
      !this.mayHaveThrown &&
      !this.isLater &&
      this.#elsewhere === 0
    );
  }

  step(): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new GaveUp();
  }

  evaluate(node: ts.Expression, scope: Scope): Value {
    this.step();
    return this.#parts.evaluate(this, node, scope);
  }

  statements(statements: readonly ts.Statement[], scope: Scope): Completion {
    return this.#parts.statements(this, statements, scope);
  }

  call(callee: Value, call: Call): Value {
    return this.#parts.call(this, callee, call);
  }

  hasModule(specifier: string): boolean {
    return this.#parts.hasModule(specifier);
  }

  /** Throws in the program that is followed. */
  fail(node: ts.Node, message: string, kind: Failure['kind'] = 'type'): never {
    throw this.raised(new Thrown({ node, message, kind }));
  }

  /** An error that is on its way: when nobody is left who catches it, it is one of the module. */
  raised(thrown: Thrown): Thrown {
    if (this.#guards === 0 && !thrown.isRecorded) {
      thrown.isRecorded = true;
      this.record(thrown.failure);
    }
    return thrown;
  }

  record(failure: Failure): void {
    if (this.#elsewhere > 0) return;
    const isCertain = this.isCertain;
    if (isCertain || !this.failures.has(failure.node))
      this.failures.set(failure.node, { failure, isCertain });
  }

  /** What never ends cannot be caught either. */
  recordEndless(failure: Failure): void {
    this.record(failure);
  }

  /** Of an async function that nobody waits for, what comes after its first `await` runs at another time. */
  waited(): void {
    if (this.isDetached) this.isLater = true;
  }

  /** Something unknown runs, which may throw. */
  unknown(): Value {
    if (this.#guards > 0) this.mayHaveThrown = true;
    return UNKNOWN;
  }

  /** With a condition around that nobody knows. */
  perhaps<T>(run: () => T): T {
    this.#conditions += 1;
    try {
      return run();
    } finally {
      this.#conditions -= 1;
    }
  }

  /** What is thrown in it is caught. */
  guarded<T>(run: () => T): Guarded<T> {
    const before = this.mayHaveThrown;
    if (before) this.#conditions += 1;
    this.mayHaveThrown = false;
    this.#guards += 1;
    try {
      const value = run();
      return { value, thrown: undefined, mayHaveThrown: this.mayHaveThrown, isCertain: false };
    } catch (error) {
      if (error instanceof Thrown) {
        // What may have thrown before would be caught here as well.
        this.mayHaveThrown = false;
        return { value: undefined, thrown: error, mayHaveThrown: true, isCertain: this.isCertain };
      }
      throw error;
    } finally {
      this.#guards -= 1;
      this.mayHaveThrown = before;
      if (before) this.#conditions -= 1;
    }
  }

  /** One of the ways is gone, and nobody knows which. */
  either(ways: readonly (() => Completion)[]): Completion {
    const ends = ways.map((way): Completion | Thrown => {
      try {
        return this.perhaps(way);
      } catch (error) {
        if (error instanceof Thrown) return error;
        throw error;
      }
    });
    const errors = ends.filter((end) => end instanceof Thrown);
    const others = ends.filter((end): end is Completion => !(end instanceof Thrown));
    const [first] = errors;
    if (first && others.length === 0) {
      if (this.#guards === 0) this.record(first.failure);
      throw first;
    }
    if (first) this.unknown();
    const returned = others.flatMap((end) => (end?.kind === 'return' ? [end.value] : []));
    if (returned.length > 0 && returned.length === others.length) {
      return { kind: 'return', value: returned.reduce(join) };
    }
    if (others.some((end) => end !== undefined)) this.mayHaveLeft = true;
    return undefined;
  }

  /** A function or a loop, which nothing but a throw leaves any further. */
  inside<T>(run: () => T): T {
    const before = this.mayHaveLeft;
    if (before) this.#conditions += 1;
    this.mayHaveLeft = false;
    this.#depth += 1;
    try {
      if (this.#depth > DEEPEST) throw new GaveUp();
      return run();
    } finally {
      this.#depth -= 1;
      this.mayHaveLeft = before;
      if (before) this.#conditions -= 1;
    }
  }

  set(binding: Binding, value: Value): void {
    if (this.#elsewhere > 0) binding.isVolatile = true;
    binding.value = this.isCertain ? value : join(binding.value, value);
  }

  /** Somebody unknown gets hold of a value: it changes it, and calls what can be called, at some time. */
  escape(value: Value): void {
    if (!isThing(value) || value.hasEscaped) return;
    value.hasEscaped = true;
    // What the runtime has stays what it is.
    if (value.native) return;
    value.isOpen = true;
    for (const property of value.properties.values()) {
      this.escape(property.value);
      property.value = UNKNOWN;
    }
    for (const element of value.elements ?? []) this.escape(element);
    value.elements = undefined;
    if (value.promise?.state === 'fulfilled') this.escape(value.promise.value);
    if (value.code) this.#callElsewhere(value);
  }

  #callElsewhere(callee: Thing): void {
    this.#elsewhere += 1;
    try {
      const { node } = callee.code ?? {};
      if (node)
        this.guarded(() =>
          this.call(callee, { node, self: UNKNOWN, args: node.parameters.map(() => UNKNOWN), isNew: false }),
        );
    } finally {
      this.#elsewhere -= 1;
    }
  }
}
