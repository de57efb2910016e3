import ts from 'typescript';
import type { TopLevelName } from '../source/topLevelNames.ts';
import { boundNames } from '../source/declaredNames.ts';
import { declareVars } from './scope.ts';
import { textOf } from './bindings.ts';
import { dispose } from './disposal.ts';
import { evaluate } from './expressions.ts';
import { callFunction } from './calls.ts';
import { isConstructor, makeFunction } from './functions.ts';
import { GlobalScope } from './globals.ts';
import { helperOf, importOf, namespaceOf, spaceOf } from './imports.ts';
import { instantiate } from './instances.ts';
import { callNative } from './natives/call.ts';
import { getMember } from './objects.ts';
import { Realm } from './realm.ts';
import { GaveUp, Run, Thrown } from './run.ts';
import { runStatement, runStatements } from './statements.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  named,
  UNKNOWN,
  type Call,
  type Failure,
  type Thing,
  type Value,
  Scope,
} from './values.ts';

/** One source on its way into the module. */
export interface Source {
  readonly file: ts.SourceFile;
  readonly topLevel: readonly TopLevelName[];
  /** What it imports from the modules of the runtime, by local name; `space` is what is in it, of a namespace. */
  readonly imports: readonly {
    readonly local: string;
    readonly exported: string;
    readonly space: ReadonlySet<string> | undefined;
  }[];
}

export interface Surroundings {
  /** The globals of the runtime. */
  readonly isGlobal: (name: string) => boolean;
  /** A class of the app: the environment has its namespace. */
  readonly isBinding: (key: string) => boolean;
  /** What `env.KEY` is, where it is known. */
  readonly env: (key: string) => Value;
  readonly hasModule: (specifier: string) => boolean;
}

/** What happens while the module loads. */
export interface Load {
  /** What goes wrong at a place; certain when nothing that is not known decides whether it gets there. */
  failureAt(node: ts.Node): { readonly failure: Failure; readonly isCertain: boolean } | undefined;
  readonly failures: ReadonlyMap<ts.Node, { readonly failure: Failure; readonly isCertain: boolean }>;
  /** What a name of the top level is in the end. */
  valueOf(name: string): Value;
  /** Whether a value is an object that does not inherit from `Object.prototype`, for sure. */
  isRootless(value: Value): boolean;
}

/**
 * Runs the sources of a module as far as their text tells what they do, in the platform's order. Nothing of them
 * runs for real: values that depend on anything else are unknown, and what follows from them is not certain.
 */
export function simulate(
  sources: readonly Source[],
  { isGlobal, isBinding, env: variable, hasModule }: Surroundings,
): Load {
  const realm = (run: Run): Realm => new Realm((path, given) => callNative(run, path, given));
  const run = new Run({ evaluate, statements: runStatements, call, hasModule, realm });
  const env = (key: string): Value => (isBinding(key) ? namespaceOf(run, key) : variable(key));
  const globals = new GlobalScope(run, isGlobal);
  const scope = new Scope(globals);
  declare(run, sources, scope, env);
  const statements = sources.flatMap(({ file }) => [...file.statements]);
  for (const statement of statements) {
    if (!run.startStatement()) break;
    runTopLevel(run, statement, scope, globals);
  }
  if (!run.startStatement()) forget(scope, globals);
  runTopLevelEnd(run, scope, globals);
  const { failures } = run;
  return {
    failures,
    failureAt: (node) => failures.get(node),
    valueOf: (name) => scope.bindings.get(name)?.value ?? UNKNOWN,
    isRootless: (value) => isThing(value) && isRootless(value, run.realm.proto('Object')),
  };
}

function isRootless(value: Thing, root: Thing): boolean {
  let at: Thing | null | undefined = value.proto;
  while (at && at !== root && !at.proxy) at = at.proto;
  return at === null && !value.proxy && !value.isFunction && !value.hasEscaped;
}

/** Errors that nobody catches end the module; what comes after is looked at all the same. */
function runTopLevel(run: Run, statement: ts.Statement, scope: Scope, globals: GlobalScope): void {
  try {
    runStatement(run, statement, scope);
  } catch (error) {
    if (error instanceof Thrown) {
      forgive(statement, scope);
    } else if (error instanceof GaveUp || error instanceof RangeError) {
      // What goes on for long, or deeper than JavaScript's own stack reaches, can have done anything.
      forget(scope, globals);
      forgive(statement, scope);
    } else {
      throw error;
    }
  }
}

/** What is disposed of at the end of the module. */
function runTopLevelEnd(run: Run, scope: Scope, globals: GlobalScope): void {
  try {
    dispose(run, scope);
    while (run.apart(() => run.jobs.next()));
  } catch (error) {
    if (!(error instanceof Thrown)) forget(scope, globals);
  }
}

function forget(scope: Scope, globals: GlobalScope): void {
  for (const binding of scope.bindings.values()) {
    binding.value = UNKNOWN;
    binding.isVolatile = true;
  }
  globals.forget();
}

/** Nobody knows what the names of a statement would be that failed. */
function forgive(statement: ts.Statement, scope: Scope): void {
  const inner = new Scope();
  declareVars(inner, statement);
  if (ts.isVariableStatement(statement)) {
    for (const { name } of statement.declarationList.declarations)
      for (const { text } of boundNames(name)) inner.declare(text, true, false);
  }
  if (ts.isClassDeclaration(statement) && statement.name) inner.declare(statement.name.text, true, false);
  for (const name of inner.bindings.keys()) {
    const binding = scope.bindings.get(name);
    if (!binding) continue;
    binding.isReady = true;
    binding.value = UNKNOWN;
  }
}

function declare(run: Run, sources: readonly Source[], scope: Scope, env: (key: string) => Value): void {
  scope.declare('butterbase', true, true, helperOf(run));
  scope.declare('checkAuth', true, true, UNKNOWN);
  scope.declare('ROUTES', false, true);
  for (const { imports } of sources) {
    for (const { local, exported, space } of imports) {
      scope.declare(local, true, true, space ? spaceOf(run, space, env) : importOf(run, exported, env));
    }
  }
  for (const { topLevel } of sources) {
    for (const { name, kind, statement } of topLevel) {
      if (kind === 'default') continue;
      if (ts.isFunctionDeclaration(statement) && kind === 'function') {
        scope.declare(name, true, false, makeFunction(run, statement, scope));
      } else if (!scope.bindings.has(name) || !MERGED.has(kind)) {
        const isHoisted = kind === 'var' || kind === 'enum' || kind === 'namespace';
        scope.declare(name, isHoisted, kind === 'const' || kind === 'using');
      }
    }
  }
}

/** What adds to something of the same name, where there is one. */
const MERGED: ReadonlySet<string> = new Set(['var', 'enum', 'namespace']);

function call(run: Run, callee: Value, given: Call): Value {
  const { node, isNew } = given;
  run.step();
  if (given.isDirect !== true) run.decisions += 1;
  if (isPrimitive(callee)) {
    run.fail(node, `${nameOf(node)} is ${named(callee)} and ${isNew ? 'no class' : 'no function'}`);
  }
  if (!isThing(callee)) return unknownCall(run, given);
  if (callee.proxy) return callThroughProxy(run, callee.proxy, given);
  if (callee.code) {
    if (isNew && !isConstructor(callee.code)) run.fail(node, `${nameOf(node)} is no class`);
    return callFunction(run, callee, callee.code, given);
  }
  if (callee.class) {
    if (!isNew) run.fail(node, `the class ${nameOf(node)} is called without \`new\``);
    return instantiate(run, callee, callee.class, given);
  }
  if (callee.native) return callOfRuntime(run, callee, given);
  if (callee.isOpen) return unknownCall(run, given);
  run.fail(node, `${nameOf(node)} is ${isNew ? 'no class' : 'no function'}`);
}

function unknownCall(run: Run, { self, args }: Call): Value {
  for (const argument of args) run.escape(argument);
  run.escape(self);
  run.changes += 1;
  return run.unknown();
}

function callThroughProxy(
  run: Run,
  { target, handler }: { target: Value; handler: Value },
  given: Call,
): Value {
  const { node, self, args, isNew } = given;
  if (isThing(target) && !target.isFunction && !target.isOpen && !target.proxy)
    run.fail(node, `${nameOf(node)} is no function`);
  const trap = getMember(run, node, handler, isNew ? 'construct' : 'apply', 'the handler');
  if (isNothing(trap)) return run.call(target, given);
  const list = run.realm.arrayOf(args);
  return run.call(trap, {
    node,
    self: handler,
    args: isNew ? [target, list] : [target, self, list],
    isNew: false,
  });
}

function callOfRuntime(run: Run, callee: Thing, given: Call): Value {
  const { node, args, isNew, target } = given;
  const { native } = callee;
  if (!native?.isCallable || (isNew && !native.isConstructor))
    run.fail(node, `${nameOf(node)} is ${isNew ? 'no class' : 'no function'}`);
  if (!native.call) {
    for (const argument of args) run.escape(argument);
    run.changes += 1;
    return run.unknown();
  }
  const made = native.call(given);
  // An instance of a class that extends one of the runtime.
  if (isNew && isThing(made) && target && target !== callee && isThing(target)) {
    const shared = getMember(run, node, target, 'prototype', 'this');
    made.proto = isThing(shared) ? shared : undefined;
  }
  return made;
}

function nameOf(node: ts.Node): string {
  return textOf(
    ts.isCallExpression(node) || ts.isNewExpression(node)
      ? node.expression
      : ts.isTaggedTemplateExpression(node)
        ? node.tag
        : node,
  );
}
