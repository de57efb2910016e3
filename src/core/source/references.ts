import ts from 'typescript';
import { declaredNames, isErased } from './declaredNames.ts';

/** Asked for at every node; as members of `ts` they are found anew each time. */
const { SyntaxKind, forEachChild, isClassLike, isFunctionLike, isIdentifier, isTypeNode } = ts;

/** When code runs: while the module loads, or later, when a request, an alarm or a message comes. */
export type Phase = 'load' | 'later';

/** A use of a name that no function, class or block around it declares: one of the file's own top level, or a global. */
export interface Reference {
  readonly name: string;
  readonly node: ts.Identifier;
  readonly phase: Phase;
  /** In a `try` block of its function, so that a throw is caught. */
  readonly isGuarded: boolean;
}

/** Nodes that run while the module loads, and every use of a name from outside. */
export interface References {
  readonly all: readonly Reference[];
  /** `await`, `throw`, `new` and calls that run at load and whose errors nobody catches. */
  readonly atLoad: readonly ts.Node[];
}

/**
 * Resolves the names of a file by the scopes of JavaScript; what is erased with the types is passed over.
 * A function counts as run at load when a statement at load calls it by its top-level name, and a class when it
 * is made there.
 */
export function readReferences(file: ts.SourceFile): References {
  const callables = topLevelCallables(file);
  const called = new Set<ts.Node>();
  const awaited = new Set<ts.Node>();
  for (;;) {
    const walker = new Walker(called, awaited);
    walker.statements(
      file.statements,
      { names: undefined, outer: undefined },
      { phase: 'load', isGuarded: false },
    );
    const before = called.size + awaited.size;
    for (const reference of walker.all) {
      const target = callables.get(reference.name);
      if (!target || reference.phase !== 'load' || !isCalled(reference.node)) continue;
      called.add(target);
      if (!reference.isGuarded && isAwaited(reference.node.parent)) awaited.add(target);
    }
    if (called.size + awaited.size === before) return { all: walker.all, atLoad: walker.atLoad };
  }
}

interface Scope {
  /** Undefined for the file itself: its names are not hidden from the caller. */
  readonly names: ReadonlySet<string> | undefined;
  readonly outer: Scope | undefined;
}

interface Mode {
  readonly phase: Phase;
  readonly isGuarded: boolean;
}

const LATER: Mode = { phase: 'later', isGuarded: false };

class Walker {
  readonly all: Reference[] = [];
  readonly atLoad: ts.Node[] = [];
  readonly #called: ReadonlySet<ts.Node>;
  readonly #awaited: ReadonlySet<ts.Node>;
  /** Where the children stand that are visited. */
  #scope: Scope = { names: undefined, outer: undefined };
  #mode: Mode = LATER;
  readonly #child = (child: ts.Node): void => this.visit(child, this.#scope, this.#mode);

  constructor(called: ReadonlySet<ts.Node>, awaited: ReadonlySet<ts.Node>) {
    this.#called = called;
    this.#awaited = awaited;
  }

  statements(statements: readonly ts.Statement[], scope: Scope, mode: Mode): void {
    for (const statement of statements) this.visit(statement, scope, mode);
  }

  visit(node: ts.Node, scope: Scope, mode: Mode): void {
    if (innerOf(node) !== undefined) {
      this.#chain(node, scope, mode);
      return;
    }
    if (isErased(node)) return;
    if (isIdentifier(node)) {
      this.#use(node, scope, mode);
    } else if (isFunctionLike(node)) {
      this.#name(node, scope, mode);
      this.#function(node, scope, mode);
    } else if (isClassLike(node)) {
      this.#class(node, scope, mode);
    } else if (ts.isTryStatement(node)) {
      this.visit(node.tryBlock, scope, node.catchClause ? { ...mode, isGuarded: true } : mode);
      if (node.catchClause) this.visit(node.catchClause, scope, mode);
      if (node.finallyBlock) this.visit(node.finallyBlock, scope, mode);
    } else {
      this.#event(node, mode);
      const names = declaredNames(node);
      this.#children(node, names.size > 0 ? { names, outer: scope } : scope, mode);
    }
  }

  /** What is nested to the left or to the end, however deep, costs no depth of the stack. */
  #chain(outermost: ts.Node, scope: Scope, mode: Mode): void {
    const links: ts.Node[] = [];
    let innermost = outermost;
    for (let inner = innerOf(innermost); inner !== undefined; inner = innerOf(innermost)) {
      this.#event(innermost, mode);
      links.push(innermost);
      if (ts.isIfStatement(innermost)) {
        this.visit(innermost.expression, scope, mode);
        this.visit(innermost.thenStatement, scope, mode);
      }
      innermost = inner;
    }
    this.visit(innermost, scope, mode);
    for (let link = links.pop(); link; link = links.pop()) {
      if (ts.isBinaryExpression(link)) this.visit(link.right, scope, mode);
      else if (ts.isElementAccessExpression(link)) this.visit(link.argumentExpression, scope, mode);
      else if (ts.isCallExpression(link)) {
        for (const argument of link.arguments) this.visit(argument, scope, mode);
      }
    }
  }

  #children(node: ts.Node, scope: Scope, mode: Mode): void {
    const [outerScope, outerMode] = [this.#scope, this.#mode];
    this.#scope = scope;
    this.#mode = mode;
    forEachValue(node, this.#child);
    this.#scope = outerScope;
    this.#mode = outerMode;
  }

  #use(node: ts.Identifier, scope: Scope, mode: Mode): void {
    if (node.text === '') return;
    for (let at: Scope | undefined = scope; at; at = at.outer) {
      if (at.names?.has(node.text)) return;
    }
    this.all.push({ name: node.text, node, ...mode });
  }

  #event(node: ts.Node, mode: Mode): void {
    if (mode.phase !== 'load' || mode.isGuarded) return;
    if (
      ts.isAwaitExpression(node) ||
      ts.isThrowStatement(node) ||
      ts.isNewExpression(node) ||
      ts.isCallExpression(node)
    ) {
      this.atLoad.push(node);
    }
  }

  #function(node: ts.SignatureDeclaration, scope: Scope, mode: Mode): void {
    const body = bodyOf(node);
    if (body === undefined) return;
    const isRun = this.#called.has(node) || isInvokedWhereItStands(node);
    // What an async function throws goes into its promise, and a generator waits for its first next().
    const isWaitedFor = this.#awaited.has(node) || isAwaitedWhereItStands(node);
    const catches = (isAsync(node) && !isWaitedFor) || isGenerator(node);
    const inside: Mode =
      isRun && !isGenerator(node) ? { ...mode, isGuarded: mode.isGuarded || catches } : LATER;
    const names = new Set(['arguments', ...declaredNames(node)]);
    const own = ts.isArrowFunction(node) ? new Set(declaredNames(node)) : names;
    const inner = { names: own, outer: scope };
    for (const parameter of node.parameters) this.visit(parameter, inner, inside);
    if (ts.isBlock(body)) this.statements(body.statements, inner, inside);
    else this.visit(body, inner, inside);
  }

  #class(node: ts.ClassLikeDeclaration, scope: Scope, mode: Mode): void {
    for (const decorator of ts.getDecorators(node) ?? []) this.visit(decorator.expression, scope, mode);
    const inner = { names: new Set(node.name ? [node.name.text] : []), outer: scope };
    const isMade = this.#called.has(node) && mode.phase === 'load';
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token !== SyntaxKind.ExtendsKeyword) continue;
      // The name of a declaration is the one around it too, and has no value yet.
      const around = ts.isClassDeclaration(node) ? scope : inner;
      for (const base of clause.types) this.visit(base.expression, around, mode);
    }
    for (const member of node.members) {
      if (isErased(member)) continue;
      this.#name(member, inner, mode);
      if (ts.canHaveDecorators(member)) {
        for (const decorator of ts.getDecorators(member) ?? []) this.visit(decorator.expression, inner, mode);
      }
      const isStatic = ts.canHaveModifiers(member) && hasStatic(member);
      if (ts.isPropertyDeclaration(member)) {
        if (member.initializer) this.visit(member.initializer, inner, isStatic || isMade ? mode : LATER);
      } else if (ts.isClassStaticBlockDeclaration(member)) {
        this.visit(member.body, inner, mode);
      } else if (ts.isConstructorDeclaration(member)) {
        this.#creation(member, inner, isMade ? mode : LATER);
      } else if (isFunctionLike(member)) {
        this.#function(member, inner, LATER);
      }
    }
  }

  #creation(node: ts.ConstructorDeclaration, scope: Scope, mode: Mode): void {
    const inner = { names: new Set(['arguments', ...declaredNames(node)]), outer: scope };
    for (const parameter of node.parameters) this.visit(parameter, inner, mode);
    if (node.body) this.statements(node.body.statements, inner, mode);
  }

  /** A computed name is evaluated where the member stands. */
  #name(node: ts.Node, scope: Scope, mode: Mode): void {
    const { name } = node as { readonly name?: ts.Node };
    if (name && ts.isComputedPropertyName(name)) this.visit(name.expression, scope, mode);
  }
}

/** The part of a node in which the next link of a chain is: of `a.b`, `a()`, `a + b`, and of `else if`. */
function innerOf(node: ts.Node): ts.Node | undefined {
  switch (node.kind) {
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
    case SyntaxKind.CallExpression:
      return (node as ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression)
        .expression;
    case SyntaxKind.BinaryExpression:
      return (node as ts.BinaryExpression).left;
    case SyntaxKind.IfStatement: {
      const { elseStatement } = node as ts.IfStatement;
      return elseStatement && ts.isIfStatement(elseStatement) ? elseStatement : undefined;
    }
    default:
      return undefined;
  }
}

/** Calls `visit` for the children that are evaluated: no types, and none of the identifiers that only name something. */
function forEachValue(node: ts.Node, visit: (child: ts.Node) => void): void {
  if (!WITH_NAMES.has(node.kind)) {
    forEachUnnamed(node, visit);
    return;
  }
  switch (node.kind) {
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ExpressionWithTypeArguments:
      visit((node as ts.PropertyAccessExpression | ts.ExpressionWithTypeArguments).expression);
      return;
    case SyntaxKind.QualifiedName:
      visit((node as ts.QualifiedName).left);
      return;
    case SyntaxKind.ShorthandPropertyAssignment: {
      const { name, objectAssignmentInitializer } = node as ts.ShorthandPropertyAssignment;
      visit(name);
      if (objectAssignmentInitializer) visit(objectAssignmentInitializer);
      return;
    }
    case SyntaxKind.ExportSpecifier: {
      const { propertyName, name } = node as ts.ExportSpecifier;
      const value = propertyName ?? name;
      if (isIdentifier(value)) visit(value);
      return;
    }
    case SyntaxKind.ExportDeclaration: {
      const { exportClause: list, moduleSpecifier } = node as ts.ExportDeclaration;
      if (!moduleSpecifier && list && ts.isNamedExports(list)) list.elements.forEach(visit);
      return;
    }
    case SyntaxKind.ImportDeclaration:
    case SyntaxKind.MetaProperty:
    case SyntaxKind.BreakStatement:
    case SyntaxKind.ContinueStatement:
  }
}

/** Kinds with identifiers that are no `name`, and are not evaluated. */
const WITH_NAMES: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.PropertyAccessExpression,
  SyntaxKind.ExpressionWithTypeArguments,
  SyntaxKind.QualifiedName,
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.ExportSpecifier,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.ImportDeclaration,
  SyntaxKind.MetaProperty,
  SyntaxKind.BreakStatement,
  SyntaxKind.ContinueStatement,
]);

function forEachUnnamed(node: ts.Node, visit: (child: ts.Node) => void): void {
  const skipped = namesOnly(node);
  const property = ts.isBindingElement(node) ? node.propertyName : undefined;
  const skippedToo = property && isIdentifier(property) ? property : undefined;
  forEachChild(node, (child) => {
    if (child === skipped || child === skippedToo) return;
    if (!isTypeNode(child) && !ts.isTypeParameterDeclaration(child)) visit(child);
  });
}

function namesOnly(node: ts.Node): ts.Node | undefined {
  if (ts.isLabeledStatement(node)) return node.label;
  const { name } = node as { readonly name?: ts.Node };
  return name && (isIdentifier(name) || ts.isStringLiteralLike(name)) ? name : undefined;
}

function bodyOf(node: ts.SignatureDeclaration): ts.ConciseBody | undefined {
  return (node as { readonly body?: ts.ConciseBody }).body;
}

function isAsync(node: ts.SignatureDeclaration): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((m) => m.kind === SyntaxKind.AsyncKeyword) ?? false)
  );
}

function isGenerator(node: ts.SignatureDeclaration): boolean {
  return (node as { readonly asteriskToken?: ts.Node }).asteriskToken !== undefined;
}

function hasStatic(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === SyntaxKind.StaticKeyword) ?? false;
}

/** `(() => { … })()`, and the function that `new Promise` calls at once. */
function isInvokedWhereItStands(node: ts.Node): boolean {
  let outer = node.parent;
  let inner = node;
  while (ts.isParenthesizedExpression(outer)) {
    inner = outer;
    outer = outer.parent;
  }
  if (ts.isCallExpression(outer)) return outer.expression === inner;
  return (
    ts.isNewExpression(outer) &&
    isIdentifier(outer.expression) &&
    outer.expression.text === 'Promise' &&
    outer.arguments?.[0] === inner
  );
}

/** `await (async () => { … })()`. */
function isAwaitedWhereItStands(node: ts.Node): boolean {
  let at = node.parent;
  while (ts.isParenthesizedExpression(at)) at = at.parent;
  return ts.isCallExpression(at) && isAwaited(at);
}

function isAwaited(call: ts.Node): boolean {
  let at = call.parent;
  while (ts.isParenthesizedExpression(at)) at = at.parent;
  return ts.isAwaitExpression(at);
}

function isCalled(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
}

function topLevelCallables(file: ts.SourceFile): Map<string, ts.Node> {
  const found = new Map<string, ts.Node>();
  for (const statement of file.statements) {
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      if (!isErased(statement)) found.set(statement.name.text, statement);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (!isIdentifier(name) || !initializer) continue;
        if (isFunctionLike(initializer) || isClassLike(initializer)) found.set(name.text, initializer);
      }
    }
  }
  return found;
}
