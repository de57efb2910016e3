import type ts from 'typescript';
import { disposing } from './disposal.ts';
import { declareBlock } from './functions.ts';
import type { Completion, Run } from './run.ts';
import type { Scope } from './values.ts';

/** Runs the statements of a block, which declares names of its own. */
export function runBlock(run: Run, statements: readonly ts.Statement[], scope: Scope): Completion {
  declareBlock(run, statements, scope);
  return disposing(run, scope, () => run.statements(statements, scope));
}
