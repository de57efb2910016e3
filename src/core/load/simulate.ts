import ts from 'typescript';
import type { TopLevelName } from '../source/topLevelNames.ts';
import { instantiate } from './classes.ts';
import { evaluate } from './expressions.ts';
import { callFunction, isConstructor, makeFunction } from './functions.ts';
import { globalOf, helperOf, importOf, namespaceOf, spaceOf } from './natives.ts';
import { GaveUp, Run, Thrown } from './run.ts';
import { declareVars } from './scope.ts';
import { runStatement, runStatements } from './statements.ts';
import {
  isPrimitive,
  isThing,
  UNKNOWN,
  type Call,
  type Failure,
  type Value,
  Scope,
  type Binding,
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
  /** What `env.KEY` is, where it is known. */
  /** A class of the app: the environment has its namespace. */
  readonly isBinding: (key: string) => boolean;
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
}

/**
 * Runs the sources of a module as far as their text tells what they do, in the platform's order. It runs nothing
 * for real: values that depend on anything else are unknown, and what follows from them is not certain.
 */
export function simulate(
  sources: readonly Source[],
  { isGlobal, isBinding, env: variable, hasModule }: Surroundings,
): Load {
  const run = new Run({ evaluate, statements: runStatements, call, hasModule });
  const env = (key: string): Value => (isBinding(key) ? namespaceOf(run, key) : variable(key));
  const globals = new GlobalScope(run, isGlobal);
  const scope = new Scope(globals);
  declare(run, sources, scope, env);
  try {
    for (const { file } of sources) {
      for (const statement of file.statements) runTopLevel(run, statement, scope);
    }
  } catch (error) {
    // What goes on forever, or deeper than JavaScript's own stack reaches, is followed no further.
    if (!(error instanceof GaveUp || error instanceof RangeError)) throw error;
    for (const binding of scope.bindings.values()) binding.value = UNKNOWN;
  }
  const { failures } = run;
  return {
    failures,
    failureAt: (node) => failures.get(node),
    valueOf: (name) => scope.bindings.get(name)?.value ?? UNKNOWN,
  };
}

/** Errors that nobody catches end the module; what comes after is looked at all the same. */
function runTopLevel(run: Run, statement: ts.Statement, scope: Scope): void {
  try {
    runStatement(run, statement, scope);
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    forgive(statement, scope);
  }
  run.mayHaveLeft = false;
  run.mayHaveThrown = false;
}

/** Nobody knows what the names of a statement would be that failed. */
function forgive(statement: ts.Statement, scope: Scope): void {
  const inner = new Scope();
  declareVars(inner, statement);
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) inner.declare(name.text, true, false);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) add(element.name);
  };
  if (ts.isVariableStatement(statement))
    for (const { name } of statement.declarationList.declarations) add(name);
  if (ts.isClassDeclaration(statement) && statement.name) add(statement.name);
  for (const name of inner.bindings.keys()) {
    const binding = scope.bindings.get(name);
    if (!binding) continue;
    binding.isReady = true;
    binding.value = UNKNOWN;
  }
}

/** The globals, made when they are asked for. */
class GlobalScope extends Scope {
  readonly #run: Run;
  readonly #isGlobal: (name: string) => boolean;

  constructor(run: Run, isGlobal: (name: string) => boolean) {
    super();
    this.#run = run;
    this.#isGlobal = isGlobal;
  }

  override find(name: string): Binding | undefined {
    const known = this.bindings.get(name);
    if (known) return known;
    if (this.#isGlobal(name)) return this.declare(name, true, isFixed(name), globalOf(this.#run, name));
    if (name in SHARED) return this.declare(name, true, false, UNKNOWN);
    const object = this.find('globalThis')?.value;
    if (object && isThing(object)) {
      const set = object.properties.get(name);
      if (set) return this.declare(name, true, false, UNKNOWN);
      if (object.hasEscaped) return this.declare(name, true, false, UNKNOWN);
    }
    return undefined;
  }
}

function isFixed(name: string): boolean {
  return name === 'undefined' || name === 'NaN' || name === 'Infinity';
}

/** `toString` and the like are reached through the prototype of the global object. */
const SHARED: object = {};

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
      } else if (!scope.bindings.has(name) || kind !== 'var') {
        const isHoisted = kind === 'var' || kind === 'enum' || kind === 'namespace';
        scope.declare(name, isHoisted, kind === 'const' || kind === 'using');
      }
    }
  }
}

function call(run: Run, callee: Value, { node, self, args, isNew }: Call): Value {
  run.step();
  if (isPrimitive(callee)) {
    run.fail(
      node,
      `${nameOf(node)} is ${callee.type === 'undefined' || callee.type === 'null' ? callee.type : `a ${callee.type}`} and ${isNew ? 'no class' : 'no function'}`,
    );
  }
  if (!isThing(callee)) {
    for (const argument of args) run.escape(argument);
    run.escape(self);
    return run.unknown();
  }
  if (callee.code) {
    if (isNew && !isConstructor(callee.code)) run.fail(node, `${nameOf(node)} is no class`);
    return callFunction(run, callee.code, { node, self, args, isNew });
  }
  if (callee.class) {
    if (!isNew) run.fail(node, `the class ${nameOf(node)} is called without \`new\``);
    return instantiate(run, callee, { node, self, args, isNew });
  }
  if (callee.native) {
    const { isCallable, isConstructor: isClass, call: own } = callee.native;
    if (!isCallable || (isNew && !isClass))
      run.fail(node, `${nameOf(node)} is ${isNew ? 'no class' : 'no function'}`);
    if (own) return own({ node, self, args, isNew });
    for (const argument of args) run.escape(argument);
    return run.unknown();
  }
  if (callee.isOpen && callee.hasEscaped) return run.unknown();
  run.fail(node, `${nameOf(node)} is ${isNew ? 'no class' : 'no function'}`);
}

function nameOf(node: ts.Node): string {
  const callee =
    ts.isCallExpression(node) || ts.isNewExpression(node)
      ? node.expression
      : ts.isTaggedTemplateExpression(node)
        ? node.tag
        : node;
  const text = callee.getText();
  return text.length <= 40 && !text.includes('\n') ? text : 'this';
}
