import ts from 'typescript';
import { toKey, toPrimitive, textOf, type Hint } from './conversions.ts';
import { getMember, hasMember, methodOf } from './objects.ts';
import type { Run } from './run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  knownPrimitive,
  named,
  primitive,
  SOME_BIGINT,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  truth,
  UNKNOWN,
  type Primitive,
  type Thing,
  type Value,
} from './values.ts';

const { SyntaxKind } = ts;

/** Longer texts are only known to be texts. */
export const LONGEST_TEXT = 10_000;

/** So many bits of a bigint are computed; above V8's own limit it throws. */
const MOST_BITS = 10_000;
const MOST_BITS_OF_V8 = 2 ** 30;

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
      return known(isSame(left, right));
    case SyntaxKind.ExclamationEqualsEqualsToken:
      return known(isSame(left, right), true);
    case SyntaxKind.EqualsEqualsToken:
      return known(isEqual(run, node, left, right));
    case SyntaxKind.ExclamationEqualsToken:
      return known(isEqual(run, node, left, right), true);
    case SyntaxKind.InKeyword:
      return isIn(run, node, left, right);
    case SyntaxKind.InstanceOfKeyword:
      return isInstance(run, node, left, right);
    case SyntaxKind.CommaToken:
      return right;
    default:
      return arithmetic(run, node, operator, left, right);
  }
}

function known(value: boolean | undefined, isNegated = false): Primitive {
  return value === undefined ? SOME_BOOLEAN : primitive(value !== isNegated);
}

/** `===`; undefined when it is not known. */
export function isSame(left: Value, right: Value): boolean | undefined {
  if (isPrimitive(left) && isPrimitive(right)) {
    if (left.type !== right.type) return false;
    if (left.type === 'undefined' || left.type === 'null') return true;
    return left.value === undefined || right.value === undefined ? undefined : left.value === right.value;
  }
  if (isThing(left) && isThing(right)) {
    // Of what nothing is known it may be the same.
    return left === right ? true : left.isOpen || right.isOpen ? undefined : false;
  }
  if (left === UNKNOWN || right === UNKNOWN) return undefined;
  return false;
}

function isEqual(run: Run, node: ts.Node, left: Value, right: Value): boolean | undefined {
  if (isThing(left) && isThing(right)) return isSame(left, right);
  if (isNothing(left) || isNothing(right)) {
    if (left === UNKNOWN || right === UNKNOWN) return undefined;
    return isNothing(left) && isNothing(right);
  }
  const [a, b] = [left, right].map((side) => toPrimitive(run, node, side, 'default'));
  const one = a && knownPrimitive(a);
  const other = b && knownPrimitive(b);
  if (!a || !b || !one || !other) return undefined;
  if (isSame(a, b) === true) return true;
  const isSymbol = typeof one.is === 'symbol' || typeof other.is === 'symbol';
  if (isSymbol || isNothing(a) || isNothing(b) || typeof one.is === typeof other.is) return false;
  // Comparing makes numbers of both, as `==` does with values of different types.
  return (one.is as number) <= (other.is as number) && (one.is as number) >= (other.is as number);
}

function isIn(run: Run, node: ts.Node, left: Value, right: Value): Value {
  if (isPrimitive(right)) run.fail(node, `\`in\` asks ${named(right)}, which has no members`);
  if (!isThing(right)) {
    run.unknown();
    return SOME_BOOLEAN;
  }
  return known(hasMember(run, node, right, toKey(run, node, left)));
}

export function isInstance(run: Run, node: ts.Node, left: Value, right: Value): Value {
  if (isPrimitive(right)) run.fail(node, '`instanceof` asks for something that is no class');
  if (!isThing(right)) {
    run.unknown();
    return SOME_BOOLEAN;
  }
  const own = methodOf(run, node, right, 'hasInstance');
  if (own === undefined) return SOME_BOOLEAN;
  if (own !== null && !(isThing(own) && own.native)) {
    const said = truth(run.call(own, { node, self: right, args: [left], isNew: false }));
    return known(said);
  }
  if (!right.isFunction) {
    if (right.isOpen) return SOME_BOOLEAN;
    run.fail(node, '`instanceof` asks for something that is no class');
  }
  if (isPrimitive(left)) return primitive(false);
  const shared = getMember(run, node, right, 'prototype', 'this');
  if (isPrimitive(shared)) run.fail(node, '`instanceof` asks for something without a prototype');
  return isThing(left) && isThing(shared) ? known(inherits(left, shared)) : SOME_BOOLEAN;
}

function inherits(object: Thing, shared: Thing): boolean | undefined {
  let at = object.proto;
  for (; at; at = at.proto) {
    if (at === shared) return true;
    if (at.isOpen && !at.native) return undefined;
  }
  return at === null && !object.proxy ? false : undefined;
}

const COMPARISONS: ReadonlyMap<ts.SyntaxKind, (a: number, b: number) => boolean> = new Map([
  [SyntaxKind.LessThanToken, (a: number, b: number): boolean => a < b],
  [SyntaxKind.LessThanEqualsToken, (a: number, b: number): boolean => a <= b],
  [SyntaxKind.GreaterThanToken, (a: number, b: number): boolean => a > b],
  [SyntaxKind.GreaterThanEqualsToken, (a: number, b: number): boolean => a >= b],
]);

function arithmetic(run: Run, node: ts.Node, operator: ts.SyntaxKind, left: Value, right: Value): Value {
  const hint: Hint = operator === SyntaxKind.PlusToken ? 'default' : 'number';
  const compare = COMPARISONS.get(operator);
  const a = toPrimitive(run, node, left, hint);
  // The other side is not even asked.
  if (!compare && hint === 'number') refuseSymbol(run, node, a);
  const b = toPrimitive(run, node, right, hint);
  if (!isPrimitive(a) || !isPrimitive(b)) {
    const isText = [a, b].some((side) => isPrimitive(side) && side.type === 'string');
    if (operator === SyntaxKind.PlusToken) return isText ? SOME_STRING : UNKNOWN;
    return compare ? SOME_BOOLEAN : UNKNOWN;
  }
  refuseSymbol(run, node, a);
  refuseSymbol(run, node, b);
  const one = knownPrimitive(a);
  const other = knownPrimitive(b);
  if (compare) {
    return one && other ? primitive(compare(one.is as number, other.is as number)) : SOME_BOOLEAN;
  }
  if (operator === SyntaxKind.PlusToken && (a.type === 'string' || b.type === 'string')) {
    return joined(run, textOf(a), textOf(b));
  }
  const bigints = [a, b].filter(({ type }) => type === 'bigint').length;
  if (bigints === 1) run.fail(node, 'a bigint and a number do not go together');
  if (bigints === 2) return bigint(run, node, operator, one?.is, other?.is);
  return one && other ? calculated(operator, one.is as number, other.is as number) : SOME_NUMBER;
}

function refuseSymbol(run: Run, node: ts.Node, value: Value): void {
  if (isPrimitive(value) && value.type === 'symbol') run.fail(node, 'a symbol is no number and no text');
}

/** Two texts as one. */
export function joined(run: Run, { value: a }: Primitive, { value: b }: Primitive): Primitive {
  if (typeof a !== 'string' || typeof b !== 'string' || a.length + b.length > LONGEST_TEXT)
    return SOME_STRING;
  run.step((a.length + b.length) / 500);
  return primitive(a + b);
}

function bigint(run: Run, node: ts.Node, operator: ts.SyntaxKind, a: unknown, b: unknown): Value {
  if (operator === SyntaxKind.GreaterThanGreaterThanGreaterThanToken) run.fail(node, 'a bigint has no >>>');
  if (typeof b !== 'bigint') return SOME_BIGINT;
  const isDivision = operator === SyntaxKind.SlashToken || operator === SyntaxKind.PercentToken;
  if (isDivision && b === 0n) run.fail(node, 'a bigint is divided by zero', 'type', 'RangeError');
  if (operator === SyntaxKind.AsteriskAsteriskToken && b < 0n)
    run.fail(node, 'a bigint is raised to a negative power', 'type', 'RangeError');
  if (typeof a !== 'bigint') return SOME_BIGINT;
  const bits = bitsOf(operator, a, b);
  if (bits > MOST_BITS_OF_V8) run.fail(node, 'this bigint is too large', 'type', 'RangeError');
  if (bits > MOST_BITS) return SOME_BIGINT;
  run.step(bits / 500);
  const compute = OF_BIGINTS.get(operator);
  return compute ? primitive(compute(a, b)) : SOME_BIGINT;
}

/** How large the result gets. */
function bitsOf(operator: ts.SyntaxKind, a: bigint, b: bigint): number {
  const [own, other] = [a, b].map((each) => each.toString(2).length);
  const isSmall = a === 0n || a === 1n || a === -1n;
  if (operator === SyntaxKind.AsteriskAsteriskToken) return isSmall ? 1 : ((own ?? 0) - 1) * Number(b);
  if (operator === SyntaxKind.LessThanLessThanToken) return a === 0n ? 1 : (own ?? 0) + Number(b);
  if (operator === SyntaxKind.GreaterThanGreaterThanToken) return a === 0n ? 1 : (own ?? 0) - Number(b);
  return (own ?? 0) + (other ?? 0);
}

const OF_BIGINTS: ReadonlyMap<ts.SyntaxKind, (a: bigint, b: bigint) => bigint> = new Map([
  [SyntaxKind.PlusToken, (a: bigint, b: bigint): bigint => a + b],
  [SyntaxKind.MinusToken, (a: bigint, b: bigint): bigint => a - b],
  [SyntaxKind.AsteriskToken, (a: bigint, b: bigint): bigint => a * b],
  [SyntaxKind.SlashToken, (a: bigint, b: bigint): bigint => a / b],
  [SyntaxKind.PercentToken, (a: bigint, b: bigint): bigint => a % b],
  [SyntaxKind.AsteriskAsteriskToken, (a: bigint, b: bigint): bigint => a ** b],
  [SyntaxKind.LessThanLessThanToken, (a: bigint, b: bigint): bigint => a << b],
  [SyntaxKind.GreaterThanGreaterThanToken, (a: bigint, b: bigint): bigint => a >> b],
  [SyntaxKind.AmpersandToken, (a: bigint, b: bigint): bigint => a & b],
  [SyntaxKind.BarToken, (a: bigint, b: bigint): bigint => a | b],
  [SyntaxKind.CaretToken, (a: bigint, b: bigint): bigint => a ^ b],
]);

/** `a` and `b` are what JavaScript itself makes numbers of. */
function calculated(operator: ts.SyntaxKind, a: number, b: number): Value {
  const compute = OF_NUMBERS.get(operator);
  return compute ? primitive(compute(a, b)) : SOME_NUMBER;
}

const OF_NUMBERS: ReadonlyMap<ts.SyntaxKind, (a: number, b: number) => number> = new Map([
  [SyntaxKind.PlusToken, (a: number, b: number): number => a + b],
  [SyntaxKind.MinusToken, (a: number, b: number): number => a - b],
  [SyntaxKind.AsteriskToken, (a: number, b: number): number => a * b],
  [SyntaxKind.SlashToken, (a: number, b: number): number => a / b],
  [SyntaxKind.PercentToken, (a: number, b: number): number => a % b],
  [SyntaxKind.AsteriskAsteriskToken, (a: number, b: number): number => a ** b],
  [SyntaxKind.LessThanLessThanToken, (a: number, b: number): number => a << b],
  [SyntaxKind.GreaterThanGreaterThanToken, (a: number, b: number): number => a >> b],
  [SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (a: number, b: number): number => a >>> b],
  [SyntaxKind.AmpersandToken, (a: number, b: number): number => a & b],
  [SyntaxKind.BarToken, (a: number, b: number): number => a | b],
  [SyntaxKind.CaretToken, (a: number, b: number): number => a ^ b],
]);

export function unary(run: Run, node: ts.Node, operator: ts.PrefixUnaryOperator, value: Value): Value {
  if (operator === SyntaxKind.ExclamationToken) {
    const is = truth(value);
    return is === undefined ? SOME_BOOLEAN : primitive(!is);
  }
  const operand = toPrimitive(run, node, value, 'number');
  if (!isPrimitive(operand)) return UNKNOWN;
  if (operand.type === 'symbol') run.fail(node, 'a symbol is no number');
  const one = knownPrimitive(operand);
  if (operand.type === 'bigint') {
    if (operator === SyntaxKind.PlusToken) run.fail(node, 'a bigint is no number');
    if (typeof one?.is !== 'bigint') return SOME_BIGINT;
    return primitive(operator === SyntaxKind.TildeToken ? ~one.is : -one.is);
  }
  if (!one) return SOME_NUMBER;
  const number = Number(one.is);
  if (operator === SyntaxKind.MinusToken) return primitive(-number);
  return primitive(operator === SyntaxKind.TildeToken ? ~number : number);
}

/** What `++` and `--` work with: a number or a bigint. */
export function toNumeric(run: Run, node: ts.Node, value: Value): Primitive {
  const operand = toPrimitive(run, node, value, 'number');
  if (!isPrimitive(operand)) return SOME_NUMBER;
  if (operand.type === 'bigint') return operand;
  if (operand.type === 'symbol') run.fail(node, 'a symbol is no number');
  const one = knownPrimitive(operand);
  return one ? primitive(Number(one.is)) : SOME_NUMBER;
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
