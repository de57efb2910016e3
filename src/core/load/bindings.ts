import ts from 'typescript';
import { toKey } from './conversions.ts';
import { iterate } from './iteration.ts';
import { getMember, setMember } from './objects.ts';
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
    takeApart(run, name, value, name.elements, (element, one) => {
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

/** Each part of an array pattern with what it gets: the one at the end may take the rest. */
function takeApart<Part extends ts.Node>(
  run: Run,
  node: ts.Node,
  value: Value,
  parts: readonly Part[],
  give: (part: Part, value: Value) => void,
): void {
  const last = parts.at(-1);
  const hasRest =
    last !== undefined &&
    (ts.isSpreadElement(last) || (ts.isBindingElement(last) && last.dotDotDotToken !== undefined));
  const single = hasRest ? parts.length - 1 : parts.length;
  let index = 0;
  const rest: Value[] = [];
  // With nothing to take, nothing is asked for.
  const isKnown = iterate(run, node, value, 'what is taken apart here', (element) => {
    const part = parts[index];
    index += 1;
    if (index <= single && part) give(part, element);
    else if (hasRest) rest.push(element);
    return hasRest || index < single;
  });
  for (; index < single; index += 1) {
    const part = parts[index];
    if (part) give(part, isKnown ? UNDEFINED : UNKNOWN);
  }
  if (!hasRest) return;
  if (!isKnown) for (const each of rest) run.escape(each);
  give(last, isKnown ? run.realm.arrayOf(rest) : run.realm.instance('Array'));
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
  copyMembers(run, node, value, (key, member) => {
    if (!taken.includes(key)) made.properties.set(key, { value: made.isOpen ? UNKNOWN : member });
    if (made.isOpen) run.escape(member);
  });
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
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return (value) => run.escape(value);
    const owner = run.evaluate(node.expression, scope);
    const { name } = node;
    if (ts.isPrivateIdentifier(name)) return (value) => setPrivate(run, node, owner, name.text, value, scope);
    return (value) => setMember(run, node, owner, name.text, value, textOf(node.expression));
  }
  if (ts.isElementAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) {
      run.evaluate(node.argumentExpression, scope);
      return (value) => run.escape(value);
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
    takeApart(run, node, value, node.elements, (element, one) => {
      if (ts.isSpreadElement(element)) assign(run, element.expression, scope)(one);
      else if (!ts.isOmittedExpression(element)) assignPart(run, element, one, scope);
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
      assignPart(
        run,
        property.initializer,
        getMember(run, property, value, key, 'what is taken apart here'),
        scope,
      );
    } else if (ts.isSpreadAssignment(property)) {
      assign(run, property.expression, scope)(restOf(run, property, value, taken));
    }
  }
}

function assignPart(run: Run, node: ts.Expression, value: Value, scope: Scope): void {
  const isDefault = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (isDefault) {
    const set = assign(run, node.left, scope);
    set(withDefault(run, value, node.right, scope));
  } else {
    assign(run, node, scope)(value);
  }
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
