import type ts from 'typescript';
import type { Run } from './run.ts';
import { isPrimitive, isThing, named, primitive, type Property, type Value, type Scope } from './values.ts';

/** `object.#name`. */
export function getPrivate(run: Run, node: ts.Node, object: Value, name: string, scope: Scope): Value {
  const property = find(run, node, object, name, scope);
  if (!property) return run.unknown();
  if (property.get) return run.call(property.get, { node, self: object, args: [], isNew: false });
  if (property.isAccessor === true) run.fail(node, `${name} has a setter and no getter`);
  return property.value;
}

/** `object.#name = value`. */
export function setPrivate(
  run: Run,
  node: ts.Node,
  object: Value,
  name: string,
  value: Value,
  scope: Scope,
): void {
  const property = find(run, node, object, name, scope);
  if (!property) {
    run.escape(value);
    run.unknown();
  } else if (property.set) {
    run.call(property.set, { node, self: object, args: [value], isNew: false });
  } else if (property.isAccessor === true || property.isReadOnly === true) {
    run.fail(node, `${name} cannot be set`);
  } else {
    run.changes += 1;
    if (isThing(object) && object.hasEscaped) run.escape(value);
    property.value = run.isCertain && !(isThing(object) && object.hasEscaped) ? value : run.unknown();
  }
}

/** `#name in object`. */
export function hasPrivate(run: Run, node: ts.Node, object: Value, name: string, scope: Scope): Value {
  if (isPrimitive(object)) run.fail(node, `\`in\` asks ${named(object)}, which has no members`);
  const key = scope.findPrivate(name);
  if (!isThing(object) || object.isOpen || key === undefined) return { kind: 'primitive', type: 'boolean' };
  return primitive(object.properties.has(key));
}

/** Undefined when it is not known whether there is one. */
function find(run: Run, node: ts.Node, object: Value, name: string, scope: Scope): Property | undefined {
  const key = scope.findPrivate(name);
  if (key === undefined) return undefined;
  if (isPrimitive(object)) run.fail(node, `${named(object)} has no ${name}`);
  if (!isThing(object)) return undefined;
  const property = object.properties.get(key);
  if (property || object.isOpen) return property;
  return run.fail(node, `${name} is asked of an object that its class did not make`);
}
