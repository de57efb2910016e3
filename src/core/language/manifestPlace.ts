import { findNodeAtLocation, getLocation, parseTree } from 'jsonc-parser';

/** Something that a manifest says of a class; offsets in UTF-16 units, quotes left out. */
export interface ManifestPlace {
  readonly kind: 'name' | 'source';
  /** The DO name of the class. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The class whose name or source stands at an offset. The manifest may be broken elsewhere. */
export function manifestPlaceAt(text: string, offset: number): ManifestPlace | undefined {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const [root, name, property] = path;
  if (root !== 'classes' || typeof name !== 'string' || previousNode === undefined) return undefined;
  if (offset < previousNode.offset || offset > previousNode.offset + previousNode.length) return undefined;
  const [start, end] = [previousNode.offset + 1, previousNode.offset + previousNode.length - 1];
  if (path.length === 2 && isAtPropertyKey) return { kind: 'name', name, start, end };
  return path.length === 3 && property === 'source' && !isAtPropertyKey
    ? { kind: 'source', name, start, end }
    : undefined;
}

/** Where a manifest names a class: the key without its quotes. */
export function manifestNameOf(text: string, name: string): ManifestPlace | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const key = root && findNodeAtLocation(root, ['classes', name])?.parent?.children?.[0];
  return key && { kind: 'name', name, start: key.offset + 1, end: key.offset + key.length - 1 };
}
