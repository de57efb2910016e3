import ts from 'typescript';
import { classProblems } from './classErrors.ts';
import { initializerProblem, isAwaitUsing, restProblem, usingProblem } from './declarationErrors.ts';
import { isErased } from './declaredNames.ts';
import { expressionProblem } from './expressionErrors.ts';
import { functionProblem, waitingProblem } from './functionErrors.ts';
import { breakProblem, continueProblem } from './jumpErrors.ts';
import { modifierProblem } from './modifierErrors.ts';
import { wordProblem } from './nameErrors.ts';
import { enter, isPlace, MODULE, type Place } from './places.ts';
import { redeclared } from './redeclarations.ts';
import { statementProblem } from './statementErrors.ts';
import { targetProblem } from './targetErrors.ts';

/** Each walk asks for these at every node; as members of `ts` they are found anew each time. */
const { SyntaxKind, forEachChild, isClassLike } = ts;

/** Something that TypeScript's parser takes and no JavaScript module may contain. The transpile hands it on. */
export interface EarlyError {
  readonly node: ts.Node;
  readonly message: string;
  /** The transpile fails on it instead. */
  readonly stopsTypeScript?: boolean;
}

/** The early errors of ECMAScript that people make. Redeclared names at the top level are a rule of their own. */
export function earlyErrors(file: ts.SourceFile): EarlyError[] {
  const found: EarlyError[] = [];
  for (const statement of file.statements) look(statement, found);
  return found;
}

/** With a stack of its own: a source may be nested deeper than JavaScript's reaches. */
function look(statement: ts.Node, found: EarlyError[]): void {
  const open: ts.Node[] = [statement];
  const children: ts.Node[] = [];
  const collect = (child: ts.Node): void => {
    children.push(child);
  };
  let place = MODULE;
  /** The places around, each with the number of nodes that are left when the one inside of it ends. */
  const outside: { readonly place: Place; readonly left: number }[] = [];
  for (let node = open.pop(); node; node = open.pop()) {
    for (let last = outside.at(-1); last && open.length < last.left; last = outside.at(-1)) {
      place = last.place;
      outside.pop();
    }
    if (isErased(node) || isDropped(node)) continue;
    const message = WITH_PROBLEMS.has(node.kind) ? problem(node, place) : undefined;
    if (message !== undefined) found.push({ node, message });
    const decorator = ts.isExportAssignment(node) ? node.modifiers?.find(ts.isDecorator) : undefined;
    if (decorator) found.push({ node: decorator, message: NO_DECORATOR, stopsTypeScript: true });
    if (isPlace(node)) {
      found.push(...ownProblems(node));
      outside.push({ place, left: open.length });
      place = enter(node, place);
    }
    forEachChild(node, collect);
    for (let child = children.pop(); child; child = children.pop()) open.push(child);
  }
}

/** Of the names that a node declares, and of a class as a whole. */
function ownProblems(node: ts.Node): EarlyError[] {
  return [
    ...redeclared(node).map((name) => ({
      node: name,
      message: `${name.text} is declared twice in one scope.`,
    })),
    ...(isClassLike(node) ? classProblems(node).map(([at, message]) => ({ node: at, message })) : []),
  ];
}

const NO_DECORATOR = 'A value that is exported has no decorators.';

/** TypeScript keeps the decorators of classes and their members, and leaves out all others. */
function isDropped(node: ts.Node): boolean {
  if (node.kind !== SyntaxKind.Decorator) return false;
  const { parent } = node;
  if (ts.isMethodDeclaration(parent)) return parent.body === undefined;
  return !isClassLike(parent) && !ts.isPropertyDeclaration(parent) && !ts.isAccessor(parent);
}

const WITH_PROBLEMS: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.ExportKeyword,
  SyntaxKind.DefaultKeyword,
  SyntaxKind.StaticKeyword,
  SyntaxKind.AccessorKeyword,
  SyntaxKind.AsyncKeyword,
  SyntaxKind.VariableDeclaration,
  SyntaxKind.Identifier,
  SyntaxKind.ReturnStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.AwaitExpression,
  SyntaxKind.YieldExpression,
  SyntaxKind.BreakStatement,
  SyntaxKind.ContinueStatement,
  SyntaxKind.WithStatement,
  SyntaxKind.DeleteExpression,
  SyntaxKind.PrivateIdentifier,
  SyntaxKind.MetaProperty,
  SyntaxKind.CallExpression,
  SyntaxKind.TaggedTemplateExpression,
  SyntaxKind.SuperKeyword,
  SyntaxKind.BinaryExpression,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.PostfixUnaryExpression,
  SyntaxKind.ObjectLiteralExpression,
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.ForInStatement,
  SyntaxKind.CaseBlock,
  SyntaxKind.ThrowStatement,
  SyntaxKind.LabeledStatement,
  SyntaxKind.VariableStatement,
  SyntaxKind.VariableDeclarationList,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.ModuleDeclaration,
  SyntaxKind.ImportDeclaration,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.ExportAssignment,
  SyntaxKind.ObjectBindingPattern,
  SyntaxKind.ArrayBindingPattern,
]);

function problem(node: ts.Node, place: Place): string | undefined {
  switch (node.kind) {
    case SyntaxKind.VariableDeclaration:
      return initializerProblem(node as ts.VariableDeclaration);
    case SyntaxKind.Identifier:
      return wordProblem(node as ts.Identifier, place);
    case SyntaxKind.ReturnStatement:
      return place.inFunction ? undefined : '`return` is only allowed in a function.';
    case SyntaxKind.ForOfStatement: {
      const isWaiting = (node as ts.ForOfStatement).awaitModifier !== undefined;
      return (isWaiting ? awaitProblem(place) : undefined) ?? statementProblem(node) ?? targetProblem(node);
    }
    case SyntaxKind.AwaitExpression:
      return awaitProblem(place) ?? waitingProblem(node as ts.AwaitExpression);
    case SyntaxKind.YieldExpression:
      return place.canYield
        ? waitingProblem(node as ts.YieldExpression)
        : '`yield` is only allowed in a generator.';
    case SyntaxKind.BreakStatement:
      return breakProblem(node as ts.BreakStatement, place);
    case SyntaxKind.ContinueStatement:
      return continueProblem(node as ts.ContinueStatement, place);
    case SyntaxKind.WithStatement:
      return '`with` is not allowed in a module.';
    case SyntaxKind.VariableDeclarationList:
      return listProblem(node as ts.VariableDeclarationList, place);
    case SyntaxKind.ExportKeyword:
    case SyntaxKind.DefaultKeyword:
    case SyntaxKind.StaticKeyword:
    case SyntaxKind.AsyncKeyword:
    case SyntaxKind.AccessorKeyword:
      return modifierProblem(node);
    case SyntaxKind.LabeledStatement: {
      const { label } = node as ts.LabeledStatement;
      return place.labels.has(label.text) ? `There is a label ${label.text} around this one.` : undefined;
    }
    case SyntaxKind.ObjectBindingPattern:
    case SyntaxKind.ArrayBindingPattern:
      return restProblem(node as ts.BindingPattern);
    case SyntaxKind.FunctionDeclaration:
      return statementProblem(node) ?? functionProblem(node as ts.FunctionDeclaration);
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.MethodDeclaration:
    case SyntaxKind.Constructor:
    case SyntaxKind.GetAccessor:
    case SyntaxKind.SetAccessor:
      return functionProblem(node as ts.SignatureDeclaration);
    case SyntaxKind.SuperKeyword:
      if (ts.isCallExpression(node.parent) && node.parent.expression === node) {
        return place.hasSuperCall
          ? undefined
          : '`super()` is only allowed in the constructor of a class that extends one.';
      }
      return place.hasSuper ? undefined : '`super` is only allowed in a method or field.';
    case SyntaxKind.MetaProperty:
      return (node as ts.MetaProperty).keywordToken === SyntaxKind.NewKeyword && !place.hasTarget
        ? '`new.target` is only allowed in a function.'
        : expressionProblem(node);
    case SyntaxKind.PrivateIdentifier: {
      const { text } = node as ts.PrivateIdentifier;
      return place.privateNames.has(text)
        ? expressionProblem(node)
        : `${text} is not declared in a class around it.`;
    }
    default:
      return targetProblem(node) ?? statementProblem(node) ?? expressionProblem(node);
  }
}

function awaitProblem(place: Place): string | undefined {
  return place.canAwait ? undefined : '`await` is only allowed in an async function and at the top level.';
}

function listProblem(node: ts.VariableDeclarationList, place: Place): string | undefined {
  if (node.declarations.length === 0) return 'Nothing is declared here.';
  return usingProblem(node) ?? (isAwaitUsing(node) ? awaitProblem(place) : undefined);
}
