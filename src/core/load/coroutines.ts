import ts from 'typescript';
import { bodySteps, LOOSE, type Steps } from './coroutineSteps.ts';
import { declareCall, withFrame } from './functions.ts';
import { Thrown, type Completion, type Run } from './run.ts';
import { afterSettled, pendingPromise, resolvePromise, settlePromise } from './settling.ts';
import {
  isThing,
  UNDEFINED,
  type Call,
  type Code,
  type Frame,
  type Scope,
  type Settled,
  type Thing,
  type Value,
} from './values.ts';
import { settleAtOnce, thenable } from './waiting.ts';

/** Calls an async function, which runs up to its first `await` and goes on when its turn comes. */
export function callSuspending(
  run: Run,
  callee: Thing,
  code: Code,
  call: Call,
  frame: Frame,
  scope: Scope,
): Thing {
  return new Coroutine(run, { callee, code, call, frame }, scope).own;
}

interface Callee {
  readonly callee: Thing;
  readonly code: Code;
  readonly call: Call;
  readonly frame: Frame;
}

type Step = IteratorResult<Value | typeof LOOSE, Completion>;

class Coroutine {
  readonly own: Thing;
  readonly #run: Run;
  readonly #called: Callee;
  readonly #steps: Steps<Completion>;
  /** The module waits for it, so that what it does not do now happens before the module goes on. */
  readonly isFollowed: boolean;

  constructor(run: Run, called: Callee, scope: Scope) {
    this.#run = run;
    this.#called = called;
    this.own = pendingPromise(run);
    this.isFollowed = isAwaited(called.call.node) && (run.isMain || run.coroutine?.isFollowed === true);
    const { code, call } = called;
    this.#steps = (function* (): Steps<Completion> {
      declareCall(run, code, call, scope);
      return yield* bodySteps(run, code.node, scope);
    })();
    this.#segment(() => this.#steps.next(UNDEFINED));
  }

  /** Runs up to the next `await`. */
  #segment(work: () => Step): void {
    const { step, isSure } = this.#inside(() => ({ step: work(), isSure: this.#run.isCertain })) ?? {};
    if (!step) return;
    if (step.done === true) this.#end(step.value, isSure === true);
    else if (isSure === true && step.value !== LOOSE) this.#wait(step.value);
    else this.#loosen(step.value, isSure === true);
  }

  /** Undefined when something is or may be thrown. */
  #inside<T>(work: () => T): T | undefined {
    const run = this.#run;
    const { callee, call, frame } = this.#called;
    const { coroutine, give } = run;
    run.coroutine = this;
    run.give = undefined;
    try {
      const { value, thrown, isCertain } = run.guarded(() =>
        withFrame(run, frame, () => run.calling<T | undefined>(callee, call, undefined, work)),
      );
      if (thrown)
        settlePromise(
          this.own,
          isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' },
        );
      else if (value === undefined) settlePromise(this.own, { state: 'unknown' });
      return value;
    } finally {
      run.coroutine = coroutine;
      run.give = give;
    }
  }

  #end(end: Completion, isSure: boolean): void {
    const value = end?.kind === 'return' ? end.value : UNDEFINED;
    if (isSure) {
      resolvePromise(this.#run, this.#called.call.node, this.own, value);
    } else {
      this.#run.escape(value);
      settlePromise(this.own, { state: 'unknown' });
    }
  }

  #wait(value: Value): void {
    const run = this.#run;
    const escape = (): void => this.#loosen(value, true);
    if (isThing(value) && value.promise) {
      afterSettled(run, value, (state) => this.#segment(() => this.#resume(state)), escape);
      return;
    }
    const state = isThing(value)
      ? thenable(run, this.#called.call.node, value)
      : value.kind === 'unknown'
        ? ({ state: 'unknown' } as const)
        : ({ state: 'fulfilled', value } as const);
    if (state.state === 'unknown' || state.state === 'pending') escape();
    else run.jobs.push({ run: () => this.#segment(() => this.#resume(state)), escape });
  }

  #resume(state: Settled): Step {
    if (state.state === 'rejected') return this.#steps.throw(new Thrown(state.failure));
    return this.#steps.next(state.state === 'fulfilled' ? state.value : this.#run.unknown());
  }

  /** It is not known when the rest runs: at once, where the module waits for it. */
  #loosen(value: Value | typeof LOOSE, isSure: boolean): void {
    const run = this.#run;
    if (!this.isFollowed) {
      run.elsewhere(() => this.#toTheEnd(value));
      settlePromise(this.own, { state: 'unknown' });
    } else if (isSure) {
      const { end, isSure: isStill } =
        this.#inside(() => ({ end: this.#toTheEnd(value), isSure: run.isCertain })) ?? {};
      if (this.own.promise?.state === 'pending') this.#end(end, isStill === true);
    } else {
      run.perhaps(() => this.#inside(() => this.#toTheEnd(value)));
      settlePromise(this.own, { state: 'unknown' });
    }
  }

  #toTheEnd(first: Value | typeof LOOSE): Completion {
    const { frame } = this.#called;
    return withFrame(this.#run, frame, () => {
      let step = this.#goOn(first);
      while (step.done !== true) step = this.#goOn(step.value);
      return step.value;
    });
  }

  #goOn(value: Value | typeof LOOSE): Step {
    if (value === LOOSE) return this.#steps.next(UNDEFINED);
    let result: Value;
    try {
      result = settleAtOnce(this.#run, this.#called.call.node, value);
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      return this.#steps.throw(error);
    }
    return this.#steps.next(result);
  }
}

export function isAwaited(call: ts.Node): boolean {
  let at = call.parent;
  while (ts.isParenthesizedExpression(at)) at = at.parent;
  return ts.isAwaitExpression(at);
}
