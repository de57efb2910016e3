import { toKey } from '../conversions.ts';
import { define, setPrototype } from './descriptors.ts';
import { getFrom, hasMember, ownProperty, setMember } from '../objects.ts';
import { isInstance } from '../operators.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  named,
  NULL,
  primitive,
  SOME_BOOLEAN,
  SOME_STRING,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Value,
} from '../values.ts';
import { arrayLike } from './arrays.ts';
import type { Handlers } from './handler.ts';

/** What functions share, `Reflect` and `Proxy`. */
export const FUNCTION_HANDLERS: Handlers = {
  'Function.prototype': () => UNDEFINED,
  'Function.prototype.call': (run, { node, self: callee, args: [self = UNDEFINED, ...args] }) =>
    run.call(callee, { node, self, args, isNew: false }),
  'Function.prototype.apply': (run, { node, self: callee, args: [self = UNDEFINED, list = UNDEFINED] }) => {
    if (isNothing(list)) return run.call(callee, { node, self, args: [], isNew: false });
    return applied(run, callee, { node, self, args: [list], isNew: false });
  },
  'Function.prototype.bind': bind,
  'Function.prototype.toString': (run, { node, self }) =>
    isPrimitive(self) ? run.fail(node, `${named(self)} is no function`) : SOME_STRING,
  'Function.prototype.@hasInstance': (run, { node, self, args: [value = UNDEFINED] }) =>
    isThing(self) && self.isFunction ? isInstance(run, node, value, self) : SOME_BOOLEAN,
  'Function.prototype.caller': strict,
  'Function.prototype.arguments': strict,
  Proxy: (run, { node, args: [target = UNDEFINED, handler = UNDEFINED] }) => {
    if (isPrimitive(target) || isPrimitive(handler)) run.fail(node, 'a proxy takes two objects');
    const made = new Thing();
    made.proxy = { target, handler };
    return made;
  },
  'Reflect.apply': (run, { node, args: [callee = UNDEFINED, self = UNDEFINED, list = UNDEFINED] }) =>
    applied(run, callee, { node, self, args: [list], isNew: false }),
  'Reflect.construct': (run, { node, args: [callee = UNDEFINED, list = UNDEFINED, target = callee] }) => {
    const isNone = isThing(target)
      ? !target.isOpen && !target.proxy && !canConstruct(target)
      : isPrimitive(target);
    if (isNone) run.fail(node, 'what Reflect.construct() is given is no constructor');
    return applied(run, callee, { node, self: UNDEFINED, args: [list], isNew: true, target });
  },
  'Reflect.get': (run, { node, args: [object = UNDEFINED, key = UNDEFINED, self = object] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.get() takes an object');
    const name = toKey(run, node, key);
    return isThing(object) && name !== undefined ? getFrom(run, node, object, name, self) : undefined;
  },
  'Reflect.set': (run, { node, args: [object = UNDEFINED, key = UNDEFINED, value = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.set() takes an object');
    const name = toKey(run, node, key);
    return attempted(run, () => setMember(run, node, object, name, value, 'this'));
  },
  'Reflect.has': (run, { node, args: [object = UNDEFINED, key = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.has() takes an object');
    const found = isThing(object) ? hasMember(run, node, object, toKey(run, node, key)) : undefined;
    return found === undefined ? SOME_BOOLEAN : primitive(found);
  },
  'Reflect.ownKeys': (run, { node, args: [object = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.ownKeys() takes an object');
    if (!isThing(object) || object.isOpen || object.native || object.brand || object.isFunction)
      return undefined;
    return run.realm.arrayOf([...object.properties.keys()].map((key) => primitive(key)));
  },
  'Reflect.defineProperty': (
    run,
    { node, args: [object = UNDEFINED, key = UNDEFINED, descriptor = UNDEFINED] },
  ) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.defineProperty() takes an object');
    if (isPrimitive(descriptor)) run.fail(node, 'a member is described by an object');
    return attempted(run, () => define(run, node, object, toKey(run, node, key), descriptor));
  },
  'Reflect.deleteProperty': (run, { node, args: [object = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.deleteProperty() takes an object');
    return undefined;
  },
  'Reflect.getPrototypeOf': (run, { node, args: [object = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.getPrototypeOf() takes an object');
    if (!isThing(object) || object.proto === undefined) return UNKNOWN;
    return object.proto ?? NULL;
  },
  'Reflect.setPrototypeOf': (run, { node, args: [object = UNDEFINED, proto = UNDEFINED] }) => {
    if (isPrimitive(object)) run.fail(node, 'Reflect.setPrototypeOf() takes an object');
    if (isPrimitive(proto) && proto.type !== 'null') run.fail(node, 'a prototype is an object or null');
    return attempted(run, () => setPrototype(run, node, object, proto));
  },
};

/** With the arguments in a list. */
function applied(run: Run, callee: Value, call: Call): Value {
  const {
    node,
    args: [list = UNDEFINED],
  } = call;
  if (isPrimitive(list)) run.fail(node, 'this takes a list of arguments');
  const args = isThing(list)
    ? (list.elements ?? (list.isOpen || list.brand ? undefined : arrayLike(run, node, list)))
    : undefined;
  if (isThing(callee) && !call.isNew && !callee.isFunction && !callee.isOpen && !callee.proxy)
    run.fail(node, 'this takes a function');
  if (!args) {
    run.escape(list);
    return run.call(callee, { ...call, args: [], isOpenEnded: true });
  }
  return run.call(callee, { ...call, args: args.map((each) => each ?? UNDEFINED) });
}

/** The name under which functions are known that `bind()` makes. */
const BOUND = 'bound';

function bind(run: Run, { node, self: callee, args: [self = UNDEFINED, ...bound] }: Call): Value | undefined {
  if (isPrimitive(callee)) run.fail(node, 'only functions can be bound');
  if (!isThing(callee)) return undefined;
  if (!callee.isFunction) {
    if (callee.isOpen || callee.proxy) return undefined;
    run.fail(node, 'only functions can be bound');
  }
  const made = run.realm.function(BOUND, (call) =>
    run.call(callee, { ...call, self: call.isNew ? UNDEFINED : self, args: [...bound, ...call.args] }),
  );
  made.onEscape = () => {
    for (const each of [callee, self, ...bound]) run.escape(each);
  };
  if (made.native) made.native = { ...made.native, isConstructor: canConstruct(callee) };
  return made;
}

function canConstruct(callee: Thing): boolean {
  if (callee.native) return callee.native.isConstructor;
  if (callee.class) return true;
  return ownProperty(callee, 'prototype') !== undefined;
}

function strict(run: Run, { node, self }: Call): Value {
  const isOfRuntime = isThing(self) && self.native && self.native.name !== BOUND;
  return isOfRuntime ? NULL : run.fail(node, `a function of a module has no such member`);
}

/** `Reflect` says whether it went well instead of throwing. */
function attempted(run: Run, change: () => void): Value {
  const { thrown } = run.guarded(change);
  return thrown ? SOME_BOOLEAN : primitive(true);
}
