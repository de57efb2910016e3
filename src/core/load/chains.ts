import ts from 'typescript';
import { textOf } from './bindings.ts';
import { toKey } from './conversions.ts';
import { elementsOf } from './iteration.ts';
import { getFrom, getMember } from './objects.ts';
import { getPrivate } from './privates.ts';
import type { Run } from './run.ts';
import { promise } from './settling.ts';
import { isNothing, isThing, UNDEFINED, UNKNOWN, type Key, type Value, type Scope } from './values.ts';

const { SyntaxKind } = ts;

/** Members and calls. Undefined when an optional chain ends before. */
export function chain(run: Run, node: ts.Expression, scope: Scope): Value | undefined {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    return memberAndOwner(run, node, scope)?.value;
  }
  if (ts.isCallExpression(node)) return callExpression(run, node, scope);
  if (ts.isNonNullExpression(node)) return chain(run, node.expression, scope);
  return run.evaluate(node, scope);
}

interface Found {
  readonly owner: Value;
  readonly value: Value;
}

export function memberAndOwner(
  run: Run,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  scope: Scope,
): Found | undefined {
  const { expression } = node;
  if (expression.kind === SyntaxKind.SuperKeyword) return memberOfSuper(run, node, scope);
  const owner = ts.isOptionalChain(node) ? chain(run, expression, scope) : run.evaluate(expression, scope);
  if (owner === undefined) return undefined;
  if (node.questionDotToken) {
    run.decisions += 1;
    if (isNothing(owner)) return undefined;
    // What comes next in the chain may be passed over.
    if (owner === UNKNOWN) {
      if (ts.isElementAccessExpression(node)) maybe(run, () => run.evaluate(node.argumentExpression, scope));
      return { owner, value: UNKNOWN };
    }
  }
  if (ts.isPropertyAccessExpression(node)) {
    const { text } = node.name;
    return ts.isPrivateIdentifier(node.name)
      ? { owner, value: getPrivate(run, node, owner, text, scope) }
      : { owner, value: getMember(run, node, owner, text, textOf(expression)) };
  }
  const key = run.evaluate(node.argumentExpression, scope);
  // What is asked for becomes a name only when there is something to ask.
  const name = isNothing(owner) ? undefined : toKey(run, node, key);
  return { owner, value: getMember(run, node, owner, name, textOf(expression)) };
}

/** Something that may not run; when it throws, that may have happened. */
export function maybe(run: Run, way: () => Value): Value {
  let value: Value = UNKNOWN;
  run.either([
    () => {
      value = way();
      return undefined;
    },
    () => undefined,
  ]);
  return value;
}

function memberOfSuper(
  run: Run,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  scope: Scope,
): Found {
  const { self, home } = run.frame;
  if (self === undefined) run.fail(node, 'super is used before super() is called', 'type', 'ReferenceError');
  const key: Key | undefined = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : toKey(run, node, run.evaluate(node.argumentExpression, scope));
  const shared = home?.proto;
  if (!shared || key === undefined) return { owner: self, value: run.unknown() };
  return { owner: self, value: getFrom(run, node, shared, key, self) };
}

function callExpression(run: Run, node: ts.CallExpression, scope: Scope): Value | undefined {
  const { expression } = node;
  if (expression.kind === SyntaxKind.ImportKeyword) {
    for (const argument of node.arguments) run.escape(run.evaluate(argument, scope));
    return imported(run, node);
  }
  if (expression.kind === SyntaxKind.SuperKeyword) return callSuper(run, node, scope);
  let self: Value = UNDEFINED;
  let callee: Value | undefined;
  const target = withoutMarks(expression);
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    const found = memberAndOwner(run, target, scope);
    self = found?.owner ?? UNDEFINED;
    callee = found?.value;
  } else {
    callee = ts.isOptionalChain(node) ? chain(run, target, scope) : run.evaluate(target, scope);
  }
  if (callee === undefined) return undefined;
  if (node.questionDotToken) {
    run.decisions += 1;
    if (isNothing(callee)) return undefined;
    if (callee === UNKNOWN) {
      maybe(run, () => {
        for (const value of list(run, node.arguments, scope).args) run.escape(value);
        return UNDEFINED;
      });
      return run.unknown();
    }
  }
  const given = list(run, node.arguments, scope);
  return run.call(callee, { node, self, ...given, isNew: false, isDirect: isDirect(target, callee, scope) });
}

/** Parentheses and what is erased leave a call of a method one. */
function withoutMarks(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isNonNullExpression(inner) ||
    (ts.isParenthesizedExpression(inner) && !ts.isOptionalChain(inner.expression))
  )
    inner = inner.expression;
  return inner;
}

/** Whether the text alone says which function is called. */
export function isDirect(node: ts.Expression, callee: Value, scope: Scope): boolean {
  if (!ts.isIdentifier(node) || !isThing(callee)) return false;
  const isDeclaration = callee.code && ts.isFunctionDeclaration(callee.code.node);
  return scope.find(node.text)?.isConstant === true || isDeclaration === true || callee.class !== undefined;
}

function callSuper(run: Run, node: ts.CallExpression, scope: Scope): Value {
  const { construct } = run.frame;
  const given = list(run, node.arguments, scope);
  if (construct) return construct({ node, self: UNDEFINED, ...given, isNew: true });
  for (const argument of given.args) run.escape(argument);
  return run.unknown();
}

/** The rule about modules says which of them there are. */
function imported(run: Run, node: ts.CallExpression): Value {
  const [specifier] = node.arguments;
  if (!specifier || !ts.isStringLiteralLike(specifier) || run.hasModule(specifier.text)) {
    return promise(run, { state: 'unknown' });
  }
  return promise(run, {
    state: 'rejected',
    failure: { node, message: `there is no module '${specifier.text}'`, kind: 'module', error: 'Error' },
  });
}

/** Arguments or elements; there may be more when a spread of something unknown is among them. */
export function list(
  run: Run,
  nodes: readonly ts.Expression[],
  scope: Scope,
): { readonly args: readonly Value[]; readonly isOpenEnded?: true } {
  let isKnown = true;
  const values: Value[] = [];
  for (const node of nodes) {
    if (ts.isSpreadElement(node)) {
      const spread = run.evaluate(node.expression, scope);
      const elements = elementsOf(run, node.expression, spread, textOf(node.expression));
      if (elements) values.push(...elements);
      else isKnown = false;
    } else {
      values.push(run.evaluate(node, scope));
    }
  }
  if (isKnown) return { args: values };
  for (const value of values) run.escape(value);
  return { args: [], isOpenEnded: true };
}

export function create(run: Run, node: ts.NewExpression, scope: Scope): Value {
  const callee = run.evaluate(node.expression, scope);
  const given = list(run, node.arguments ?? [], scope);
  return run.call(callee, {
    node,
    self: UNDEFINED,
    ...given,
    isNew: true,
    isDirect: isDirect(node.expression, callee, scope),
  });
}
