import ts from 'typescript';
import { declarationOf } from '../source/declarations.ts';
import type { Reference } from '../source/references.ts';
import type { Finding } from './finding.ts';
import { loadOf } from './loading.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'node-global';

/** What Node has and the runtime has not, with what to use in its place. */
export const NODE_GLOBALS: ReadonlyMap<string, string> = new Map([
  ['process', 'Environment keys are in `this.env`.'],
  ['Buffer', 'Use `Uint8Array`, `TextEncoder`, `atob` and `btoa`.'],
  ['__dirname', 'There is no file system.'],
  ['__filename', 'There is no file system.'],
  ['global', 'Use `globalThis`.'],
  ['setImmediate', 'Use `queueMicrotask` or `setTimeout`.'],
  ['clearImmediate', 'Use `clearTimeout`.'],
]);

/** So many questions by `typeof`, and conditions around a use, are looked at in one file. */
const MOST_QUESTIONS = 100;
const HIGHEST = 100;

/** A global of Node: the platform has no Node compatibility. */
export const nodeGlobal: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const uses = file.references.all.filter(
        ({ name, node }) => NODE_GLOBALS.has(name) && !declarationOf(node),
      );
      const questions = uses.filter(isQuestion).slice(0, MOST_QUESTIONS);
      for (const use of uses) {
        const instead = NODE_GLOBALS.get(use.name);
        if (instead === undefined || isQuestion(use) || isAskedFor(use, questions)) continue;
        yield [file, finding(app, file, use, instead)];
      }
    }
  },
};

/** `typeof process`. */
function isQuestion({ node }: Reference): boolean {
  return ts.isTypeOfExpression(node.parent);
}

/** Whether a condition around the use asks for the name by `typeof`. */
function isAskedFor({ node, name }: Reference, questions: readonly Reference[]): boolean {
  const ofName = questions.filter((question) => question.name === name);
  let at: ts.Node = node.parent;
  for (let height = 0; ofName.length > 0 && height < HIGHEST && !ts.isSourceFile(at); height += 1) {
    const condition = conditionOf(at);
    if (
      condition &&
      ofName.some(({ node: { pos, end } }) => pos >= condition.pos && end <= condition.end) &&
      node.pos >= condition.end
    )
      return true;
    at = at.parent;
  }
  return false;
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  return ts.isBinaryExpression(node) ? node.left : undefined;
}

function finding(app: AppSubject, file: FileSubject, use: Reference, instead: string): Finding {
  const isFatal = loadOf(app, file).failureAt(use.node)?.isCertain === true;
  const globalFix =
    use.name === 'global'
      ? [{ title: 'Use globalThis', edits: [replacement(file, use.node)], preferred: true }]
      : [];
  return {
    rule: ID,
    code: ID,
    severity: isFatal ? 'error' : 'warning',
    atLoad: isFatal,
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
