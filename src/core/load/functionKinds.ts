import ts from 'typescript';
import { getMember } from './objects.ts';
import type { Run } from './run.ts';
import { isThing, UNKNOWN, type Thing, type Value } from './values.ts';

/** What the instances of a class or function inherit from. */
export function sharedOf(run: Run, node: ts.Node, target: Value): Thing | undefined {
  const shared = getMember(run, node, target, 'prototype', 'this');
  if (isThing(shared)) return shared;
  return shared === UNKNOWN ? undefined : run.realm.proto('Object');
}

export function isAsync(node: ts.FunctionLikeDeclaration): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
}

export function isGenerator(node: ts.FunctionLikeDeclaration): boolean {
  return node.asteriskToken !== undefined;
}
