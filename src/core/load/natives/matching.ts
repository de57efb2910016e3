import type ts from 'typescript';
import { toText } from '../conversions.ts';
import { getMember } from '../objects.ts';
import type { Run } from '../run.ts';
import { isNothing, isPrimitive, isThing, knownPrimitive, UNDEFINED, type Value } from '../values.ts';
import type { Handlers } from './handler.ts';
import { isSelector } from './selectors.ts';
import { isMalformed, isRelative } from './urlPatterns.ts';

/** What is given patterns of URLs, or selectors. */
export const MATCHING_HANDLERS: Handlers = {
  URLPattern: (run, { node, args: [input, base] }) => {
    if (isThing(input ?? UNDEFINED)) checkParts(run, node, input ?? UNDEFINED);
    else if (input && isPrimitive(input) && !isNothing(input))
      checkWhole(run, node, input, base ?? UNDEFINED);
    return run.realm.instance('URLPattern');
  },
  'HTMLRewriter.prototype.on': (run, { node, self, args: [selector, handlers] }) => {
    const given = selector ?? run.fail(node, 'on() is given no selector');
    const text = toText(run, node, given).value;
    if (typeof text === 'string' && isSelector(text) === false) run.fail(node, 'this selector is not taken');
    takeHandlers(run, node, handlers, ['element', 'comments', 'text']);
    return self;
  },
  'HTMLRewriter.prototype.onDocument': (run, { node, self, args: [handlers] }) => {
    takeHandlers(run, node, handlers, ['doctype', 'comments', 'text', 'end']);
    return self;
  },
};

const PARTS: readonly string[] = [
  'protocol',
  'username',
  'password',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
];

function checkParts(run: Run, node: ts.Node, input: Value): void {
  if (!isThing(input) || input.isOpen || input.proxy || input.brand !== undefined) return;
  for (const name of [...PARTS, 'baseURL']) {
    const value = getMember(run, node, input, name, 'this');
    const known = isPrimitive(value) && value.type !== 'undefined' ? knownPrimitive(value) : undefined;
    if (!known || typeof known.is === 'symbol') continue;
    const text = withoutSign(name, String(known.is));
    const isBad = name === 'baseURL' ? !URL.canParse(text) : isMalformed(text) || isNone(name, text);
    if (isBad) run.fail(node, `this ${name} is no pattern`);
  }
}

/** The sign between two parts may be there. */
function withoutSign(name: string, text: string): string {
  if (name === 'protocol') return text.replace(/:$/, '');
  return name === 'search' || name === 'hash' ? text.replace(name === 'hash' ? /^#/ : /^\?/, '') : text;
}

/** Without anything that stands for something else it has to be such a part itself. */
function isNone(name: string, text: string): boolean {
  if (!/^[\w /.-]+$/.test(text)) return false;
  switch (name) {
    case 'protocol':
      return !/^[a-z]/i.test(text) || /[ /]/.test(text);
    case 'hostname':
      return /[ /]/.test(text);
    case 'port':
      return /^[a-z]+$/i.test(text) || (/^\d+$/.test(text) && Number(text) > 65_535);
    default:
      return false;
  }
}

/** A pattern as people write addresses: as far as one can tell what of it is the path. */
const PATH_OF_WHOLE = /^(?:[a-z]+:\/\/[\w.*-]+)?(\/[^?#]*)$/;

function checkWhole(run: Run, node: ts.Node, input: Value, base: Value): void {
  const text = toText(run, node, input).value;
  if (typeof text !== 'string') return;
  const isAlone = isNothing(base);
  const given = isPrimitive(base) ? knownPrimitive(base) : undefined;
  if (!isAlone && given && typeof given.is !== 'symbol' && !URL.canParse(String(given.is)))
    run.fail(node, 'the base of this pattern is no URL');
  if (isAlone && isRelative(text)) run.fail(node, 'this pattern has no base');
  const [, path] = PATH_OF_WHOLE.exec(text) ?? [];
  if (path !== undefined && isMalformed(path)) run.fail(node, 'this is no pattern of URLs');
}

/** An object whose members of some names are functions. */
function takeHandlers(run: Run, node: ts.Node, handlers: Value | undefined, names: readonly string[]): void {
  if (!handlers || (isPrimitive(handlers) && !isNothing(handlers)))
    run.fail(node, 'this takes an object with handlers');
  if (isThing(handlers) && !handlers.isOpen && !handlers.proxy) {
    for (const name of names) {
      const handler = getMember(run, node, handlers, name, 'this');
      const isNone = isPrimitive(handler) ? handler.type !== 'undefined' : isNoFunction(handler);
      if (isNone) run.fail(node, `the handler ${name} is no function`);
    }
  }
  run.escape(handlers);
}

function isNoFunction(value: Value): boolean {
  return isThing(value) && !value.isFunction && !value.isOpen && !value.proxy;
}
