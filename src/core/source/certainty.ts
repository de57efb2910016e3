import ts from 'typescript';

/** Whether something around the node decides at run time that it is passed over: a condition, a loop, a default. */
export function mayBeSkipped(node: ts.Node): boolean {
  let child = node;
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (isOptionalPart(at, child)) return true;
    child = at;
  }
  return false;
}

/** Whether the node runs where it stands, in the order of the file: no function, and no field of an instance, is around it. */
export function runsInPlace(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    // Decorators and computed names run with the class, whatever they belong to.
    if (ts.isDecorator(at) || ts.isComputedPropertyName(at)) at = at.parent;
    else if (ts.isFunctionLike(at) || (ts.isPropertyDeclaration(at) && !isStatic(at))) return false;
  }
  return true;
}

function isOptionalPart(node: ts.Node, child: ts.Node): boolean {
  if (ts.isIfStatement(node)) return child !== node.expression;
  if (ts.isConditionalExpression(node)) return child !== node.condition;
  if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return child !== node.expression;
  if (ts.isForStatement(node)) return child !== node.initializer && child !== node.condition;
  if (ts.isWhileStatement(node)) return child !== node.expression;
  if (ts.isBinaryExpression(node)) return child === node.right && isShortCircuit(node.operatorToken.kind);
  if (ts.isCallExpression(node) || ts.isElementAccessExpression(node)) {
    return child !== node.expression && ts.isOptionalChain(node);
  }
  return (
    ts.isCaseOrDefaultClause(node) ||
    ts.isCatchClause(node) ||
    (ts.isBindingElement(node) && child === node.initializer) ||
    (ts.isParameter(node) && child === node.initializer)
  );
}

function isShortCircuit(operator: ts.BinaryOperator): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken ||
    operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
    operator === ts.SyntaxKind.BarBarEqualsToken ||
    operator === ts.SyntaxKind.QuestionQuestionEqualsToken
  );
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}
