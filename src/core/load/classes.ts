import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { toKey } from './conversions.ts';
import { decorate } from './decorators.ts';
import { declareBody, isConstructor, makeFunction } from './functions.ts';
import { defineMember, getMember } from './objects.ts';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  SOME_NUMBER,
  SOME_STRING,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Frame,
  type Key,
  type Property,
  type Value,
  Scope,
} from './values.ts';

/** A class, after its base, its names, its decorators and its static parts have run. */
export function defineClass(run: Run, node: ts.ClassLikeDeclaration, scope: Scope): Value {
  const made = new Thing();
  const inner = new Scope(scope);
  const own = node.name && inner.declare(node.name.text, false, true, made);
  declarePrivates(node, inner);
  const decorators = decorate(run, node, scope);
  const base = baseOf(run, node, inner);
  const shared = inherit(run, node, made, base);
  const keys = new Map<ts.ClassElement, Key | undefined>();
  const hidden = new Map<Key, Property>();
  made.class = { node, scope: inner, base, keys, shared, hidden };
  made.properties.set('length', { value: SOME_NUMBER, isReadOnly: true, isHidden: true });
  made.properties.set('name', { value: nameOfClass(node), isReadOnly: true, isHidden: true });
  made.properties.set('prototype', { value: shared, isReadOnly: true, isFixed: true, isHidden: true });
  shared.properties.set('constructor', { value: made, isHidden: true });
  const ofMembers: ((value: Value) => Value)[] = [];
  for (const member of node.members) {
    if (isErased(member)) continue;
    const key = keyOf(run, member, inner);
    keys.set(member, key);
    ofMembers.push(decorate(run, member, inner));
    addMethod(run, { made, shared, hidden }, member, key, inner);
  }
  if (own) own.isReady = true;
  runStatics(run, made, node, keys, inner);
  for (const apply of ofMembers) apply(UNDEFINED);
  loseDecorated({ made, shared, hidden }, node, keys);
  return decorators(made);
}

function declarePrivates(node: ts.ClassLikeDeclaration, scope: Scope): void {
  for (const { name } of node.members) {
    if (name && ts.isPrivateIdentifier(name) && !scope.privates.has(name.text))
      scope.privates.set(name.text, Symbol(name.text));
  }
}

function nameOfClass({ name }: ts.ClassLikeDeclaration): Value {
  return name ? primitive(name.text) : SOME_STRING;
}

function baseOf(run: Run, node: ts.ClassLikeDeclaration, scope: Scope): Value | undefined {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  if (!type) return undefined;
  const base = run.evaluate(type.expression, scope);
  if (isPrimitive(base) && base.type === 'null') return base;
  if (isThing(base) && base.proxy) run.unknown();
  const isNone =
    isPrimitive(base) ||
    (isThing(base) &&
      ((base.code !== undefined && !isConstructor(base.code)) ||
        (base.native !== undefined && !base.native.isConstructor) ||
        (!base.isFunction && !base.isOpen && !base.proxy)));
  if (isNone) {
    const text = type.expression.getText();
    run.fail(type, `a class extends ${text.length > 40 ? 'this' : text}, which is no class`);
  }
  return base;
}

/** Makes what the instances share, and says what class and instances inherit from. */
function inherit(run: Run, node: ts.ClassLikeDeclaration, made: Thing, base: Value | undefined): Thing {
  made.proto = run.realm.proto('Function');
  if (base === undefined) return run.realm.plain();
  if (isPrimitive(base)) return new Thing(null);
  made.proto = isThing(base) ? base : undefined;
  const isKnown = isThing(base) && (base.class ?? base.code ?? base.native) !== undefined;
  const parent = isKnown ? getMember(run, node, base, 'prototype', 'this') : UNKNOWN;
  if (isPrimitive(parent) && parent.type !== 'null')
    run.fail(node, 'a class extends something whose prototype is no object');
  return new Thing(isThing(parent) ? parent : isPrimitive(parent) ? null : undefined);
}

/** Undefined where the text does not tell the name. */
function keyOf(run: Run, { name }: ts.ClassElement, scope: Scope): Key | undefined {
  if (!name) return undefined;
  if (ts.isPrivateIdentifier(name)) return scope.findPrivate(name.text);
  if (ts.isComputedPropertyName(name)) return toKey(run, name, run.evaluate(name.expression, scope));
  return name.text;
}

/** What a decorator makes of a member is not followed. */
function loseDecorated(
  { made, shared }: Owners,
  node: ts.ClassLikeDeclaration,
  keys: ReadonlyMap<ts.ClassElement, Key | undefined>,
): void {
  for (const member of node.members) {
    const key = keys.get(member);
    if (key === undefined || !isDecorated(member) || ts.isPrivateIdentifier(member.name ?? member)) continue;
    const { properties } = isStatic(member) ? made : shared;
    if (isStatic(member) || !ts.isPropertyDeclaration(member)) properties.set(key, { value: UNKNOWN });
  }
}

export function isDecorated(member: ts.ClassElement): boolean {
  return ts.canHaveDecorators(member) && (ts.getDecorators(member)?.length ?? 0) > 0;
}

interface Owners {
  readonly made: Thing;
  readonly shared: Thing;
  readonly hidden: Map<Key, Property>;
}

function addMethod(
  run: Run,
  { made, shared, hidden }: Owners,
  member: ts.ClassElement,
  key: Key | undefined,
  scope: Scope,
): void {
  if (!ts.isMethodDeclaration(member) && !ts.isAccessor(member)) return;
  const owner = isStatic(member) ? made : shared;
  if (isStatic(member) && key === 'prototype')
    run.fail(member, 'a class has no static member named prototype');
  if (key === undefined) {
    owner.isOpen = true;
    return;
  }
  if (!member.body) return;
  const isPrivate = member.name.kind === ts.SyntaxKind.PrivateIdentifier;
  const value = makeFunction(run, member, scope, owner);
  const places = isPrivate && !isStatic(member) ? hidden : owner.properties;
  places.set(key, propertyOf(member, value, places.get(key), isPrivate));
}

function propertyOf(
  member: ts.MethodDeclaration | ts.AccessorDeclaration,
  value: Thing,
  known: Property | undefined,
  isPrivate: boolean,
): Property {
  if (ts.isMethodDeclaration(member))
    return { value, isHidden: true, ...(isPrivate && { isReadOnly: true }) };
  const isGetter = ts.isGetAccessorDeclaration(member);
  const get = isGetter ? value : known?.get;
  const set = isGetter ? known?.set : value;
  return { value: UNDEFINED, isAccessor: true, isHidden: true, ...(get && { get }), ...(set && { set }) };
}

function runStatics(
  run: Run,
  made: Thing,
  node: ts.ClassLikeDeclaration,
  keys: ReadonlyMap<ts.ClassElement, Key | undefined>,
  scope: Scope,
): void {
  const outer = run.frame;
  const frame: Frame = { self: made, home: made, target: UNDEFINED };
  run.frame = frame;
  try {
    for (const member of node.members)
      if (!isErased(member)) runStatic(run, made, member, keys.get(member), scope);
  } finally {
    run.frame = outer;
  }
}

function runStatic(run: Run, made: Thing, member: ts.ClassElement, key: Key | undefined, scope: Scope): void {
  if (ts.isClassStaticBlockDeclaration(member)) {
    const inner = new Scope(scope);
    run.inside(undefined, () => {
      declareBody(run, member.body.statements, member.body, inner);
      run.statements(member.body.statements, inner);
    });
  } else if (ts.isPropertyDeclaration(member) && isStatic(member)) {
    const value = member.initializer ? run.evaluate(member.initializer, scope) : UNDEFINED;
    defineField(run, member, made, key, value);
  }
}

/** Gives a class or an instance a field. */
export function defineField(
  run: Run,
  node: ts.Node,
  object: Thing,
  key: Key | undefined,
  value: Value,
): void {
  if (key === undefined) {
    run.escape(value);
    object.isOpen = true;
    return;
  }
  const known = object.properties.get(key);
  if (known?.isFixed === true || (object.isSealed && !known && typeof key === 'string'))
    run.fail(node, 'this field cannot be defined');
  defineMember(run, object, key, { value });
}

export function isStatic(member: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}
