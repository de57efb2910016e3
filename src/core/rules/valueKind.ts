import ts from 'typescript';
import { boundNames } from '../source/declaredNames.ts';

/** What an expression gives, as far as its text tells. `object` covers functions and arrays. */
export type ValueKind = 'primitive' | 'object' | 'class' | 'unknown';

/** Functions of the language that give a primitive. */
const CONVERSIONS: ReadonlySet<string> = new Set([
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Symbol',
  'parseInt',
  'parseFloat',
]);

/** How many `const` names are followed to their values. */
const FURTHEST = 8;

export function kindOfValue(expression: ts.Expression, file: ts.SourceFile, depth = 0): ValueKind {
  const node = bare(expression);
  const inner = (other: ts.Expression): ValueKind => kindOfValue(other, file, depth + 1);
  if (depth > FURTHEST) return 'unknown';
  if (isPrimitiveLiteral(node)) return 'primitive';
  if (ts.isClassExpression(node)) return 'class';
  if (isObjectLiteral(node)) return 'object';
  if (ts.isAwaitExpression(node)) return kindOfSettled(node.expression, inner);
  if (ts.isConditionalExpression(node)) return both(inner(node.whenTrue), inner(node.whenFalse));
  if (ts.isBinaryExpression(node)) return kindOfBinary(node, inner);
  if (ts.isCallExpression(node)) return kindOfCall(node, inner);
  if (ts.isNewExpression(node)) return 'unknown';
  if (ts.isIdentifier(node)) return kindOfIdentifier(node, file, depth);
  if (ts.isPropertyAccessExpression(node)) {
    return ts.isIdentifier(node.expression) && node.expression.text === 'Symbol' ? 'primitive' : 'unknown';
  }
  // `this` of a module is undefined.
  if (node.kind === ts.SyntaxKind.ThisKeyword) return 'primitive';
  return 'unknown';
}

/** Without parentheses and what is erased. */
function bare(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

function isPrimitiveLiteral(node: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isNumericLiteral(node) ||
    ts.isBigIntLiteral(node) ||
    ts.isTemplateExpression(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isDeleteExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  );
}

function isObjectLiteral(node: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isRegularExpressionLiteral(node)
  );
}

/** A promise gives what it was resolved with; anything else gives itself. */
function kindOfSettled(awaited: ts.Expression, inner: (node: ts.Expression) => ValueKind): ValueKind {
  const node = bare(awaited);
  if (ts.isCallExpression(node) && node.expression.getText() === 'Promise.resolve') {
    const [value] = node.arguments;
    return value ? kindOfSettled(value, inner) : 'primitive';
  }
  return inner(node) === 'primitive' ? 'primitive' : 'unknown';
}

/** Of a conversion, and of an arrow function that is called where it stands. */
function kindOfCall(node: ts.CallExpression, inner: (node: ts.Expression) => ValueKind): ValueKind {
  const callee = bare(node.expression);
  if (ts.isIdentifier(callee)) return CONVERSIONS.has(callee.text) ? 'primitive' : 'unknown';
  const isPlainArrow = ts.isArrowFunction(callee) && !ts.getModifiers(callee)?.length;
  return isPlainArrow && !ts.isBlock(callee.body) ? inner(callee.body) : 'unknown';
}

function kindOfBinary(node: ts.BinaryExpression, inner: (node: ts.Expression) => ValueKind): ValueKind {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.EqualsToken:
      return inner(node.right);
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return both(inner(node.left), inner(node.right));
    default:
      return 'primitive';
  }
}

function both(a: ValueKind, b: ValueKind): ValueKind {
  return a === b ? a : 'unknown';
}

function kindOfIdentifier(node: ts.Identifier, file: ts.SourceFile, depth: number): ValueKind {
  const found = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find(({ name }) => boundNames(name).some(({ text }) => text === node.text));
  if (found === undefined)
    return node.text === 'undefined' || node.text === 'NaN' || node.text === 'Infinity'
      ? 'primitive'
      : 'unknown';
  const isConst = (found.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConst && found.initializer && ts.isIdentifier(found.name)
    ? kindOfValue(found.initializer, file, depth + 1)
    : 'unknown';
}
