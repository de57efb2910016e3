import ts from 'typescript';
import { boundNames, isErased } from './declaredNames.ts';

/** Something that TypeScript's parser takes and its transpile hands on, and that no JavaScript module may contain. */
export interface EarlyError {
  readonly node: ts.Node;
  readonly message: string;
}

/** Words that strict mode, which a module always is in, keeps for itself. */
const RESERVED: ReadonlySet<string> = new Set([
  ...[
    'implements',
    'interface',
    'let',
    'package',
    'private',
    'protected',
    'public',
    'static',
    'yield',
    'await',
  ],
]);

/** Where a node stands, as far as the grammar asks. */
interface Place {
  readonly inFunction: boolean;
  readonly canAwait: boolean;
  readonly canYield: boolean;
  readonly canBreak: boolean;
  readonly canContinue: boolean;
  readonly labels: ReadonlySet<string>;
  readonly privateNames: ReadonlySet<string>;
}

const MODULE: Place = {
  inFunction: false,
  canAwait: true,
  canYield: false,
  canBreak: false,
  canContinue: false,
  labels: new Set(),
  privateNames: new Set(),
};

/** The early errors of ECMAScript that people make. Redeclared names at the top level are a rule of their own. */
export function earlyErrors(file: ts.SourceFile): EarlyError[] {
  const found: EarlyError[] = [];
  const visit = (node: ts.Node, place: Place): void => {
    if (isErased(node)) return;
    const message = problem(node, place);
    if (message !== undefined) found.push({ node, message });
    for (const name of redeclared(node)) {
      found.push({ node: name, message: `${name.text} is declared twice in one scope.` });
    }
    const inside = enter(node, place);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  for (const statement of file.statements) visit(statement, MODULE);
  return found;
}

function problem(node: ts.Node, place: Place): string | undefined {
  if (ts.isVariableDeclaration(node)) return initializerProblem(node);
  if (ts.isIdentifier(node)) return wordProblem(node);
  if (ts.isReturnStatement(node))
    return place.inFunction ? undefined : '`return` is only allowed in a function.';
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) {
    return place.canAwait ? undefined : '`await` is only allowed in an async function and at the top level.';
  }
  if (ts.isYieldExpression(node))
    return place.canYield ? undefined : '`yield` is only allowed in a generator.';
  if (ts.isBreakStatement(node)) return jumpProblem('break', node.label, place.canBreak, place);
  if (ts.isContinueStatement(node)) return jumpProblem('continue', node.label, place.canContinue, place);
  if (ts.isWithStatement(node)) return '`with` is not allowed in a module.';
  if (ts.isDeleteExpression(node) && ts.isIdentifier(node.expression)) return 'A variable cannot be deleted.';
  if (ts.isPrivateIdentifier(node) && !place.privateNames.has(node.text)) {
    return `${node.text} is not declared in a class around it.`;
  }
  return undefined;
}

function initializerProblem(node: ts.VariableDeclaration): string | undefined {
  const list = node.parent;
  if (node.initializer || !ts.isVariableDeclarationList(list)) return undefined;
  if (ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent)) return undefined;
  if (!ts.isIdentifier(node.name)) return 'A destructuring declaration needs an initialiser.';
  return (list.flags & ts.NodeFlags.Const) === 0 ? undefined : 'A `const` needs an initialiser.';
}

function wordProblem(node: ts.Identifier): string | undefined {
  if (RESERVED.has(node.text) && (isBinding(node) || isPlainUse(node))) {
    return `\`${node.text}\` is reserved in a module.`;
  }
  const isSpecial = node.text === 'eval' || node.text === 'arguments';
  return isSpecial && isBinding(node) ? `\`${node.text}\` cannot be the name of a variable.` : undefined;
}

function isBinding(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isFunctionExpression(parent) ||
      ts.isClassLike(parent)) &&
    parent.name === node
  );
}

function isPlainUse(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    ts.isExpressionStatement(parent) ||
    (ts.isBinaryExpression(parent) && (parent.left === node || parent.right === node)) ||
    (ts.isCallExpression(parent) && (parent.expression === node || parent.arguments.includes(node)))
  );
}

function jumpProblem(
  word: string,
  label: ts.Identifier | undefined,
  isAllowed: boolean,
  place: Place,
): string | undefined {
  if (label)
    return place.labels.has(label.text)
      ? undefined
      : `There is no label ${label.text} around this \`${word}\`.`;
  return isAllowed ? undefined : `There is nothing around this \`${word}\` that it could leave.`;
}

function enter(node: ts.Node, place: Place): Place {
  if (ts.isFunctionLike(node)) {
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
    const canAwait = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
    const canYield = (node as { readonly asteriskToken?: ts.Node }).asteriskToken !== undefined;
    return { ...MODULE, privateNames: place.privateNames, inFunction: true, canAwait, canYield };
  }
  if (ts.isClassStaticBlockDeclaration(node)) {
    return { ...MODULE, privateNames: place.privateNames, canAwait: false };
  }
  if (ts.isClassLike(node)) {
    const own = node.members.flatMap(({ name }) => (name && ts.isPrivateIdentifier(name) ? [name.text] : []));
    return { ...place, privateNames: new Set([...place.privateNames, ...own]) };
  }
  if (ts.isPropertyDeclaration(node)) {
    return { ...MODULE, privateNames: place.privateNames, canAwait: false };
  }
  if (ts.isIterationStatement(node, false)) return { ...place, canBreak: true, canContinue: true };
  if (ts.isSwitchStatement(node)) return { ...place, canBreak: true };
  if (ts.isLabeledStatement(node)) return { ...place, labels: new Set([...place.labels, node.label.text]) };
  return place;
}

/** Names that a block or function declares once more, though `let`, `const`, `class` and functions allow one only. */
function redeclared(node: ts.Node): (ts.Identifier | ts.PrivateIdentifier)[] {
  const seen = new Set<string>();
  const again: ts.Identifier[] = [];
  const add = (name: ts.Identifier): void => {
    if (seen.has(name.text)) again.push(name);
    seen.add(name.text);
  };
  if (ts.isFunctionLike(node)) {
    node.parameters.flatMap(({ name }) => boundNames(name)).forEach(add);
    const { body } = node as { readonly body?: ts.Node };
    if (!body || !ts.isBlock(body)) return again;
    const [functions, others] = partition(lexical(body.statements), ({ parent }) =>
      isFunctionOfFunction(parent),
    );
    others.forEach(add);
    const taken = new Set(others.map(({ text }) => text));
    return [...again, ...functions.filter(({ text }) => taken.has(text)), ...crossedByVar(body, others)];
  }
  if (ts.isClassLike(node)) return redeclaredMembers(node);
  if (ts.isBlock(node) && ts.isFunctionLike(node.parent)) return [];
  if (ts.isBlock(node) || ts.isCaseBlock(node) || ts.isModuleBlock(node)) {
    if (ts.isCatchClause(node.parent)) {
      for (const { text } of boundNames(node.parent.variableDeclaration?.name)) seen.add(text);
    }
    const statements = ts.isCaseBlock(node)
      ? node.clauses.flatMap(({ statements: all }) => [...all])
      : node.statements;
    const names = lexical(statements);
    names.forEach(add);
    return [...again, ...crossedByVar(node, names)];
  }
  return [];
}

/** A private name may be there twice only as a getter and a setter. */
function redeclaredMembers(node: ts.ClassLikeDeclaration): ts.PrivateIdentifier[] {
  const seen = new Map<string, ts.ClassElement>();
  return node.members.flatMap((member) => {
    if (!member.name || !ts.isPrivateIdentifier(member.name) || isErased(member) || isSignature(member))
      return [];
    const other = seen.get(member.name.text);
    seen.set(member.name.text, member);
    const isPair = other && ts.isAccessor(member) && ts.isAccessor(other) && member.kind !== other.kind;
    return other && !isPair ? [member.name] : [];
  });
}

function isSignature(member: ts.ClassElement): boolean {
  return ts.isMethodDeclaration(member) && member.body === undefined;
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [yes: T[], no: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function lexical(statements: readonly ts.Statement[]): ts.Identifier[] {
  return statements.flatMap((statement) => {
    if (isErased(statement)) return [];
    if (
      ts.isVariableStatement(statement) &&
      (statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0
    ) {
      return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      return boundNames(statement.name);
    return [];
  });
}

/** A `var` in the block, at any depth, of a name that the block declares with `let`, `const` or `class`. */
function crossedByVar(block: ts.Node, names: readonly ts.Identifier[]): ts.Identifier[] {
  if (names.length === 0) return [];
  const own = new Set(names.map(({ text }) => text));
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      found.push(
        ...node.declarations.flatMap(({ name }) => boundNames(name)).filter(({ text }) => own.has(text)),
      );
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(block, visit);
  return found;
}

/** Directly in a function's body, a function is as good as a `var`. */
function isFunctionOfFunction(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) && ts.isBlock(node.parent) && ts.isFunctionLike(node.parent.parent);
}
