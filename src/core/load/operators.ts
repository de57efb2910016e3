import ts from 'typescript';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  truth,
  UNKNOWN,
  type Primitive,
  type Value,
} from './values.ts';

const { SyntaxKind } = ts;

/** The value of an operator with two sides that are both evaluated. */
export function binary(
  run: Run,
  node: ts.BinaryExpression,
  operator: ts.SyntaxKind,
  left: Value,
  right: Value,
): Value {
  switch (operator) {
    case SyntaxKind.EqualsEqualsEqualsToken:
    case SyntaxKind.ExclamationEqualsEqualsToken: {
      const same = isSame(left, right);
      return same === undefined
        ? SOME_BOOLEAN
        : primitive(same === (operator === SyntaxKind.EqualsEqualsEqualsToken));
    }
    case SyntaxKind.EqualsEqualsToken:
    case SyntaxKind.ExclamationEqualsToken:
      return SOME_BOOLEAN;
    case SyntaxKind.InKeyword:
      if (isPrimitive(right))
        run.fail(
          node,
          `\`in\` asks ${right.type === 'undefined' || right.type === 'null' ? right.type : `a ${right.type}`}, which has no members`,
        );
      return SOME_BOOLEAN;
    case SyntaxKind.InstanceOfKeyword:
      if (isPrimitive(right) || (isThing(right) && !right.isFunction && !right.isOpen)) {
        run.fail(node, '`instanceof` asks for something that is no class');
      }
      return SOME_BOOLEAN;
    case SyntaxKind.CommaToken:
      return right;
    default:
      return arithmetic(run, node, operator, left, right);
  }
}

export function isSame(left: Value, right: Value): boolean | undefined {
  if (isPrimitive(left) && isPrimitive(right)) {
    if (left.type !== right.type) return false;
    if (left.type === 'undefined' || left.type === 'null') return true;
    return left.value === undefined || right.value === undefined ? undefined : left.value === right.value;
  }
  if (isThing(left) && isThing(right)) return left === right;
  if (left === UNKNOWN || right === UNKNOWN) return undefined;
  return false;
}

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.LessThanToken,
  SyntaxKind.LessThanEqualsToken,
  SyntaxKind.GreaterThanToken,
  SyntaxKind.GreaterThanEqualsToken,
]);

function arithmetic(run: Run, node: ts.Node, operator: ts.SyntaxKind, left: Value, right: Value): Value {
  if (!isPrimitive(left) || !isPrimitive(right)) {
    const isText = [left, right].some((side) => isPrimitive(side) && side.type === 'string');
    // An object says itself what it is as a number or text.
    run.unknown();
    if (operator === SyntaxKind.PlusToken) return isText ? SOME_STRING : UNKNOWN;
    return COMPARISONS.has(operator) ? SOME_BOOLEAN : UNKNOWN;
  }
  if (left.type === 'symbol' || right.type === 'symbol') run.fail(node, 'a symbol is no number and no text');
  const isText = left.type === 'string' || right.type === 'string';
  if (COMPARISONS.has(operator)) return compared(operator, left, right);
  if (operator === SyntaxKind.PlusToken && isText) {
    const known = textOf(left);
    const other = textOf(right);
    return known === undefined || other === undefined || known.length + other.length > 10_000
      ? SOME_STRING
      : primitive(known + other);
  }
  const bigints = [left, right].filter(({ type }) => type === 'bigint').length;
  if (bigints === 1) run.fail(node, 'a bigint and a number do not go together');
  if (bigints === 2) return { kind: 'primitive', type: 'bigint' };
  if (typeof left.value !== 'number' || typeof right.value !== 'number') return SOME_NUMBER;
  return calculated(operator, left.value, right.value);
}

function compared(operator: ts.SyntaxKind, { value: a }: Primitive, { value: b }: Primitive): Value {
  if (typeof a !== 'number' || typeof b !== 'number') return SOME_BOOLEAN;
  if (operator === SyntaxKind.LessThanToken) return primitive(a < b);
  if (operator === SyntaxKind.LessThanEqualsToken) return primitive(a <= b);
  return primitive(operator === SyntaxKind.GreaterThanToken ? a > b : a >= b);
}

function calculated(operator: ts.SyntaxKind, a: number, b: number): Value {
  switch (operator) {
    case SyntaxKind.PlusToken:
      return primitive(a + b);
    case SyntaxKind.MinusToken:
      return primitive(a - b);
    case SyntaxKind.AsteriskToken:
      return primitive(a * b);
    case SyntaxKind.SlashToken:
      return primitive(a / b);
    case SyntaxKind.PercentToken:
      return primitive(a % b);
    case SyntaxKind.AsteriskAsteriskToken:
      return primitive(a ** b);
    default:
      return SOME_NUMBER;
  }
}

function textOf({ type, value }: Primitive): string | undefined {
  if (type === 'undefined' || type === 'null') return type;
  return value === undefined ? undefined : String(value);
}

export function unary(run: Run, node: ts.Node, operator: ts.PrefixUnaryOperator, value: Value): Value {
  if (operator === SyntaxKind.ExclamationToken) {
    const known = truth(value);
    return known === undefined ? SOME_BOOLEAN : primitive(!known);
  }
  if (!isPrimitive(value)) {
    run.unknown();
    return UNKNOWN;
  }
  if (value.type === 'symbol') run.fail(node, 'a symbol is no number');
  if (value.type === 'bigint') {
    if (operator === SyntaxKind.PlusToken) run.fail(node, 'a bigint is no number');
    return { kind: 'primitive', type: 'bigint' };
  }
  if (typeof value.value !== 'number') return SOME_NUMBER;
  if (operator === SyntaxKind.MinusToken) return primitive(-value.value);
  return operator === SyntaxKind.PlusToken ? value : SOME_NUMBER;
}

/** The operator of `+=` and the like. */
export function operatorOf(assignment: ts.SyntaxKind): ts.SyntaxKind | undefined {
  return OPERATORS.get(assignment);
}

const OPERATORS: ReadonlyMap<ts.SyntaxKind, ts.SyntaxKind> = new Map([
  [SyntaxKind.PlusEqualsToken, SyntaxKind.PlusToken],
  [SyntaxKind.MinusEqualsToken, SyntaxKind.MinusToken],
  [SyntaxKind.AsteriskEqualsToken, SyntaxKind.AsteriskToken],
  [SyntaxKind.SlashEqualsToken, SyntaxKind.SlashToken],
  [SyntaxKind.PercentEqualsToken, SyntaxKind.PercentToken],
  [SyntaxKind.AsteriskAsteriskEqualsToken, SyntaxKind.AsteriskAsteriskToken],
  [SyntaxKind.LessThanLessThanEqualsToken, SyntaxKind.LessThanLessThanToken],
  [SyntaxKind.GreaterThanGreaterThanEqualsToken, SyntaxKind.GreaterThanGreaterThanToken],
  [
    SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken,
    SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
  ],
  [SyntaxKind.AmpersandEqualsToken, SyntaxKind.AmpersandToken],
  [SyntaxKind.BarEqualsToken, SyntaxKind.BarToken],
  [SyntaxKind.CaretEqualsToken, SyntaxKind.CaretToken],
]);
