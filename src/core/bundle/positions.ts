import {
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import type { BuiltModule } from './buildModule.ts';

/** A place in the source of a class. */
export interface SourcePlace {
  /** DO name. */
  readonly name: string;
  /** One-based. */
  readonly line: number;
  /** One-based, UTF-16 units. */
  readonly column: number;
}

/**
 * Rewrites the positions in an error text of workerd or in a stack, such as `worker.mjs:81:6`, to the source of
 * the class: `chat-room.ts:12:3`, line and column from one. Positions in generated code stay as they are.
 */
export function mapPositions(text: string, module: BuiltModule): string {
  return text.replace(MODULE_POSITION, (match, line: string, column: string | undefined, offset: number) => {
    const place = placeOf(text, offset, line, column, module);
    return place ? `${place.name}.ts:${place.line}:${place.column}` : match;
  });
}

/** The first position in the text that leads to a source. */
export function firstPosition(text: string, module: BuiltModule): SourcePlace | undefined {
  for (const match of text.matchAll(MODULE_POSITION)) {
    const place = placeOf(text, match.index, match[1] ?? '', match[2], module);
    if (place) return place;
  }
  return undefined;
}

const MODULE_POSITION = /\bworker\.mjs:(\d+)(?::(\d+))?/g;

function placeOf(
  text: string,
  offset: number,
  line: string,
  column: string | undefined,
  module: BuiltModule,
): SourcePlace | undefined {
  // V8 numbers the columns of a stack from one. Of an error without a stack (the module did not parse or link)
  // workerd prints the column from zero, and leaves out a zero.
  const fromZero = column === undefined || isWithoutStack(text, offset);
  const generated = {
    line: Number(line),
    column: column === undefined ? 0 : Number(column) - (fromZero ? 0 : 1),
  };
  if (generated.line < 1 || generated.column < 0) return undefined;
  const trace = traceOf(module);
  for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
    const {
      source,
      line: sourceLine,
      column: sourceColumn,
    } = originalPositionFor(trace, { ...generated, bias });
    if (source !== null) {
      return { name: source.replace(/\.ts$/, ''), line: sourceLine, column: sourceColumn + 1 };
    }
  }
  return undefined;
}

/** A SyntaxError with one position only, unless it is one that is thrown while the module runs. */
function isWithoutStack(text: string, offset: number): boolean {
  const start = text.lastIndexOf('Uncaught ', offset);
  if (start < 0 || !text.startsWith('Uncaught SyntaxError', start)) return false;
  const next = text.indexOf('Uncaught ', offset);
  const message = text.slice(start, next < 0 ? undefined : next);
  return message.match(MODULE_POSITION)?.length === 1 && !/\bJSON\b/.test(message);
}

const traces = new WeakMap<BuiltModule, TraceMap>();

function traceOf(module: BuiltModule): TraceMap {
  let trace = traces.get(module);
  if (trace === undefined) {
    const { version, file, sources, sourcesContent, names, mappings } = module.map;
    trace = new TraceMap({
      version,
      file,
      sources: [...sources],
      sourcesContent: [...sourcesContent],
      names: [...names],
      mappings,
    });
    traces.set(module, trace);
  }
  return trace;
}
