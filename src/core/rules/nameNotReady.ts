import ts from 'typescript';
import { mayBeSkipped, runsInPlace } from '../source/certainty.ts';
import { isErased } from '../source/declaredNames.ts';
import type { Reference } from '../source/references.ts';
import type { TopLevelName } from '../source/topLevelNames.ts';
import type { Finding } from './finding.ts';
import { MISTAKEN_FOR_GLOBALS } from './missingBaseImport.ts';
import { NODE_GLOBALS } from './nodeGlobal.ts';
import { isRuntimeGlobal } from './runtimeGlobals.ts';
import { runtimeImports } from './runtimeImports.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'global-scope-io';

/** Of the names of the generated module, those that have their value before the sources run. */
const GENERATED: ReadonlySet<string> = new Set(['butterbase', 'checkAuth']);

/** Names that other rules look at. */
const ELSEWHERE: ReadonlySet<string> = new Set([...MISTAKEN_FOR_GLOBALS, ...NODE_GLOBALS.keys()]);

/**
 * While the module loads: the use of a name that its own file declares further down, or that nothing declares.
 * Names of other sources are the business of borrowed-name.
 */
export const nameNotReady: AppRule = {
  id: ID,
  *check(app) {
    const declared = new Map(app.files.map((file) => [file, namesOf(file)]));
    for (const file of app.files) {
      const around =
        file.input.name === undefined ? [file] : app.files.filter(({ input }) => input.name !== undefined);
      for (const use of file.references.all) {
        const { name, node } = use;
        if (ts.isExportSpecifier(node.parent)) {
          const isThere = around.some((other) => declared.get(other)?.has(name)) || isReserved(name);
          if (!isThere && !isType(file, name)) {
            yield [
              file,
              finding(file, node, `${name} is exported, and nothing of that name is left to export`),
            ];
          }
        } else if (isCertain(use)) {
          if (name === 'require' && isCalled(node)) continue;
          const problem = ownProblem(file, use) ?? absence(name, around, declared);
          if (problem !== undefined) yield [file, finding(file, node, problem)];
        }
      }
    }
  },
};

function namesOf(file: FileSubject): ReadonlySet<string> {
  return new Set([
    ...file.topLevel.map(({ name }) => name),
    ...runtimeImports(file).map(({ local }) => local.text),
  ]);
}

function isReserved(name: string): boolean {
  return GENERATED.has(name) || name === 'ROUTES';
}

/** An export of a type is erased, where the file itself says that it is one. */
function isType(file: FileSubject, name: string): boolean {
  return file.facts.file.statements.some(
    (statement) =>
      (ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement) ||
        (ts.isModuleDeclaration(statement) && isErased(statement))) &&
      statement.name.text === name,
  );
}

function isCertain({ node, phase, isGuarded }: Reference): boolean {
  return (
    phase === 'load' &&
    !isGuarded &&
    !ts.isTypeOfExpression(node.parent) &&
    runsInPlace(node) &&
    !mayBeSkipped(node)
  );
}

/** A call of `require` is the business of unchecked-module-reference. */
function isCalled(node: ts.Identifier): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

function ownProblem(file: FileSubject, { name, node }: Reference): string | undefined {
  const own = file.topLevel.filter((item) => item.name === name);
  if (own.length === 0) return undefined;
  const isLate = own.every(
    (item) => node.getStart(file.facts.file) < readyFrom(item) || isOwnBase(item.statement, node),
  );
  return isLate ? `${name} is used before its declaration has run` : undefined;
}

/** A class that extends itself, also where `using` makes a variable of it. */
function isOwnBase(statement: ts.Statement, node: ts.Node): boolean {
  const isBase = ts.isExpressionWithTypeArguments(node.parent) && ts.isHeritageClause(node.parent.parent);
  return isBase && node.parent.parent.parent === statement;
}

/** Where the name begins to have a value: at once for what is hoisted. */
function readyFrom({ kind, node, statement }: TopLevelName): number {
  if (kind === 'class' && ts.isClassDeclaration(statement)) return statement.members.pos;
  if (kind !== 'const' && kind !== 'let' && kind !== 'using') return 0;
  let at = node;
  while (!ts.isVariableDeclaration(at) && at !== statement) at = at.parent;
  return at.end;
}

function absence(
  name: string,
  around: readonly FileSubject[],
  declared: ReadonlyMap<FileSubject, ReadonlySet<string>>,
): string | undefined {
  if (around.some((file) => declared.get(file)?.has(name))) return undefined;
  if (isRuntimeGlobal(name) || name in globalPrototype || GENERATED.has(name) || ELSEWHERE.has(name))
    return undefined;
  return `${name} is declared nowhere`;
}

/** `toString` and the like are reached through the prototype of the global object. */
const globalPrototype: object = {};

function finding(file: FileSubject, node: ts.Node, what: string): Finding {
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `While the module loads, ${what}: it fails to load and the class goes into ERROR.`,
    range: file.rangeOf(node),
    fixes: [],
  };
}
