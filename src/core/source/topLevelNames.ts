import ts from 'typescript';
import { boundNames, isErased, mayHaveVar } from './declaredNames.ts';
import { hasModifier } from './facts.ts';
import { readReferences } from './references.ts';
import { walk } from './walk.ts';

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
  const names = file.statements.flatMap(namesOf).filter((item) => !isUnusedAlias(file, item));
  const using = names.find(({ kind }) => kind === 'using');
  return using ? loosened(file, names, using) : names;
}

/**
 * The runtime's language level has no `using`: TypeScript puts what comes from there on into a `try`, declares its
 * names with `var` in front of it, and keeps what has to be disposed in a constant of its own.
 */
function loosened(file: ts.SourceFile, names: readonly TopLevelName[], using: TopLevelName): TopLevelName[] {
  const { statement } = using;
  let count = 1;
  while (hasWord(file, `env_${count}`)) count += 1;
  return [
    ...names.map((item): TopLevelName => {
      if (item.statement.pos < statement.pos) return item;
      if (item.kind === 'class' || item.kind === 'using') return { ...item, kind: 'var' };
      if (item.kind !== 'const' && item.kind !== 'let') return item;
      return { ...item, kind: hasModifier(item.statement, ts.SyntaxKind.ExportKeyword) ? 'let' : 'var' };
    }),
    { name: `env_${count}`, kind: 'const', node: using.node, statement },
  ];
}

/** `import a = Other.b`: TypeScript leaves it out when nothing but types uses it. */
function isUnusedAlias(file: ts.SourceFile, { name, statement }: TopLevelName): boolean {
  return (
    ts.isImportEqualsDeclaration(statement) &&
    !hasModifier(statement, ts.SyntaxKind.ExportKeyword) &&
    !readReferences(file).all.some((use) => use.name === name)
  );
}

function hasWord(file: ts.SourceFile, word: string): boolean {
  const { identifiers } = file as { readonly identifiers?: ReadonlyMap<string, string> };
  return identifiers?.has(word) ?? false;
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
  if (ts.isImportEqualsDeclaration(statement)) return one(statement.name, 'var');
  if (ts.isExportAssignment(statement) && statement.isExportEquals !== true) {
    return [{ name: 'default', kind: 'default', node: statement, statement }];
  }
  return varsIn(statement).flatMap((name) => one(name, 'var'));
}

/** `var` in a block, a loop or the like reaches up to the top level. */
function varsIn(statement: ts.Statement): ts.Identifier[] {
  if (!mayHaveVar(statement)) return [];
  const found: ts.Identifier[] = [];
  walk(statement, (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return false;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      found.push(...node.declarations.flatMap(({ name }) => boundNames(name)));
    }
    return true;
  });
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
