import ts from 'typescript';
import { boundNames } from '../source/declaredNames.ts';
import { hasAwait, isRepeatable, Suspended } from './awaits.ts';
import { bind } from './bindings.ts';
import { bodyScope, declareBlock, declareBody } from './functions.ts';
import { elementsOf } from './iteration.ts';
import { copyOf, declareList } from './loops.ts';
import { thrownValue } from './natives/promises.ts';
import { Thrown, type Completion, type Run } from './run.ts';
import { isThing, truth, UNDEFINED, UNKNOWN, Scope, type Value } from './values.ts';

/** From here on it is not followed when what comes next runs. */
export const LOOSE = Symbol('loose');

/** Gives what it waits for, and is given what comes of it. */
export type Steps<T> = Generator<Value | typeof LOOSE, T, Value>;

/** The body of an async function, which stops at each `await`. */
export function* bodySteps(run: Run, node: ts.FunctionLikeDeclaration, scope: Scope): Steps<Completion> {
  const { body } = node;
  if (!body) return { kind: 'return', value: UNKNOWN };
  if (!ts.isBlock(body)) return { kind: 'return', value: yield* expression(run, body, scope) };
  const inner = bodyScope(node, scope);
  declareBody(run, body.statements, body, inner);
  return yield* statements(run, body.statements, inner);
}

function* statements(run: Run, list: readonly ts.Statement[], scope: Scope): Steps<Completion> {
  for (const each of list) {
    const end = yield* statement(run, each, scope);
    if (end) return end;
  }
  return undefined;
}

function* statement(run: Run, node: ts.Statement, scope: Scope): Steps<Completion> {
  if (!hasAwait(node)) return run.statements([node], scope);
  run.step();
  if (ts.isExpressionStatement(node)) {
    yield* expression(run, node.expression, scope);
    return undefined;
  }
  if (ts.isVariableStatement(node)) return yield* variables(run, node.declarationList, scope);
  if (ts.isReturnStatement(node)) {
    const value = node.expression ? yield* expression(run, node.expression, scope) : UNDEFINED;
    return { kind: 'return', value };
  }
  if (ts.isThrowStatement(node)) {
    const value = yield* expression(run, node.expression, scope);
    throw run.raised(new Thrown({ node, message: 'this throws', kind: 'thrown', value }));
  }
  if (ts.isBlock(node)) return yield* block(run, node, scope);
  if (ts.isIfStatement(node)) return yield* condition(run, node, scope);
  if (ts.isTryStatement(node)) return yield* attempt(run, node, scope);
  if (ts.isForOfStatement(node)) return yield* forEach(run, node, scope);
  if (ts.isWhileStatement(node)) return yield* whileLoop(run, node, scope);
  if (ts.isForStatement(node)) return yield* counted(run, node, scope);
  return yield* loosely(run, () => run.statements([node], scope));
}

function* loosely<T>(run: Run, work: () => T): Steps<T> {
  yield LOOSE;
  return run.perhaps(work);
}

function* block(run: Run, { statements: list }: ts.Block, outer: Scope): Steps<Completion> {
  const scope = new Scope(outer);
  declareBlock(run, list, scope);
  return yield* statements(run, list, scope);
}

function* variables(run: Run, list: ts.VariableDeclarationList, scope: Scope): Steps<undefined> {
  for (const { name, initializer } of list.declarations) {
    if (initializer) bind(run, name, yield* expression(run, initializer, scope), scope);
    else if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) bind(run, name, UNDEFINED, scope);
  }
  return undefined;
}

function* condition(run: Run, node: ts.IfStatement, scope: Scope): Steps<Completion> {
  const known = truth(yield* expression(run, node.expression, scope));
  run.decisions += 1;
  const ways = [node.thenStatement, node.elseStatement];
  if (known === undefined) {
    yield LOOSE;
    return run.either(ways.map((way) => () => way && run.statements([way], scope)));
  }
  const way = known ? node.thenStatement : node.elseStatement;
  return way && (yield* statement(run, way, scope));
}

function* attempt(run: Run, node: ts.TryStatement, scope: Scope): Steps<Completion> {
  const { tryBlock, catchClause, finallyBlock } = node;
  let end: Completion;
  let thrown: Thrown | undefined;
  try {
    end = yield* block(run, tryBlock, scope);
    if (catchClause && run.mayHaveThrown) {
      yield LOOSE;
      end = run.either([() => end, () => run.statements([catchClause.block], scope)]);
    }
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    thrown = error;
  }
  if (thrown && catchClause) {
    try {
      end = yield* caught(run, catchClause, thrown, scope);
      thrown = undefined;
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      thrown = error;
    }
  }
  const last = finallyBlock && (yield* block(run, finallyBlock, scope));
  if (last) return last;
  if (thrown) throw thrown;
  return end;
}

function* caught(run: Run, clause: ts.CatchClause, { failure }: Thrown, scope: Scope): Steps<Completion> {
  const inner = new Scope(scope);
  const name = clause.variableDeclaration?.name;
  if (name) {
    for (const { text } of boundNames(name)) inner.declare(text, false, false);
    bind(run, name, run.isCertain ? thrownValue(run, failure) : UNKNOWN, inner);
  }
  return yield* block(run, clause.block, inner);
}

function* forEach(run: Run, node: ts.ForOfStatement, scope: Scope): Steps<Completion> {
  const { initializer } = node;
  const value = yield* expression(run, node.expression, scope);
  const isList = isThing(value) && value.elements !== undefined;
  const elements = isList ? elementsOf(run, node.expression, value, 'this') : undefined;
  if (!elements || !ts.isVariableDeclarationList(initializer))
    return yield* loosely(run, () => run.statements([node], scope));
  for (const element of elements) {
    run.step();
    run.decisions += 1;
    const inner = new Scope(scope);
    for (const { name } of initializer.declarations) {
      for (const { text } of boundNames(name)) inner.declare(text, false, false);
      bind(run, name, element, inner);
    }
    const end = yield* statement(run, node.statement, inner);
    if (end?.kind === 'return' || end?.label !== undefined) return end;
    if (end?.kind === 'break') return undefined;
  }
  return undefined;
}

function* whileLoop(run: Run, node: ts.WhileStatement, scope: Scope): Steps<Completion> {
  return yield* rounds(run, node, function* () {
    return { goesOn: truth(yield* expression(run, node.expression, scope)), scope };
  });
}

function* counted(run: Run, node: ts.ForStatement, outer: Scope): Steps<Completion> {
  const { initializer, condition: asked, incrementor } = node;
  let scope = new Scope(outer);
  if (initializer && ts.isVariableDeclarationList(initializer)) {
    declareList(initializer, scope);
    yield* variables(run, initializer, scope);
  } else if (initializer) {
    yield* expression(run, initializer, scope);
  }
  let isFirst = true;
  return yield* rounds(run, node, function* () {
    if (!isFirst) {
      scope = copyOf(scope, outer);
      if (incrementor) yield* expression(run, incrementor, scope);
    }
    isFirst = false;
    return { goesOn: asked ? truth(yield* expression(run, asked, scope)) : true, scope };
  });
}

function* rounds(
  run: Run,
  { statement: body }: ts.IterationStatement,
  next: () => Steps<{ readonly goesOn: boolean | undefined; readonly scope: Scope }>,
): Steps<Completion> {
  for (;;) {
    run.step();
    run.decisions += 1;
    const { goesOn, scope } = yield* next();
    if (goesOn === false) return undefined;
    if (goesOn === undefined || !run.isCertain)
      return yield* loosely(run, () => run.statements([body], scope));
    const end = yield* statement(run, body, scope);
    if (end?.kind === 'return' || end?.label !== undefined) return end;
    if (end?.kind === 'break') return undefined;
  }
}

function* expression(run: Run, node: ts.Expression, scope: Scope): Steps<Value> {
  if (!hasAwait(node)) return run.evaluate(node, scope);
  if (!isRepeatable(node)) {
    yield LOOSE;
    return run.evaluate(node, scope);
  }
  const journal = new Map<ts.Node, Value>();
  for (;;) {
    try {
      return run.journaled(journal, () => run.evaluate(node, scope));
    } catch (error) {
      if (!(error instanceof Suspended)) throw error;
      journal.set(error.node, yield error.value);
    }
  }
}
