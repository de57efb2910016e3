import ts from 'typescript';
import { codeOf } from '../source/code.ts';
import { walk } from '../source/walk.ts';
import { isGlobal, ownerOf, runtimeObject, type RuntimeObject } from '../source/runtimeObjects.ts';
import type { FileSubject } from './subject.ts';

/**
 * Rule `unused-env-key`: the keys that no class reads, in the order given. Empty when a class takes keys by a
 * name that only shows at run time, or all of them at once. It is for the view of the environment; no file is to
 * blame.
 * @param files the sources of all classes of the app; when one is missing, a key of it would count as unused
 */
export function unusedEnvKeys(files: readonly FileSubject[], envKeys: readonly string[]): string[] {
  const codes = files.map(({ facts }) => codeOf(facts.file));
  const isAnyRead = codes.some(({ dynamicMembers }) =>
    dynamicMembers.some((use) => isEnvironment(ownerOf(use))),
  );
  return isAnyRead || files.some(({ facts }) => takesAll(facts.file))
    ? []
    : envKeys.filter((key) => !codes.some(({ words }) => words.has(key)));
}

function isEnvironment(object: RuntimeObject | undefined): boolean {
  return object === 'env' || object === 'contextEnv';
}

/** `{ ...env }`, `const { A, ...rest } = env`, `for (key in env)`, `Object.entries(env)`, `JSON.stringify(env)`. */
function takesAll(file: ts.SourceFile): boolean {
  let isFound = false;
  walk(file, (node) => {
    isFound ||= takesAllHere(node);
    return !isFound;
  });
  return isFound;
}

function takesAllHere(node: ts.Node): boolean {
  if (ts.isSpreadAssignment(node) || ts.isForInStatement(node))
    return isEnvironment(runtimeObject(node.expression));
  if (ts.isBindingElement(node)) return node.dotDotDotToken !== undefined && isEnvironment(ownerOf(node));
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression: callee } = node.expression;
  return (
    (isGlobal(callee, 'Object') || isGlobal(callee, 'JSON') || isGlobal(callee, 'Reflect')) &&
    node.arguments.some((argument) => isEnvironment(runtimeObject(argument)))
  );
}
