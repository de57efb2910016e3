import { SHAPES, type Shape } from './runtimeShapes.ts';
import {
  NULL,
  primitive,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Key,
  type Property,
  type Value,
} from './values.ts';

/** What a function of the runtime does, by its path: `Map`, `Map.groupBy`, `Map.prototype.get`. */
export type CallNative = (path: string, call: Call) => Value;

/** The objects that the runtime brings along, made when somebody asks for them. */
export class Realm {
  readonly #call: CallNative;
  readonly #made = new Map<string, Thing>();

  constructor(call: CallNative) {
    this.#call = call;
  }

  /** A global, a class in a namespace such as `Intl.Locale`, or an object such as `crypto.subtle`. */
  thing(path: string, kind: Shape['kind'] = 'function'): Thing {
    return this.#once(path, () => {
      const shape = SHAPES[path];
      const made = this.#native(path, shape?.kind ?? kind);
      if (shape === undefined) made.isOpen = true;
      else if (shape.kind === 'object') {
        made.proto = this.#protoOfObject(shape);
        made.brand = shape.base;
      } else made.proto = shape.parent === undefined ? this.proto('Function') : this.thing(shape.parent);
      const own = membersOf(shape?.own);
      made.lookup = (key) => {
        if (key === 'prototype' && shape?.shared !== undefined) {
          const isFixed = path !== 'Proxy';
          return { value: this.proto(path), isReadOnly: true, isFixed, isHidden: true };
        }
        if (shape?.kind !== 'object' && (key === 'name' || key === 'length'))
          return { value: key === 'name' ? SOME_STRING : SOME_NUMBER, isReadOnly: true, isHidden: true };
        return this.#member(path, key, own);
      };
      return made;
    });
  }

  /** What all instances of a class share. */
  proto(name: string): Thing {
    return this.#once(`${name}.prototype`, () => {
      const shape = SHAPES[name];
      const made = this.#native(`${name}.prototype`, name === 'Function' ? 'function' : 'object');
      if (shape?.shared === undefined) {
        made.isOpen = true;
        return made;
      }
      if (name === 'Array') made.elements = [];
      made.proto = name === 'Object' ? null : this.proto(shape.base ?? 'Object');
      const shared = membersOf(shape.shared);
      made.lookup = (key) =>
        key === 'constructor' && shape.kind === 'class'
          ? { value: this.thing(name), isHidden: true }
          : this.#member(`${name}.prototype`, key, shared);
      return made;
    });
  }

  /** An instance of a class of the runtime, as `new` makes it. */
  instance(name: string): Thing {
    const made = new Thing(this.proto(name));
    made.brand = name;
    return made;
  }

  plain(): Thing {
    return new Thing(this.proto('Object'));
  }

  arrayOf(elements: readonly (Value | undefined)[]): Thing {
    const made = this.instance('Array');
    made.elements = [...elements];
    return made;
  }

  /** A function of the runtime that no global leads to. */
  function(name: string, call?: (call: Call) => Value): Thing {
    const made = new Thing(this.proto('Function'));
    made.native = { name, isCallable: true, isConstructor: false, ...(call && { call }) };
    return made;
  }

  #once(path: string, make: () => Thing): Thing {
    const known = this.#made.get(path);
    if (known) return known;
    const made = make();
    this.#made.set(path, made);
    return made;
  }

  #native(path: string, kind: Shape['kind']): Thing {
    const made = new Thing();
    made.native = {
      name: path,
      isCallable: kind === 'function' || kind === 'class',
      isConstructor: kind === 'class',
      call: (call) => this.#call(path, call),
    };
    return made;
  }

  #protoOfObject({ base }: Shape): Thing {
    if (base !== undefined) return this.proto(base);
    return this.proto('Object');
  }

  #member(owner: string, key: Key, members: ReadonlyMap<Key, string>): Property | undefined {
    const kind = members.get(key);
    if (kind === undefined) return undefined;
    const path = `${owner}.${typeof key === 'symbol' ? `@${key.description?.replace('Symbol.', '') ?? ''}` : key}`;
    const flags = {
      isHidden: true,
      ...(kind.includes('-') && { isReadOnly: true }),
      ...(kind.includes('!') && { isFixed: true }),
    };
    if ('gwa'.includes(kind.charAt(0))) {
      const get = kind.startsWith('w') ? undefined : this.function(path, (call) => this.#call(path, call));
      const change = `${path}=`;
      const set = kind.startsWith('g')
        ? undefined
        : this.function(change, (call) => this.#call(change, call));
      return { value: UNDEFINED, isAccessor: true, ...(get && { get }), ...(set && { set }), ...flags };
    }
    return { value: this.#valueOf(path, kind.charAt(0)), ...flags };
  }

  #valueOf(path: string, kind: string): Value {
    switch (kind) {
      case 'f':
        return this.#once(path, () => this.function(path, (call) => this.#call(path, call)));
      case 'c':
        return this.thing(globalNameOf(path), 'class');
      case 'o':
        return this.thing(path);
      case 'n':
        return NULL;
      default:
        return constantOf(path) ?? OF_KIND.get(kind) ?? UNKNOWN;
    }
  }
}

/** `WorkerGlobalScope.prototype.Event` and `Event` are one. */
function globalNameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (path.startsWith('Intl.')) return path;
  return name in SHAPES || path.includes('.prototype.') ? name : path;
}

const OF_KIND: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['s', SOME_STRING],
  ['d', SOME_NUMBER],
  ['b', SOME_BOOLEAN],
  ['u', UNDEFINED],
]);

/** What is the same in every runtime. */
function constantOf(path: string): Value | undefined {
  const [owner, name] = path.split('.');
  if (owner === 'Symbol') return primitive(symbolOf(name ?? ''));
  const known: unknown =
    owner === 'Math'
      ? (Math as unknown as Record<string, unknown>)[name ?? '']
      : owner === 'Number'
        ? (Number as unknown as Record<string, unknown>)[name ?? '']
        : undefined;
  return typeof known === 'number' ? primitive(known) : undefined;
}

/** A symbol that every runtime has; the one of this process where it has it. */
export function symbolOf(name: string): symbol {
  const known = (Symbol as unknown as Record<string, unknown>)[name];
  if (typeof known === 'symbol') return known;
  const made = missing.get(name) ?? Symbol(`Symbol.${name}`);
  missing.set(name, made);
  return made;
}

const missing = new Map<string, symbol>();

const parsed = new Map<string, ReadonlyMap<Key, string>>();

function membersOf(list = ''): ReadonlyMap<Key, string> {
  const known = parsed.get(list);
  if (known) return known;
  const members = new Map<Key, string>();
  for (const word of list.split(/\s+/)) {
    const [, name = '', kind = 'f'] = /^(.+?)(?::(\w\W*))?$/.exec(word) ?? [];
    if (name !== '') members.set(name.startsWith('@') ? symbolOf(name.slice(1)) : name, kind);
  }
  parsed.set(list, members);
  return members;
}
