import ts from 'typescript';
import { isUsing } from './declarationErrors.ts';
import { boundNames, isErased, mayHaveVar } from './declaredNames.ts';
import { isNamespaceExport, lexicalNames } from './lexicalNames.ts';
import { walk } from './walk.ts';

const { SyntaxKind, isClassLike, isFunctionLike } = ts;

/** Names that a block or function declares once more, though `let`, `const`, `class` and functions allow one only. */
export function redeclared(node: ts.Node): readonly (ts.Identifier | ts.PrivateIdentifier)[] {
  if (isFunctionLike(node)) return redeclaredInFunction(node);
  if (isClassLike(node)) return redeclaredMembers(node);
  switch (node.kind) {
    case SyntaxKind.CatchClause:
      return redeclaredInCatch(node as ts.CatchClause);
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForInStatement:
    case SyntaxKind.ForOfStatement:
      return redeclaredInLoop(node as Loop);
    case SyntaxKind.ClassStaticBlockDeclaration:
      return redeclaredInBody([], (node as ts.ClassStaticBlockDeclaration).body);
    case SyntaxKind.Block:
      return hasBody(node.parent) ? NO_NAMES : redeclaredInBlock(node as ts.Block);
    case SyntaxKind.CaseBlock:
    case SyntaxKind.ModuleBlock:
      return redeclaredInBlock(node as ts.CaseBlock | ts.ModuleBlock);
    default:
      return NO_NAMES;
  }
}

type Loop = ts.ForStatement | ts.ForInOrOfStatement;

const NO_NAMES: readonly ts.Identifier[] = [];

function redeclaredInFunction(node: ts.SignatureDeclaration): ts.Identifier[] {
  const names = node.parameters.flatMap(({ name }) => boundNames(name));
  const { body } = node as { readonly body?: ts.Node };
  return redeclaredInBody(names, body && ts.isBlock(body) ? body : undefined);
}

/** Directly in a function's body, a function is as good as a `var`. */
function redeclaredInBody(parameters: readonly ts.Identifier[], body: ts.Block | undefined): ts.Identifier[] {
  const seen = new Set<string>();
  const again = repeated(parameters, seen);
  if (!body) return again;
  if (isWrapped(body.statements)) return [...again, ...redeclaredInBlock(body)];
  const [functions, others] = partition(lexicalNames(body.statements), ({ parent }) =>
    ts.isFunctionDeclaration(parent),
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
  const names = lexicalNames(statements);
  const isCaught = ts.isCatchClause(node.parent) && !isWrapped(statements);
  const parameters = isCaught ? boundNames(node.parent.variableDeclaration?.name) : [];
  const seen = new Set(parameters.map(({ text }) => text));
  return [...repeated(names, seen), ...crossedByVar(node, names)];
}

/** What the head of a loop declares is around its body, which may declare it again, but not as a `var`. */
function redeclaredInLoop(node: Loop): ts.Identifier[] {
  const { initializer, statement } = node;
  if (!initializer || !ts.isVariableDeclarationList(initializer)) return [];
  if ((initializer.flags & ts.NodeFlags.BlockScoped) === 0) return [];
  const names = initializer.declarations.flatMap(({ name }) => boundNames(name));
  if (!ts.isForOfStatement(node) || !isUsing(initializer)) {
    return [...repeated(names, new Set()), ...crossedByVar(statement, names)];
  }
  // TypeScript moves the first one, and no other, into the body.
  const first = names.slice(0, 1);
  const inside = ts.isBlock(statement) ? lexicalNames(statement.statements) : [];
  return [
    ...inside.filter(({ text }) => first.some((name) => name.text === text)),
    ...crossedByVar(statement, first),
  ];
}

/** TypeScript puts the statements beside a `using` into a `try`, and so into a block of their own. */
function isWrapped(statements: readonly ts.Statement[]): boolean {
  return statements.some((one) => ts.isVariableStatement(one) && isUsing(one.declarationList));
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

/** A `var` in the node, at any depth, of a name that is declared around it with `let`, `const` or `class`. */
function crossedByVar(block: ts.Node, names: readonly ts.Identifier[]): ts.Identifier[] {
  if (names.length === 0 || !mayHaveVar(block)) return [];
  const own = new Set(names.map(({ text }) => text));
  const found: ts.Identifier[] = [];
  walk(block, (node) => {
    if (node !== block && (isFunctionLike(node) || isClassLike(node) || ts.isModuleDeclaration(node))) {
      return false;
    }
    if (isErased(node) || (ts.isVariableStatement(node) && isNamespaceExport(node))) return false;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      found.push(
        ...node.declarations.flatMap(({ name }) => boundNames(name)).filter(({ text }) => own.has(text)),
      );
    }
    return true;
  });
  return found;
}

function hasBody(node: ts.Node): boolean {
  return isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);
}
