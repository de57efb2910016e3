import ts from 'typescript';
import { constructorKind } from './constructors.ts';
import { NOT_AT_TOP } from './statementErrors.ts';
import { hasTypes } from './typeSyntax.ts';

const { SyntaxKind } = ts;

/** The modifiers that are handed on, in the order in which JavaScript takes them. TypeScript's own are erased. */
const ORDER: readonly ts.SyntaxKind[] = [
  SyntaxKind.ExportKeyword,
  SyntaxKind.DefaultKeyword,
  SyntaxKind.StaticKeyword,
  SyntaxKind.AsyncKeyword,
];

const KEPT: ReadonlySet<ts.SyntaxKind> = new Set([...ORDER, SyntaxKind.AccessorKeyword]);

/** What may stand before each kind of declaration; nothing before any other. */
const ALLOWED: ReadonlyMap<ts.SyntaxKind, readonly ts.SyntaxKind[]> = new Map([
  [SyntaxKind.ClassDeclaration, [SyntaxKind.ExportKeyword, SyntaxKind.DefaultKeyword]],
  [
    SyntaxKind.FunctionDeclaration,
    [SyntaxKind.ExportKeyword, SyntaxKind.DefaultKeyword, SyntaxKind.AsyncKeyword],
  ],
  [SyntaxKind.VariableStatement, [SyntaxKind.ExportKeyword]],
  [SyntaxKind.EnumDeclaration, [SyntaxKind.ExportKeyword]],
  [SyntaxKind.ModuleDeclaration, [SyntaxKind.ExportKeyword]],
  [SyntaxKind.ImportEqualsDeclaration, [SyntaxKind.ExportKeyword]],
  [SyntaxKind.MethodDeclaration, [SyntaxKind.StaticKeyword, SyntaxKind.AsyncKeyword]],
  [SyntaxKind.PropertyDeclaration, [SyntaxKind.StaticKeyword]],
  [SyntaxKind.Constructor, [SyntaxKind.StaticKeyword, SyntaxKind.AsyncKeyword]],
  [SyntaxKind.GetAccessor, [SyntaxKind.StaticKeyword]],
  [SyntaxKind.SetAccessor, [SyntaxKind.StaticKeyword]],
  [SyntaxKind.FunctionExpression, [SyntaxKind.AsyncKeyword]],
  [SyntaxKind.ArrowFunction, [SyntaxKind.AsyncKeyword]],
]);

/** What is wrong with a word such as `export` or `async` before a declaration: TypeScript's parser takes any. */
export function modifierProblem(node: ts.Node): string | undefined {
  const { parent } = node;
  // The bundler writes imports anew, without what stands before them.
  if (!KEPT.has(node.kind) || !ts.canHaveModifiers(parent) || ts.isImportDeclaration(parent))
    return undefined;
  if (ts.isConstructorDeclaration(parent) && constructorKind(parent) === 'plain constructor')
    return undefined;
  // With a type, or a word such as `private`, a parameter is written anew without any word before it.
  if (ts.isParameter(parent) && hasTypes(parent)) return undefined;
  const word = ts.tokenToString(node.kind) ?? '';
  // A namespace becomes a function, and its exports become assignments.
  if (ts.isModuleBlock(parent.parent) && isAssignment(node, parent)) return undefined;
  if (node.kind === SyntaxKind.AccessorKeyword && isOfClass(parent)) return undefined;
  if (node.kind === SyntaxKind.ExportKeyword && ts.isStatement(parent) && !ts.isSourceFile(parent.parent)) {
    return NOT_AT_TOP;
  }
  const isAllowed = ALLOWED.get(parent.kind)?.includes(node.kind) === true && isInItsPlace(node.kind, parent);
  if (!isAllowed) return `\`${word}\` cannot stand here.`;
  const before = (parent.modifiers ?? []).filter(({ kind, end }) => KEPT.has(kind) && end <= node.pos);
  if (before.some(({ kind }) => kind === node.kind)) return `\`${word}\` stands here twice.`;
  const late = before.find(({ kind }) => ORDER.indexOf(kind) > ORDER.indexOf(node.kind));
  return late && `\`${word}\` has to come before \`${ts.tokenToString(late.kind) ?? ''}\`.`;
}

function isAssignment(modifier: ts.Node, { kind, modifiers }: ts.HasModifiers): boolean {
  if (modifier.kind === SyntaxKind.ExportKeyword) return true;
  const isExported = modifiers?.some((other) => other.kind === SyntaxKind.ExportKeyword) === true;
  return isExported && (kind === SyntaxKind.VariableStatement || kind === SyntaxKind.ClassDeclaration);
}

/** Only what is at the top of the module is exported; an object has no static members. */
function isInItsPlace(kind: ts.SyntaxKind, { parent }: ts.Node): boolean {
  if (kind === SyntaxKind.StaticKeyword) return ts.isClassLike(parent);
  return kind === SyntaxKind.AsyncKeyword || ts.isSourceFile(parent);
}

/** A class and its members, the constructor apart, lose an `accessor` when they are transpiled. */
function isOfClass(node: ts.Node): boolean {
  if (ts.isClassDeclaration(node)) return true;
  return ts.isClassElement(node) && ts.isClassLike(node.parent) && !ts.isConstructorDeclaration(node);
}
