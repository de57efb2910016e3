import ts from 'typescript';
import { walk } from './walk.ts';

/** Of `a?.#b`, which is JavaScript, and which TypeScript hands on as it is. */
const PRIVATE_IN_CHAIN = 18030;

const known = new WeakMap<ts.SourceFile, readonly ts.DiagnosticWithLocation[]>();

/** What TypeScript had to repair in a source. The parser keeps it on the file, which its public type does not show. */
export function parseDiagnostics(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  const { parseDiagnostics = [] } = file as {
    readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
  };
  if (!parseDiagnostics.some(isOfChain)) return parseDiagnostics;
  let found = known.get(file);
  if (found === undefined) {
    found = isPrinted(file) ? parseDiagnostics.filter((one) => !isOfChain(one)) : parseDiagnostics;
    known.set(file, found);
  }
  return found;
}

function isOfChain({ code }: ts.DiagnosticWithLocation): boolean {
  return code === PRIVATE_IN_CHAIN;
}

/** TypeScript fails where such a chain is what a `return`, `throw` or `yield` begins with. */
function isPrinted(file: ts.SourceFile): boolean {
  let isFine = true;
  walk(file, (node) => {
    const isReturn = ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isYieldExpression(node);
    if (isReturn && node.expression) isFine &&= !beginsWithChain(node.expression);
    return isFine;
  });
  return isFine;
}

function beginsWithChain(expression: ts.Expression): boolean {
  for (let at: ts.Expression | undefined = expression; at; at = firstOf(at)) {
    if (ts.isPropertyAccessChain(at) && ts.isPrivateIdentifier(at.name)) return true;
  }
  return false;
}

/** The expression that another one begins with, without parentheses. */
function firstOf(node: ts.Expression): ts.Expression | undefined {
  if (ts.isBinaryExpression(node)) return node.left;
  if (ts.isConditionalExpression(node)) return node.condition;
  if (ts.isTaggedTemplateExpression(node)) return node.tag;
  if (ts.isPostfixUnaryExpression(node)) return node.operand;
  const isOuter =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isSatisfiesExpression(node);
  return isOuter ? node.expression : undefined;
}
