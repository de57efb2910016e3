import ts from 'typescript';
import { isUsing } from './declarationErrors.ts';
import { isErased } from './declaredNames.ts';

const { SyntaxKind } = ts;

/** What a statement may not be or contain, by the grammar of JavaScript; undefined for what is fine. */
export function statementProblem(node: ts.Node): string | undefined {
  switch (node.kind) {
    case SyntaxKind.FunctionDeclaration:
    case SyntaxKind.ClassDeclaration:
    case SyntaxKind.VariableStatement:
    case SyntaxKind.EnumDeclaration:
    case SyntaxKind.ModuleDeclaration:
      return bodyProblem(node as ts.Statement);
    case SyntaxKind.ImportDeclaration:
    case SyntaxKind.ExportDeclaration:
    case SyntaxKind.ExportAssignment:
      return ts.isSourceFile(node.parent) ? exportListProblem(node) : NOT_AT_TOP;
    case SyntaxKind.ForInStatement:
    case SyntaxKind.ForOfStatement:
      return loopProblem(node as ts.ForInOrOfStatement);
    case SyntaxKind.CaseBlock: {
      const { clauses } = node as ts.CaseBlock;
      return clauses.filter(ts.isDefaultClause).length > 1 ? 'A `switch` has one `default` only.' : undefined;
    }
    case SyntaxKind.ThrowStatement:
      return isMissing((node as ts.ThrowStatement).expression)
        ? 'What is thrown has to begin on the line of `throw`.'
        : undefined;
    default:
      return undefined;
  }
}

/** Of statements that belong to a module as a whole. */
export const NOT_AT_TOP = '`import` and `export` are only allowed at the top level.';

/** What a name ends in the middle of a character with. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function exportListProblem(node: ts.Node): string | undefined {
  if (!ts.isExportDeclaration(node) || !node.exportClause || node.isTypeOnly) return undefined;
  const list = node.exportClause;
  const specifiers = ts.isNamedExports(list) ? list.elements.filter(({ isTypeOnly }) => !isTypeOnly) : [];
  const all = ts.isNamedExports(list)
    ? specifiers.flatMap(({ name, propertyName }) => [name, propertyName ?? name])
    : [list.name];
  if (all.some(({ text }) => LONE_SURROGATE.test(text))) return 'The name of an export is no whole text.';
  const isText = specifiers.some(({ name, propertyName }) => ts.isStringLiteral(propertyName ?? name));
  return isText && !node.moduleSpecifier
    ? 'Without `from`, what is exported is a name and no text.'
    : undefined;
}

/** A declaration in the place of a single statement, without braces around it. */
function bodyProblem(node: ts.Statement): string | undefined {
  const { parent } = node;
  const isBody =
    ts.isLabeledStatement(parent) ||
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    ts.isForStatement(parent) ||
    ts.isForInStatement(parent) ||
    ts.isForOfStatement(parent);
  if (!isBody || isErased(node)) return undefined;
  const isDeclaration =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    (ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0);
  return isDeclaration ? 'A declaration needs braces around it here.' : undefined;
}

function loopProblem({ initializer, kind }: ts.ForInOrOfStatement): string | undefined {
  if (!ts.isVariableDeclarationList(initializer)) return undefined;
  const { declarations } = initializer;
  // TypeScript writes such a head anew, from the first name alone.
  if (isUsing(initializer) && kind === SyntaxKind.ForOfStatement) return undefined;
  if (declarations.length !== 1) return 'Such a loop has exactly one variable.';
  if (declarations[0]?.initializer) return 'The variable of such a loop takes no initialiser.';
  return isUsing(initializer) ? '`for (… in …)` takes no `using`.' : undefined;
}

/** The parser puts an empty identifier where it misses an expression. */
function isMissing(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === '';
}
