import ts from 'typescript';
import { walk } from './walk.ts';

const { SyntaxKind } = ts;

/** Kinds of which TypeScript can leave nothing behind. Every node of a file is asked, and most are of none of them. */
const ERASABLE: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.AnyKeyword,
  SyntaxKind.UnknownKeyword,
  SyntaxKind.NumberKeyword,
  SyntaxKind.BigIntKeyword,
  SyntaxKind.ObjectKeyword,
  SyntaxKind.BooleanKeyword,
  SyntaxKind.StringKeyword,
  SyntaxKind.SymbolKeyword,
  SyntaxKind.VoidKeyword,
  SyntaxKind.UndefinedKeyword,
  SyntaxKind.NeverKeyword,
  SyntaxKind.IntrinsicKeyword,
  SyntaxKind.InterfaceDeclaration,
  SyntaxKind.TypeAliasDeclaration,
  SyntaxKind.TypeParameter,
  SyntaxKind.IndexSignature,
  SyntaxKind.ImportEqualsDeclaration,
  SyntaxKind.ImportDeclaration,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.ExportSpecifier,
  SyntaxKind.ExportAssignment,
  SyntaxKind.ModuleDeclaration,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.ClassExpression,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.VariableStatement,
  SyntaxKind.Parameter,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

/** Whether TypeScript leaves nothing of the node behind. */
export function isErased(node: ts.Node): boolean {
  const { kind } = node;
  if (kind >= SyntaxKind.FirstTypeNode && kind <= SyntaxKind.LastTypeNode) return true;
  if (!ERASABLE.has(kind)) return false;
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isTypeParameterDeclaration(node) || ts.isIndexSignatureDeclaration(node)) return true;
  if (ts.isImportEqualsDeclaration(node))
    return node.isTypeOnly || ts.isExternalModuleReference(node.moduleReference);
  if (ts.isExportDeclaration(node) || ts.isExportSpecifier(node)) return node.isTypeOnly;
  if (ts.isFunctionDeclaration(node) && node.body === undefined) return true;
  if (ts.isModuleDeclaration(node) && !isInstantiated(node)) return true;
  return ts.canHaveModifiers(node) && (node.modifiers?.some(isErasing) ?? false);
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Kinds of nodes that open a scope besides the functions. */
const OPENING: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.Block,
  SyntaxKind.ModuleBlock,
  SyntaxKind.CaseBlock,
  SyntaxKind.ForStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.CatchClause,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.ModuleDeclaration,
]);

/** The names that a node adds to the scope it opens; empty for a node that opens none. */
export function declaredNames(node: ts.Node): ReadonlySet<string> {
  if (!OPENING.has(node.kind) && !ts.isFunctionLike(node)) return NO_NAMES;
  const names = new Set<string>();
  const add = (name: ts.BindingName | undefined): void => {
    for (const { text } of boundNames(name)) names.add(text);
  };
  if (ts.isFunctionLike(node)) {
    if (ts.isFunctionExpression(node)) add(node.name);
    for (const parameter of node.parameters) add(parameter.name);
    const { body } = node as { readonly body?: ts.Node };
    if (body && ts.isBlock(body)) {
      addLexical(body.statements, add);
      addVars(body, add);
    }
  } else if (ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseBlock(node)) {
    const statements = ts.isCaseBlock(node)
      ? node.clauses.flatMap((clause) => [...clause.statements])
      : node.statements;
    addLexical(statements, add);
    if (ts.isModuleBlock(node)) addVars(node, add);
    if (ts.isBlock(node) && ts.isClassStaticBlockDeclaration(node.parent)) addVars(node, add);
  } else if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
    const list = node.initializer;
    if (list && ts.isVariableDeclarationList(list)) for (const { name } of list.declarations) add(name);
  } else if (ts.isCatchClause(node)) {
    add(node.variableDeclaration?.name);
  } else if (ts.isEnumDeclaration(node)) {
    names.add(node.name.text);
    for (const member of node.members) if (ts.isIdentifier(member.name)) names.add(member.name.text);
  } else if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name)) {
    names.add(node.name.text);
  }
  return names;
}

const withVar = new WeakMap<ts.SourceFile, boolean>();

/** False when no `var` is in the node's file: then nobody has to walk a block for the names that leave it. */
export function mayHaveVar(node: ts.Node): boolean {
  const file = node.getSourceFile();
  let found = withVar.get(file);
  if (found === undefined) {
    // With an escape the word may be written in other letters.
    found = file.text.includes('var') || file.text.includes('\\u');
    withVar.set(file, found);
  }
  return found;
}

/** The identifiers that a name or a pattern binds. */
export function boundNames(name: ts.BindingName | undefined): ts.Identifier[] {
  if (name === undefined) return [];
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

/** Undefined where it is computed from anything but a text. */
export function enumMemberName({ name }: ts.EnumMember): string | undefined {
  if (!ts.isComputedPropertyName(name)) return name.text;
  return ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
}

/** A namespace with nothing but types in it leaves nothing behind. */
function isInstantiated(node: ts.ModuleDeclaration): boolean {
  const { body } = node;
  if (body === undefined || !ts.isIdentifier(node.name)) return false;
  if (ts.isModuleDeclaration(body)) return isInstantiated(body);
  return ts.isModuleBlock(body) && body.statements.some((statement) => !isErased(statement));
}

/** `declare`, and `abstract` on a member; an abstract class itself stays. */
function isErasing(modifier: ts.ModifierLike): boolean {
  if (modifier.kind === ts.SyntaxKind.AbstractKeyword) return !ts.isClassLike(modifier.parent);
  return modifier.kind === ts.SyntaxKind.DeclareKeyword;
}

function addLexical(
  statements: readonly ts.Statement[],
  add: (name: ts.BindingName | undefined) => void,
): void {
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) add(name);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      add(statement.name);
    } else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) {
      add(statement.name);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      add(statement.name);
    }
  }
}

/** `var` reaches up to the function around it. */
function addVars(node: ts.Node, add: (name: ts.BindingName | undefined) => void): void {
  if (!mayHaveVar(node)) return;
  walk(node, (inner) => {
    if (inner !== node && (ts.isFunctionLike(inner) || ts.isClassLike(inner))) return false;
    if (ts.isVariableDeclarationList(inner) && (inner.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const { name } of inner.declarations) add(name);
    }
    return true;
  });
}
