import ts from 'typescript';
import type { Place } from './places.ts';

/** What is wrong with a `break`; undefined for what is fine. */
export function breakProblem({ label }: ts.BreakStatement, place: Place): string | undefined {
  return jumpProblem('break', label, place.canBreak, place);
}

/** What is wrong with a `continue`; undefined for what is fine. */
export function continueProblem(node: ts.ContinueStatement, place: Place): string | undefined {
  const { label } = node;
  const problem = jumpProblem('continue', label, place.canContinue, place);
  if (problem !== undefined || label === undefined) return problem;
  let at: ts.Node = node.parent;
  while (!(ts.isLabeledStatement(at) && at.label.text === label.text)) at = at.parent;
  while (ts.isLabeledStatement(at)) at = at.statement;
  return ts.isIterationStatement(at, false) ? undefined : `${label.text} is no loop that could go on.`;
}

function jumpProblem(
  word: string,
  label: ts.Identifier | undefined,
  isAllowed: boolean,
  place: Place,
): string | undefined {
  if (label)
    return place.labels.has(label.text)
      ? undefined
      : `There is no label ${label.text} around this \`${word}\`.`;
  return isAllowed ? undefined : `There is nothing around this \`${word}\` that it could leave.`;
}
