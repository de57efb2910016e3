import type { Run } from '../run.ts';
import type { Call, Value } from '../values.ts';

/** What a function of the runtime does; undefined where that is not followed. */
export type Handler = (run: Run, call: Call) => Value | undefined;

export type Handlers = Readonly<Record<string, Handler>>;
