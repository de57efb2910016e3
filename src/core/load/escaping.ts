import { Stop } from './stop.ts';
import { isThing, UNKNOWN, type Call, type Give, type Thing, type Value } from './values.ts';

/** What it takes of a module on its way to being loaded. */
interface Surroundings {
  changes: number;
  forget(value: Thing): void;
  elsewhere(run: () => unknown): void;
  call(callee: Value, call: Call): Value;
}

/** Somebody unknown gets hold of a value: it changes it, and calls what can be called, at some time. */
export function escape(run: Surroundings, value: Value): void {
  if (!isThing(value) || value.hasEscaped) return;
  if (value.native) {
    value.onEscape?.();
    // What the runtime has stays what it is.
    return;
  }
  run.changes += 1;
  value.hasEscaped = true;
  value.isOpen = true;
  const { entries, elements, promise, steps, proxy } = value;
  for (const part of proxy ? [proxy.target, proxy.handler] : []) escape(run, part);
  run.forget(value);
  for (const property of value.properties.values()) {
    escape(run, property.value);
    if (property.get) escape(run, property.get);
    if (property.set) escape(run, property.set);
    property.value = UNKNOWN;
  }
  for (const element of elements ?? []) if (element) escape(run, element);
  for (const entry of entries?.values() ?? []) {
    escape(run, entry.key);
    escape(run, entry.value);
  }
  for (const step of steps?.values ?? []) if (step) escape(run, step);
  if (promise?.state === 'fulfilled') escape(run, promise.value);
  if (value.proto) escapeShared(run, value.proto);
  if (value.generate) escapeGenerator(run, value.generate);
  if (value.code) callElsewhere(run, value);
  if (value.class) escape(run, value.class.shared);
}

/** Somebody unknown runs the rest of a generator at some time. */
export function escapeGenerator(run: Surroundings, generate: (give: Give) => unknown): void {
  run.elsewhere(() =>
    generate((value) => {
      escape(run, value);
      return UNKNOWN;
    }),
  );
  // Or ends it where it waits.
  run.elsewhere(() => {
    const stop = new Stop(true);
    try {
      generate(() => {
        throw stop;
      });
    } catch (error) {
      if (error !== stop) throw error;
    }
  });
}

/** The methods of an object can be called by whoever has it. */
function escapeShared(run: Surroundings, proto: Thing): void {
  if (proto.native || proto.lookup || proto.hasEscaped) return;
  proto.hasEscaped = true;
  for (const { value, get, set } of proto.properties.values()) {
    for (const each of [value, get, set]) if (each && isThing(each) && each.code) escape(run, each);
  }
  if (proto.proto) escapeShared(run, proto.proto);
}

function callElsewhere(run: Surroundings, callee: Thing): void {
  const { node } = callee.code ?? {};
  if (!node) return;
  run.elsewhere(() => run.call(callee, { node, self: UNKNOWN, args: [], isOpenEnded: true, isNew: false }));
}
