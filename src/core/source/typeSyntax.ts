import type ts from 'typescript';

/** TypeScript's own flag of a node with something of its language in it. */
const CONTAINS_TYPESCRIPT = 1;

/**
 * Whether there is anything in the node that is TypeScript and no JavaScript: then TypeScript writes the node anew.
 * The parser keeps it on the node, which its public type does not show.
 */
export function hasTypes(node: ts.Node): boolean {
  const { transformFlags = 0 } = node as { readonly transformFlags?: number };
  return (transformFlags & CONTAINS_TYPESCRIPT) !== 0;
}
