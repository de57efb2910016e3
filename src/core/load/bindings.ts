import ts from 'typescript';
import { elementsOf, getMember, setMember } from './members.ts';
import type { Run } from './run.ts';
import { isNothing, isThing, openObject, UNDEFINED, UNKNOWN, type Value, type Scope } from './values.ts';

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
    const elements = elementsOf(run, name, value, 'What is taken apart here');
    for (const [index, element] of name.elements.entries()) {
      if (ts.isOmittedExpression(element)) continue;
      const one = elements === undefined || element.dotDotDotToken ? UNKNOWN : (elements[index] ?? UNDEFINED);
      bindElement(run, element, one, scope);
    }
    return;
  }
  if (isNothing(value)) {
    run.fail(name, `what is taken apart here is ${value.type}`);
  }
  for (const element of name.elements) {
    bindElement(run, element, memberOf(run, element, value, scope), scope);
  }
}

function memberOf(run: Run, element: ts.BindingElement, value: Value, scope: Scope): Value {
  if (element.dotDotDotToken) {
    run.escape(value);
    return openObject();
  }
  const key = element.propertyName ?? element.name;
  if (ts.isComputedPropertyName(key)) {
    run.evaluate(key.expression, scope);
    return getMember(run, element, value, undefined, '');
  }
  return getMember(run, element, value, 'text' in key ? key.text : undefined, '');
}

function bindElement(run: Run, { name, initializer }: ts.BindingElement, value: Value, scope: Scope): void {
  bind(run, name, withDefault(run, value, initializer, scope), scope);
}

/** The default of a parameter or of a part of a pattern. */
export function withDefault(
  run: Run,
  value: Value,
  initializer: ts.Expression | undefined,
  scope: Scope,
): Value {
  if (!initializer) return value;
  if (!isThing(value) && value.kind === 'primitive')
    return value.type === 'undefined' ? run.evaluate(initializer, scope) : value;
  if (isThing(value)) return value;
  run.either([
    () => {
      run.evaluate(initializer, scope);
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
    return (value) => setMember(run, node, owner, node.name.text, value, node.expression.getText());
  }
  if (ts.isElementAccessExpression(node)) {
    const owner = run.evaluate(node.expression, scope);
    const key = run.evaluate(node.argumentExpression, scope);
    const known =
      !isThing(key) && key.kind === 'primitive' && key.value !== undefined ? String(key.value) : undefined;
    return (value) => setMember(run, node, owner, known, value, node.expression.getText());
  }
  return (value) => assignPattern(run, node, value, scope);
}

function assignName(run: Run, node: ts.Identifier, value: Value, scope: Scope): void {
  const binding = scope.find(node.text);
  if (!binding) run.fail(node, `${node.text} is declared nowhere`, 'name');
  if (!binding.isReady) run.fail(node, `${node.text} is used before its declaration has run`, 'name');
  if (binding.isConstant) run.fail(node, `${node.text} is a constant and cannot be set`);
  run.set(binding, value);
}

function assignPattern(run: Run, node: ts.Expression, value: Value, scope: Scope): void {
  if (ts.isArrayLiteralExpression(node)) {
    const elements = elementsOf(run, node, value, 'what is taken apart here');
    for (const [index, element] of node.elements.entries()) {
      if (ts.isOmittedExpression(element)) continue;
      if (ts.isSpreadElement(element)) assign(run, element.expression, scope)(UNKNOWN);
      else assignPart(run, element, elements ? (elements[index] ?? UNDEFINED) : UNKNOWN, scope);
    }
    return;
  }
  if (!ts.isObjectLiteralExpression(node)) return;
  if (isNothing(value)) run.fail(node, `what is taken apart here is ${value.type}`);
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      const member = getMember(run, property, value, property.name.text, '');
      assignName(
        run,
        property.name,
        withDefault(run, member, property.objectAssignmentInitializer, scope),
        scope,
      );
    } else if (ts.isPropertyAssignment(property)) {
      const { name } = property;
      if (ts.isComputedPropertyName(name)) run.evaluate(name.expression, scope);
      const key = ts.isComputedPropertyName(name) ? undefined : name.text;
      assignPart(run, property.initializer, getMember(run, property, value, key, ''), scope);
    } else if (ts.isSpreadAssignment(property)) {
      run.escape(value);
      assign(run, property.expression, scope)(openObject());
    }
  }
}

function assignPart(run: Run, node: ts.Expression, value: Value, scope: Scope): void {
  const isDefault = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (isDefault) assign(run, node.left, scope)(withDefault(run, value, node.right, scope));
  else assign(run, node, scope)(value);
}

function bare(node: ts.Expression): ts.Expression {
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
