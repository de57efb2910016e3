import type ts from 'typescript';
import { ActiveCalls, isIdentical } from './activeCalls.ts';
import { escape } from './escaping.ts';
import { Jobs } from './jobs.ts';
import type { Realm } from './realm.ts';
import {
  join,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Failure,
  type Frame,
  type Give,
  type Thing,
  type Value,
  type Binding,
  type Scope,
} from './values.ts';

/** So much is followed of a statement of the top level; what comes of more is not known. */
const MOST_STEPS = 20_000;

/** So much is followed of all of them. */
const MOST_STEPS_OF_ALL = 100_000;

/** So many calls within each other. */
const DEEPEST = 150;

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
  realm(run: Run): Realm;
}

/** One module on its way to being loaded: what is known at a moment, and what went wrong. */
export class Run {
  readonly failures = new Map<ts.Node, { readonly failure: Failure; readonly isCertain: boolean }>();
  readonly realm: Realm;
  readonly #parts: Parts;
  /** Conditions around that nobody knows. */
  #conditions = 0;
  /** A `return`, `break` or `continue` may have left this place. */
  mayHaveLeft = false;
  /** What may have left this place leaves what is around it, too: a `return`, or a jump to a label. */
  mayHaveLeftMore = false;
  /** In a `try`: something may have thrown before. */
  mayHaveThrown = false;
  /** Things around that catch what is thrown. */
  #guards = 0;
  /** In a function that somebody unknown calls at some time. */
  #elsewhere = 0;
  #steps = 0;
  #stepsOfAll = 0;
  #depth = 0;
  readonly #calls = new ActiveCalls();
  /** What runs when the module waits, or when it is over. */
  readonly jobs = new Jobs();
  /** What the `await` of the expression gave that is evaluated; undefined where it does not stop at them. */
  journal: ReadonlyMap<ts.Node, Value> | undefined;
  /** What stands for an object of this process. */
  readonly hosted = new WeakMap<object, Thing>();
  /** What the tags of templates got, by the template. */
  readonly templates = new Map<ts.Node, Thing>();
  /** The async function that runs. */
  coroutine: { readonly isFollowed: boolean } | undefined;
  /** Something is not known any longer that may have kept other things. */
  hasForgotten = false;
  /** How often something was changed that others see. */
  changes = 0;
  /** How often a value decided where to go on. */
  decisions = 0;
  /** In an async function that nobody waits for at once. */
  isDetached = false;
  /** What comes now runs at another time. */
  isLater = false;
  frame: Frame = { self: UNDEFINED, target: UNDEFINED };
  /** In a generator: takes what it yields. */
  give: Give | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.realm = parts.realm(this);
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

  /** At the top level of a source, outside of all functions. */
  get isMain(): boolean {
    return this.#calls.areNone && !this.give && !this.journal && this.#elsewhere === 0;
  }

  /** @param cost of what is done for real, in steps */
  step(cost = 1): void {
    this.#steps += cost;
    if (this.#steps > MOST_STEPS) throw new GaveUp();
  }

  /** A statement of the top level begins. False when nothing more can be followed. */
  startStatement(): boolean {
    this.#stepsOfAll += this.#steps;
    this.#steps = 0;
    this.#conditions = 0;
    this.#guards = 0;
    this.#elsewhere = 0;
    this.#depth = 0;
    this.#calls.clear();
    this.mayHaveLeft = false;
    this.mayHaveLeftMore = false;
    this.mayHaveThrown = false;
    this.isDetached = false;
    this.isLater = false;
    this.frame = { self: UNDEFINED, target: UNDEFINED };
    this.give = undefined;
    this.journal = undefined;
    this.coroutine = undefined;
    return this.#stepsOfAll < MOST_STEPS_OF_ALL;
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
  fail(node: ts.Node, message: string, kind: Failure['kind'] = 'type', error = 'TypeError'): never {
    throw this.raised(new Thrown({ node, message, kind, error }));
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

  /** Time passes. Of an async function that nobody waits for, what comes next runs at another time. */
  waited(): void {
    if (this.#elsewhere > 0) return;
    this.jobs.escape();
    if (this.isDetached) this.isLater = true;
  }

  /** Runs what has nothing to do with what runs now. */
  apart<T>(run: () => T): T {
    const { frame, give, journal, coroutine } = this;
    Object.assign(this, {
      frame: { self: UNDEFINED, target: UNDEFINED },
      give: undefined,
      journal: undefined,
      coroutine: undefined,
    });
    try {
      return run();
    } finally {
      Object.assign(this, { frame, give, journal, coroutine });
    }
  }

  /** An expression with what its `await` gave. */
  journaled<T>(journal: ReadonlyMap<ts.Node, Value>, run: () => T): T {
    const outer = this.journal;
    this.journal = journal;
    try {
      return run();
    } finally {
      this.journal = outer;
    }
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
    this.decisions += 1;
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
      return { kind: 'return', value: returned.reduce((a, b) => this.join(a, b)) };
    }
    if (others.some((end) => end !== undefined)) this.mayHaveLeft = true;
    if (others.some((end) => end?.kind === 'return' || end?.label !== undefined)) this.mayHaveLeftMore = true;
    return undefined;
  }

  /**
   * A function, which nothing but a throw leaves any further.
   * @param ifLeft what comes out of it when it either throws or was left before
   */
  inside<T>(ifLeft: T, run: () => T): T {
    return this.#within(true, ifLeft, run);
  }

  /** A loop or a `switch`, which a `break` does not leave any further. */
  insideLoop<T>(ifLeft: T, run: () => T): T {
    return this.#within(false, ifLeft, run);
  }

  #isLeft(): boolean {
    return this.mayHaveLeft;
  }

  #within<T>(isFunction: boolean, ifLeft: T, run: () => T): T {
    const { mayHaveLeft, mayHaveLeftMore } = this;
    if (mayHaveLeft) this.#conditions += 1;
    this.mayHaveLeft = false;
    this.mayHaveLeftMore = false;
    this.#depth += 1;
    try {
      if (this.#depth > DEEPEST) throw new GaveUp();
      return run();
    } catch (error) {
      // What follows happens all the same when it was left before.
      if (!(error instanceof Thrown) || !this.#isLeft()) throw error;
      this.unknown();
      return ifLeft;
    } finally {
      this.#depth -= 1;
      const isLeftToo = !isFunction && this.mayHaveLeftMore;
      this.mayHaveLeft = mayHaveLeft || isLeftToo;
      this.mayHaveLeftMore = mayHaveLeftMore || isLeftToo;
      if (mayHaveLeft) this.#conditions -= 1;
    }
  }

  /**
   * A function of a source is called. One that calls itself with nothing changed or decided in between does so
   * without end, which JavaScript stops with an error.
   */
  calling<T>(callee: Thing, { node, self, args, isNew }: Call, ifLeft: T, run: () => T): T {
    const { changes, decisions } = this;
    const active = { callee, self, args, isNew, changes, decisions };
    if (this.isCertain && this.#calls.isEndless(active))
      this.fail(node, 'this calls itself without end', 'type', 'RangeError');
    return this.#calls.during(active, () => this.inside(ifLeft, run));
  }

  set(binding: Binding, value: Value): void {
    if (this.#elsewhere > 0) binding.isVolatile = true;
    if (!isIdentical(binding.value, value)) this.changes += 1;
    binding.value = this.isCertain ? value : this.join(binding.value, value);
  }

  /** One value or the other, and whoever has it from now on may change either. */
  join(a: Value, b: Value): Value {
    const either = join(a, b);
    if (either !== a || either !== b) for (const each of [a, b]) if (each !== either) this.escape(each);
    return either;
  }

  /** Somebody unknown gets hold of a value: it changes it, and calls what can be called, at some time. */
  escape(value: Value): void {
    escape(this, value);
  }

  /** What is in it is not known any longer. */
  forget(value: Thing): void {
    this.changes += 1;
    this.hasForgotten = true;
    value.entries = undefined;
    value.elements = undefined;
    value.host = undefined;
    value.steps = undefined;
  }

  /** Something runs at an unknown time, as often as it likes. */
  elsewhere(run: () => unknown): void {
    this.#elsewhere += 1;
    try {
      this.apart(() => this.guarded(run));
    } finally {
      this.#elsewhere -= 1;
    }
  }

  get isElsewhere(): boolean {
    return this.#elsewhere > 0;
  }
}
