import ts from 'typescript';
import { boundNames, isErased } from './declaredNames.ts';

/** The names that the statements of a block declare for that block alone, each as often as it is declared. */
export function lexicalNames(statements: readonly ts.Statement[]): ts.Identifier[] {
  /** Names that an enum or a namespace of the same block adds to instead of declaring them. */
  const open = new Set<string>();
  return statements.flatMap((statement) => {
    if (isErased(statement)) return [];
    if (ts.isVariableStatement(statement)) {
      const { declarations, flags } = statement.declarationList;
      const isLexical = (flags & ts.NodeFlags.BlockScoped) !== 0 && !isNamespaceExport(statement);
      return isLexical ? declarations.flatMap(({ name }) => boundNames(name)) : [];
    }
    const isAdding = ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement);
    if (!isAdding && !ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
    const { name } = statement;
    if (!name || !ts.isIdentifier(name) || (isAdding && open.has(name.text))) return [];
    open.add(name.text);
    return [name];
  });
}

/** A variable that a namespace exports is declared nowhere: it becomes a member of the namespace. */
export function isNamespaceExport({ parent, modifiers }: ts.VariableStatement): boolean {
  return (
    ts.isModuleBlock(parent) && (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}
