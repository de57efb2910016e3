import type ts from 'typescript';

/** What an expression gives while the module loads, as far as the text of the app tells. */
export type Value = Unknown | Primitive | Thing;

/** It can be anything. */
export interface Unknown {
  readonly kind: 'unknown';
}

/** `value` is left out where only the type is known. */
export interface Primitive {
  readonly kind: 'primitive';
  readonly type: 'undefined' | 'null' | 'string' | 'number' | 'boolean' | 'bigint' | 'symbol';
  readonly value?: string | number | boolean | bigint | symbol;
}

/** The name of a member; a private one is a symbol that nobody else has. */
export type Key = string | symbol;

export interface Property {
  value: Value;
  readonly get?: Thing;
  readonly set?: Thing;
  /** Made by `get` or `set`. */
  readonly isAccessor?: boolean;
  isReadOnly?: boolean;
  /** It cannot be deleted or defined otherwise. */
  isFixed?: boolean;
  /** Loops and spreads pass over it. */
  readonly isHidden?: boolean;
}

/** What `this`, `super` and `new.target` are. Arrow functions share it with what is around them. */
export interface Frame {
  /** Undefined in a derived constructor that has not called `super()`. */
  self: Value | undefined;
  /** Where `super` looks: what the method is a member of. */
  readonly home?: Thing;
  readonly target: Value;
  /** Of a derived constructor: what `super()` does. */
  readonly construct?: (call: Call) => Value;
}

/** A function of a source with what is around it. */
export interface Code {
  readonly node: ts.FunctionLikeDeclaration;
  readonly scope: Scope;
  /** Of an arrow function: the one of its surroundings. */
  readonly frame: Frame | undefined;
  readonly home: Thing | undefined;
}

export interface ClassCode {
  readonly node: ts.ClassLikeDeclaration;
  readonly scope: Scope;
  /** Undefined when it extends nothing. */
  readonly base: Value | undefined;
  /** The names of its fields that are computed. */
  readonly keys: ReadonlyMap<ts.ClassElement, Key | undefined>;
  readonly shared: Thing;
  /** What every instance has under private names besides its fields. */
  readonly hidden: ReadonlyMap<Key, Property>;
}

/** Of a call: what the language hands over. */
export interface Call {
  readonly node: ts.Node;
  readonly self: Value;
  readonly args: readonly Value[];
  /** There may be more arguments than those. */
  readonly isOpenEnded?: boolean;
  readonly isNew: boolean;
  /** The text of the source alone says which function this is. */
  readonly isDirect?: boolean;
  /** `new.target`, where it is not the callee itself. */
  readonly target?: Value;
}

/** Something of the runtime. */
export interface Native {
  readonly name: string;
  readonly isCallable: boolean;
  readonly isConstructor: boolean;
  readonly call?: (call: Call) => Value;
}

export type Settled =
  | { readonly state: 'fulfilled'; readonly value: Value }
  | { readonly state: 'rejected'; readonly failure: Failure }
  | { readonly state: 'pending' }
  | { readonly state: 'unknown' };

/** What is thrown, and where. */
export interface Failure {
  readonly node: ts.Node;
  readonly message: string;
  /** `name`: a name that is not there; `thrown`: by the source itself; `barred`: not allowed while the module loads. */
  readonly kind: 'name' | 'type' | 'thrown' | 'barred' | 'endless' | 'code' | 'module';
  /** What a `catch` gets. */
  readonly value?: Value;
  /** The class of the error, where the runtime throws it. */
  readonly error?: string;
}

/** Takes what a generator gives, and answers what it is given for it. */
export type Give = (value: Value) => Value;

/** Everything that is no primitive: objects, functions, classes. */
export class Thing {
  readonly properties = new Map<Key, Property>();
  /** What it inherits from; undefined when that is not known. */
  proto: Thing | null | undefined;
  /** It may have other properties than those that are known. */
  isOpen = false;
  /** Nothing can be added to it. */
  isSealed = false;
  /** Its elements cannot be set either. */
  isFrozen = false;
  hasEscaped = false;
  /** Of an array: what is in it; undefined for what was left out. */
  elements: (Value | undefined)[] | undefined;
  /** Of a Map or Set: keys are primitives of JavaScript itself, and things. */
  entries: Map<unknown, { readonly key: Value; readonly value: Value }> | undefined;
  /** One of JavaScript itself that it behaves as. */
  host: object | undefined;
  /** What it steps through, and how far it is. */
  steps: { readonly values: readonly (Value | undefined)[]; next: number } | undefined;
  /** Of a generator: runs it to its end, and gives each value away. */
  generate: ((give: Give) => Value) | undefined;
  /** Of a generator that has begun: what each step was given. */
  answers: readonly Value[] | undefined;
  proxy: { readonly target: Value; readonly handler: Value } | undefined;
  /** The class of the runtime that made it. */
  brand: string | undefined;
  code: Code | undefined;
  class: ClassCode | undefined;
  native: Native | undefined;
  promise: Settled | undefined;
  /** Of a promise that is not settled: who wants to know. */
  waiting: ((state: Settled) => void)[] | undefined;
  /** Of a function of the runtime: what it means when somebody unknown gets hold of it. */
  onEscape: (() => void) | undefined;
  /** Gives its members where they are not kept here. */
  lookup: ((key: Key) => Property | 'unknown' | undefined) | undefined;

  constructor(proto?: Thing | null) {
    this.proto = proto;
  }

  get isFunction(): boolean {
    return this.code !== undefined || this.class !== undefined || this.native?.isCallable === true;
  }
}

export const UNKNOWN: Unknown = { kind: 'unknown' };
export const UNDEFINED: Primitive = { kind: 'primitive', type: 'undefined' };
export const NULL: Primitive = { kind: 'primitive', type: 'null' };
export const SOME_STRING: Primitive = { kind: 'primitive', type: 'string' };
export const SOME_NUMBER: Primitive = { kind: 'primitive', type: 'number' };
export const SOME_BOOLEAN: Primitive = { kind: 'primitive', type: 'boolean' };
export const SOME_BIGINT: Primitive = { kind: 'primitive', type: 'bigint' };

export function primitive(value: string | number | boolean | bigint | symbol): Primitive {
  return { kind: 'primitive', type: typeof value as Primitive['type'], value };
}

export function isThing(value: Value): value is Thing {
  return value instanceof Thing;
}

export function isPrimitive(value: Value): value is Primitive {
  return !isThing(value) && value.kind === 'primitive';
}

/** `undefined` and `null`. */
export function isNothing(value: Value): value is Primitive {
  return isPrimitive(value) && (value.type === 'undefined' || value.type === 'null');
}

/** What it is in JavaScript itself; undefined when it is not known or is no primitive. */
export function knownPrimitive(value: Value): { readonly is: Primitive['value'] | null } | undefined {
  if (!isPrimitive(value)) return undefined;
  if (value.type === 'undefined') return { is: undefined };
  if (value.type === 'null') return { is: null };
  return value.value === undefined ? undefined : { is: value.value };
}

/** Undefined when it is not known. */
export function truth(value: Value): boolean | undefined {
  if (isThing(value)) return true;
  if (value.kind === 'unknown') return undefined;
  if (value.type === 'undefined' || value.type === 'null') return false;
  if (value.type === 'symbol') return true;
  return value.value === undefined ? undefined : Boolean(value.value);
}

/** A variable. */
export interface Binding {
  value: Value;
  /** False until its declaration has run. */
  isReady: boolean;
  readonly isConstant: boolean;
  /** Something that runs at an unknown time sets it. */
  isVolatile?: boolean;
}

/** The names of a function, block or module, and what is around it. */
export class Scope {
  /** What `using` has to dispose of at its end, in the order of the text. */
  readonly disposals: {
    readonly node: ts.Node;
    readonly method: Value;
    readonly value: Value;
    readonly isAsync: boolean;
  }[] = [];
  readonly bindings = new Map<string, Binding>();
  readonly outer: Scope | undefined;
  /** Of a class: the private names that it declares. */
  readonly privates = new Map<string, symbol>();

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.outer?.find(name);
  }

  findPrivate(name: string): symbol | undefined {
    return this.privates.get(name) ?? this.outer?.findPrivate(name);
  }

  declare(name: string, isReady: boolean, isConstant: boolean, value: Value = UNDEFINED): Binding {
    const binding: Binding = { value, isReady, isConstant };
    this.bindings.set(name, binding);
    return binding;
  }
}

/** What is left to be said of a value that is one or the other. */
export function join(a: Value, b: Value): Value {
  if (isThing(a) || isThing(b)) return a === b ? a : UNKNOWN;
  if (a.kind === 'unknown' || b.kind === 'unknown' || a.type !== b.type) return UNKNOWN;
  return Object.is(a.value, b.value) ? a : { kind: 'primitive', type: a.type };
}

/** Of which nothing is known but that it is no primitive. */
export function openObject(): Thing {
  const made = new Thing();
  made.isOpen = true;
  return made;
}

export function settled(promise: Settled): Thing {
  const made = openObject();
  made.promise = promise;
  made.brand = 'Promise';
  return made;
}

export function nativeFunction(name: string, call?: (call: Call) => Value): Thing {
  const made = openObject();
  made.native = { name, isCallable: true, isConstructor: false, ...(call && { call }) };
  return made;
}

/** As a message says it. */
export function named({ type }: Primitive): string {
  return type === 'undefined' || type === 'null' ? type : `a ${type}`;
}
