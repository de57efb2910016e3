import ts from 'typescript';

const { SyntaxKind } = ts;

const NO_TARGET = 'Nothing can be assigned to this.';

/** Why the left side of an assignment, of `++` or of a loop is none; undefined for anything else and what is fine. */
export function targetProblem(node: ts.Node): string | undefined {
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    if (operator < SyntaxKind.FirstAssignment || operator > SyntaxKind.LastAssignment) return undefined;
    // What stands in a pattern is looked at with the pattern.
    if (isInPattern(node)) return undefined;
    return operator === SyntaxKind.EqualsToken ? problemOf(node.left) : simpleProblem(node.left);
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const isStep = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
    return isStep ? simpleProblem(node.operand) : undefined;
  }
  if (!ts.isForInStatement(node) && !ts.isForOfStatement(node)) return undefined;
  const { initializer } = node;
  if (ts.isVariableDeclarationList(initializer)) return undefined;
  const isAsync = ts.isForOfStatement(node) && !node.awaitModifier && isWord(initializer, 'async');
  return isAsync ? 'A `for` cannot begin with `async of`.' : problemOf(initializer);
}

/** Whether an object literal is the left side of an assignment or a part of one. */
export function isInPattern(node: ts.Node): boolean {
  let child = node;
  for (let at = node.parent; ; at = at.parent) {
    if (ts.isBinaryExpression(at) && at.operatorToken.kind === SyntaxKind.EqualsToken) {
      if (at.left === child) {
        if (child !== node || isPattern(node)) return true;
      } else {
        return false;
      }
    } else if (ts.isForInStatement(at) || ts.isForOfStatement(at)) {
      return at.initializer === child;
    } else if (
      !ts.isArrayLiteralExpression(at) &&
      !ts.isObjectLiteralExpression(at) &&
      !ts.isSpreadElement(at) &&
      !ts.isSpreadAssignment(at) &&
      !(ts.isPropertyAssignment(at) && at.initializer === child)
    ) {
      return false;
    }
    child = at;
  }
}

function isPattern(node: ts.Node): node is ts.ObjectLiteralExpression | ts.ArrayLiteralExpression {
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
}

/** Of a target that may be a pattern. */
function problemOf(node: ts.Expression): string | undefined {
  if (!isPattern(node)) return simpleProblem(node);
  if (ts.isArrayLiteralExpression(node)) {
    return first(node.elements, (element, isLast) => {
      if (ts.isOmittedExpression(element)) return undefined;
      if (!ts.isSpreadElement(element)) return withDefault(element);
      return isLast && !node.elements.hasTrailingComma ? problemOf(element.expression) : NOT_LAST;
    });
  }
  return first(node.properties, (property, isLast) => {
    if (ts.isPropertyAssignment(property)) return withDefault(property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) return simpleProblem(property.name);
    if (ts.isSpreadAssignment(property)) {
      return isLast && !node.properties.hasTrailingComma ? simpleProblem(property.expression) : NOT_LAST;
    }
    return NO_TARGET;
  });
}

const NOT_LAST = 'What takes the rest has to be last.';

function first<T>(
  items: readonly T[],
  problem: (item: T, isLast: boolean) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = problem(item, index === items.length - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withDefault(node: ts.Expression): string | undefined {
  const isDefault = ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.EqualsToken;
  return problemOf(isDefault ? node.left : node);
}

function simpleProblem(expression: ts.Expression): string | undefined {
  const node = bare(expression);
  if (ts.isIdentifier(node)) {
    const isSpecial = node.text === 'eval' || node.text === 'arguments';
    return isSpecial ? `Nothing can be assigned to \`${node.text}\`.` : undefined;
  }
  const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  return isMember && !ts.isOptionalChain(node) ? undefined : NO_TARGET;
}

/** The expression without types and parentheses around it. */
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

/** Whether the node is the word as it stands: with an escape in it, it is another one. */
function isWord(node: ts.Node, word: string): boolean {
  if (ts.isNonNullExpression(node)) return isWord(node.expression, word);
  return ts.isIdentifier(node) && node.text === word && node.end - node.getStart() === word.length;
}
