import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { assign, bind } from './bindings.ts';
import { defineClass } from './classes.ts';
import { declareBlock, declareBody } from './functions.ts';
import { elementsOf, setMember } from './members.ts';
import { isSame } from './operators.ts';
import type { Thrown } from './run.ts';
import { type Completion, type Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  openObject,
  primitive,
  SOME_NUMBER,
  SOME_STRING,
  truth,
  UNDEFINED,
  UNKNOWN,
  type Binding,
  type Value,
  Scope,
} from './values.ts';

const { SyntaxKind } = ts;

/** Runs statements one after the other, until one leaves. */
export function runStatements(run: Run, statements: readonly ts.Statement[], scope: Scope): Completion {
  for (const statement of statements) {
    const end = runStatement(run, statement, scope);
    if (end) return end;
  }
  return undefined;
}

export function runStatement(run: Run, node: ts.Statement, scope: Scope): Completion {
  run.step();
  if (isErased(node)) return undefined;
  if (ts.isExpressionStatement(node)) run.evaluate(node.expression, scope);
  else if (ts.isVariableStatement(node)) variables(run, node.declarationList, scope);
  else if (ts.isClassDeclaration(node)) classDeclaration(run, node, scope);
  else if (ts.isEnumDeclaration(node)) enumeration(run, node, scope);
  else if (ts.isModuleDeclaration(node)) namespace(run, node, scope);
  else if (ts.isExportAssignment(node)) run.evaluate(node.expression, scope);
  else if (ts.isImportEqualsDeclaration(node)) alias(run, node, scope);
  else return runControl(run, node, scope);
  return undefined;
}

function runControl(run: Run, node: ts.Statement, scope: Scope): Completion {
  if (ts.isBlock(node)) return block(run, node.statements, new Scope(scope));
  if (ts.isIfStatement(node)) return condition(run, node, scope);
  if (ts.isReturnStatement(node)) {
    return { kind: 'return', value: node.expression ? run.evaluate(node.expression, scope) : UNDEFINED };
  }
  if (ts.isThrowStatement(node)) {
    run.escape(run.evaluate(node.expression, scope));
    return run.fail(node, 'this throws', 'thrown');
  }
  if (ts.isTryStatement(node)) return attempt(run, node, scope);
  if (ts.isBreakStatement(node)) return { kind: 'break', label: node.label?.text };
  if (ts.isContinueStatement(node)) return { kind: 'continue', label: node.label?.text };
  if (ts.isLabeledStatement(node)) {
    const end = runStatement(run, node.statement, scope);
    return end && end.kind !== 'return' && end.label === node.label.text ? undefined : end;
  }
  if (ts.isSwitchStatement(node)) return choice(run, node, scope);
  if (ts.isForStatement(node)) return counted(run, node, scope);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return forEach(run, node, scope);
  if (ts.isWhileStatement(node)) {
    return loop(
      run,
      node,
      () => truth(run.evaluate(node.expression, scope)),
      () => runStatement(run, node.statement, scope),
    );
  }
  if (ts.isDoStatement(node)) {
    let isFirst = true;
    const isOn = (): boolean | undefined => {
      if (!isFirst) return truth(run.evaluate(node.expression, scope));
      isFirst = false;
      return true;
    };
    return loop(run, node, isOn, () => runStatement(run, node.statement, scope));
  }
  return undefined;
}

function block(run: Run, statements: readonly ts.Statement[], scope: Scope): Completion {
  declareBlock(run, statements, scope);
  return runStatements(run, statements, scope);
}

function variables(run: Run, list: ts.VariableDeclarationList, scope: Scope): void {
  const kind: number = list.flags & ts.NodeFlags.BlockScoped;
  const isUsing = kind === (ts.NodeFlags.Using as number) || kind === (ts.NodeFlags.AwaitUsing as number);
  for (const { name, initializer } of list.declarations) {
    if (!initializer) {
      if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) bind(run, name, UNDEFINED, scope);
      continue;
    }
    const value = run.evaluate(initializer, scope);
    if (isUsing) disposable(run, initializer, value);
    bind(run, name, value, scope);
  }
}

function disposable(run: Run, node: ts.Node, value: Value): void {
  if (isThing(value)) {
    if (value.code !== undefined || (!value.isOpen && !value.of && !value.isFunction)) {
      run.fail(node, 'nothing disposes of this');
    }
    run.escape(value);
  } else if (value.kind === 'primitive' && value.type !== 'undefined' && value.type !== 'null') {
    run.fail(node, `a ${value.type} cannot be disposed of`);
  } else {
    run.unknown();
  }
}

function classDeclaration(run: Run, node: ts.ClassDeclaration, scope: Scope): void {
  const value = defineClass(run, node, scope);
  if (node.name) bind(run, node.name, value, scope);
}

/** TypeScript adds the members to what the name has already, and makes an object where it has nothing. */
function enumeration(run: Run, node: ts.EnumDeclaration, scope: Scope): void {
  const binding = scope.find(node.name.text);
  const target = addedTo(binding);
  const inner = new Scope(scope);
  for (const member of node.members) {
    let value: Value = SOME_NUMBER;
    if (member.initializer) value = run.evaluate(member.initializer, inner);
    if (ts.isComputedPropertyName(member.name)) continue;
    const given = isThing(value) ? UNKNOWN : value;
    setMember(run, member.name, target, member.name.text, given, node.name.text);
    inner.declare(member.name.text, true, false, given);
  }
  if (binding) run.set(binding, target);
}

/** What an enum or a namespace of that name adds to. */
function addedTo(binding: Binding | undefined): Value {
  const known = binding ? truth(binding.value) : false;
  if (known === undefined) return UNKNOWN;
  return known && binding ? binding.value : openObject();
}

/** TypeScript makes a function of it, which runs at once. */
function namespace(run: Run, node: ts.ModuleDeclaration, scope: Scope): void {
  const { body } = node;
  const inner = new Scope(scope);
  const binding = scope.find(node.name.text);
  const target = addedTo(binding);
  if (isPrimitive(target) && body && addsMembers(body))
    setMember(run, node.name, target, undefined, UNKNOWN, node.name.text);
  if (body && ts.isModuleDeclaration(body)) {
    inner.declare(body.name.text, true, false);
    namespace(run, body, inner);
  } else if (body && ts.isModuleBlock(body)) {
    const outerSelf = run.self;
    run.self = UNDEFINED;
    try {
      run.inside(() => {
        declareBody(run, body.statements, body, inner);
        // What is exported is a member of an object: undefined until it is set, and never missing.
        for (const statement of body.statements) if (isExported(statement)) expose(statement, inner);
        runStatements(run, body.statements, inner);
      });
    } finally {
      run.self = outerSelf;
    }
  }
  if (isThing(target)) target.isOpen = true;
  if (binding) run.set(binding, target);
}

function addsMembers(body: ts.ModuleBody): boolean {
  return !ts.isModuleBlock(body) || body.statements.some((each) => isExported(each) && !isErased(each));
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false)
  );
}

function expose(statement: ts.Statement, scope: Scope): void {
  if (!ts.isVariableStatement(statement)) return;
  for (const { name } of statement.declarationList.declarations) {
    if (ts.isIdentifier(name)) scope.declare(name.text, true, false, UNKNOWN);
  }
}

/** `import a = Other.Inner`. */
function alias(run: Run, node: ts.ImportEqualsDeclaration, scope: Scope): void {
  const { moduleReference } = node;
  if (ts.isExternalModuleReference(moduleReference)) return;
  let first: ts.EntityName = moduleReference;
  while (ts.isQualifiedName(first)) first = first.left;
  // An alias that nothing uses is left out of the module.
  const binding = scope.find(node.name.text);
  if (!binding || !scope.find(first.text)) return;
  const value = run.evaluate(first, scope);
  run.set(binding, first === moduleReference ? value : UNKNOWN);
}

function condition(run: Run, node: ts.IfStatement, scope: Scope): Completion {
  const known = truth(run.evaluate(node.expression, scope));
  const ways = [node.thenStatement, node.elseStatement].map(
    (way) => (): Completion => (way ? runStatement(run, way, scope) : undefined),
  );
  if (known === undefined) return run.either(ways);
  return (known ? ways[0] : ways[1])?.();
}

function attempt(run: Run, node: ts.TryStatement, scope: Scope): Completion {
  const { tryBlock, catchClause, finallyBlock } = node;
  const tried = run.guarded(() => block(run, tryBlock.statements, new Scope(scope)));
  let end: Completion;
  let thrown: Thrown | undefined;
  const caught = (): Completion => {
    if (!catchClause) return undefined;
    const inner = new Scope(scope);
    const name = catchClause.variableDeclaration?.name;
    if (name) {
      if (ts.isIdentifier(name)) inner.declare(name.text, true, false, UNKNOWN);
      else bindUnknown(name, inner);
    }
    return block(run, catchClause.block.statements, new Scope(inner));
  };
  const rest = (): void => {
    if (tried.thrown === undefined) {
      end = tried.mayHaveThrown && catchClause ? run.either([() => tried.value, caught]) : tried.value;
    } else if (catchClause) {
      end = caught();
    } else {
      thrown = tried.thrown;
    }
  };
  if (finallyBlock) {
    // What the block at the end leaves by takes the place of everything before.
    const after = run.guarded(rest);
    thrown ??= after.thrown;
    const last = block(run, finallyBlock.statements, new Scope(scope));
    if (last) return last;
    if (after.mayHaveThrown && !after.thrown) run.unknown();
  } else {
    rest();
  }
  if (tried.mayHaveThrown && !catchClause && !thrown) run.unknown();
  if (thrown) throw run.raised(thrown);
  return end;
}

function bindUnknown(name: ts.BindingName, scope: Scope): void {
  if (ts.isIdentifier(name)) {
    scope.declare(name.text, true, false, UNKNOWN);
    return;
  }
  for (const element of name.elements) if (!ts.isOmittedExpression(element)) bindUnknown(element.name, scope);
}

function choice(run: Run, node: ts.SwitchStatement, scope: Scope): Completion {
  const value = run.evaluate(node.expression, scope);
  const inner = new Scope(scope);
  const { clauses } = node.caseBlock;
  declareBlock(
    run,
    clauses.flatMap(({ statements }) => [...statements]),
    inner,
  );
  let start: number | undefined = clauses.findIndex(ts.isDefaultClause);
  for (const [index, clause] of clauses.entries()) {
    if (!ts.isCaseClause(clause)) continue;
    const same = isSame(value, run.evaluate(clause.expression, inner));
    if (same === true) {
      start = index;
      break;
    }
    if (same === undefined) {
      start = undefined;
      break;
    }
  }
  if (start === undefined) {
    const end = run.inside(() =>
      run.either([
        ...clauses.map(
          ({ statements }) =>
            () =>
              runStatements(run, statements, inner),
        ),
        () => undefined,
      ]),
    );
    return end?.kind === 'break' && end.label === undefined ? undefined : end;
  }
  if (start < 0) return undefined;
  const end = runStatements(
    run,
    clauses.slice(start).flatMap(({ statements }) => [...statements]),
    inner,
  );
  return end?.kind === 'break' && end.label === undefined ? undefined : end;
}

function counted(run: Run, node: ts.ForStatement, scope: Scope): Completion {
  const inner = new Scope(scope);
  const { initializer, condition: goesOn, incrementor } = node;
  if (initializer && ts.isVariableDeclarationList(initializer)) {
    declareList(initializer, inner);
    variables(run, initializer, inner);
  } else if (initializer) {
    run.evaluate(initializer, inner);
  }
  return loop(
    run,
    node,
    () => (goesOn ? truth(run.evaluate(goesOn, inner)) : true),
    () => {
      const end = runStatement(run, node.statement, inner);
      if (incrementor && (end === undefined || end.kind === 'continue')) run.evaluate(incrementor, inner);
      return end;
    },
  );
}

function declareList(list: ts.VariableDeclarationList, scope: Scope): void {
  if ((list.flags & ts.NodeFlags.BlockScoped) === 0) return;
  const isConstant = (list.flags & ts.NodeFlags.Const) !== 0;
  const declare = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) scope.declare(name.text, false, isConstant);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) declare(element.name);
  };
  for (const { name } of list.declarations) declare(name);
}

function forEach(run: Run, node: ts.ForInOrOfStatement, scope: Scope): Completion {
  const { initializer } = node;
  const head = new Scope(scope);
  if (ts.isVariableDeclarationList(initializer)) declareList(initializer, head);
  const value = run.evaluate(node.expression, head);
  const isWaiting = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
  const elements =
    ts.isForOfStatement(node) && !isWaiting
      ? elementsOf(run, node.expression, value, node.expression.getText())
      : keysOf(value);
  if (isWaiting) run.waited();
  const once = (element: Value): Completion => {
    const inner = new Scope(scope);
    if (ts.isVariableDeclarationList(initializer)) {
      declareList(initializer, inner);
      for (const { name } of initializer.declarations) bind(run, name, element, inner);
    } else {
      assign(run, initializer, inner)(element);
    }
    return runStatement(run, node.statement, inner);
  };
  if (!elements) {
    return run.inside(() =>
      leaving(run.either([() => once(ts.isForInStatement(node) ? SOME_STRING : UNKNOWN), () => undefined])),
    );
  }
  let index = 0;
  return loop(
    run,
    node,
    () => index < elements.length,
    () => once(elements[index++] ?? UNKNOWN),
  );
}

/** Of an object without a prototype of its own. */
function keysOf(value: Value): readonly Value[] | undefined {
  if (!isThing(value) || value.isOpen || value.of || value.isFunction) return undefined;
  return value.elements
    ? value.elements.map((_, index) => primitive(String(index)))
    : [...value.properties.keys()].map(primitive);
}

/** `break` and `continue` without a label are over with the loop. */
function leaving(end: Completion): Completion {
  return end === undefined || end.kind === 'return' || end.label !== undefined ? end : undefined;
}

function loop(
  run: Run,
  node: ts.IterationStatement,
  goesOn: () => boolean | undefined,
  body: () => Completion,
): Completion {
  if (isEndless(node) && run.isCertain) {
    run.recordEndless({ node, message: 'this loop never ends', kind: 'endless' });
    return undefined;
  }
  return run.inside(() => {
    for (;;) {
      run.step();
      const isOn = goesOn();
      if (isOn === false) return undefined;
      if (isOn === undefined || run.mayHaveLeft) return leaving(run.either([body, () => undefined]));
      const end = body();
      if (end?.kind === 'break' || end?.kind === 'return') return leaving(end);
      if (end?.kind === 'continue' && end.label !== undefined && !isLabelOf(node, end.label)) return end;
    }
  });
}

function isLabelOf(node: ts.Node, label: string): boolean {
  const { parent } = node;
  return ts.isLabeledStatement(parent) && (parent.label.text === label || isLabelOf(parent, label));
}

/** Nothing in it leaves it, and it asks for nothing that could end. */
function isEndless(node: ts.IterationStatement): boolean {
  const asked = ts.isForStatement(node)
    ? node.condition
    : ts.isWhileStatement(node) || ts.isDoStatement(node)
      ? node.expression
      : undefined;
  const isOn =
    ts.isForStatement(node) && !asked
      ? true
      : asked?.kind === SyntaxKind.TrueKeyword || (asked && ts.isNumericLiteral(asked) && asked.text !== '0');
  return isOn === true && !canLeave(node.statement);
}

function canLeave(node: ts.Node): boolean {
  const isWay =
    ts.isBreakOrContinueStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isPropertyAccessExpression(node);
  return isWay || (ts.forEachChild(node, (child) => canLeave(child) || undefined) ?? false);
}
