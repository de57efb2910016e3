import ts from 'typescript';
import { boundNames, isErased } from './declaredNames.ts';
import { hasModifier } from './facts.ts';

export type TopLevelKind =
  'const' | 'let' | 'var' | 'using' | 'function' | 'class' | 'enum' | 'namespace' | 'default';

/** A name that a source adds to the one scope that all sources of an app share. Imports are not among them. */
export interface TopLevelName {
  /** `default` for a default export. */
  readonly name: string;
  readonly kind: TopLevelKind;
  /** The name itself, or the statement where there is none. */
  readonly node: ts.Node;
  readonly statement: ts.Statement;
}

/** The names that are still there after the types are erased, in source order. */
export function topLevelNames(file: ts.SourceFile): readonly TopLevelName[] {
  return file.statements.flatMap(namesOf);
}

function namesOf(statement: ts.Statement): TopLevelName[] {
  if (isErased(statement)) return [];
  const one = (name: ts.Node & { readonly text: string }, kind: TopLevelKind): TopLevelName[] => [
    { name: name.text, kind, node: name, statement },
  ];
  const byDefault: TopLevelName[] = hasModifier(statement, ts.SyntaxKind.DefaultKeyword)
    ? [{ name: 'default', kind: 'default', node: statement, statement }]
    : [];
  if (ts.isVariableStatement(statement)) {
    const kind = variableKind(statement.declarationList);
    return statement.declarationList.declarations
      .flatMap((declaration) => boundNames(declaration.name))
      .flatMap((name) => one(name, kind));
  }
  if (ts.isFunctionDeclaration(statement)) {
    return [...(statement.name ? one(statement.name, 'function') : []), ...byDefault];
  }
  if (ts.isClassDeclaration(statement)) {
    return [...(statement.name ? one(statement.name, 'class') : []), ...byDefault];
  }
  if (ts.isEnumDeclaration(statement)) return one(statement.name, 'enum');
  if (ts.isModuleDeclaration(statement)) {
    return ts.isIdentifier(statement.name) ? one(statement.name, 'namespace') : [];
  }
  if (ts.isExportAssignment(statement) && statement.isExportEquals !== true) {
    return [{ name: 'default', kind: 'default', node: statement, statement }];
  }
  return varsIn(statement).flatMap((name) => one(name, 'var'));
}

/** `var` in a block, a loop or the like reaches up to the top level. */
function varsIn(node: ts.Node): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionLike(child) || ts.isClassLike(child) || ts.isModuleDeclaration(child)) return;
    if (ts.isVariableDeclarationList(child) && (child.flags & ts.NodeFlags.BlockScoped) === 0) {
      found.push(...child.declarations.flatMap(({ name }) => boundNames(name)));
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function variableKind(list: ts.VariableDeclarationList): TopLevelKind {
  if (isUsing(list.flags)) return 'using';
  if ((list.flags & ts.NodeFlags.Const) !== 0) return 'const';
  return (list.flags & ts.NodeFlags.Let) === 0 ? 'var' : 'let';
}

/** `using` and `await using`: the flag shares its bits with `let` and `const`. */
function isUsing(flags: ts.NodeFlags): boolean {
  const blockScoped = flags & ts.NodeFlags.BlockScoped;
  return (
    blockScoped === (ts.NodeFlags.Using as number) || blockScoped === (ts.NodeFlags.AwaitUsing as number)
  );
}
