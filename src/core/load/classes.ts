import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { declareBody, declareParameters, isConstructor, makeFunction } from './functions.ts';
import { setMember } from './members.ts';
import type { Run } from './run.ts';
import { isPrimitive, isThing, Thing, UNDEFINED, UNKNOWN, type Call, type Value, Scope } from './values.ts';

/** A class, after its base, its names, its decorators and its static parts have run. */
export function defineClass(run: Run, node: ts.ClassLikeDeclaration, scope: Scope): Thing {
  const made = new Thing();
  const inner = new Scope(scope);
  const own = node.name && inner.declare(node.name.text, false, true, made);
  decorate(run, node, scope);
  const base = baseOf(run, node, ts.isClassDeclaration(node) ? scope : inner);
  made.class = { node, scope: inner, base };
  const shared = new Thing();
  shared.isOpen = true;
  made.shared = shared;
  made.properties.set('prototype', { value: shared });
  const keys = new Map<ts.ClassElement, string | undefined>();
  for (const member of node.members) {
    if (isErased(member)) continue;
    keys.set(member, keyOf(run, member, inner));
    decorate(run, member, inner);
    addMethod(run, made, member, keys.get(member), inner);
  }
  if (own) own.isReady = true;
  const outerSelf = run.self;
  run.self = made;
  try {
    for (const member of node.members)
      if (!isErased(member)) runStatic(run, made, member, keys.get(member), inner);
  } finally {
    run.self = outerSelf;
  }
  return made;
}

function decorate(run: Run, node: ts.Node, scope: Scope): void {
  if (!ts.canHaveDecorators(node)) return;
  for (const { expression } of ts.getDecorators(node) ?? []) {
    const decorator = run.evaluate(expression, scope);
    const result = run.call(decorator, {
      node: expression,
      self: UNDEFINED,
      args: [UNKNOWN, UNKNOWN],
      isNew: false,
    });
    const isNothing = isPrimitive(result) && result.type === 'undefined';
    if (isPrimitive(result) && !isNothing)
      run.fail(expression, 'this decorator gives something else than a function');
  }
}

function baseOf(run: Run, node: ts.ClassLikeDeclaration, scope: Scope): Value | undefined {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  if (!type) return undefined;
  const base = run.evaluate(type.expression, scope);
  if (isPrimitive(base) && base.type === 'null') return UNKNOWN;
  const isNone =
    isPrimitive(base) ||
    (isThing(base) &&
      ((base.code !== undefined && !isConstructor(base.code)) ||
        (base.native !== undefined && (!base.native.isConstructor || base.native.name === 'Proxy')) ||
        (!base.isFunction && !base.isOpen)));
  if (isNone) {
    const text = type.expression.getText();
    run.fail(type, `a class extends ${text.length > 40 ? 'this' : text}, which is no class`);
  }
  return base;
}

/** Undefined where the text does not tell the name. */
function keyOf(run: Run, { name }: ts.ClassElement, scope: Scope): string | undefined {
  if (!name) return undefined;
  if (!ts.isComputedPropertyName(name)) return name.text;
  const key = run.evaluate(name.expression, scope);
  return isPrimitive(key) && key.value !== undefined ? String(key.value) : undefined;
}

function addMethod(
  run: Run,
  made: Thing,
  member: ts.ClassElement,
  key: string | undefined,
  scope: Scope,
): void {
  const owner = isStatic(member) ? made : made.shared;
  if (!owner) return;
  const isMethod = ts.isMethodDeclaration(member) || ts.isAccessor(member);
  if (!isMethod) return;
  if (key === undefined) {
    made.isOpen = true;
    made.hasEscaped = true;
    return;
  }
  if (!member.body) return;
  const value = makeFunction(run, member, scope);
  const known = owner.properties.get(key);
  if (ts.isGetAccessorDeclaration(member))
    owner.properties.set(key, { ...(known?.set && { set: known.set }), value: UNDEFINED, get: value });
  else if (ts.isSetAccessorDeclaration(member))
    owner.properties.set(key, { ...(known?.get && { get: known.get }), value: UNDEFINED, set: value });
  else owner.properties.set(key, { value });
}

function runStatic(
  run: Run,
  made: Thing,
  member: ts.ClassElement,
  key: string | undefined,
  scope: Scope,
): void {
  if (ts.isClassStaticBlockDeclaration(member)) {
    const inner = new Scope(scope);
    run.inside(() => {
      declareBody(run, member.body.statements, member.body, inner);
      run.statements(member.body.statements, inner);
    });
  } else if (ts.isPropertyDeclaration(member) && isStatic(member)) {
    const value = member.initializer ? run.evaluate(member.initializer, scope) : UNDEFINED;
    if (key === undefined) {
      run.escape(value);
      made.isOpen = true;
    } else {
      made.properties.set(key, { value });
    }
  }
}

/** Makes an instance, as `new` does. */
export function instantiate(run: Run, made: Thing, call: Call): Value {
  const instance = new Thing();
  instance.of = made;
  construct(run, made, instance, call);
  return instance;
}

function construct(run: Run, made: Thing, instance: Thing, call: Call): void {
  const code = made.class;
  if (!code) return;
  const { node, scope, base } = code;
  if (base !== undefined) {
    // What a base class that is not of the sources does is not known.
    if (isThing(base) && base.class)
      construct(run, base, instance, { ...call, args: call.args.map(() => UNKNOWN) });
    else {
      instance.isOpen = true;
      if (isThing(base) && base.native) run.call(base, { ...call, isNew: true });
    }
  }
  const outerSelf = run.self;
  run.self = instance;
  try {
    run.inside(() => {
      for (const member of node.members) addField(run, instance, member, scope);
      const maker = node.members.find(
        (member): member is ts.ConstructorDeclaration =>
          ts.isConstructorDeclaration(member) && member.body !== undefined,
      );
      if (!maker?.body) return;
      const inner = new Scope(scope);
      inner.declare('arguments', true, false, UNKNOWN);
      declareParameters(run, maker.parameters, call.args, inner);
      for (const parameter of maker.parameters) {
        if (!ts.isParameterPropertyDeclaration(parameter, maker) || !ts.isIdentifier(parameter.name))
          continue;
        setMember(
          run,
          parameter,
          instance,
          parameter.name.text,
          inner.find(parameter.name.text)?.value ?? UNKNOWN,
          'this',
        );
      }
      declareBody(run, maker.body.statements, maker.body, inner);
      const end = run.statements(maker.body.statements, inner);
      if (end?.kind === 'return') instance.isOpen = true;
    });
  } finally {
    run.self = outerSelf;
  }
}

function addField(run: Run, instance: Thing, member: ts.ClassElement, scope: Scope): void {
  if (!ts.isPropertyDeclaration(member) || isStatic(member) || isErased(member)) return;
  const { name } = member;
  const value = member.initializer ? run.evaluate(member.initializer, scope) : UNDEFINED;
  if (ts.isComputedPropertyName(name)) {
    run.escape(value);
    instance.isOpen = true;
  } else {
    instance.properties.set(name.text, { value });
  }
}

function isStatic(member: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}
