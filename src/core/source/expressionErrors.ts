import ts from 'typescript';
import { isInPattern } from './targetErrors.ts';

const { SyntaxKind } = ts;

/** What TypeScript's parser takes of an expression and JavaScript does not; undefined for what is fine. */
export function expressionProblem(node: ts.Node): string | undefined {
  switch (node.kind) {
    case SyntaxKind.BinaryExpression:
      return mixedProblem(node as ts.BinaryExpression);
    case SyntaxKind.ObjectLiteralExpression:
      return prototypeProblem(node as ts.ObjectLiteralExpression);
    case SyntaxKind.ShorthandPropertyAssignment: {
      const { objectAssignmentInitializer, parent } = node as ts.ShorthandPropertyAssignment;
      return objectAssignmentInitializer && !isInPattern(parent)
        ? 'A property of an object takes `:` and no `=`.'
        : undefined;
    }
    case SyntaxKind.DeleteExpression:
      return deleteProblem((node as ts.DeleteExpression).expression);
    case SyntaxKind.PrivateIdentifier:
      return privateProblem(node as ts.PrivateIdentifier);
    case SyntaxKind.MetaProperty: {
      const { keywordToken, name } = node as ts.MetaProperty;
      return keywordToken === SyntaxKind.ImportKeyword && name.text !== 'meta'
        ? `There is no \`import.${name.text}\`.`
        : undefined;
    }
    case SyntaxKind.RegularExpressionLiteral:
      return patternProblem((node as ts.RegularExpressionLiteral).text);
    default:
      return undefined;
  }
}

/** `??` does not go together with `||` and `&&` unless there are parentheses. */
function mixedProblem({ left, operatorToken, right }: ts.BinaryExpression): string | undefined {
  const isLogical = (kind: ts.SyntaxKind): boolean =>
    kind === SyntaxKind.BarBarToken || kind === SyntaxKind.AmpersandAmpersandToken;
  const { kind } = operatorToken;
  const isMixed = [left, right].some((side) => {
    if (!ts.isBinaryExpression(side)) return false;
    const other = side.operatorToken.kind;
    return kind === SyntaxKind.QuestionQuestionToken
      ? isLogical(other)
      : isLogical(kind) && other === SyntaxKind.QuestionQuestionToken;
  });
  return isMixed ? '`??` beside `||` or `&&` needs parentheses.' : undefined;
}

function prototypeProblem(node: ts.ObjectLiteralExpression): string | undefined {
  const count = node.properties.filter(
    (property) =>
      ts.isPropertyAssignment(property) &&
      (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) &&
      property.name.text === '__proto__',
  ).length;
  return count > 1 && !isInPattern(node) ? 'An object has one `__proto__` only.' : undefined;
}

function deleteProblem(expression: ts.Expression): string | undefined {
  let node = expression;
  while (ts.isParenthesizedExpression(node)) node = node.expression;
  if (ts.isIdentifier(node)) return 'A variable cannot be deleted.';
  return ts.isPropertyAccessExpression(node) && ts.isPrivateIdentifier(node.name)
    ? 'A private member cannot be deleted.'
    : undefined;
}

function privateProblem(node: ts.PrivateIdentifier): string | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.expression.kind === SyntaxKind.SuperKeyword
      ? 'A private member cannot be asked of `super`.'
      : undefined;
  }
  if (ts.isClassElement(parent)) return undefined;
  const isQuestion =
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === SyntaxKind.InKeyword;
  return isQuestion ? undefined : `${node.text} alone is only allowed before \`in\`.`;
}

/** Groups with flags and groups that share a name are younger than the editors that this may run in. */
const YOUNG = /\(\?[imsx-]+:|\(\?<(\w+)>.*\(\?<\1>/s;

/** A regular expression is compiled with the module. */
function patternProblem(literal: string): string | undefined {
  const end = literal.lastIndexOf('/');
  const pattern = literal.slice(1, end);
  const flags = literal.slice(end + 1);
  if (YOUNG.test(pattern) && pattern.includes('|')) return undefined;
  try {
    new RegExp(pattern.replaceAll(/\(\?[ims-]+:/g, '(?:'), flags);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? `${error.message}.` : undefined;
  }
}
