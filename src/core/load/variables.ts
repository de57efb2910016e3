import ts from 'typescript';
import { bind } from './bindings.ts';
import { disposable } from './disposal.ts';
import type { Run } from './run.ts';
import { UNDEFINED, type Scope } from './values.ts';

/** Gives the names of a declaration their first values. */
export function variables(run: Run, list: ts.VariableDeclarationList, scope: Scope): void {
  const kind: number = list.flags & ts.NodeFlags.BlockScoped;
  const isUsing = kind === (ts.NodeFlags.Using as number) || kind === (ts.NodeFlags.AwaitUsing as number);
  for (const { name, initializer } of list.declarations) {
    if (!initializer) {
      const isNamed = ts.isIdentifier(name);
      if (isNamed && (list.flags & ts.NodeFlags.BlockScoped) !== 0) bind(run, name, UNDEFINED, scope);
      continue;
    }
    const value = run.evaluate(initializer, scope);
    // TypeScript makes a plain assignment of a pattern.
    if (isUsing && ts.isIdentifier(name)) {
      const isAsync = kind === (ts.NodeFlags.AwaitUsing as number);
      const method = disposable(run, initializer, value, isAsync);
      if (method) scope.disposals.push({ node: initializer, method, value, isAsync });
    }
    bind(run, name, value, scope);
  }
}
