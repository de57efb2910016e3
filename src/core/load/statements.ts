import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { alias } from './aliases.ts';
import { attempt } from './attempts.ts';
import { bind } from './bindings.ts';
import { defineClass } from './classes.ts';
import { declareBlock } from './functions.ts';
import { counted, forEach, loop } from './loops.ts';
import { runBlock } from './blocks.ts';
import { enumeration, namespace } from './namespaces.ts';
import { variables } from './variables.ts';
import { isSame } from './operators.ts';
import { Thrown, type Completion, type Run } from './run.ts';
import { truth, UNDEFINED, type Value, Scope } from './values.ts';

/** Runs statements one after the other, until one leaves. */
export function runStatements(run: Run, statements: readonly ts.Statement[], scope: Scope): Completion {
  for (const statement of statements) {
    const end = runStatement(run, statement, scope);
    if (end) return end;
  }
  return undefined;
}

export function runStatement(run: Run, node: ts.Statement, scope: Scope): Completion {
  run.step();
  if (isErased(node)) return undefined;
  if (ts.isExpressionStatement(node)) run.evaluate(node.expression, scope);
  else if (ts.isVariableStatement(node)) variables(run, node.declarationList, scope);
  else if (ts.isClassDeclaration(node)) classDeclaration(run, node, scope);
  else if (ts.isEnumDeclaration(node)) enumeration(run, node, scope);
  else if (ts.isModuleDeclaration(node)) namespace(run, node, scope);
  else if (ts.isExportAssignment(node)) run.evaluate(node.expression, scope);
  else if (ts.isImportEqualsDeclaration(node)) alias(run, node, scope);
  else return runControl(run, node, scope);
  return undefined;
}

function runControl(run: Run, node: ts.Statement, scope: Scope): Completion {
  if (ts.isBlock(node)) return runBlock(run, node.statements, new Scope(scope));
  if (ts.isIfStatement(node)) return condition(run, node, scope);
  if (ts.isReturnStatement(node)) {
    return { kind: 'return', value: node.expression ? run.evaluate(node.expression, scope) : UNDEFINED };
  }
  if (ts.isThrowStatement(node)) {
    const value = run.evaluate(node.expression, scope);
    throw run.raised(new Thrown({ node, message: 'this throws', kind: 'thrown', value }));
  }
  if (ts.isTryStatement(node)) return attempt(run, node, scope);
  if (ts.isBreakStatement(node)) return { kind: 'break', label: node.label?.text };
  if (ts.isContinueStatement(node)) return { kind: 'continue', label: node.label?.text };
  if (ts.isLabeledStatement(node)) {
    const end = runStatement(run, node.statement, scope);
    return end && end.kind !== 'return' && end.label === node.label.text ? undefined : end;
  }
  if (ts.isSwitchStatement(node)) return choice(run, node, scope);
  if (ts.isForStatement(node)) return counted(run, node, scope);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return forEach(run, node, scope);
  if (ts.isWhileStatement(node)) {
    return loop(
      run,
      node,
      () => truth(run.evaluate(node.expression, scope)),
      () => runStatement(run, node.statement, scope),
    );
  }
  if (ts.isDoStatement(node)) {
    let isFirst = true;
    const isOn = (): boolean | undefined => {
      if (!isFirst) return truth(run.evaluate(node.expression, scope));
      isFirst = false;
      return true;
    };
    return loop(run, node, isOn, () => runStatement(run, node.statement, scope));
  }
  return undefined;
}

function classDeclaration(run: Run, node: ts.ClassDeclaration, scope: Scope): void {
  const value = defineClass(run, node, scope);
  if (node.name) bind(run, node.name, value, scope);
}

function condition(run: Run, node: ts.IfStatement, scope: Scope): Completion {
  const known = truth(run.evaluate(node.expression, scope));
  run.decisions += 1;
  const ways = [node.thenStatement, node.elseStatement].map(
    (way) => (): Completion => (way ? runStatement(run, way, scope) : undefined),
  );
  if (known === undefined) return run.either(ways);
  return (known ? ways[0] : ways[1])?.();
}

function choice(run: Run, node: ts.SwitchStatement, scope: Scope): Completion {
  const value = run.evaluate(node.expression, scope);
  const inner = new Scope(scope);
  const { clauses } = node.caseBlock;
  run.decisions += 1;
  declareBlock(
    run,
    clauses.flatMap(({ statements }) => [...statements]),
    inner,
  );
  const start = startOf(run, value, clauses, inner);
  if (start === undefined)
    return leaving(run.insideLoop<Completion>(undefined, () => anyOf(run, clauses, inner)));
  if (start < 0) return undefined;
  const statements = clauses.slice(start).flatMap((clause) => [...clause.statements]);
  return leaving(runStatements(run, statements, inner));
}

/** The clause that a switch goes on with: -1 for none, undefined when that is not known. */
function startOf(
  run: Run,
  value: Value,
  clauses: readonly ts.CaseOrDefaultClause[],
  scope: Scope,
): number | undefined {
  for (const [index, clause] of clauses.entries()) {
    if (!ts.isCaseClause(clause)) continue;
    const same = isSame(value, run.evaluate(clause.expression, scope));
    if (same === true) return index;
    if (same === undefined) return undefined;
  }
  return clauses.findIndex(ts.isDefaultClause);
}

function anyOf(run: Run, clauses: readonly ts.CaseOrDefaultClause[], scope: Scope): Completion {
  return run.either([
    ...clauses.map(
      ({ statements }) =>
        () =>
          runStatements(run, statements, scope),
    ),
    () => undefined,
  ]);
}

function leaving(end: Completion): Completion {
  return end?.kind === 'break' && end.label === undefined ? undefined : end;
}
