import ts from 'typescript';
import { canSuspend } from './awaits.ts';
import { callSuspending, isAwaited } from './coroutines.ts';
import { disposing } from './disposal.ts';
import { isAsync, isGenerator, sharedOf } from './functionKinds.ts';
import { bodyScope, declareBody, declareCall, withFrame } from './functions.ts';
import type { Run } from './run.ts';
import { fulfilled, promise } from './settling.ts';
import {
  isThing,
  Scope,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Code,
  type Frame,
  type Value,
} from './values.ts';

/** Runs a function of a source. */
export function callFunction(run: Run, callee: Thing, code: Code, call: Call): Value {
  const { node } = code;
  if (call.isNew) return construct(run, callee, code, call);
  if (isGenerator(node)) return generator(run, callee, code, call);
  if (isAsync(node)) return callAsync(run, callee, code, call);
  return runBody(run, callee, code, call, frameOf(code, call.self));
}

function frameOf({ frame, home }: Code, self: Value, target: Value = UNDEFINED): Frame {
  return frame ?? { self, target, ...(home && { home }) };
}

function construct(run: Run, callee: Thing, code: Code, call: Call): Value {
  const target = call.target ?? callee;
  const made = new Thing(sharedOf(run, call.node, target));
  const result = runBody(run, callee, code, call, frameOf(code, made, target));
  if (isThing(result)) return result;
  if (result === UNKNOWN) made.isOpen = true;
  return made;
}

/** What it does waits until somebody takes what it gives; only its parameters get their values at once. */
function generator(run: Run, callee: Thing, code: Code, call: Call): Value {
  const { node } = code;
  const frame = frameOf(code, call.self);
  const scope = new Scope(code.scope);
  const made = new Thing(
    isAsync(node) ? run.realm.proto('AsyncGenerator') : sharedOf(run, call.node, callee),
  );
  made.brand = isAsync(node) ? 'AsyncGenerator' : 'Generator';
  withFrame(run, frame, () =>
    run.calling(callee, call, undefined, () => declareCall(run, code, call, scope)),
  );
  made.generate = (give) => {
    const outer = run.give;
    run.give = give;
    try {
      return withFrame(run, frame, () => run.inside<Value>(UNKNOWN, () => runStatements(run, code, scope)));
    } finally {
      run.give = outer;
    }
  };
  return made;
}

function callAsync(run: Run, callee: Thing, code: Code, call: Call): Value {
  if (run.isCertain && canSuspend(code.node))
    return callSuspending(run, callee, code, call, frameOf(code, call.self), new Scope(code.scope));
  const [wasDetached, wasLater] = [run.isDetached, run.isLater];
  const { value, thrown, mayHaveThrown, isCertain } = run.guarded(() => {
    run.isDetached = !isAwaited(call.node);
    try {
      return runBody(run, callee, code, call, frameOf(code, call.self));
    } finally {
      run.isDetached = wasDetached;
    }
  });
  run.isLater = wasLater;
  if (thrown)
    return promise(run, isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' });
  if (mayHaveThrown || value === undefined || !run.isCertain) return promise(run, { state: 'unknown' });
  return promise(run, fulfilled(run, call.node, value));
}

/** The parameters and the statements of a function, or the expression of an arrow function. */
function runBody(run: Run, callee: Thing, code: Code, call: Call, frame: Frame): Value {
  const scope = new Scope(code.scope);
  const { give } = run;
  run.give = undefined;
  try {
    return withFrame(run, frame, () =>
      run.calling<Value>(callee, call, UNKNOWN, () => {
        declareCall(run, code, call, scope);
        return runStatements(run, code, scope);
      }),
    );
  } finally {
    run.give = give;
  }
}

function runStatements(run: Run, { node }: Code, scope: Scope): Value {
  const { body } = node;
  if (!body) return UNKNOWN;
  if (!ts.isBlock(body)) return run.evaluate(body, scope);
  const inner = bodyScope(node, scope);
  declareBody(run, body.statements, body, inner);
  const end = disposing(run, inner, () => run.statements(body.statements, inner));
  const value = end?.kind === 'return' ? end.value : UNDEFINED;
  return run.mayHaveLeft ? UNKNOWN : value;
}
