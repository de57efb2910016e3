import type ts from 'typescript';
import { getMember, methodOf } from './objects.ts';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  SOME_STRING,
  UNKNOWN,
  type Key,
  type Primitive,
  type Unknown,
  type Value,
} from './values.ts';

export type Hint = 'default' | 'number' | 'string';

/** What an object is as a primitive: it may say so itself. */
export function toPrimitive(run: Run, node: ts.Node, value: Value, hint: Hint): Primitive | Unknown {
  if (!isThing(value)) {
    if (value.kind === 'unknown') run.unknown();
    return value;
  }
  const own = methodOf(run, node, value, 'toPrimitive');
  if (own === undefined) return UNKNOWN;
  if (own !== null) {
    const result = run.call(own, { node, self: value, args: [primitive(hint)], isNew: false });
    if (isThing(result)) run.fail(node, 'an object says that it is an object as a primitive');
    return result;
  }
  const order = hint === 'string' ? ['toString', 'valueOf'] : ['valueOf', 'toString'];
  for (const name of order) {
    const method = getMember(run, node, value, name, 'this');
    if (method === UNKNOWN || (isThing(method) && !method.isFunction && method.isOpen)) return UNKNOWN;
    if (!isThing(method) || !method.isFunction) continue;
    const result = run.call(method, { node, self: value, args: [], isNew: false });
    if (!isThing(result)) return result;
    if (result.isOpen && result.hasEscaped) return UNKNOWN;
  }
  return run.fail(node, 'an object cannot be made a primitive');
}

/** As a text: what templates and `String()` do. */
export function toText(run: Run, node: ts.Node, value: Value): Primitive {
  const known = toPrimitive(run, node, value, 'string');
  if (known.kind === 'unknown') return SOME_STRING;
  if (known.type === 'symbol') run.fail(node, 'a symbol is no text');
  return textOf(known);
}

/** Of a primitive that is no symbol. */
export function textOf({ type, value }: Primitive): Primitive {
  if (type === 'undefined' || type === 'null') return primitive(type);
  if (value === undefined || typeof value === 'symbol') return SOME_STRING;
  return primitive(String(value));
}

/** The name of the member that is asked for with `[value]`; undefined when it is not known. */
export function toKey(run: Run, node: ts.Node, value: Value): Key | undefined {
  const known = toPrimitive(run, node, value, 'string');
  if (!isPrimitive(known)) return undefined;
  if (known.type === 'symbol') return typeof known.value === 'symbol' ? known.value : undefined;
  const text = textOf(known).value;
  return typeof text === 'string' ? text : undefined;
}
