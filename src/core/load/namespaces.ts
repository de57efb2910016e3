import ts from 'typescript';
import { boundNames, enumMemberName, isErased } from '../source/declaredNames.ts';
import { argumentsOf, declareBody } from './functions.ts';
import { setMember } from './objects.ts';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  openObject,
  primitive,
  truth,
  SOME_NUMBER,
  type Thing,
  UNDEFINED,
  UNKNOWN,
  type Value,
  Scope,
} from './values.ts';

const { SyntaxKind } = ts;

/** TypeScript makes an object of it, which has the names by the numbers, too. */
export function enumeration(run: Run, node: ts.EnumDeclaration, scope: Scope): void {
  const { text } = node.name;
  const made = addedTo(run, node.name, scope);
  const inner = calledWith(run, made, scope);
  for (const [name, property] of isThing(made) ? made.properties : [])
    if (typeof name === 'string') inner.declare(name, true, false, property.value);
  for (const member of node.members) {
    const name = enumMemberName(member);
    if (name !== undefined && !inner.bindings.has(name)) inner.declare(name, true, false, UNKNOWN);
  }
  let next: Value = primitive(0);
  for (const member of node.members) {
    const value: Value = member.initializer ? run.evaluate(member.initializer, inner) : next;
    next = isPrimitive(value) && typeof value.value === 'number' ? primitive(value.value + 1) : SOME_NUMBER;
    const name = enumMemberName(member);
    if (name === undefined) {
      if (isThing(made)) made.isOpen = true;
      continue;
    }
    const kept = isThing(value) ? UNKNOWN : value;
    setMember(run, member.name, made, name, kept, text);
    inner.declare(name, true, false, kept);
    if (!isThing(made)) continue;
    if (!isPrimitive(value) || (value.type === 'number' && value.value === undefined)) made.isOpen = true;
    else if (value.type === 'number')
      setMember(run, member.name, made, String(value.value), primitive(name), text);
  }
}

/** What an enum or a namespace adds to: what its name has already, or an object where it has nothing. */
function addedTo(run: Run, name: ts.Identifier | ts.ModuleName, scope: Scope): Value {
  const binding = scope.find(name.text);
  const known = binding ? truth(binding.value) : false;
  if (binding && known === true) return binding.value;
  const made = known === undefined ? UNKNOWN : run.realm.plain();
  if (binding) run.set(binding, made);
  return made;
}

/** TypeScript makes a function of it, which runs at once and fills an object. */
export function namespace(run: Run, node: ts.ModuleDeclaration, scope: Scope): void {
  const { body, name } = node;
  const made = addedTo(run, name, scope);
  if (isPrimitive(made) && body && addsMembers(body)) setMember(run, name, made, 'name', UNKNOWN, name.text);
  fill(run, node, isThing(made) ? made : openObject(), scope);
}

function addsMembers(body: ts.ModuleBody): boolean {
  return !ts.isModuleBlock(body) || body.statements.some((each) => isExported(each) && !isErased(each));
}

/** What is inside of an enum or a namespace: the body of a function that gets the object. */
function calledWith(run: Run, made: Value, scope: Scope): Scope {
  const inner = new Scope(scope);
  inner.declare('arguments', true, false, argumentsOf(run, { args: [made] }));
  return inner;
}

function fill(run: Run, { body }: ts.ModuleDeclaration, made: Thing, scope: Scope): void {
  const inner = calledWith(run, made, scope);
  if (body && ts.isModuleDeclaration(body)) {
    const member = made.properties.get(body.name.text)?.value;
    const part = member && isThing(member) ? member : run.realm.plain();
    made.properties.set(body.name.text, { value: part });
    inner.declare(body.name.text, true, false, part);
    fill(run, body, part, inner);
    return;
  }
  if (!body || !ts.isModuleBlock(body)) return;
  for (const [name, { value, get }] of made.properties)
    if (typeof name === 'string') inner.declare(name, true, false, get ? UNKNOWN : value);
  const outer = run.frame;
  run.frame = { self: UNDEFINED, target: UNDEFINED };
  try {
    run.inside(undefined, () => {
      declareBody(run, body.statements, body, inner);
      // What is exported is a member of an object: undefined until it is set, and never missing.
      const exported = body.statements.filter(isExported);
      for (const statement of exported) expose(statement, inner);
      for (const statement of body.statements) {
        run.statements([statement], inner);
        if (isExported(statement)) keep(statement, made, inner);
      }
    });
  } finally {
    run.frame = outer;
  }
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
    for (const { text } of boundNames(name)) scope.declare(text, true, false, UNDEFINED);
  }
}

/** The object has what was exported; what is set later may be something else. */
function keep(statement: ts.Statement, made: Thing, scope: Scope): void {
  const names = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.flatMap(({ name }) => boundNames(name).map(({ text }) => text))
    : 'name' in statement && statement.name && ts.isIdentifier(statement.name as ts.Node)
      ? [(statement.name as ts.Identifier).text]
      : [];
  const isConstant =
    ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
  for (const name of names) {
    const value = scope.find(name)?.value ?? UNKNOWN;
    const isSettled = isConstant || (isThing(value) && value.isFunction);
    made.properties.set(name, { value: isSettled || isThing(value) ? value : UNKNOWN });
  }
}
