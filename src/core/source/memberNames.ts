import ts from 'typescript';
import { boundNames, enumMemberName } from './declaredNames.ts';

/** Words that strict mode, which a module always is in, keeps for itself. */
export const RESERVED: ReadonlySet<string> = new Set([
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
]);

/** Names that no variable has, each with whether an enum or a namespace has it as a member. */
export type MemberNames = ReadonlyMap<
  string,
  ts.SyntaxKind.EnumDeclaration | ts.SyntaxKind.ModuleDeclaration
>;

const NONE: MemberNames = new Map();

const known = new WeakMap<ts.Node, ReadonlyMap<string, MemberNames>>();

/**
 * Those that TypeScript writes as members of an object inside of an enum or a namespace, because that has them: the
 * members of the enum, and the variables that the namespace exports. All of one name in one place are one.
 */
export function memberNames(node: ts.EnumDeclaration | ts.ModuleBlock): MemberNames {
  const declaration = ts.isEnumDeclaration(node) ? node : node.parent;
  const { parent, name } = declaration;
  if (!ts.isSourceFile(parent) && !ts.isBlock(parent) && !ts.isModuleBlock(parent)) return own(node);
  let all = known.get(parent);
  if (all === undefined) known.set(parent, (all = united(parent.statements)));
  return all.get(name.text) ?? NONE;
}

function united(statements: readonly ts.Statement[]): Map<string, MemberNames> {
  const all = new Map<string, MemberNames>();
  for (const statement of statements) {
    const body = ts.isModuleDeclaration(statement) ? statement.body : statement;
    if (!body || !(ts.isEnumDeclaration(body) || ts.isModuleBlock(body))) continue;
    const names = own(body);
    if (names.size === 0) continue;
    const { text } = (statement as ts.EnumDeclaration | ts.ModuleDeclaration).name;
    all.set(text, new Map([...(all.get(text) ?? NONE), ...names]));
  }
  return all;
}

function own(node: ts.EnumDeclaration | ts.ModuleBlock): MemberNames {
  const isEnum = ts.isEnumDeclaration(node);
  const names = isEnum ? node.members.map(enumMemberName) : exported(node).map(({ text }) => text);
  const kind = isEnum ? ts.SyntaxKind.EnumDeclaration : ts.SyntaxKind.ModuleDeclaration;
  return new Map(names.filter(isNoVariable).map((name) => [name, kind]));
}

function isNoVariable(name: string | undefined): name is string {
  return name !== undefined && (RESERVED.has(name) || name === 'eval' || name === 'arguments');
}

function exported({ statements }: ts.ModuleBlock): ts.Identifier[] {
  return statements.flatMap((each) =>
    ts.isVariableStatement(each) && isExported(each)
      ? each.declarationList.declarations.flatMap(({ name }) => boundNames(name))
      : [],
  );
}

/** Whether a name is that of a variable which a namespace exports. */
export function isExportedVariable(name: ts.Identifier): boolean {
  let at: ts.Node = name;
  while (ts.isIdentifier(at) || ts.isBindingElement(at) || ts.isBindingName(at)) at = at.parent;
  if (!ts.isVariableDeclaration(at)) return false;
  const statement = at.parent.parent;
  return ts.isVariableStatement(statement) && ts.isModuleBlock(statement.parent) && isExported(statement);
}

function isExported({ modifiers }: ts.VariableStatement): boolean {
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
