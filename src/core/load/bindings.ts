import ts from 'typescript';
import { toKey } from './conversions.ts';
import { iterate } from './iteration.ts';
import { findProperty, getMember, setMember } from './objects.ts';
import { setPrivate } from './privates.ts';
import type { Run } from './run.ts';
import { copyMembers, isCountable } from './natives/objects.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  UNDEFINED,
  UNKNOWN,
  type Key,
  type Thing,
  type Value,
  type Scope,
} from './values.ts';

/** Gives names their first values. */
export function bind(run: Run, name: ts.BindingName, value: Value, scope: Scope): void {
  if (ts.isIdentifier(name)) {
    const binding = scope.find(name.text);
    if (!binding) return;
    if (binding.isReady) {
      run.set(binding, value);
    } else {
      binding.isReady = true;
      binding.value = value;
    }
    return;
  }
  if (ts.isArrayBindingPattern(name)) {
    takeApart(run, name, value, name.elements, (element) => (one) => {
      if (!ts.isOmittedExpression(element))
        bind(run, element.name, withDefault(run, one, element.initializer, scope), scope);
    });
    return;
  }
  if (isNothing(value)) {
    run.fail(name, `what is taken apart here is ${value.type}`);
  }
  const taken: (Key | undefined)[] = [];
  for (const element of name.elements) {
    bind(
      run,
      element.name,
      withDefault(run, memberOf(run, element, value, taken, scope), element.initializer, scope),
      scope,
    );
  }
}

/**
 * Each part of an array pattern with what it gets: the one at the end may take the rest.
 * @param target finds out what a part is assigned to, before its value is taken, and gives what assigns
 */
function takeApart<Part extends ts.Node>(
  run: Run,
  node: ts.Node,
  value: Value,
  parts: readonly Part[],
  target: (part: Part) => (value: Value) => void,
): void {
  const last = parts.at(-1);
  const hasRest =
    last !== undefined &&
    (ts.isSpreadElement(last) || (ts.isBindingElement(last) && last.dotDotDotToken !== undefined));
  const single = hasRest ? parts.length - 1 : parts.length;
  let index = 0;
  let set: ((value: Value) => void) | undefined;
  const rest: Value[] = [];
  const wants = (): boolean => {
    const part = parts[index];
    if (part && !set) set = target(part);
    return part !== undefined;
  };
  const give = (one: Value): void => {
    const current = set;
    set = undefined;
    index += 1;
    current?.(one);
  };
  const take = (element: Value): boolean => {
    if (index < single) give(element);
    else rest.push(element);
    return wants();
  };
  const isKnown = iterate(run, node, value, 'what is taken apart here', take, wants);
  while (index < single && wants()) give(isKnown ? UNDEFINED : UNKNOWN);
  if (!hasRest) return;
  if (!isKnown) for (const each of rest) run.escape(each);
  if (wants()) give(isKnown ? run.realm.arrayOf(rest) : run.realm.instance('Array'));
}

function memberOf(
  run: Run,
  element: ts.BindingElement,
  value: Value,
  taken: (Key | undefined)[],
  scope: Scope,
): Value {
  if (element.dotDotDotToken) return restOf(run, element, value, taken);
  const name = element.propertyName ?? element.name;
  const key = ts.isComputedPropertyName(name)
    ? toKey(run, name, run.evaluate(name.expression, scope))
    : 'text' in name
      ? name.text
      : undefined;
  taken.push(key);
  return getMember(run, element, value, key, 'what is taken apart here');
}

/** What is left of an object. */
function restOf(run: Run, node: ts.Node, value: Value, taken: readonly (Key | undefined)[]): Thing {
  const made = run.realm.plain();
  if (taken.includes(undefined) || !isCountable(value)) made.isOpen = true;
  const add = (key: Key, member: Value): void => {
    made.properties.set(key, { value: made.isOpen ? UNKNOWN : member });
    if (made.isOpen) run.escape(member);
  };
  copyMembers(run, node, value, add, (key) => taken.includes(key));
  return made;
}

/** The default of a parameter or of a part of a pattern. */
export function withDefault(
  run: Run,
  value: Value,
  initializer: ts.Expression | undefined,
  scope: Scope,
): Value {
  if (!initializer) return value;
  run.decisions += 1;
  if (isPrimitive(value)) return value.type === 'undefined' ? run.evaluate(initializer, scope) : value;
  if (isThing(value)) return value;
  run.either([
    () => {
      run.escape(run.evaluate(initializer, scope));
      return undefined;
    },
    () => undefined,
  ]);
  return UNKNOWN;
}

/** Finds out what is assigned to, and gives what assigns. */
export function assign(run: Run, target: ts.Expression, scope: Scope): (value: Value) => void {
  const node = bare(target);
  if (ts.isIdentifier(node)) return (value) => assignName(run, node, value, scope);
  if (ts.isPropertyAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword)
      return (value) => setOfSuper(run, node, node.name.text, value);
    const owner = run.evaluate(node.expression, scope);
    const { name } = node;
    if (ts.isPrivateIdentifier(name)) return (value) => setPrivate(run, node, owner, name.text, value, scope);
    return (value) => setMember(run, node, owner, name.text, value, textOf(node.expression));
  }
  if (ts.isElementAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) {
      const key = run.evaluate(node.argumentExpression, scope);
      return (value) => setOfSuper(run, node, toKey(run, node, key), value);
    }
    const owner = run.evaluate(node.expression, scope);
    const key = run.evaluate(node.argumentExpression, scope);
    return (value) => {
      const name = isNothing(owner) ? undefined : toKey(run, node, key);
      setMember(run, node, owner, name, value, textOf(node.expression));
    };
  }
  return (value) => assignPattern(run, node, value, scope);
}

/** What is set on `super` gets `this`, unless a setter takes it. */
function setOfSuper(run: Run, node: ts.Node, key: Key | undefined, value: Value): void {
  const { self, home } = run.frame;
  if (self === undefined) run.fail(node, 'super is used before super() is called', 'type', 'ReferenceError');
  const inherited = home?.proto && key !== undefined ? findProperty(home.proto, key) : 'unknown';
  if (inherited === undefined) setMember(run, node, self, key, value, 'this');
  else for (const each of [self, value]) run.escape(each);
}

function assignName(run: Run, node: ts.Identifier, value: Value, scope: Scope): void {
  const binding = scope.find(node.text);
  if (!binding) run.fail(node, `${node.text} is declared nowhere`, 'name', 'ReferenceError');
  if (!binding.isReady)
    run.fail(node, `${node.text} is used before its declaration has run`, 'name', 'ReferenceError');
  if (binding.isConstant) run.fail(node, `${node.text} is a constant and cannot be set`);
  run.set(binding, value);
}

function assignPattern(run: Run, node: ts.Expression, value: Value, scope: Scope): void {
  if (ts.isArrayLiteralExpression(node)) {
    takeApart(run, node, value, node.elements, (element) => {
      if (ts.isSpreadElement(element)) return assign(run, element.expression, scope);
      return ts.isOmittedExpression(element) ? () => undefined : partTarget(run, element, scope);
    });
    return;
  }
  if (!ts.isObjectLiteralExpression(node)) return;
  if (isNothing(value)) run.fail(node, `what is taken apart here is ${value.type}`);
  const taken: (Key | undefined)[] = [];
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      taken.push(property.name.text);
      const member = getMember(run, property, value, property.name.text, 'what is taken apart here');
      const given = withDefault(run, member, property.objectAssignmentInitializer, scope);
      assignName(run, property.name, given, scope);
    } else if (ts.isPropertyAssignment(property)) {
      const { name } = property;
      const key = ts.isComputedPropertyName(name)
        ? toKey(run, name, run.evaluate(name.expression, scope))
        : name.text;
      taken.push(key);
      const set = partTarget(run, property.initializer, scope);
      set(getMember(run, property, value, key, 'what is taken apart here'));
    } else if (ts.isSpreadAssignment(property)) {
      const set = assign(run, property.expression, scope);
      set(restOf(run, property, value, taken));
    }
  }
}

/** Finds out what a part of a pattern is assigned to, which may have a default. */
function partTarget(run: Run, node: ts.Expression, scope: Scope): (value: Value) => void {
  const isDefault = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (!isDefault) return assign(run, node, scope);
  const set = assign(run, node.left, scope);
  return (value) => set(withDefault(run, value, node.right, scope));
}

/** Without parentheses and what is erased. */
export function bare(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** How people know it. */
export function textOf(node: ts.Node): string {
  const text = node.getText();
  return text.length <= 40 && !text.includes('\n') ? text : 'this';
}
