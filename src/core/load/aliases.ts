import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { textOf } from './bindings.ts';
import { getMember } from './objects.ts';
import type { Run } from './run.ts';
import type { Scope, Value } from './values.ts';

/** `import a = Other.Inner`: a variable with a member of something, where anything but types uses it. */
export function alias(run: Run, node: ts.ImportEqualsDeclaration, scope: Scope): void {
  const { moduleReference, name } = node;
  const binding = scope.find(name.text);
  if (!binding || ts.isExternalModuleReference(moduleReference) || isUnused(node)) return;
  run.set(binding, entity(run, moduleReference, scope));
}

function entity(run: Run, node: ts.EntityName, scope: Scope): Value {
  if (ts.isIdentifier(node)) return run.evaluate(node, scope);
  return getMember(run, node, entity(run, node.left, scope), node.right.text, textOf(node.left));
}

/** Whether TypeScript leaves out an alias of a namespace. One of the top level has no variable then. */
export function isUnused(node: ts.ImportEqualsDeclaration): boolean {
  const { parent, name } = node;
  if (!ts.isModuleBlock(parent)) return false;
  const isExported = ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
  return !isExported && !parent.statements.some((each) => each !== node && uses(each, name.text));
}

function uses(node: ts.Node, name: string): boolean {
  if (isErased(node)) return false;
  if (ts.isIdentifier(node)) return node.text === name;
  return ts.forEachChild(node, (child) => uses(child, name) || undefined) ?? false;
}
