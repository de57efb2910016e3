import ts from 'typescript';
import { boundNames, isErased, mayHaveVar } from './declaredNames.ts';
import { walk } from './walk.ts';

const { SyntaxKind, isClassLike, isFunctionLike } = ts;

/** Names that a block or function declares once more, though `let`, `const`, `class` and functions allow one only. */
export function redeclared(node: ts.Node): readonly (ts.Identifier | ts.PrivateIdentifier)[] {
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
  walk(block, (node) => {
    if (node !== block && (isFunctionLike(node) || isClassLike(node))) return false;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      found.push(
        ...node.declarations.flatMap(({ name }) => boundNames(name)).filter(({ text }) => own.has(text)),
      );
    }
    return true;
  });
  return found;
}

/** Directly in a function's body, a function is as good as a `var`. */
function isFunctionOfFunction(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) && ts.isBlock(node.parent) && isFunctionLike(node.parent.parent);
}
