import ts from 'typescript';
import { boundNames, isErased } from '../source/declaredNames.ts';
import { isUnused } from './aliases.ts';
import type { Scope } from './values.ts';

/** Declares `let`, `const` and classes of a block; `hoist` is called with each function declaration. */
export function declareLexical(
  scope: Scope,
  statements: readonly ts.Statement[],
  hoist: (node: ts.FunctionDeclaration) => void,
): void {
  for (const statement of statements) {
    if (isErased(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      const { flags, declarations } = statement.declarationList;
      if ((flags & ts.NodeFlags.BlockScoped) === 0) continue;
      const isConstant = (flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
      for (const { name } of declarations) {
        for (const { text } of boundNames(name)) scope.declare(text, false, isConstant);
      }
    } else if (ts.isClassDeclaration(statement) && statement.name) {
      scope.declare(statement.name.text, false, false);
    } else if (ts.isFunctionDeclaration(statement)) {
      hoist(statement);
    } else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
      if (!scope.bindings.has(statement.name.text)) scope.declare(statement.name.text, true, false);
    } else if (ts.isImportEqualsDeclaration(statement) && !isUnused(statement)) {
      scope.declare(statement.name.text, true, false);
    }
  }
}

/** Declares what is declared with `var` at any depth, up to the functions in the node. */
export function declareVars(scope: Scope, node: ts.Node): void {
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child) || ts.isClassLike(child) || ts.isModuleDeclaration(child)) return;
    if (ts.isVariableDeclarationList(child) && (child.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const { name } of child.declarations) {
        for (const { text } of boundNames(name)) {
          if (!scope.bindings.has(text)) scope.declare(text, true, false);
        }
      }
    }
    declareVars(scope, child);
  });
}
