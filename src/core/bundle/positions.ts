import {
  LEAST_UPPER_BOUND,
  originalPositionFor,
  sourceContentFor,
  TraceMap,
  traceSegment,
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
  return placeBefore(module, generated) ?? placeAfter(module, generated);
}

interface Generated {
  /** One-based. */
  readonly line: number;
  /** Zero-based. */
  readonly column: number;
}

/**
 * The place that the nearest segment before leads to. A segment marks the start of a token; where source and
 * module read the same from there on, the distance to the position asked for is the same as well.
 */
function placeBefore(module: BuiltModule, { line, column }: Generated): SourcePlace | undefined {
  const trace = traceOf(module);
  const segment = traceSegment(trace, line - 1, column);
  if (segment === null || segment.length === 1) return undefined;
  const [from, sourceIndex, sourceLine, sourceColumn] = segment;
  const source = trace.sources[sourceIndex];
  if (!source) return undefined;
  // What stands at the position itself has to be the same too: after a hoisted name other text goes on.
  const passed = moduleLine(module, line).slice(from, column + 1);
  const text = lineOf(sourceContentFor(trace, source) ?? '', sourceLine);
  const isSame = passed.length === column + 1 - from && text.startsWith(passed, sourceColumn);
  return place(source, sourceLine + 1, sourceColumn + (isSame ? column - from : 0));
}

function placeAfter(module: BuiltModule, generated: Generated): SourcePlace | undefined {
  const { source, line, column } = originalPositionFor(traceOf(module), {
    ...generated,
    bias: LEAST_UPPER_BOUND,
  });
  return source === null ? undefined : place(source, line, column);
}

function place(source: string, line: number, columnFromZero: number): SourcePlace {
  return { name: source.replace(/\.ts$/, ''), line, column: columnFromZero + 1 };
}

function moduleLine(module: BuiltModule, line: number): string {
  return module.code.split('\n', line)[line - 1] ?? '';
}

/** A line of a TypeScript source, by what TypeScript takes for line breaks. */
function lineOf(text: string, line: number): string {
  return text.split(/\r\n|[\n\r\u2028\u2029]/, line + 1)[line] ?? '';
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
