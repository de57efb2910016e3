import ts from 'typescript';
import type { Failure } from '../load/values.ts';
import { isErased } from '../source/declaredNames.ts';
import { isErasedDefault, isTypeOnly } from '../source/typeNames.ts';
import { earlyErrors } from '../source/earlyErrors.ts';
import { parseDiagnostics } from '../source/parseDiagnostics.ts';
import type { Finding } from './finding.ts';
import { loadOf } from './loading.ts';
import { MISTAKEN_FOR_GLOBALS } from './missingBaseImport.ts';
import { NODE_GLOBALS } from './nodeGlobal.ts';
import { RESERVED_NAMES } from './reservedNames.ts';
import { moduleAround, scopeNames } from './sharedScope.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'global-scope-io';

/** Names that other rules look at. */
const ELSEWHERE: ReadonlySet<string> = new Set([...MISTAKEN_FOR_GLOBALS, ...NODE_GLOBALS.keys()]);

/**
 * What keeps the module from loading when its sources run: what the runtime does not allow then (input and output,
 * timers, random values), a throw, an await or a loop that never ends, a name that is not there or not there yet,
 * a value that is used as what it is not.
 */
export const globalScopeIo: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      yield* missingExports(app, file);
      const own = [...loadOf(app, file).failures.values()].filter(
        ({ failure }) => failure.node.getSourceFile() === file.facts.file,
      );
      // Nothing runs of a text that is refused as it is.
      if (own.length === 0 || isRefusedEarly(file)) continue;
      for (const { failure, isCertain } of own) {
        const found = finding(app, file, failure, isCertain);
        if (found) yield [file, found];
      }
    }
  },
};

function isRefusedEarly({ facts: { file } }: FileSubject): boolean {
  return parseDiagnostics(file).length === 0 && earlyErrors(file).length > 0;
}

function finding(
  app: AppSubject,
  file: FileSubject,
  failure: Failure,
  isCertain: boolean,
): Finding | undefined {
  const { kind, node, message } = failure;
  // Code from text and modules have rules of their own.
  if (kind === 'code' || kind === 'module') return undefined;
  // Whether something else than the runtime's ban happens behind a condition is for the person to know.
  if (!isCertain && kind !== 'barred') return undefined;
  if (kind === 'name' && ts.isIdentifier(node) && isOfOtherRule(app, file, node)) return undefined;
  if (kind === 'name' && ts.isExportAssignment(node.parent) && isErasedDefault(node.parent)) return undefined;
  const consequence = isCertain ? 'it fails to load' : 'if this runs, it fails to load';
  const isMovable = kind === 'barred' || kind === 'thrown' || kind === 'endless';
  return {
    rule: ID,
    code: ID,
    severity: isCertain ? 'error' : 'warning',
    message: `While the module loads, ${message}: ${consequence} and the class goes into ERROR.${isMovable ? ' Do this in the constructor or when a request comes.' : ''}`,
    range: file.rangeOf(node),
    fixes: [],
  };
}

/** Names of other sources are the business of borrowed-name, and those of Node and of the runtime's modules have their rules. */
function isOfOtherRule(app: AppSubject, file: FileSubject, node: ts.Identifier): boolean {
  const { text, parent } = node;
  if (file.topLevel.some(({ name }) => name === text)) return false;
  if (ELSEWHERE.has(text)) return true;
  if (text === 'require' && ts.isCallExpression(parent) && parent.expression === node) return true;
  return moduleAround(app, file).some((other) => scopeNames(other).has(text));
}

/** `export { name }` of a name that is not there once the types are erased. */
function* missingExports(app: AppSubject, file: FileSubject): Generator<readonly [FileSubject, Finding]> {
  for (const statement of file.facts.file.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier || isErased(statement)) continue;
    const list = statement.exportClause;
    if (!list || !ts.isNamedExports(list)) continue;
    for (const element of list.elements) {
      const node = element.propertyName ?? element.name;
      if (
        element.isTypeOnly ||
        !ts.isIdentifier(node) ||
        RESERVED_NAMES.has(node.text) ||
        isTypeOnly(file.facts.file, node.text)
      )
        continue;
      if (moduleAround(app, file).some((other) => scopeNames(other).has(node.text))) continue;
      const message = `${node.text} is exported, and nothing of that name is left to export`;
      const found = finding(app, file, { kind: 'type', node, message }, true);
      if (found) yield [file, found];
    }
  }
}
