import ts from 'typescript';
import { hasTypes } from './typeSyntax.ts';

/** What a constructor is in the JavaScript that TypeScript makes of its class. */
export type ConstructorKind = 'constructor' | 'plain constructor' | 'static method';

/**
 * TypeScript's parser takes a `static constructor` for a constructor, and JavaScript for a method. With types or
 * decorators in the class TypeScript writes it anew, without any word before it: then it is a plain constructor.
 */
export function constructorKind(node: ts.ConstructorDeclaration): ConstructorKind {
  const { modifiers, parent } = node;
  if (modifiers === undefined) return 'constructor';
  if (isDecorated(parent) || hasTypes(parent)) return 'plain constructor';
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ? 'static method' : 'constructor';
}

/** Whether it or a member has a decorator: TypeScript writes it anew, and takes no more than the first of its bases. */
export function isDecorated(node: ts.ClassLikeDeclaration): boolean {
  const has = (one: ts.Node): boolean => ts.canHaveDecorators(one) && ts.getDecorators(one) !== undefined;
  return has(node) || node.members.some(has);
}
