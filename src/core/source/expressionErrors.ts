import ts from 'typescript';
import { importProblem, metaProblem } from './importErrors.ts';
import { patternProblem } from './patternErrors.ts';
import { bare, isInPattern } from './targetErrors.ts';
import { hasTypes } from './typeSyntax.ts';

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
    case SyntaxKind.MetaProperty:
      return metaProblem(node as ts.MetaProperty);
    case SyntaxKind.CallExpression:
      return importProblem(node as ts.CallExpression);
    case SyntaxKind.TaggedTemplateExpression:
      return chainProblem(node as ts.TaggedTemplateExpression);
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
  const node = bare(expression);
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

/** What TypeScript has to change anything in it writes anew, with parentheses around the chain. */
function chainProblem(node: ts.TaggedTemplateExpression): string | undefined {
  return ts.isOptionalChain(node.tag) && !hasTypes(node) ? 'A template cannot follow `?.`.' : undefined;
}
