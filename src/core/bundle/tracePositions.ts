import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';

/** One top-level statement as TypeScript made it and as its printer writes it into the module. */
export interface PrintedStatement {
  readonly node: ts.Statement;
  readonly text: string;
}

/** Two places that belong together, as UTF-16 offsets. */
export interface TracedPosition {
  /** In the printed JavaScript. */
  readonly offset: number;
  /** In the TypeScript source. */
  readonly sourceOffset: number;
}

/**
 * Finds where the printed statements come from. TypeScript's printer writes no map, but it keeps the shape of
 * the tree: each printed statement is parsed again and walked side by side with the one that it was printed
 * from, and from there TypeScript's own map leads to the source.
 */
export function traceStatements(
  transpiled: ts.SourceFile,
  statements: readonly PrintedStatement[],
  source: ts.SourceFile,
): readonly TracedPosition[] {
  const toSource = sourcePositions(transpiled, source);
  if (toSource === undefined) return [];
  const positions: TracedPosition[] = [];
  let start = 0;
  for (const { node, text } of statements) {
    const printed = ts.createSourceFile('printed.js', text, ts.ScriptTarget.ES2022, true);
    const [twin] = printed.statements;
    if (twin) {
      const base = start;
      walk(twin, node, {
        printedFile: printed,
        originalFile: transpiled,
        found(printedOffset, originalOffset) {
          const sourceOffset = toSource(originalOffset);
          if (sourceOffset !== undefined) positions.push({ offset: base + printedOffset, sourceOffset });
        },
      });
    }
    start += text.length + 1;
  }
  return positions.sort((a, b) => a.offset - b.offset);
}

type ToSource = (transpiledOffset: number) => number | undefined;

/** A second transpile with a map: asked for apart, because a map adds a comment that must not get into the module. */
function sourcePositions(transpiled: ts.SourceFile, source: ts.SourceFile): ToSource | undefined {
  const { sourceMapText, outputText } = ts.transpileModule(source.text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      isolatedModules: true,
      removeComments: false,
      sourceMap: true,
    },
    reportDiagnostics: false,
  });
  if (sourceMapText === undefined || !outputText.startsWith(transpiled.text)) return undefined;
  const map = new TraceMap(sourceMapText);
  return (offset) => {
    const { line, character } = transpiled.getLineAndCharacterOfPosition(offset);
    const original = originalPositionFor(map, { line: line + 1, column: character });
    if (original.source === null) return undefined;
    return source.getPositionOfLineAndCharacter(original.line - 1, original.column);
  };
}

/** Deeper trees come from chains of thousands of operators, where no position is worth a stack overflow. */
const DEEPEST = 400;

interface Twins {
  readonly printedFile: ts.SourceFile;
  readonly originalFile: ts.SourceFile;
  found(printedOffset: number, originalOffset: number): void;
}

function walk(printed: ts.Node, original: ts.Node, twins: Twins, depth = 0): void {
  // Where a syntax error lets the two parses differ, the place of the parent has to do.
  if (printed.kind !== original.kind || depth > DEEPEST) return;
  const { printedFile, originalFile } = twins;
  // A node that a syntax error left empty has no place of its own: TypeScript puts it before the white space.
  const isMissing = printed.getStart(printedFile) === printed.end;
  if (!isMissing) twins.found(printed.getStart(printedFile), original.getStart(originalFile));
  const originalChildren = childrenOf(original);
  for (const [index, child] of childrenOf(printed).entries()) {
    const twin = originalChildren[index];
    if (twin) walk(child, twin, twins, depth + 1);
  }
  if (endsWithBrace(printed, printedFile) && endsWithBrace(original, originalFile)) {
    twins.found(printed.end - 1, original.end - 1);
  }
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

function endsWithBrace(node: ts.Node, file: ts.SourceFile): boolean {
  return node.end > node.getStart(file) + 1 && file.text[node.end - 1] === '}';
}
