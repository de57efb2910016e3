import ts from 'typescript';
import { boundNames } from '../source/declaredNames.ts';
import { bind, withDefault } from './bindings.ts';
import { declareLexical, declareVars } from './scope.ts';
import { isAsync, isGenerator } from './functionKinds.ts';
import type { Run } from './run.ts';
import {
  primitive,
  SOME_NUMBER,
  SOME_STRING,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Code,
  type Frame,
  type Value,
  Scope,
} from './values.ts';

/** A function, with what is around it. `home` is what it is a method of. */
export function makeFunction(run: Run, node: ts.FunctionLikeDeclaration, scope: Scope, home?: Thing): Thing {
  const made = new Thing(run.realm.proto('Function'));
  const isArrow = ts.isArrowFunction(node);
  let inner = scope;
  if (ts.isFunctionExpression(node) && node.name) {
    inner = new Scope(scope);
    inner.declare(node.name.text, true, true, made);
  }
  made.code = { node, scope: inner, frame: isArrow ? run.frame : undefined, home };
  made.lookup = (key) => {
    if (key === 'name') return { value: nameOfFunction(node), isReadOnly: true, isHidden: true };
    if (key === 'length') return { value: SOME_NUMBER, isReadOnly: true, isHidden: true };
    if (key !== 'prototype' || !hasPrototype(node)) return undefined;
    const shared = isGenerator(node) ? new Thing(run.realm.proto('Generator')) : run.realm.plain();
    if (!isGenerator(node)) shared.properties.set('constructor', { value: made, isHidden: true });
    return { value: shared, isFixed: true, isHidden: true };
  };
  return made;
}

function nameOfFunction({ name }: ts.FunctionLikeDeclaration): Value {
  return name && ts.isIdentifier(name) ? primitive(name.text) : SOME_STRING;
}

function hasPrototype(node: ts.FunctionLikeDeclaration): boolean {
  return isConstructorNode(node) || isGenerator(node);
}

/** Whether `new` takes it, and `extends`. */
export function isConstructor({ node }: Code): boolean {
  return isConstructorNode(node);
}

function isConstructorNode(node: ts.FunctionLikeDeclaration): boolean {
  return (
    (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) && !isAsync(node) && !isGenerator(node)
  );
}

export function withFrame<T>(run: Run, frame: Frame, work: () => T): T {
  const { frame: outer, journal } = run;
  run.frame = frame;
  run.journal = undefined;
  try {
    return work();
  } finally {
    run.frame = outer;
    run.journal = journal;
  }
}

export function declareCall(run: Run, { node }: Code, call: Call, scope: Scope): void {
  if (!ts.isArrowFunction(node)) scope.declare('arguments', true, false, argumentsOf(run, call));
  declareParameters(run, node.parameters, call, scope);
}

export function argumentsOf(run: Run, { args, isOpenEnded }: Pick<Call, 'args' | 'isOpenEnded'>): Value {
  if (isOpenEnded === true) return UNKNOWN;
  const made = run.realm.plain();
  made.elements = [...args];
  made.brand = 'Arguments';
  const get = run.realm.function('Function.prototype.caller', ({ node }) =>
    run.fail(node, 'the arguments of a function of a module have no such member'),
  );
  made.properties.set('callee', { value: UNDEFINED, get, isAccessor: true, isHidden: true, isFixed: true });
  made.properties.set('length', { value: primitive(args.length), isHidden: true });
  const values = run.realm.proto('Array').lookup?.(Symbol.iterator);
  if (values && values !== 'unknown') made.properties.set(Symbol.iterator, { ...values });
  return made;
}

export function declareParameters(
  run: Run,
  parameters: readonly ts.ParameterDeclaration[],
  { args, isOpenEnded }: Call,
  scope: Scope,
): void {
  const values = parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
  for (const { name } of values) for (const { text } of boundNames(name)) scope.declare(text, false, false);
  for (const [index, { name, initializer, dotDotDotToken }] of values.entries()) {
    const missing = isOpenEnded === true ? UNKNOWN : UNDEFINED;
    const rest = (): Value =>
      isOpenEnded === true ? run.realm.instance('Array') : run.realm.arrayOf(args.slice(index));
    const given = dotDotDotToken ? rest() : (args[index] ?? missing);
    bind(run, name, withDefault(run, given, initializer, scope), scope);
  }
}

/**
 * Where the statements of a function declare what they do. With parameters that have something to evaluate, its
 * `var` are others than what those see.
 */
export function bodyScope(
  { parameters, body }: Pick<ts.FunctionLikeDeclaration, 'parameters' | 'body'>,
  scope: Scope,
): Scope {
  if (!body || !parameters.some(({ name, initializer }) => initializer || !ts.isIdentifier(name)))
    return scope;
  const inner = new Scope(scope);
  declareVars(inner, body);
  for (const [name, binding] of inner.bindings) {
    const parameter = scope.bindings.get(name);
    if (parameter) binding.value = parameter.isVolatile === true ? UNKNOWN : parameter.value;
  }
  return inner;
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
