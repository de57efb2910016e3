import type ts from 'typescript';
import { bind } from './bindings.ts';
import { boundNames } from '../source/declaredNames.ts';
import { thrownValue } from './natives/promises.ts';
import type { Completion, Guarded, Run, Thrown } from './run.ts';
import { runBlock } from './blocks.ts';
import { Stop } from './stop.ts';
import { UNKNOWN, Scope } from './values.ts';

/** `try`, `catch` and `finally`. */
export function attempt(run: Run, node: ts.TryStatement, scope: Scope): Completion {
  const { finallyBlock } = node;
  try {
    return attempted(run, node, scope);
  } catch (error) {
    // A generator of which nobody wants more ends with its last part.
    if (error instanceof Stop && error.isOver && finallyBlock) {
      const end = runBlock(run, finallyBlock.statements, new Scope(scope));
      if (end) return end;
    }
    throw error;
  }
}

function attempted(run: Run, node: ts.TryStatement, scope: Scope): Completion {
  const { tryBlock, catchClause, finallyBlock } = node;
  const tried = run.guarded(() => runBlock(run, tryBlock.statements, new Scope(scope)));
  let end: Completion;
  let thrown: Thrown | undefined;
  const rest = (): void => {
    if (tried.thrown === undefined) {
      end =
        tried.mayHaveThrown && catchClause
          ? run.either([() => tried.value, () => caught(run, catchClause, undefined, scope)])
          : tried.value;
    } else if (catchClause) {
      end = caught(run, catchClause, tried, scope);
    } else {
      thrown = tried.thrown;
    }
  };
  if (finallyBlock) {
    // What the block at the end leaves by takes the place of everything before.
    const after = run.guarded(rest);
    thrown ??= after.thrown;
    const last = runBlock(run, finallyBlock.statements, new Scope(scope));
    if (last) return last;
    if (after.mayHaveThrown && !after.thrown) run.unknown();
  } else {
    rest();
  }
  if (tried.mayHaveThrown && !catchClause && !thrown) run.unknown();
  if (thrown) throw run.raised(thrown);
  return end;
}

function caught(
  run: Run,
  clause: ts.CatchClause,
  tried: Guarded<Completion> | undefined,
  scope: Scope,
): Completion {
  const inner = new Scope(scope);
  const name = clause.variableDeclaration?.name;
  if (name) {
    for (const { text } of boundNames(name)) inner.declare(text, false, false);
    const isKnown = tried?.thrown !== undefined && tried.isCertain;
    bind(run, name, isKnown ? thrownValue(run, tried.thrown.failure) : UNKNOWN, inner);
  }
  return runBlock(run, clause.block.statements, new Scope(inner));
}
