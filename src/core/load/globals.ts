import type { Run } from './run.ts';
import { SHAPES } from './runtimeShapes.ts';
import { primitive, Thing, UNDEFINED, UNKNOWN, type Value, Scope, type Binding } from './values.ts';

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['undefined', UNDEFINED],
  ['NaN', primitive(NaN)],
  ['Infinity', primitive(Infinity)],
]);

/** The globals of the runtime, made when they are asked for. */
export class GlobalScope extends Scope {
  readonly #run: Run;
  readonly #isGlobal: (name: string) => boolean;
  readonly #object: Thing;

  constructor(run: Run, isGlobal: (name: string) => boolean) {
    super();
    this.#run = run;
    this.#isGlobal = isGlobal;
    this.#object = this.#globalObject();
  }

  override find(name: string): Binding | undefined {
    const known = this.bindings.get(name);
    if (known) return known;
    const constant = CONSTANTS.get(name);
    if (constant) return this.declare(name, true, true, constant);
    if (this.#isGlobal(name)) return this.#bound(name, this.#globalOf(name));
    if (name === 'constructor') return this.#bound(name, this.#run.realm.thing('ServiceWorkerGlobalScope'));
    if (name in SHARED) return this.declare(name, true, false, UNKNOWN);
    if (this.#object.properties.has(name) || this.#object.hasEscaped) return this.#bound(name, UNKNOWN);
    return undefined;
  }

  /** Whatever was set on the globals may be something else. */
  forget(): void {
    for (const [name, binding] of this.bindings)
      if (!binding.isConstant && name !== 'globalThis') binding.value = UNKNOWN;
    this.#object.hasEscaped = true;
  }

  /** A global variable and the member of the global object are one. */
  #bound(name: string, initial: Value): Binding {
    const { properties } = this.#object;
    const property = properties.get(name) ?? { value: initial, isHidden: true };
    properties.set(name, property);
    const binding: Binding = {
      isReady: true,
      isConstant: false,
      get value() {
        return property.get ? UNKNOWN : property.value;
      },
      set value(next) {
        property.value = next;
      },
    };
    this.bindings.set(name, binding);
    return binding;
  }

  #globalOf(name: string): Value {
    return name === 'globalThis' || name === 'self' ? this.#object : this.#run.realm.thing(name);
  }

  /** Its members are the globals; what is set on it is one from then on. */
  #globalObject(): Thing {
    const made = new Thing(this.#run.realm.proto('ServiceWorkerGlobalScope'));
    made.native = { name: 'globalThis', isCallable: false, isConstructor: false };
    made.brand = 'ServiceWorkerGlobalScope';
    made.lookup = (key) => {
      if (typeof key !== 'string') return undefined;
      const constant = CONSTANTS.get(key);
      if (constant) return { value: constant, isReadOnly: true, isFixed: true };
      if (this.#isGlobal(key)) return { value: this.#globalOf(key), isHidden: true };
      return key === 'origin' || SHAPES[key] ? 'unknown' : undefined;
    };
    return made;
  }
}

/** `toString` and the like are reached through the prototype of the global object. */
const SHARED: object = {};
