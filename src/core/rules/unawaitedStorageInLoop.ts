import ts from 'typescript';
import { codeOf } from '../source/code.ts';
import { boundNames } from '../source/declaredNames.ts';
import { declarationOf } from '../source/declarations.ts';
import { ownerOf, unwrapped } from '../source/runtimeObjects.ts';
import type { FileRule } from './subject.ts';

const ID = 'unawaited-storage-in-loop';

type CountingLoop = ts.ForStatement | ts.ForInOrOfStatement;

/** Reads of storage one by one in a loop over their keys, where one `get([…])` serves. */
export const unawaitedStorageInLoop: FileRule = {
  id: ID,
  check(file) {
    const known = new Map<CountingLoop, boolean>();
    const readsAll = (loop: CountingLoop): boolean => {
      const answer = known.get(loop) ?? !stopsOrWrites(loop.statement);
      known.set(loop, answer);
      return answer;
    };
    return codeOf(file.facts.file).calls.flatMap((call) => {
      const { expression } = call;
      if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'get') return [];
      const [key] = call.arguments;
      if (!key || ts.isArrayLiteralExpression(unwrapped(key)) || !ts.isAwaitExpression(call.parent))
        return [];
      const loop = loopAround(call);
      if (!loop || ownerOf(expression) !== 'storage') return [];
      if (!isKeyOfLoop(key, loop) || !readsAll(loop)) return [];
      return [
        {
          rule: ID,
          code: ID,
          severity: 'information' as const,
          message:
            'This waits for the storage once per turn of the loop. One `await storage.get([…])` reads up to 128 keys at once and gives a Map.',
          range: file.rangeOf(call),
          fixes: [],
        },
      ];
    });
  },
};

/** The loop that counts or goes over a list, in the same function. */
function loopAround(node: ts.Node): CountingLoop | undefined {
  for (let at = node.parent; !ts.isSourceFile(at) && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isForOfStatement(at)) return at.awaitModifier ? undefined : at;
    if (ts.isForStatement(at) || ts.isForInStatement(at)) return at;
    if (ts.isIterationStatement(at, false)) return undefined;
  }
  return undefined;
}

/** Whether the key is made from the variable of the loop, so that all keys are known before. */
function isKeyOfLoop(key: ts.Expression, loop: CountingLoop): boolean {
  const list = loop.initializer;
  if (!list || !ts.isVariableDeclarationList(list)) return false;
  const variables = new Set(list.declarations.flatMap(({ name }) => boundNames(name)));
  const { pos, end } = loop.statement;
  const used = usedIn(key);
  const isOfLoop = used.some((name) => variables.has(name));
  return isOfLoop && !used.some((name) => !variables.has(name) && name.pos > pos && name.end < end);
}

/** The declarations of the names in an expression. */
function usedIn(expression: ts.Node): ts.Identifier[] {
  const own = ts.isIdentifier(expression) ? declarationOf(expression) : undefined;
  const inner: ts.Identifier[] = own ? [own] : [];
  ts.forEachChild(expression, (child) => {
    inner.push(...usedIn(child));
  });
  return inner;
}

/** A loop that ends early reads fewer keys, and one that writes may read what it wrote. */
function stopsOrWrites(node: ts.Node): boolean {
  if (ts.isBreakStatement(node) || ts.isReturnStatement(node) || isWrite(node)) return true;
  return (
    ts.forEachChild(node, (child) => (ts.isFunctionLike(child) ? undefined : stopsOrWrites(child))) ?? false
  );
}

function isWrite(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const method = node.expression.name.text;
  return (method === 'put' || method === 'delete') && ownerOf(node.expression) === 'storage';
}
