import type ts from 'typescript';
import { toText } from '../conversions.ts';
import { getMember, ownKeys } from '../objects.ts';
import { LONGEST_TEXT } from '../operators.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  primitive,
  SOME_STRING,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Thing,
  type Value,
} from '../values.ts';
import type { Handlers } from './handler.ts';
import { fromReal, toReal } from './real.ts';

export const JSON_HANDLERS: Handlers = {
  'JSON.parse': parse,
  'JSON.stringify': stringify,
};

function parse(run: Run, { node, args: [value = UNDEFINED, reviver = UNDEFINED] }: Call): Value | undefined {
  const { value: text } = toText(run, node, value);
  if (typeof text !== 'string' || text.length > LONGEST_TEXT) return undefined;
  run.step(1 + text.length / 50);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    run.fail(node, 'JSON.parse() is given no JSON', 'type', 'SyntaxError');
  }
  if (isThing(reviver) && reviver.isFunction) {
    run.call(reviver, { node, self: UNKNOWN, args: [UNKNOWN, UNKNOWN], isNew: false });
    return UNKNOWN;
  }
  return isPrimitive(reviver) ? fromReal(run, parsed, 0) : undefined;
}

function stringify(run: Run, { node, args }: Call): Value | undefined {
  const [value = UNDEFINED, replacer = UNDEFINED, indent = UNDEFINED] = args;
  if (isThing(replacer) && replacer.isFunction) {
    const holder = run.realm.plain();
    run.call(replacer, { node, self: holder, args: [primitive(''), value], isNew: false });
    for (const argument of args) run.escape(argument);
    return UNKNOWN;
  }
  if (!isNothing(replacer) || !isPrimitive(indent)) return undefined;
  const kind = serialized(run, node, value, []);
  const real = kind === 'text' ? toReal(value) : undefined;
  if (real) return fromReal(run, JSON.stringify(real.is), 0);
  if (kind === 'unknown') return run.unknown();
  return kind === 'text' ? SOME_STRING : UNDEFINED;
}

/** Does what is done with a value that becomes text, and says whether it becomes any. */
function serialized(
  run: Run,
  node: ts.Node,
  value: Value,
  around: readonly Thing[],
): 'text' | 'nothing' | 'unknown' {
  run.step();
  if (isThing(value) && around.includes(value))
    run.fail(node, 'JSON.stringify() is given an object that contains itself');
  if (!isPrimitive(value) && !isThing(value)) return 'unknown';
  if (isPrimitive(value) && value.type === 'bigint') {
    const method = getMember(run, node, value, 'toJSON', 'this');
    if (isNothing(method)) run.fail(node, 'JSON.stringify() is given a bigint');
    return 'unknown';
  }
  if (isPrimitive(value)) return value.type === 'undefined' || value.type === 'symbol' ? 'nothing' : 'text';
  const own = getMember(run, node, value, 'toJSON', 'this');
  if (isThing(own) && own.isFunction) {
    const result = run.call(own, { node, self: value, args: [primitive('')], isNew: false });
    return isThing(result) ? 'unknown' : serialized(run, node, result, around);
  }
  if (!isPrimitive(own)) return 'unknown';
  if (value.isFunction) return 'nothing';
  const keys = value.host ? [] : ownKeys(value);
  if (!keys) {
    run.escape(value);
    return 'unknown';
  }
  let isKnown = true;
  for (const key of keys) {
    const member = getMember(run, node, value, key, 'this');
    isKnown = serialized(run, node, member, [...around, value]) !== 'unknown' && isKnown;
  }
  return isKnown ? 'text' : 'unknown';
}
