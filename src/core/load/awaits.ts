import ts from 'typescript';
import type { Value } from './values.ts';

/** An expression stops at an `await`, and is evaluated again when what it waits for is there. */
export class Suspended extends Error {
  readonly node: ts.AwaitExpression;
  readonly value: Value;

  constructor(node: ts.AwaitExpression, value: Value) {
    super();
    this.node = node;
    this.value = value;
  }
}

const waiting = new WeakMap<ts.Node, boolean>();

/** Whether a part of a function waits for something, other functions in it left aside. */
export function hasAwait(node: ts.Node): boolean {
  const known = waiting.get(node);
  if (known !== undefined) return known;
  const found = ts.isAwaitExpression(node) || isWaitingLoop(node) || hasAwaitInside(node);
  waiting.set(node, found);
  return found;
}

function hasAwaitInside(node: ts.Node): boolean {
  return (
    ts.forEachChild(node, (child) => (!ts.isFunctionLike(child) && hasAwait(child)) || undefined) ?? false
  );
}

function isWaitingLoop(node: ts.Node): boolean {
  return ts.isForOfStatement(node) && node.awaitModifier !== undefined;
}

/** Whether a function can stop at each `await` and go on there: not so with `for await` and `using`. */
export function canSuspend({ body, parameters }: ts.FunctionLikeDeclaration): boolean {
  if (!body || parameters.some(hasAwait)) return false;
  const known = suspendable.get(body);
  if (known !== undefined) return known;
  const can = !hasOther(body);
  suspendable.set(body, can);
  return can;
}

const suspendable = new WeakMap<ts.Node, boolean>();

function hasOther(node: ts.Node): boolean {
  if (isWaitingLoop(node)) return true;
  const { Const, Let } = ts.NodeFlags;
  if (ts.isVariableDeclarationList(node)) {
    const kind: number = node.flags & ts.NodeFlags.BlockScoped;
    if (kind !== 0 && kind !== (Const as number) && kind !== (Let as number)) return true;
  }
  return (
    ts.forEachChild(node, (child) => (!ts.isFunctionLike(child) && hasOther(child)) || undefined) ?? false
  );
}

/** Whether nothing is done a second time when the expression is evaluated again after each `await`. */
export function isRepeatable(node: ts.Expression): boolean {
  const awaits: ts.Node[] = [];
  const doing: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) return;
    if (ts.isAwaitExpression(child)) awaits.push(child);
    else if (doesSomething(child)) doing.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return awaits.every(
    (each) =>
      doing.every(
        (other) => other.end > each.pos || awaits.some((done) => isIn(other, done) && done.end <= each.pos),
      ) && !doing.some((other) => isIn(each, other) && isReadFirst(other)),
  );
}

function isIn(node: ts.Node, outer: ts.Node): boolean {
  return node !== outer && node.pos >= outer.pos && node.end <= outer.end;
}

function doesSomething(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isTaggedTemplateExpression(node) ||
    ts.isDeleteExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isClassLike(node) ||
    ts.isSpreadElement(node) ||
    (ts.isPrefixUnaryExpression(node) && /^[+-]{2}/.test(node.getText())) ||
    (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind))
  );
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `+=` and the like read before they wait. */
function isReadFirst(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
}
