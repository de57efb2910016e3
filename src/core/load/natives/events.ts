import { getMember } from '../objects.ts';
import type { Run } from '../run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  NULL,
  primitive,
  SOME_BOOLEAN,
  UNDEFINED,
  type Call,
  type Thing,
  type Value,
} from '../values.ts';
import type { Handler, Handlers } from './handler.ts';

/** Events, and those who are told about them. */
export const EVENT_HANDLERS: Handlers = {
  Event: made('Event', []),
  CustomEvent: made('CustomEvent', ['detail']),
  MessageEvent: made('MessageEvent', ['data']),
  ErrorEvent: made('ErrorEvent', ['error']),
  'Event.prototype.type': (_run, { self }) => (isThing(self) ? self.properties.get(TYPE)?.value : undefined),
  'CustomEvent.prototype.detail': kept('detail'),
  'ErrorEvent.prototype.error': kept('error'),
  'EventTarget.prototype.addEventListener': listen,
  'EventTarget.prototype.dispatchEvent': dispatch,
};

/** Under which an event keeps what it was made with. */
const TYPE = Symbol('type');
const KEPT: ReadonlyMap<string, symbol> = new Map(['detail', 'error'].map((name) => [name, Symbol(name)]));

function made(name: string, members: readonly string[]): Handler {
  return (run, { node, args: [type = UNDEFINED, init = UNDEFINED] }) => {
    if (isPrimitive(init) && !isNothing(init)) run.fail(node, `new ${name}() does not take this`);
    const event = run.realm.instance(name);
    if (isPrimitive(type)) event.properties.set(TYPE, { value: type, isHidden: true });
    // What a message brings is a member of its own, among others.
    event.isOpen = name === 'MessageEvent';
    for (const member of members) {
      const value = isPrimitive(init) ? UNDEFINED : getMember(run, node, init, member, 'this');
      event.properties.set(event.isOpen ? member : keyOf(member), { value, isHidden: true });
    }
    return event;
  };
}

function keyOf(member: string): symbol {
  return KEPT.get(member) ?? TYPE;
}

function kept(member: string): Handler {
  return (_run, { self }) => {
    const value = isThing(self) ? self.properties.get(keyOf(member))?.value : undefined;
    // What is left out is not the same for all of them.
    const isLeftOut = value && isPrimitive(value) && value.type === 'undefined';
    return isLeftOut && member !== 'detail' ? undefined : value;
  };
}

/** Under which a target keeps who listens, by the types of events. */
const LISTENERS = Symbol('listeners');

function listen(run: Run, { self, args }: Call): Value | undefined {
  const [type = UNDEFINED, listener = UNDEFINED, ...options] = args;
  if (!isThing(self) || !isOfItsOwn(self)) return undefined;
  const listeners = self.properties.get(LISTENERS)?.value ?? run.realm.plain();
  self.properties.set(LISTENERS, { value: listeners, isHidden: true });
  const key = isPrimitive(type) && isThing(listener) && listener.isFunction ? type.value : undefined;
  if (!isThing(listeners) || typeof key !== 'string' || !run.isCertain || options.length > 0) {
    // Who listens is not known from now on.
    if (isThing(listeners)) listeners.isOpen = true;
    return undefined;
  }
  const known = listeners.properties.get(key)?.value;
  if (known && isThing(known) && known.elements?.includes(listener) === false) known.elements.push(listener);
  else if (!known) listeners.properties.set(key, { value: run.realm.arrayOf([listener]) });
  run.changes += 1;
  return UNDEFINED;
}

/** Nobody but the source makes and sees it. */
function isOfItsOwn(target: Thing): boolean {
  return target.brand === 'EventTarget' && !target.hasEscaped;
}

/** Whoever listens is called at once, and what it throws is thrown here. */
function dispatch(run: Run, { node, self, args: [event = UNDEFINED] }: Call): Value | undefined {
  if (!isThing(self) || !isOfItsOwn(self) || !isThing(event)) return undefined;
  const listeners = self.properties.get(LISTENERS)?.value;
  if (!listeners) return primitive(true);
  const type = event.properties.get(TYPE)?.value;
  const isKnown = isThing(listeners) && !listeners.isOpen && type && isPrimitive(type);
  if (!isKnown || typeof type.value !== 'string') return undefined;
  const called = listeners.properties.get(type.value)?.value ?? NULL;
  for (const listener of isThing(called) ? [...(called.elements ?? [])] : [])
    if (listener) run.call(listener, { node, self, args: [event], isNew: false });
  return SOME_BOOLEAN;
}
