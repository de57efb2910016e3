import { addSegment, GenMapping, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping';
import { LineIndex, type LinePosition } from '../source/lineIndex.ts';
import { topLevelNames } from '../source/topLevelNames.ts';
import type { HoistedName } from './hoistedImports.ts';
import type { TranspiledSource } from './transpile.ts';

/** A source map of version 3, encoded. */
export interface SourceMapV3 {
  readonly version: 3;
  readonly file: string;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** A stretch of the module's text; each begins at the start of a line. */
export type ModulePart =
  | { readonly kind: 'generated'; readonly text: string }
  | { readonly kind: 'imports'; readonly text: string; readonly names: readonly HoistedName[] }
  | { readonly kind: 'source'; readonly text: string; readonly index: number }
  | { readonly kind: 'dispatcher'; readonly text: string };

export interface MapSource {
  readonly fileName: string;
  readonly code: string;
  readonly source: TranspiledSource;
}

/**
 * The map from the module back to each TypeScript file. Hoisted import lines lead to the import they come from.
 * The dispatcher leads nowhere, except for those of its names that a source declares as well: that is where an
 * "already declared" has to point.
 */
export function mapModule(parts: readonly ModulePart[], sources: readonly MapSource[]): SourceMapV3 {
  const map = new GenMapping({ file: 'worker.mjs' });
  const lines = sources.map((source) => new LineIndex(source.code));
  for (const { fileName, code } of sources) setSourceContent(map, fileName, code);
  const add = (line: number, from: LinePosition, index: number, sourceOffset: number): void => {
    const to = lines[index]?.positionAt(sourceOffset);
    const fileName = sources[index]?.fileName;
    if (to === undefined || fileName === undefined) return;
    addSegment(map, line + from.line, from.character, fileName, to.line, to.character);
  };
  let line = 0;
  for (const part of parts) {
    const partLines = new LineIndex(part.text, 'script');
    if (part.kind === 'imports') {
      for (const name of part.names) {
        add(line, partLines.positionAt(name.offset), name.sourceIndex, name.sourceOffset);
      }
    } else if (part.kind === 'source') {
      for (const { offset, sourceOffset } of sources[part.index]?.source.positions ?? []) {
        add(line, partLines.positionAt(offset), part.index, sourceOffset);
      }
    } else if (part.kind === 'dispatcher') {
      for (const rival of rivals(part.text, sources)) {
        add(line, partLines.positionAt(rival.offset), rival.index, rival.sourceOffset);
      }
    }
    line += partLines.lineCount - 1;
  }
  const { sources: names, sourcesContent, mappings } = toEncodedMap(map);
  return {
    version: 3,
    file: 'worker.mjs',
    sources: names.map(String),
    sourcesContent: (sourcesContent ?? []).map(String),
    names: [],
    mappings,
  };
}

interface Rival {
  /** Where the dispatcher's declaration begins. */
  readonly offset: number;
  readonly index: number;
  readonly sourceOffset: number;
}

const DISPATCHER_DECLARATIONS: readonly (readonly [name: string, declaration: string])[] = [
  ['ROUTES', 'const ROUTES'],
  ['checkAuth', 'async function checkAuth'],
  ['default', 'export default'],
];

function* rivals(text: string, sources: readonly MapSource[]): Generator<Rival> {
  for (const [name, declaration] of DISPATCHER_DECLARATIONS) {
    for (const [index, { source }] of sources.entries()) {
      const found = topLevelNames(source.facts.file).find((item) => item.name === name);
      if (found === undefined) continue;
      yield {
        offset: text.indexOf(declaration),
        index,
        sourceOffset: found.node.getStart(source.facts.file),
      };
      break;
    }
  }
}
