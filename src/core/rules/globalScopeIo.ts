import ts from 'typescript';
import { mayBeSkipped } from '../source/certainty.ts';
import type { Reference } from '../source/references.ts';
import type { Finding } from './finding.ts';
import { runtimeImports } from './runtimeImports.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'global-scope-io';

/** Calls that throw on the spot while the module loads. */
const THROWING_CALLS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'clearTimeout',
  'clearInterval',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'AbortSignal.timeout',
]);

/** Things that cannot be made while the module loads. */
const THROWING_CONSTRUCTORS: ReadonlySet<string> = new Set([
  'WebSocket',
  'WebSocketPair',
  'EventSource',
  'Response',
]);

/** Calls whose promise is rejected while the module loads: harmless until it is awaited. */
const REJECTED_CALLS: readonly RegExp[] = [
  /^fetch$/,
  /^scheduler\.wait$/,
  /^caches\.(?:default|open)\b/,
  /^crypto\.subtle\.(?:generateKey)$/,
];

/** Functions of the runtime's modules that throw on the spot. */
const THROWING_IMPORTS: ReadonlySet<string> = new Set(['connect', 'waitUntil']);

/**
 * At module scope or in a static initialiser: what the runtime does not allow there (input and output, timers,
 * random values), an await that never ends, a throw.
 */
export const globalScopeIo: FileRule = {
  id: ID,
  check(file) {
    const { all, atLoad } = file.references;
    const own = new Set(file.topLevel.map(({ name }) => name));
    const imported = new Set(runtimeImports(file).map(({ local }) => local.text));
    const uses = all.filter(({ phase, isGuarded }) => phase === 'load' && !isGuarded);
    return [
      ...uses.flatMap((use) =>
        own.has(use.name) ? [] : (disallowed(file, use, imported.has(use.name)) ?? []),
      ),
      ...atLoad.flatMap((node) => deadEnd(file, node) ?? []),
    ];
  },
};

function disallowed(file: FileSubject, use: Reference, isImported: boolean): Finding | undefined {
  const { path, node } = accessed(use.node);
  const { parent } = node;
  const isCalled = ts.isCallExpression(parent) && parent.expression === node;
  if (isImported) {
    return isCalled && THROWING_IMPORTS.has(path)
      ? finding(file, parent, `${path}() is not allowed`)
      : undefined;
  }
  if (isCalled && THROWING_CALLS.has(path)) return finding(file, parent, `${path}() is not allowed`);
  if (ts.isNewExpression(parent) && parent.expression === node && THROWING_CONSTRUCTORS.has(path)) {
    return finding(file, parent, `new ${path}() is not allowed`);
  }
  if (isCalled && REJECTED_CALLS.some((pattern) => pattern.test(path)) && isAwaited(file, parent)) {
    return finding(file, parent, `${path}() is rejected`);
  }
  return undefined;
}

/** `crypto.subtle.digest` for the identifier `crypto`; `globalThis.` in front is left out. */
function accessed(identifier: ts.Identifier): { readonly path: string; readonly node: ts.Expression } {
  const names = identifier.text === 'globalThis' || identifier.text === 'self' ? [] : [identifier.text];
  let node: ts.Expression = identifier;
  for (
    let { parent } = node;
    ts.isPropertyAccessExpression(parent) && parent.expression === node;
    { parent } = node
  ) {
    names.push(parent.name.text);
    node = parent;
  }
  return { path: names.join('.'), node };
}

/** At once, at the end of a chain of calls, or by the name of the constant that keeps the promise. */
function isAwaited(file: FileSubject, call: ts.Expression): boolean {
  let node: ts.Expression = call;
  for (;;) {
    const { parent } = node;
    if (ts.isAwaitExpression(parent)) return true;
    const isChain =
      (ts.isPropertyAccessExpression(parent) && parent.expression === node && parent.name.text !== 'catch') ||
      (ts.isCallExpression(parent) && parent.expression === node) ||
      ts.isParenthesizedExpression(parent);
    if (!isChain) break;
    node = parent;
  }
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const name = parent.name.text;
  return file.references.atLoad.some(
    (other) =>
      ts.isAwaitExpression(other) && ts.isIdentifier(other.expression) && other.expression.text === name,
  );
}

/** A `throw`, and `await new Promise(() => {})`, which nothing can settle. */
function deadEnd(file: FileSubject, node: ts.Node): Finding | undefined {
  if (ts.isThrowStatement(node)) {
    return mayBeSkipped(node) ? undefined : finding(file, node, 'this throws');
  }
  if (!ts.isAwaitExpression(node) || !ts.isNewExpression(node.expression)) return undefined;
  const { expression, arguments: given } = node.expression;
  const [executor] = given ?? [];
  const isNeverSettled =
    ts.isIdentifier(expression) &&
    expression.text === 'Promise' &&
    executor !== undefined &&
    (ts.isArrowFunction(executor) || ts.isFunctionExpression(executor)) &&
    executor.parameters.length === 0;
  return isNeverSettled ? finding(file, node, 'this await never ends') : undefined;
}

function finding(file: FileSubject, node: ts.Node, what: string): Finding {
  const isCertain = !mayBeSkipped(node);
  const consequence = isCertain ? 'it fails to load' : 'if this runs, it fails to load';
  return {
    rule: ID,
    code: ID,
    severity: isCertain ? 'error' : 'warning',
    message: `While the module loads, ${what}: ${consequence} and the class goes into ERROR. Do this in the constructor or when a request comes.`,
    range: file.rangeOf(node),
    fixes: [],
  };
}
