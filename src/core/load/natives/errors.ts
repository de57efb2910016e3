import { toText } from '../conversions.ts';
import { elementsOf } from '../iteration.ts';
import { findProperty, getMember } from '../objects.ts';
import type { Run } from '../run.ts';
import { isPrimitive, isThing, SOME_STRING, UNDEFINED, type Call, type Value } from '../values.ts';
import type { Handler, Handlers } from './handler.ts';

const made =
  (name: string): Handler =>
  (run, { node, args: [message, options] }) =>
    error(run, node, name, message, options);

/** Errors, which have what they are given and nothing else. */
export const ERROR_HANDLERS: Handlers = {
  ...Object.fromEntries(
    ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'URIError'].map(
      (name) => [name, made(name)],
    ),
  ),
  AggregateError: (run, { node, args: [errors = UNDEFINED, message, options] }) => {
    const own = error(run, node, 'AggregateError', message, options);
    const elements = elementsOf(run, node, errors, 'what AggregateError is given');
    if (isThing(own)) {
      const value = elements ? run.realm.arrayOf(elements) : run.realm.instance('Array');
      own.properties.set('errors', { value, isHidden: true });
    }
    return own;
  },
  'Error.captureStackTrace': (run, { node, args: [object = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Error.captureStackTrace() takes an object');
    if (isThing(object)) object.properties.set('stack', { value: SOME_STRING, isHidden: true });
    return UNDEFINED;
  },
  'Error.prototype.toString': (_run, { self }) => (isThing(self) ? SOME_STRING : undefined),
};

function error(
  run: Run,
  node: Call['node'],
  name: string,
  message: Value = UNDEFINED,
  options: Value = UNDEFINED,
): Value {
  const own = run.realm.instance(name);
  own.properties.set('stack', { value: SOME_STRING, isHidden: true });
  if (!isPrimitive(message) || message.type !== 'undefined')
    own.properties.set('message', { value: toText(run, node, message), isHidden: true });
  if (!isThing(options)) return own;
  const cause = findProperty(options, 'cause');
  if (cause !== undefined)
    own.properties.set('cause', { value: getMember(run, node, options, 'cause', 'this'), isHidden: true });
  return own;
}
