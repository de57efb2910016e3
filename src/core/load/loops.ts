import ts from 'typescript';
import { boundNames } from '../source/declaredNames.ts';
import { assign, bind, textOf } from './bindings.ts';
import { disposing } from './disposal.ts';
import { iterate, iterateAsync } from './iteration.ts';
import { findProperty, ownKeys } from './objects.ts';
import { Thrown, type Completion, type Run } from './run.ts';
import { use, variables } from './variables.ts';
import { settle } from './waiting.ts';
import { isPrimitive, isThing, primitive, SOME_STRING, truth, UNKNOWN, type Value, Scope } from './values.ts';

const { SyntaxKind } = ts;

/** `for (;;)`: what it counts with is there anew in each round. */
export function counted(run: Run, node: ts.ForStatement, scope: Scope): Completion {
  let inner = new Scope(scope);
  const { initializer, condition: goesOn, incrementor } = node;
  if (initializer && ts.isVariableDeclarationList(initializer)) {
    declareList(initializer, inner);
    variables(run, initializer, inner);
  } else if (initializer) {
    run.evaluate(initializer, inner);
  }
  let isFirst = true;
  const isOn = (): boolean | undefined => {
    if (!isFirst) {
      inner = copyOf(inner, scope);
      if (incrementor) run.evaluate(incrementor, inner);
    }
    isFirst = false;
    return goesOn ? truth(run.evaluate(goesOn, inner)) : true;
  };
  const first = inner;
  // What the initializer made keeps its own.
  inner = copyOf(inner, scope);
  return disposing(run, first, () => loop(run, node, isOn, () => run.statements([node.statement], inner)));
}

/** What is counted with is there anew in each round. */
export function copyOf(scope: Scope, outer: Scope): Scope {
  const copy = new Scope(outer);
  for (const [name, binding] of scope.bindings) copy.bindings.set(name, { ...binding });
  return copy;
}

export function declareList(list: ts.VariableDeclarationList, scope: Scope): void {
  if ((list.flags & ts.NodeFlags.BlockScoped) === 0) return;
  const isConstant = (list.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
  for (const { name } of list.declarations)
    for (const { text } of boundNames(name)) scope.declare(text, false, isConstant);
}

/** `for … of` and `for … in`. */
export function forEach(run: Run, node: ts.ForInOrOfStatement, scope: Scope): Completion {
  const { initializer } = node;
  const head = new Scope(scope);
  if (ts.isVariableDeclarationList(initializer)) declareList(initializer, head);
  const value = run.evaluate(node.expression, head);
  const once = (element: Value): Completion => {
    const inner = new Scope(scope);
    if (ts.isVariableDeclarationList(initializer)) {
      declareList(initializer, inner);
      for (const { name } of initializer.declarations) bind(run, name, element, inner);
      use(run, initializer, node.expression, element, inner);
    } else {
      assign(run, initializer, inner)(element);
    }
    return disposing(run, inner, () => run.statements([node.statement], inner));
  };
  if (ts.isForInStatement(node)) return forKeys(run, node, value, once);
  const isWaiting = node.awaitModifier !== undefined;
  if (isWaiting) run.waited();
  const each = (element: Value): Completion =>
    once(isWaiting ? settle(run, node.expression, element) : element);
  if (isWaiting && isThing(value) && !value.elements && !value.generate) {
    run.escape(value);
    return anyNumber(run, () => once(UNKNOWN));
  }
  return forElements(run, node, value, each);
}

function forElements(
  run: Run,
  node: ts.ForOfStatement,
  value: Value,
  once: (element: Value) => Completion,
): Completion {
  let end: Completion;
  const take = isThing(value) && value.brand === 'AsyncGenerator' ? iterateAsync : iterate;
  const isKnown = run.insideLoop(true, () =>
    take(run, node.expression, value, textOf(node.expression), (element) => {
      const { isOver, left } = round(run, node, () => once(element));
      end = left;
      return !isOver;
    }),
  );
  return isKnown ? end : anyNumber(run, () => once(UNKNOWN));
}

/** One time through the body of a loop: whether the loop is over, and how it leaves. */
function round(
  run: Run,
  node: ts.Node,
  body: () => Completion,
): { readonly isOver: boolean; readonly left: Completion } {
  if (run.mayHaveLeft) {
    run.either([body, () => undefined]);
    return { isOver: false, left: undefined };
  }
  const end = unlessLeft(run, body);
  if (end?.kind === 'break' || end?.kind === 'return') return { isOver: true, left: leaving(end) };
  const isOuter = end?.kind === 'continue' && end.label !== undefined && !isLabelOf(node, end.label);
  return { isOver: isOuter, left: isOuter ? end : undefined };
}

/** After a round that may have been left before it throws, the next one comes all the same. */
function unlessLeft(run: Run, body: () => Completion): Completion {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Thrown) || !run.mayHaveLeft) throw error;
    run.unknown();
    return undefined;
  }
}

/** Nobody knows how often it runs, or whether at all. */
function anyNumber(run: Run, body: () => Completion): Completion {
  return run.insideLoop<Completion>(undefined, () => leaving(run.either([body, () => undefined])));
}

function forKeys(
  run: Run,
  node: ts.ForInStatement,
  value: Value,
  once: (key: Value) => Completion,
): Completion {
  const keys = keysOf(value);
  run.decisions += 1;
  if (!keys) return anyNumber(run, () => once(SOME_STRING));
  let index = 0;
  return loop(
    run,
    node,
    () => {
      // What was deleted on the way is passed over.
      while (index < keys.length && isGone(value, keys[index] ?? '')) index += 1;
      return index < keys.length;
    },
    () => once(primitive(keys[index++] ?? '')),
  );
}

function isGone(value: Value, key: string): boolean {
  return isThing(value) && findProperty(value, key) === undefined;
}

/** Of an object and of what it inherits from. */
function keysOf(value: Value): readonly string[] | undefined {
  if (isPrimitive(value)) {
    if (value.type !== 'string') return [];
    return typeof value.value === 'string' ? Object.keys(value.value.split('')) : undefined;
  }
  if (!isThing(value) || value.host) return undefined;
  const keys = ownKeys(value);
  if (!keys || value.proto === undefined) return undefined;
  const inherited = value.proto === null || value.proto.native ? [] : keysOf(value.proto);
  return inherited && [...new Set([...keys, ...inherited])];
}

/** `break` and `continue` without a label are over with the loop. */
function leaving(end: Completion): Completion {
  return end === undefined || end.kind === 'return' || end.label !== undefined ? end : undefined;
}

export function loop(
  run: Run,
  node: ts.IterationStatement,
  goesOn: () => boolean | undefined,
  body: () => Completion,
): Completion {
  if (isEndless(node) && run.isCertain) {
    run.recordEndless({ node, message: 'this loop never ends', kind: 'endless' });
    return undefined;
  }
  return run.insideLoop<Completion>(undefined, () => {
    for (let rounds = 0; ; rounds += 1) {
      run.step();
      run.decisions += 1;
      const { changes } = run;
      const isOn = goesOn();
      if (isOn === false) return undefined;
      if (isOn === undefined || run.mayHaveLeft) return leaving(run.either([body, () => undefined]));
      const { isOver, left } = round(run, node, body);
      if (isOver) return left;
      // With nothing changed since the last round, the next one is the same.
      if (rounds > 0 && run.changes === changes && run.isCertain && !ts.isForInStatement(node)) {
        run.recordEndless({ node, message: 'this loop never ends', kind: 'endless' });
        return undefined;
      }
    }
  });
}

function isLabelOf(node: ts.Node, label: string): boolean {
  const { parent } = node;
  return ts.isLabeledStatement(parent) && (parent.label.text === label || isLabelOf(parent, label));
}

/** Nothing in it leaves it, and it asks for nothing that could end. */
function isEndless(node: ts.IterationStatement): boolean {
  const asked = ts.isForStatement(node)
    ? node.condition
    : ts.isWhileStatement(node) || ts.isDoStatement(node)
      ? node.expression
      : undefined;
  const isOn =
    ts.isForStatement(node) && !asked
      ? true
      : asked?.kind === SyntaxKind.TrueKeyword || (asked && ts.isNumericLiteral(asked) && asked.text !== '0');
  const repeated = ts.isForStatement(node) ? node.incrementor : undefined;
  return isOn === true && !canLeave(node.statement) && !(repeated && canLeave(repeated));
}

function canLeave(node: ts.Node): boolean {
  const isWay =
    ts.isBreakOrContinueStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isPropertyAccessExpression(node);
  return isWay || (ts.forEachChild(node, (child) => canLeave(child) || undefined) ?? false);
}
