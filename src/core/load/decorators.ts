import ts from 'typescript';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  UNDEFINED,
  UNKNOWN,
  type Thing,
  type Value,
  type Scope,
} from './values.ts';

/**
 * Evaluates the decorators of a class or of a member. What comes back calls them, with what they decorate, and
 * gives what takes its place.
 */
export function decorate(
  run: Run,
  node: ts.ClassLikeDeclaration | ts.ClassElement,
  scope: Scope,
): (value: Value) => Value {
  if (!ts.canHaveDecorators(node) || isSignature(node)) return (value) => value;
  const decorators = (ts.getDecorators(node) ?? []).map(({ expression }) => ({
    expression,
    decorator: run.evaluate(expression, scope),
  }));
  return (value) => {
    let decorated = value;
    for (const { expression, decorator } of decorators.reverse()) {
      const result = run.call(decorator, {
        node: expression,
        self: UNDEFINED,
        args: [ts.isClassLike(node) ? decorated : UNKNOWN, contextOf(run, node, expression)],
        isNew: false,
      });
      const isNothing = isPrimitive(result) && result.type === 'undefined';
      if (!isNothing && !mayReplace(node, result))
        run.fail(expression, 'this decorator gives something else than a function');
      if (!isNothing) decorated = ts.isClassLike(node) ? result : decorated;
    }
    return decorated;
  };
}

/** TypeScript leaves out an overload with all that is on it. */
function isSignature(node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) && node.body === undefined;
}

/** Whether something can take the place of what is decorated: a function, or of an accessor its parts as well. */
function mayReplace(node: ts.ClassLikeDeclaration | ts.ClassElement, value: Value): boolean {
  if (!isThing(value)) return !isPrimitive(value);
  return value.isFunction || value.isOpen || value.proxy !== undefined || kindOf(node) === 'accessor';
}

/** What a decorator is told about the thing that it decorates. */
function contextOf(run: Run, node: ts.ClassLikeDeclaration | ts.ClassElement, at: ts.Node): Thing {
  const made = run.realm.plain();
  made.isOpen = true;
  made.properties.set('kind', { value: primitive(kindOf(node)) });
  const runsAtOnce = ts.isClassLike(node) || isStatic(node);
  const add = run.realm.function('addInitializer', ({ args: [initializer = UNDEFINED] }) => {
    if (!isThing(initializer) || !initializer.isFunction) return run.unknown();
    if (runsAtOnce) run.call(initializer, { node: at, self: UNKNOWN, args: [], isNew: false });
    else run.escape(initializer);
    return UNDEFINED;
  });
  made.properties.set('addInitializer', { value: add });
  return made;
}

function isStatic(node: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true
  );
}

function kindOf(node: ts.ClassLikeDeclaration | ts.ClassElement): string {
  if (ts.isClassLike(node)) return 'class';
  if (ts.isGetAccessorDeclaration(node)) return 'getter';
  if (ts.isSetAccessorDeclaration(node)) return 'setter';
  if (!ts.isPropertyDeclaration(node)) return 'method';
  const isAccessor =
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AccessorKeyword) === true;
  return isAccessor ? 'accessor' : 'field';
}
