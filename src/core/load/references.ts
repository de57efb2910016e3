import ts from 'typescript';
import { assign, bare, textOf } from './bindings.ts';
import { toKey } from './conversions.ts';
import { getMember, setMember } from './objects.ts';
import { getPrivate, setPrivate } from './privates.ts';
import type { Run } from './run.ts';
import { isNothing, type Key, type Scope, type Value } from './values.ts';

/** Something that is read and then set, as `+=`, `??=` and `++` do. */
export interface Reference {
  readonly value: Value;
  set(value: Value): void;
}

/** Reads what is set later: what is around a member is evaluated once. */
export function reference(run: Run, target: ts.Expression, scope: Scope): Reference {
  const node = bare(target);
  if (!ts.isElementAccessExpression(node) && !ts.isPropertyAccessExpression(node))
    return { value: run.evaluate(node, scope), set: (value) => assign(run, node, scope)(value) };
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword)
    return { value: run.evaluate(node, scope), set: (value) => run.escape(value) };
  const owner = run.evaluate(node.expression, scope);
  if (ts.isPropertyAccessExpression(node) && ts.isPrivateIdentifier(node.name)) {
    const { text } = node.name;
    return {
      value: getPrivate(run, node, owner, text, scope),
      set: (value) => setPrivate(run, node, owner, text, value, scope),
    };
  }
  const text = textOf(node.expression);
  const key = keyOf(run, node, owner, scope);
  return {
    value: getMember(run, node, owner, key, text),
    set: (value) => setMember(run, node, owner, key, value, text),
  };
}

function keyOf(
  run: Run,
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  owner: Value,
  scope: Scope,
): Key | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  const key = run.evaluate(node.argumentExpression, scope);
  // What is asked for becomes a name only when there is something to ask.
  return isNothing(owner) ? undefined : toKey(run, node, key);
}
