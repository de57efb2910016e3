import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { defineField, isDecorated, isStatic } from './classes.ts';
import { disposing } from './disposal.ts';
import { sharedOf } from './functionKinds.ts';
import { argumentsOf, bodyScope, declareBody, declareParameters } from './functions.ts';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type ClassCode,
  type Frame,
  type Key,
  type Value,
  Scope,
} from './values.ts';

/** Makes an instance of a class of a source, as `new` does. */
export function instantiate(run: Run, made: Thing, code: ClassCode, call: Call): Value {
  const target = call.target ?? made;
  return run.calling<Value>(made, call, UNKNOWN, () =>
    code.base === undefined ? ofItsOwn(run, code, target, call) : derived(run, made, code, target, call),
  );
}

/** Of a class that extends nothing. */
function ofItsOwn(run: Run, code: ClassCode, target: Value, call: Call): Value {
  const instance = new Thing(sharedOf(run, call.node, target));
  initialize(run, code, instance);
  const result = runConstructor(run, code, call, { self: instance, home: code.shared, target });
  return isThing(result) ? result : instance;
}

/** Of a class that extends another one: there is no instance before `super()` makes it. */
function derived(run: Run, made: Thing, code: ClassCode, target: Value, call: Call): Value {
  // It may extend something else by now.
  const { base: written } = code;
  const isOther = written !== undefined && isThing(written) && made.proto !== written;
  const base: Value = (isOther ? made.proto : written) ?? UNKNOWN;
  const frame: Frame = {
    self: undefined,
    home: code.shared,
    target,
    construct: ({ node, args, isOpenEnded }) => {
      if (isPrimitive(base)) run.fail(node, 'a class that extends null has no super()');
      const given = { self: UNDEFINED, args, isNew: true, target, ...(isOpenEnded && { isOpenEnded }) };
      const instance = run.call(base, { node, ...given });
      if (frame.self !== undefined)
        run.fail(node, 'super() is called a second time', 'type', 'ReferenceError');
      frame.self = instance;
      if (isThing(instance)) initialize(run, code, instance);
      else escapeFields(run, code);
      return instance;
    },
  };
  const maker = constructorOf(code);
  if (!maker) {
    withFrame(run, frame, () => frame.construct?.(call));
    return frame.self ?? UNKNOWN;
  }
  const result = runConstructor(run, code, call, frame);
  if (isThing(result)) return result;
  if (isPrimitive(result) && result.type !== 'undefined')
    run.fail(call.node, 'the constructor of a class that extends another one gives no object');
  if (frame.self === undefined && run.isCertain)
    run.fail(call.node, 'the constructor does not call super()', 'type', 'ReferenceError');
  return frame.self ?? UNKNOWN;
}

/** Of an instance that nobody knows. */
function escapeFields(run: Run, code: ClassCode): void {
  const stand = new Thing();
  stand.isOpen = true;
  initialize(run, code, stand);
}

/** Gives an instance its fields. */
function initialize(run: Run, { node, scope, keys, hidden, shared }: ClassCode, instance: Thing): void {
  for (const [key, property] of hidden) {
    refuseSecond(run, node, instance, key);
    instance.properties.set(key, { ...property });
  }
  withFrame(run, { self: instance, home: shared, target: UNDEFINED }, () => {
    for (const member of node.members) {
      if (!ts.isPropertyDeclaration(member) || isStatic(member) || isErased(member)) continue;
      const value = member.initializer ? run.evaluate(member.initializer, scope) : UNDEFINED;
      refuseSecond(run, member, instance, keys.get(member));
      defineField(run, member, instance, keys.get(member), value);
    }
  });
  const isOpaque = node.members.some((member) => isDecorated(member) && !isStatic(member));
  if (isOpaque) loseMembers(run, instance);
}

/** An object gets the private members of a class once. */
function refuseSecond(run: Run, member: ts.Node, instance: Thing, key: Key | undefined): void {
  const isPrivate = !ts.isPropertyDeclaration(member) || ts.isPrivateIdentifier(member.name);
  if (isPrivate && key !== undefined && instance.properties.has(key))
    run.fail(member, 'this object has the private members of the class already');
}

/** What decorators do with an instance is not followed. */
function loseMembers(run: Run, instance: Thing): void {
  instance.isOpen = true;
  instance.proto = undefined;
  for (const property of instance.properties.values()) {
    run.escape(property.value);
    property.value = UNKNOWN;
  }
}

function constructorOf({ node }: ClassCode): ts.ConstructorDeclaration | undefined {
  return node.members.find(
    (member): member is ts.ConstructorDeclaration =>
      ts.isConstructorDeclaration(member) && member.body !== undefined,
  );
}

function runConstructor(run: Run, code: ClassCode, call: Call, frame: Frame): Value {
  const maker = constructorOf(code);
  const { body } = maker ?? {};
  if (!maker || !body) return UNDEFINED;
  const scope = new Scope(code.scope);
  return withFrame(run, withParameters(run, maker, frame, scope), () => {
    scope.declare('arguments', true, false, argumentsOf(run, call));
    declareParameters(run, maker.parameters, call, scope);
    if (frame.self !== undefined && isThing(frame.self)) setParameters(run, maker, frame.self, scope);
    const inner = bodyScope(maker, scope);
    declareBody(run, body.statements, body, inner);
    const end = disposing(run, inner, () => run.statements(body.statements, inner));
    if (run.mayHaveLeft) return UNKNOWN;
    return end?.kind === 'return' ? end.value : UNDEFINED;
  });
}

/** `constructor(public name)`: the fields get their values as soon as there is an instance. */
function withParameters(run: Run, maker: ts.ConstructorDeclaration, frame: Frame, scope: Scope): Frame {
  const { construct } = frame;
  if (!construct) return frame;
  const own: Frame = {
    home: frame.home ?? new Thing(),
    target: frame.target,
    get self() {
      return frame.self;
    },
    set self(value) {
      frame.self = value;
    },
    construct: (call) => {
      const instance = construct(call);
      if (isThing(instance)) setParameters(run, maker, instance, scope);
      return instance;
    },
  };
  return own;
}

function setParameters(run: Run, maker: ts.ConstructorDeclaration, instance: Thing, scope: Scope): void {
  for (const parameter of maker.parameters) {
    if (!ts.isParameterPropertyDeclaration(parameter, maker) || !ts.isIdentifier(parameter.name)) continue;
    const { text } = parameter.name;
    defineField(run, parameter, instance, text, scope.find(text)?.value ?? UNKNOWN);
  }
}

function withFrame<T>(run: Run, frame: Frame, work: () => T): T {
  const { frame: outer, give, journal } = run;
  run.frame = frame;
  run.give = undefined;
  run.journal = undefined;
  try {
    return work();
  } finally {
    run.frame = outer;
    run.give = give;
    run.journal = journal;
  }
}
