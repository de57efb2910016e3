import ts from 'typescript';
import { classProblems } from './classErrors.ts';
import { boundNames, isErased, mayHaveVar } from './declaredNames.ts';
import { expressionProblem } from './expressionErrors.ts';
import { functionProblem, waitingProblem } from './functionErrors.ts';
import { modifierProblem } from './modifierErrors.ts';
import { statementProblem } from './statementErrors.ts';
import { targetProblem } from './targetErrors.ts';

/** Each walk asks for these at every node; as members of `ts` they are found anew each time. */
const { SyntaxKind, forEachChild, isClassLike, isFunctionLike } = ts;

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
  readonly hasArguments: boolean;
  readonly hasTarget: boolean;
  readonly hasSuper: boolean;
  readonly hasSuperCall: boolean;
  readonly canBreak: boolean;
  readonly canContinue: boolean;
  readonly labels: ReadonlySet<string>;
  readonly privateNames: ReadonlySet<string>;
}

const MODULE: Place = {
  inFunction: false,
  canAwait: true,
  canYield: false,
  hasArguments: true,
  hasTarget: false,
  hasSuper: false,
  hasSuperCall: false,
  canBreak: false,
  canContinue: false,
  labels: new Set(),
  privateNames: new Set(),
};

/** The early errors of ECMAScript that people make. Redeclared names at the top level are a rule of their own. */
export function earlyErrors(file: ts.SourceFile): EarlyError[] {
  const found: EarlyError[] = [];
  let place = MODULE;
  const visit = (node: ts.Node): void => {
    if (isErased(node)) return;
    const message = WITH_PROBLEMS.has(node.kind) ? problem(node, place) : undefined;
    if (message !== undefined) found.push({ node, message });
    if (!isPlace(node)) {
      forEachChild(node, visit);
      return;
    }
    for (const name of redeclared(node)) {
      found.push({ node: name, message: `${name.text} is declared twice in one scope.` });
    }
    if (isClassLike(node)) {
      found.push(...classProblems(node).map(([at, text]) => ({ node: at, message: text })));
    }
    const outside = place;
    place = enter(node, outside);
    forEachChild(node, visit);
    place = outside;
  };
  for (const statement of file.statements) {
    const [decorator] = decoratorsOf(statement);
    if (decorator) found.push({ node: decorator, message: 'Only a class and its members take decorators.' });
    visit(statement);
  }
  return found;
}

/** Of anything but a class, where TypeScript leaves them behind even when the rest is erased. */
function decoratorsOf(node: ts.Statement): readonly ts.Decorator[] {
  if (ts.isClassDeclaration(node)) return [];
  const { modifiers } = node as { readonly modifiers?: readonly ts.ModifierLike[] };
  return modifiers?.filter(ts.isDecorator) ?? [];
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
      return jumpProblem('break', (node as ts.BreakStatement).label, place.canBreak, place);
    case SyntaxKind.ContinueStatement:
      return continueProblem(node as ts.ContinueStatement, place);
    case SyntaxKind.WithStatement:
      return '`with` is not allowed in a module.';
    case SyntaxKind.VariableDeclarationList:
      if ((node as ts.VariableDeclarationList).declarations.length === 0) return 'Nothing is declared here.';
      return usingProblem(node as ts.VariableDeclarationList, place);
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

function usingProblem(node: ts.VariableDeclarationList, place: Place): string | undefined {
  const kind: number = node.flags & ts.NodeFlags.BlockScoped;
  const isAwait = kind === (ts.NodeFlags.AwaitUsing as number);
  if (!isAwait && kind !== (ts.NodeFlags.Using as number)) return undefined;
  const isPlain = ({ name }: ts.VariableDeclaration): boolean => ts.isIdentifier(name) || isAssigned(node);
  if (!node.declarations.every(isPlain)) return '`using` takes a plain name.';
  return isAwait ? awaitProblem(place) : undefined;
}

/** At the top of a module TypeScript makes assignments of what is declared by `using`, whatever it is. */
function isAssigned(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.Using) !== 0 && ts.isSourceFile(list.parent.parent);
}

function restProblem({ elements }: ts.BindingPattern): string | undefined {
  const at = elements.findIndex(
    (element) => ts.isBindingElement(element) && element.dotDotDotToken !== undefined,
  );
  if (at < 0) return undefined;
  const isLast = at === elements.length - 1 && !elements.hasTrailingComma;
  const rest = elements[at];
  if (!isLast) return 'What takes the rest has to be last.';
  return rest && ts.isBindingElement(rest) && rest.initializer
    ? 'What takes the rest has no default.'
    : undefined;
}

function awaitProblem(place: Place): string | undefined {
  return place.canAwait ? undefined : '`await` is only allowed in an async function and at the top level.';
}

function initializerProblem(node: ts.VariableDeclaration): string | undefined {
  const list = node.parent;
  if (node.initializer || !ts.isVariableDeclarationList(list)) return undefined;
  if (ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent)) return undefined;
  if (!ts.isIdentifier(node.name))
    return isAssigned(list) ? undefined : 'A destructuring declaration needs an initialiser.';
  return (list.flags & ts.NodeFlags.Const) === 0 ? undefined : 'A `const` needs an initialiser.';
}

function wordProblem(node: ts.Identifier, place: Place): string | undefined {
  if (node.text === 'arguments' && !place.hasArguments && !isMemberName(node)) {
    return '`arguments` is not allowed in a field of a class.';
  }
  if (RESERVED.has(node.text) && (isBinding(node) || isPlainUse(node))) {
    return `\`${node.text}\` is reserved in a module.`;
  }
  const isSpecial = node.text === 'eval' || node.text === 'arguments';
  return isSpecial && isBinding(node) ? `\`${node.text}\` cannot be the name of a variable.` : undefined;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  const isNamed =
    ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isClassElement(parent);
  return isNamed && parent.name === node;
}

function isBinding(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isFunctionExpression(parent) ||
      ts.isEnumDeclaration(parent) ||
      ts.isModuleDeclaration(parent) ||
      isClassLike(parent)) &&
    parent.name === node
  );
}

/** An expression: what is left when types are erased and names, labels and specifiers are not counted. */
function isPlainUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isQualifiedName(parent))
    return false;
  const { name, propertyName, label } = parent as Partial<Record<'name' | 'propertyName' | 'label', ts.Node>>;
  return name !== node && propertyName !== node && label !== node;
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

function continueProblem(node: ts.ContinueStatement, place: Place): string | undefined {
  const { label } = node;
  const problem = jumpProblem('continue', label, place.canContinue, place);
  if (problem !== undefined || label === undefined) return problem;
  let at: ts.Node = node.parent;
  while (!(ts.isLabeledStatement(at) && at.label.text === label.text)) at = at.parent;
  while (ts.isLabeledStatement(at)) at = at.statement;
  return ts.isIterationStatement(at, false) ? undefined : `${label.text} is no loop that could go on.`;
}

const PLACES: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.ClassStaticBlockDeclaration,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.DoStatement,
  SyntaxKind.WhileStatement,
  SyntaxKind.ForStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.SwitchStatement,
  SyntaxKind.LabeledStatement,
  SyntaxKind.Block,
  SyntaxKind.CaseBlock,
  SyntaxKind.CatchClause,
  SyntaxKind.ModuleBlock,
]);

/** Whether other things are allowed inside of the node, or it has names of its own. */
function isPlace(node: ts.Node): boolean {
  return PLACES.has(node.kind) || isClassLike(node) || isFunctionLike(node);
}

function enter(node: ts.Node, place: Place): Place {
  switch (node.kind) {
    case SyntaxKind.ClassStaticBlockDeclaration:
    case SyntaxKind.PropertyDeclaration:
      return {
        ...MODULE,
        privateNames: place.privateNames,
        canAwait: false,
        hasArguments: false,
        hasTarget: true,
        hasSuper: true,
      };
    case SyntaxKind.ClassDeclaration:
    case SyntaxKind.ClassExpression: {
      const { members } = node as ts.ClassLikeDeclaration;
      const own = members.flatMap(({ name }) => (name && ts.isPrivateIdentifier(name) ? [name.text] : []));
      return own.length === 0 ? place : { ...place, privateNames: new Set([...place.privateNames, ...own]) };
    }
    case SyntaxKind.DoStatement:
    case SyntaxKind.WhileStatement:
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForInStatement:
    case SyntaxKind.ForOfStatement:
      return { ...place, canBreak: true, canContinue: true };
    case SyntaxKind.ModuleBlock:
      // TypeScript makes a function of a namespace.
      return {
        ...MODULE,
        privateNames: place.privateNames,
        inFunction: true,
        canAwait: false,
        hasTarget: true,
      };
    case SyntaxKind.SwitchStatement:
      return { ...place, canBreak: true };
    case SyntaxKind.LabeledStatement:
      return { ...place, labels: new Set([...place.labels, (node as ts.LabeledStatement).label.text]) };
    default:
      return isFunctionLike(node) ? enterFunction(node, place) : place;
  }
}

function enterFunction(node: ts.SignatureDeclaration, place: Place): Place {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const canAwait = modifiers?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) ?? false;
  const canYield = (node as { readonly asteriskToken?: ts.Node }).asteriskToken !== undefined;
  const isArrow = ts.isArrowFunction(node);
  return {
    ...MODULE,
    privateNames: place.privateNames,
    inFunction: true,
    canAwait,
    canYield,
    hasArguments: isArrow ? place.hasArguments : true,
    hasTarget: isArrow ? place.hasTarget : true,
    hasSuper: isArrow ? place.hasSuper : !ts.isFunctionDeclaration(node) && !ts.isFunctionExpression(node),
    hasSuperCall: isArrow ? place.hasSuperCall : ts.isConstructorDeclaration(node) && isDerived(node.parent),
  };
}

function isDerived(node: ts.ClassLikeDeclaration): boolean {
  return node.heritageClauses?.some(({ token }) => token === SyntaxKind.ExtendsKeyword) ?? false;
}

/** Names that a block or function declares once more, though `let`, `const`, `class` and functions allow one only. */
function redeclared(node: ts.Node): readonly (ts.Identifier | ts.PrivateIdentifier)[] {
  if (isFunctionLike(node)) return redeclaredInFunction(node);
  if (isClassLike(node)) return redeclaredMembers(node);
  if (ts.isCatchClause(node)) return redeclaredInCatch(node);
  if (ts.isBlock(node)) return isFunctionLike(node.parent) ? NO_NAMES : redeclaredInBlock(node);
  return ts.isCaseBlock(node) || ts.isModuleBlock(node) ? redeclaredInBlock(node) : NO_NAMES;
}

const NO_NAMES: readonly ts.Identifier[] = [];

function redeclaredInFunction(node: ts.SignatureDeclaration): ts.Identifier[] {
  const seen = new Set<string>();
  const again = repeated(
    node.parameters.flatMap(({ name }) => boundNames(name)),
    seen,
  );
  const { body } = node as { readonly body?: ts.Node };
  if (!body || !ts.isBlock(body)) return again;
  const [functions, others] = partition(lexical(body.statements), ({ parent }) =>
    isFunctionOfFunction(parent),
  );
  again.push(...repeated(others, seen));
  const taken = new Set(others.map(({ text }) => text));
  return [...again, ...functions.filter(({ text }) => taken.has(text)), ...crossedByVar(body, others)];
}

/** A single name that is caught may be a `var` of the block, too; one of a pattern may not. */
function redeclaredInCatch({ variableDeclaration, block }: ts.CatchClause): ts.Identifier[] {
  const names = boundNames(variableDeclaration?.name);
  const isPattern = variableDeclaration !== undefined && !ts.isIdentifier(variableDeclaration.name);
  return [...repeated(names, new Set()), ...(isPattern ? crossedByVar(block, names) : [])];
}

function redeclaredInBlock(node: ts.Block | ts.CaseBlock | ts.ModuleBlock): ts.Identifier[] {
  const statements = ts.isCaseBlock(node)
    ? node.clauses.flatMap(({ statements: all }) => [...all])
    : node.statements;
  const names = lexical(statements);
  const parameters = ts.isCatchClause(node.parent) ? boundNames(node.parent.variableDeclaration?.name) : [];
  const seen = new Set(parameters.map(({ text }) => text));
  return [...repeated(names, seen), ...crossedByVar(node, names)];
}

/** The names that are in `seen` already; all of them are afterwards. */
function repeated(names: readonly ts.Identifier[], seen: Set<string>): ts.Identifier[] {
  return names.filter(({ text }) => {
    const isAgain = seen.has(text);
    seen.add(text);
    return isAgain;
  });
}

/** A private name may be there twice only as a getter and a setter. */
function redeclaredMembers(node: ts.ClassLikeDeclaration): ts.PrivateIdentifier[] {
  const seen = new Map<string, ts.ClassElement>();
  return node.members.flatMap((member) => {
    if (!member.name || !ts.isPrivateIdentifier(member.name) || isErased(member) || isSignature(member))
      return [];
    const other = seen.get(member.name.text);
    seen.set(member.name.text, member);
    const isPair =
      other &&
      ts.isAccessor(member) &&
      ts.isAccessor(other) &&
      member.kind !== other.kind &&
      isStatic(member) === isStatic(other);
    return other && !isPair ? [member.name] : [];
  });
}

function isStatic(member: ts.AccessorDeclaration): boolean {
  return ts.getModifiers(member)?.some(({ kind }) => kind === SyntaxKind.StaticKeyword) ?? false;
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
  if (names.length === 0 || !mayHaveVar(block)) return [];
  const own = new Set(names.map(({ text }) => text));
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionLike(node) || isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      found.push(
        ...node.declarations.flatMap(({ name }) => boundNames(name)).filter(({ text }) => own.has(text)),
      );
    }
    forEachChild(node, visit);
  };
  forEachChild(block, visit);
  return found;
}

/** Directly in a function's body, a function is as good as a `var`. */
function isFunctionOfFunction(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) && ts.isBlock(node.parent) && isFunctionLike(node.parent.parent);
}
