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
  readonly value?: string | number | boolean | bigint;
}

export interface Property {
  value: Value;
  get?: Thing;
  set?: Thing;
  isReadOnly?: boolean;
}

/** A function of a source with what is around it. */
export interface Code {
  readonly node: ts.FunctionLikeDeclaration;
  readonly scope: Scope;
  /** Of an arrow function: the one of its surroundings. */
  readonly self: Value | undefined;
}

export interface ClassCode {
  readonly node: ts.ClassLikeDeclaration;
  readonly scope: Scope;
  /** Undefined when it extends nothing. */
  readonly base: Value | undefined;
}

/** Of a call: what the language hands over. */
export interface Call {
  readonly node: ts.Node;
  readonly self: Value;
  readonly args: readonly Value[];
  readonly isNew: boolean;
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
}

/** Everything that is no primitive: objects, functions, classes. */
export class Thing {
  readonly properties = new Map<string, Property>();
  /** It may have other properties than those that are known. */
  isOpen = false;
  isFrozen = false;
  hasEscaped = false;
  elements: Value[] | undefined;
  code: Code | undefined;
  class: ClassCode | undefined;
  native: Native | undefined;
  promise: Settled | undefined;
  /** Gives its members where they are not kept here. */
  lookup: ((key: string) => Value) | undefined;
  /** The class that it is an instance of. */
  of: Thing | undefined;
  /** Of a class: what its instances share. */
  shared: Thing | undefined;

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
export const SOME_SYMBOL: Primitive = { kind: 'primitive', type: 'symbol' };

export function primitive(value: string | number | boolean | bigint): Primitive {
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
  readonly bindings = new Map<string, Binding>();
  readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.outer?.find(name);
  }

  declare(name: string, isReady: boolean, isConstant: boolean, value: Value = UNDEFINED): Binding {
    const binding: Binding = { value, isReady, isConstant };
    this.bindings.set(name, binding);
    return binding;
  }
}

/** Undefined when it is not known. */
export function truth(value: Value): boolean | undefined {
  if (isThing(value)) return true;
  if (value.kind === 'unknown') return undefined;
  if (value.type === 'undefined' || value.type === 'null') return false;
  if (value.type === 'symbol') return true;
  return value.value === undefined ? undefined : Boolean(value.value);
}

/** What is left to be said of a value that is one or the other. */
export function join(a: Value, b: Value): Value {
  if (isThing(a) || isThing(b)) return a === b ? a : UNKNOWN;
  if (a.kind === 'unknown' || b.kind === 'unknown' || a.type !== b.type) return UNKNOWN;
  return a.value === b.value ? a : { kind: 'primitive', type: a.type };
}

export function openObject(): Thing {
  const made = new Thing();
  made.isOpen = true;
  return made;
}

export function settled(promise: Settled): Thing {
  const made = openObject();
  made.promise = promise;
  return made;
}

export function nativeFunction(name: string, call?: (call: Call) => Value): Thing {
  const made = openObject();
  made.native = { name, isCallable: true, isConstructor: false, ...(call && { call }) };
  return made;
}
