import ts from 'typescript';
import { bind } from './bindings.ts';
import { disposable } from './disposal.ts';
import type { Run } from './run.ts';
import { UNDEFINED, type Scope, type Value } from './values.ts';

/** Gives the names of a declaration their first values. */
export function variables(run: Run, list: ts.VariableDeclarationList, scope: Scope): void {
  for (const { name, initializer } of list.declarations) {
    if (!initializer) {
      const isNamed = ts.isIdentifier(name);
      if (isNamed && (list.flags & ts.NodeFlags.BlockScoped) !== 0) bind(run, name, UNDEFINED, scope);
      continue;
    }
    const value = run.evaluate(initializer, scope);
    // TypeScript makes a plain assignment of a pattern.
    if (ts.isIdentifier(name)) use(run, list, initializer, value, scope);
    bind(run, name, value, scope);
  }
}

/** What a `using` declaration gets is disposed of when its scope ends. */
export function use(
  run: Run,
  list: ts.VariableDeclarationList,
  node: ts.Node,
  value: Value,
  scope: Scope,
): void {
  const kind: number = list.flags & ts.NodeFlags.BlockScoped;
  const isAsync = kind === (ts.NodeFlags.AwaitUsing as number);
  if (!isAsync && kind !== (ts.NodeFlags.Using as number)) return;
  const method = disposable(run, node, value, isAsync);
  if (method) scope.disposals.push({ node, method, value, isAsync });
}
