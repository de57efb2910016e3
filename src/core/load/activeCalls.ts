import { isPrimitive, isThing, UNKNOWN, type Thing, type Value } from './values.ts';

/** A call that has not ended, and how much had changed and been decided when it began. */
interface ActiveCall {
  readonly callee: Thing;
  readonly self: Value;
  readonly args: readonly Value[];
  readonly isNew: boolean;
  readonly changes: number;
  readonly decisions: number;
}

/** The calls that have not ended, the last one at the end. */
export class ActiveCalls {
  readonly #active: ActiveCall[] = [];

  get areNone(): boolean {
    return this.#active.length === 0;
  }

  clear(): void {
    this.#active.length = 0;
  }

  during<T>(call: ActiveCall, run: () => T): T {
    this.#active.push(call);
    try {
      return run();
    } finally {
      this.#active.pop();
    }
  }

  /** Whether a function calls itself with nothing changed or decided in between. */
  isEndless({ callee, self, args, isNew, changes, decisions }: ActiveCall): boolean {
    const same = this.#active.findLast((active) => active.callee === callee && active.isNew === isNew);
    if (same === undefined) return false;
    return same.decisions === decisions || (same.changes === changes && isSameCall(same, self, args));
  }
}

function isSameCall(active: ActiveCall, self: Value, args: readonly Value[]): boolean {
  return (
    isIdentical(active.self, self) &&
    active.args.length === args.length &&
    active.args.every((each, index) => isIdentical(each, args[index] ?? UNKNOWN))
  );
}

/** Known to be one and the same. */
export function isIdentical(a: Value, b: Value): boolean {
  if (isThing(a)) return a === b;
  if (!isPrimitive(a) || !isPrimitive(b) || a.type !== b.type) return false;
  if (a.type === 'undefined' || a.type === 'null') return true;
  return a.value !== undefined && Object.is(a.value, b.value);
}
