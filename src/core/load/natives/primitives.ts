import { toPrimitive, toText } from '../conversions.ts';
import { getMember } from '../objects.ts';
import { joined, toNumeric } from '../operators.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  knownPrimitive,
  primitive,
  SOME_BIGINT,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  truth,
  UNDEFINED,
  type Call,
  type Value,
} from '../values.ts';
import type { Handlers } from './handler.ts';
import { fromReal } from './real.ts';

/** What makes texts, numbers and the like of other values. */
export const PRIMITIVE_HANDLERS: Handlers = {
  String: (run, { node, args, isNew }) => {
    const [value] = args;
    if (isNew) return undefined;
    if (!value) return primitive('');
    if (isPrimitive(value) && value.type === 'symbol') return SOME_STRING;
    return toText(run, node, value);
  },
  Number: (run, { node, args, isNew }) => {
    const [value] = args;
    if (isNew) return undefined;
    if (!value) return primitive(0);
    const numeric = toNumeric(run, node, value);
    if (numeric.type === 'number') return numeric;
    return numeric.value === undefined ? SOME_NUMBER : primitive(Number(numeric.value));
  },
  Boolean: (_run, { args: [value = UNDEFINED], isNew }) => {
    if (isNew) return undefined;
    const is = truth(value);
    return is === undefined ? SOME_BOOLEAN : primitive(is);
  },
  Symbol: (run, { node, args: [description = UNDEFINED], isNew }) => {
    if (isNew) run.fail(node, 'Symbol is called without `new`');
    const text =
      isPrimitive(description) && description.type === 'undefined'
        ? undefined
        : toText(run, node, description);
    return primitive(typeof text?.value === 'string' ? Symbol(text.value) : Symbol());
  },
  BigInt: (run, { node, args: [value = UNDEFINED], isNew }) => {
    if (isNew) run.fail(node, 'BigInt is called without `new`');
    const known = toPrimitive(run, node, value, 'number');
    if (!isPrimitive(known)) return SOME_BIGINT;
    if (['undefined', 'null', 'symbol'].includes(known.type))
      run.fail(node, `BigInt() takes no ${known.type}`);
    const real = knownPrimitive(known);
    if (!real) {
      run.unknown();
      return SOME_BIGINT;
    }
    return undefined;
  },
  'Symbol.prototype.toString': (_run, { self }) =>
    isPrimitive(self) && typeof self.value === 'symbol' ? primitive(self.value.toString()) : undefined,
  'Symbol.prototype.description': (run, { self }) =>
    isPrimitive(self) && typeof self.value === 'symbol'
      ? fromReal(run, self.value.description, 0)
      : undefined,
  'Math.random': () => SOME_NUMBER,
  'Date.now': () => primitive(0),
  Date: (run, { args, isNew }) => {
    if (!isNew) return SOME_STRING;
    if (args.length > 0) return undefined;
    return fromReal(run, new Date(0), 0);
  },
  'Performance.prototype.now': () => SOME_NUMBER,
  'Date.prototype.@toPrimitive': () => undefined,
  'String.raw': raw,
  ...Object.fromEntries(
    ['startsWith', 'endsWith', 'includes'].map((name) => [`String.prototype.${name}`, refusePattern]),
  ),
  'String.prototype.match': (run, call) => matched(run, call, 'match'),
  'String.prototype.search': (run, call) => matched(run, call, 'search'),
  'String.prototype.matchAll': (run, call) => all(run, call),
  'String.prototype.replaceAll': (run, call) => {
    refuseNotGlobal(run, call);
    return replaced(run, call);
  },
  'String.prototype.replace': replaced,
  'RegExp.prototype.test': (run, call) => tested(run, call),
  'RegExp.prototype.exec': (run, call) => tested(run, call, true),
};

/** Only patterns that cannot take long are tried for real. */
function tested(
  run: Run,
  { node, self, args: [value = UNDEFINED] }: Call,
  isExec = false,
): Value | undefined {
  if (isPrimitive(self)) run.fail(node, 'this is no regular expression');
  if (isThing(self) && self.brand !== 'RegExp' && !self.isOpen)
    run.fail(node, 'this is no regular expression');
  const text = toText(run, node, value).value;
  const host = isThing(self) ? self.host : undefined;
  if (!(host instanceof RegExp) || typeof text !== 'string' || !isQuick(host, text))
    return isExec ? undefined : SOME_BOOLEAN;
  run.step(text.length / 50);
  return fromReal(run, isExec ? host.exec(text) : host.test(text), 0);
}

/** So many ways to try are few. */
const MOST_WAYS = 1_000_000;

/** It keeps nothing, and what can be repeated in it is not repeated again as a whole. */
function isQuick({ source, flags }: RegExp, text: string): boolean {
  if (!/^[iu]*$/.test(flags) || /\)[*+?{]|\(\?[<=!]?[=!]|\\[1-9k]/.test(source)) return false;
  const repeated = source.match(/[*+?{]/g)?.length ?? 0;
  return (text.length + 1) ** (repeated + 1) <= MOST_WAYS;
}

/** Those that look for a text take no pattern. */
function refusePattern(run: Run, { node, args: [sought = UNDEFINED] }: Call): undefined {
  if (isThing(sought) && sought.brand === 'RegExp')
    run.fail(node, 'this takes a text and no regular expression');
  return undefined;
}

function raw(run: Run, { node, args: [strings = UNDEFINED, ...values] }: Call): Value | undefined {
  const texts = getMember(run, node, strings, 'raw', 'what String.raw() is given');
  if (isNothing(texts)) run.fail(node, `String.raw() is given ${texts.type}`);
  if (!isThing(texts) || !texts.elements) return undefined;
  let whole = primitive('');
  for (const [index, text] of texts.elements.entries()) {
    const value = index > 0 ? values[index - 1] : undefined;
    if (value) whole = joined(run, whole, toText(run, node, value));
    whole = joined(run, whole, toText(run, node, text ?? UNDEFINED));
  }
  return whole;
}

function matched(
  run: Run,
  { self, args: [pattern = UNDEFINED] }: Call,
  name: 'match' | 'search',
): Value | undefined {
  const host = isThing(pattern) ? pattern.host : undefined;
  if (
    host instanceof RegExp &&
    isPrimitive(self) &&
    typeof self.value === 'string' &&
    isQuick(host, self.value)
  )
    return fromReal(run, name === 'match' ? self.value.match(host) : self.value.search(host), 0);
  const text = isPrimitive(self) ? self.value : undefined;
  const sought = isPrimitive(pattern) ? pattern.value : undefined;
  // A plain word means itself.
  if (typeof text !== 'string' || typeof sought !== 'string' || !/^[\w -]*$/.test(sought)) return undefined;
  return name === 'search' ? primitive(text.search(sought)) : fromReal(run, text.match(sought), 0);
}

function all(run: Run, call: Call): undefined {
  refuseNotGlobal(run, call);
  return undefined;
}

/** Those that do something for all matches take no pattern that stops at the first one. */
function refuseNotGlobal(run: Run, { node, args: [pattern = UNDEFINED] }: Call): void {
  const host = isThing(pattern) ? pattern.host : undefined;
  if (host instanceof RegExp && !host.flags.includes('g'))
    run.fail(node, 'this takes a regular expression with the flag g');
}

function replaced(
  run: Run,
  { node, self, args: [pattern = UNDEFINED, replacement = UNDEFINED] }: Call,
): Value | undefined {
  if (isThing(pattern) && !pattern.host) return undefined;
  if (isPrimitive(pattern) && isPrimitive(replacement)) return undefined;
  if (isPrimitive(replacement)) toText(run, node, replacement);
  else run.escape(replacement);
  return isPrimitive(self) ? SOME_STRING : undefined;
}
