import ts from 'typescript';
import { declarationOf } from '../source/declarations.ts';
import { isGlobal, unwrapped } from '../source/runtimeObjects.ts';

/** How many constants are followed and how deep literals are nested. */
const FURTHEST = 8;

/** Bytes per element. */
const ELEMENT_BYTES: ReadonlyMap<string, number> = new Map([
  ['ArrayBuffer', 1],
  ['Uint8Array', 1],
  ['Int8Array', 1],
  ['Uint8ClampedArray', 1],
  ['Uint16Array', 2],
  ['Int16Array', 2],
  ['Uint32Array', 4],
  ['Int32Array', 4],
  ['Float32Array', 4],
  ['Float64Array', 8],
  ['BigInt64Array', 8],
  ['BigUint64Array', 8],
]);

/** The bytes that a value takes at least when it is stored, as far as its text tells; 0 when it tells nothing. */
export function leastBytes(expression: ts.Expression, depth = 0): number {
  if (depth > FURTHEST) return 0;
  const node = unwrapped(expression);
  const inner = (other: ts.Expression): number => leastBytes(other, depth + 1);
  if (ts.isStringLiteralLike(node)) return bytesOfText(node.text);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => inner(span.expression) + bytesOfText(span.literal.text));
    return parts.reduce((sum, each) => sum + each, bytesOfText(node.head.text));
  }
  if (ts.isArrayLiteralExpression(node)) return sum(node.elements.map(inner));
  if (ts.isObjectLiteralExpression(node)) {
    return sum(
      node.properties.map((property) =>
        ts.isPropertyAssignment(property) ? inner(property.initializer) : 0,
      ),
    );
  }
  if (ts.isBinaryExpression(node)) {
    return node.operatorToken.kind === ts.SyntaxKind.PlusToken ? inner(node.left) + inner(node.right) : 0;
  }
  if (ts.isNewExpression(node)) return bytesOfArray(node, depth);
  if (ts.isCallExpression(node)) return bytesOfRepeat(node, depth);
  const value = constantValue(node);
  return value ? inner(value) : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** A text of Latin-1 takes one byte for a UTF-16 unit, any other two. */
function bytesOfText(text: string): number {
  return /[^\u0020-\u00ff\s]/.test(text) ? text.length * 2 : text.length;
}

function bytesOfArray(node: ts.NewExpression, depth: number): number {
  const [length] = node.arguments ?? [];
  if (!length || !ts.isIdentifier(node.expression) || declarationOf(node.expression)) return 0;
  return (ELEMENT_BYTES.get(node.expression.text) ?? 0) * (wholeNumber(length, depth) ?? 0);
}

/** `'x'.repeat(200_000)`. */
function bytesOfRepeat(node: ts.CallExpression, depth: number): number {
  const { expression } = node;
  const [first] = node.arguments;
  if (!first || !ts.isPropertyAccessExpression(expression) || expression.name.text !== 'repeat') return 0;
  return leastBytes(expression.expression, depth + 1) * (wholeNumber(first, depth) ?? 0);
}

function wholeNumber(expression: ts.Expression, depth: number): number | undefined {
  if (depth > FURTHEST) return undefined;
  const node = unwrapped(expression);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isBinaryExpression(node)) {
    const left = wholeNumber(node.left, depth + 1);
    const right = wholeNumber(node.right, depth + 1);
    if (left === undefined || right === undefined) return undefined;
    if (node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) return left * right;
    if (node.operatorToken.kind === ts.SyntaxKind.PlusToken) return left + right;
    if (node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken) return left ** right;
    return node.operatorToken.kind === ts.SyntaxKind.LessThanLessThanToken ? left << right : undefined;
  }
  const value = constantValue(node);
  return value && wholeNumber(value, depth + 1);
}

function constantValue(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isIdentifier(node) || isGlobal(node, 'undefined')) return undefined;
  const parent = declarationOf(node)?.parent;
  if (!parent || !ts.isVariableDeclaration(parent)) return undefined;
  return (parent.parent.flags & ts.NodeFlags.Const) !== 0 ? parent.initializer : undefined;
}
