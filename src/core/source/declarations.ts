import ts from 'typescript';
import { boundNames, isErased } from './declaredNames.ts';
import { walk } from './walk.ts';

/**
 * The identifier that declares what a use refers to, by the scopes of JavaScript. Undefined for a global, a name
 * of another source, and what is declared for the types only.
 */
export function declarationOf(use: ts.Identifier): ts.Identifier | undefined {
  for (let node: ts.Node | undefined = use.parent; node; node = parentOf(node)) {
    const found = scopeOf(node)?.get(use.text);
    if (found) return found;
  }
  return undefined;
}

type Scope = ReadonlyMap<string, ts.Identifier>;

/** A use asks every node around it, and many uses ask the same ones. */
const scopes = new WeakMap<ts.Node, Scope>();

function scopeOf(node: ts.Node): Scope | undefined {
  if (!opensScope(node)) return undefined;
  let scope = scopes.get(node);
  if (scope === undefined) {
    scope = readScope(node);
    scopes.set(node, scope);
  }
  return scope;
}

type Opener =
  | ts.SourceFile
  | ts.SignatureDeclaration
  | ts.Block
  | ts.ModuleBlock
  | ts.CaseBlock
  | ts.ForStatement
  | ts.ForInOrOfStatement
  | ts.CatchClause
  | ts.ClassLikeDeclaration
  | ts.EnumDeclaration;

function opensScope(node: ts.Node): node is Opener {
  return (
    ts.isBlock(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isSourceFile(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isCatchClause(node) ||
    ts.isCaseBlock(node) ||
    ts.isModuleBlock(node) ||
    ts.isEnumDeclaration(node)
  );
}

function readScope(node: Opener): Scope {
  const scope = new Map<string, ts.Identifier>();
  const add = (name: ts.BindingName | undefined): void => {
    for (const identifier of boundNames(name)) {
      if (!scope.has(identifier.text)) scope.set(identifier.text, identifier);
    }
  };
  if (ts.isSourceFile(node) || ts.isModuleBlock(node)) {
    addLexical(node.statements, add);
    addVars(node, add);
  } else if (ts.isBlock(node)) {
    addLexical(node.statements, add);
    if (ts.isClassStaticBlockDeclaration(node.parent)) addVars(node, add);
  } else if (ts.isCaseBlock(node)) {
    for (const clause of node.clauses) addLexical(clause.statements, add);
  } else if (ts.isFunctionLike(node)) {
    for (const parameter of node.parameters) add(parameter.name);
    const { body } = node as { readonly body?: ts.Node };
    if (body && ts.isBlock(body)) addVars(body, add);
    if (ts.isFunctionExpression(node)) add(node.name);
  } else if (ts.isClassLike(node)) {
    add(node.name);
  } else if (ts.isCatchClause(node)) {
    add(node.variableDeclaration?.name);
  } else if (ts.isEnumDeclaration(node)) {
    for (const { name } of node.members) if (ts.isIdentifier(name)) add(name);
  } else if (node.initializer && ts.isVariableDeclarationList(node.initializer)) {
    for (const { name } of node.initializer.declarations) add(name);
  }
  return scope;
}

function addLexical(
  statements: readonly ts.Statement[],
  add: (name: ts.BindingName | undefined) => void,
): void {
  for (const statement of statements) {
    if (isErased(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) add(name);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)
    ) {
      add(statement.name);
    } else if (ts.isModuleDeclaration(statement)) {
      if (ts.isIdentifier(statement.name)) add(statement.name);
    } else if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      add(clause?.name);
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) add(bindings.name);
      if (bindings && ts.isNamedImports(bindings)) for (const { name } of bindings.elements) add(name);
    }
  }
}

/** `var` reaches up to the function around it. */
function addVars(node: ts.Node, add: (name: ts.BindingName | undefined) => void): void {
  walk(node, (inner) => {
    if (inner !== node && (ts.isFunctionLike(inner) || ts.isClassLike(inner) || ts.isTypeNode(inner)))
      return false;
    if (ts.isVariableDeclarationList(inner) && (inner.flags & ts.NodeFlags.BlockScoped) === 0) {
      if (!isErased(inner.parent)) for (const { name } of inner.declarations) add(name);
    }
    return true;
  });
}

/** The parser's types leave out that a file has none. */
function parentOf(node: ts.Node): ts.Node | undefined {
  return node.parent;
}
