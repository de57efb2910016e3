import ts from 'typescript';
import { declarationOf } from '../source/declarations.ts';
import type { Reference } from '../source/references.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'node-global';

/** What Node has and the runtime has not, with what to use in its place. */
const NODE_GLOBALS: ReadonlyMap<string, string> = new Map([
  ['process', 'Environment keys are in `this.env`.'],
  ['Buffer', 'Use `Uint8Array`, `TextEncoder`, `atob` and `btoa`.'],
  ['__dirname', 'There is no file system.'],
  ['__filename', 'There is no file system.'],
  ['global', 'Use `globalThis`.'],
  ['setImmediate', 'Use `queueMicrotask` or `setTimeout`.'],
  ['clearImmediate', 'Use `clearTimeout`.'],
]);

/** A global of Node: the platform has no Node compatibility. */
export const nodeGlobal: FileRule = {
  id: ID,
  check(file) {
    return file.references.all.flatMap((use) => {
      const instead = NODE_GLOBALS.get(use.name);
      if (instead === undefined || declarationOf(use.node) || isAskedFor(use)) return [];
      return [finding(file, use, instead)];
    });
  },
};

/** `typeof process`, or what is done only when that is not 'undefined'. */
function isAskedFor({ node, name }: Reference): boolean {
  if (ts.isTypeOfExpression(node.parent)) return true;
  let child: ts.Node = node;
  for (let at: ts.Node = node.parent; !ts.isSourceFile(at); child = at, at = at.parent) {
    const condition = conditionOf(at);
    if (condition && condition !== child && asksFor(condition, name)) return true;
  }
  return false;
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  return ts.isBinaryExpression(node) ? node.left : undefined;
}

function asksFor(condition: ts.Node, name: string): boolean {
  if (ts.isTypeOfExpression(condition)) {
    return ts.isIdentifier(condition.expression) && condition.expression.text === name;
  }
  return ts.forEachChild(condition, (child) => asksFor(child, name)) ?? false;
}

function finding(file: FileSubject, use: Reference, instead: string): Finding {
  const isFatal = use.phase === 'load' && !use.isGuarded;
  const globalFix =
    use.name === 'global'
      ? [{ title: 'Use globalThis', edits: [replacement(file, use.node)], preferred: true }]
      : [];
  return {
    rule: ID,
    code: ID,
    severity: isFatal ? 'error' : 'warning',
    message: `${use.name} is a global of Node, which the platform does not have. ${isFatal ? 'The module fails to load and the class goes into ERROR.' : 'This throws a ReferenceError when it runs.'} ${instead}`,
    range: file.rangeOf(use.node),
    fixes: globalFix,
  };
}

function replacement(file: FileSubject, node: ts.Identifier): Finding['fixes'][number]['edits'][number] {
  const isShorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
  return file.edit(
    node.getStart(file.facts.file),
    node.end,
    isShorthand ? `${node.text}: globalThis` : 'globalThis',
  );
}
