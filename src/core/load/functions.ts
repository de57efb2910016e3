import ts from 'typescript';
import { boundNames } from '../source/declaredNames.ts';
import { bind, withDefault } from './bindings.ts';
import { arrayOf } from './members.ts';
import type { Run } from './run.ts';
import { declareLexical, declareVars } from './scope.ts';
import {
  openObject,
  settled,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Code,
  type Value,
  Scope,
} from './values.ts';

/** A function, with what is around it. */
export function makeFunction(run: Run, node: ts.FunctionLikeDeclaration, scope: Scope): Thing {
  const made = new Thing();
  const isArrow = ts.isArrowFunction(node);
  let inner = scope;
  if (ts.isFunctionExpression(node) && node.name) {
    inner = new Scope(scope);
    inner.declare(node.name.text, true, true, made);
  }
  made.code = { node, scope: inner, self: isArrow ? run.self : undefined };
  return made;
}

/** Whether `new` takes it, and `extends`. */
export function isConstructor({ node }: Code): boolean {
  return (
    (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) && !isAsync(node) && !isGenerator(node)
  );
}

/** Runs a function of a source. */
export function callFunction(run: Run, code: Code, { node: call, self, args, isNew }: Call): Value {
  const { node } = code;
  if (isGenerator(node)) {
    for (const argument of args) run.escape(argument);
    return openObject();
  }
  if (isAsync(node)) return callAsync(run, code, call, self, args);
  const made = isNew ? openObject() : self;
  const result = runBody(run, code, made, args);
  return isNew ? made : result;
}

function callAsync(run: Run, code: Code, call: ts.Node, self: Value, args: readonly Value[]): Value {
  const [wasDetached, wasLater] = [run.isDetached, run.isLater];
  const { value, thrown, mayHaveThrown, isCertain } = run.guarded(() => {
    run.isDetached = !isAwaited(call);
    try {
      return runBody(run, code, self, args);
    } finally {
      run.isDetached = wasDetached;
    }
  });
  run.isLater = wasLater;
  if (thrown)
    return settled(isCertain ? { state: 'rejected', failure: thrown.failure } : { state: 'unknown' });
  if (mayHaveThrown || value === undefined || value === UNKNOWN) return settled({ state: 'unknown' });
  return settled({ state: 'fulfilled', value });
}

function isAwaited(call: ts.Node): boolean {
  let at = call.parent;
  while (ts.isParenthesizedExpression(at)) at = at.parent;
  return ts.isAwaitExpression(at);
}

/** The parameters and the statements of a function, or the expression of an arrow function. */
function runBody(run: Run, code: Code, self: Value, args: readonly Value[]): Value {
  const { node } = code;
  const { body } = node;
  if (!body) return UNKNOWN;
  const scope = new Scope(code.scope);
  const outerSelf = run.self;
  run.self = code.self ?? self;
  try {
    return run.inside(() => {
      if (!ts.isArrowFunction(node)) scope.declare('arguments', true, false, UNKNOWN);
      declareParameters(run, node.parameters, args, scope);
      if (!ts.isBlock(body)) return run.evaluate(body, scope);
      declareBody(run, body.statements, body, scope);
      const end = run.statements(body.statements, scope);
      const value = end?.kind === 'return' ? end.value : UNDEFINED;
      return run.mayHaveLeft ? UNKNOWN : value;
    });
  } finally {
    run.self = outerSelf;
  }
}

export function declareParameters(
  run: Run,
  parameters: readonly ts.ParameterDeclaration[],
  args: readonly Value[],
  scope: Scope,
): void {
  const values = parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
  for (const { name } of values) for (const { text } of boundNames(name)) scope.declare(text, false, false);
  for (const [index, { name, initializer, dotDotDotToken }] of values.entries()) {
    const given = dotDotDotToken ? arrayOf(args.slice(index)) : (args[index] ?? UNDEFINED);
    bind(run, name, withDefault(run, given, initializer, scope), scope);
  }
}

/** What the statements of a function declare. */
export function declareBody(
  run: Run,
  statements: readonly ts.Statement[],
  container: ts.Node,
  scope: Scope,
): void {
  declareVars(scope, container);
  declareBlock(run, statements, scope);
}

export function declareBlock(run: Run, statements: readonly ts.Statement[], scope: Scope): void {
  declareLexical(scope, statements, (node) => {
    if (node.name) scope.declare(node.name.text, true, false, makeFunction(run, node, scope));
  });
}

function isAsync(node: ts.FunctionLikeDeclaration): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
}

function isGenerator(node: ts.FunctionLikeDeclaration): boolean {
  return node.asteriskToken !== undefined;
}
