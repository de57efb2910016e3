import ts from 'typescript';
import { isErased } from './declaredNames.ts';
import { topLevelNames } from './topLevelNames.ts';

/** Whether a file declares the name for a type and for nothing that is left when the types are erased. */
export function isTypeOnly(file: ts.SourceFile, name: string): boolean {
  const isType = file.statements.some(
    (statement) =>
      (ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement) ||
        (ts.isModuleDeclaration(statement) && isErased(statement))) &&
      statement.name.text === name,
  );
  return isType && !topLevelNames(file).some((item) => item.name === name);
}

/** `export default Name` of a type is erased with it. */
export function isErasedDefault({ expression, isExportEquals, parent }: ts.ExportAssignment): boolean {
  return isExportEquals !== true && ts.isIdentifier(expression) && isTypeOnly(parent, expression.text);
}
