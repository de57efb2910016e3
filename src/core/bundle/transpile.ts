import ts from 'typescript';
import { readFacts, withoutCrash, type SourceFacts } from '../source/facts.ts';
import type { BundleError } from './bundleError.ts';
import { checkSource } from './className.ts';
import { traceStatements, type PrintedStatement, type TracedPosition } from './tracePositions.ts';

/** A DO source on its way into the module. */
export class TranspiledSource {
  readonly facts: SourceFacts;
  /** The exported class's name, or why the platform refuses the source. */
  readonly verdict: string | BundleError;
  readonly #source: string;
  #printed: Printed | undefined;
  #positions: readonly TracedPosition[] | undefined;

  constructor(source: string) {
    this.#source = source;
    this.facts = readFacts(source);
    this.verdict = checkSource(this.facts);
  }

  /** JavaScript for the module: without import declarations, statement by statement. */
  get text(): string {
    return this.#print().text;
  }

  /** Where the parts of {@link text} come from; computed when first asked for. */
  get positions(): readonly TracedPosition[] {
    if (this.#positions === undefined) {
      const { file, statements } = this.#print();
      this.#positions = traceStatements(file, statements, this.facts.file);
    }
    return this.#positions;
  }

  #print(): Printed {
    this.#printed ??= withoutCrash(() => print(this.#source));
    return this.#printed;
  }
}

/**
 * Keeps what was made of the last sources, by their text, so that one changed class of five costs one
 * transpile. Bounded: the source that was not used for longest goes first.
 */
export class TranspileCache {
  readonly #entries = new Map<string, TranspiledSource>();
  readonly #limit: number;

  constructor(limit = 32) {
    this.#limit = limit;
  }

  get(source: string): TranspiledSource {
    const found = this.#entries.get(source);
    const entry = found ?? new TranspiledSource(source);
    this.#entries.delete(source);
    this.#entries.set(source, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limit && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}

/** The platform's compiler options. They decide what goes live, so none may be added here. */
export const TRANSPILE_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  isolatedModules: true,
  removeComments: false,
};

/**
 * JavaScript as {@link TranspiledSource.text} has it, with what is newer than the platform's target left as it was
 * written: resources and decorators stay themselves instead of becoming calls of helpers.
 */
export function newestText(source: string): string {
  return withoutCrash(() => print(source, { ...TRANSPILE_OPTIONS, target: ts.ScriptTarget.ESNext })).text;
}

interface Printed {
  readonly file: ts.SourceFile;
  readonly statements: readonly PrintedStatement[];
  readonly text: string;
}

function print(source: string, compilerOptions = TRANSPILE_OPTIONS): Printed {
  const { outputText } = ts.transpileModule(source, { compilerOptions, reportDiagnostics: false });
  const file = ts.createSourceFile('out.js', outputText, ts.ScriptTarget.ES2022, true);
  const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });
  const statements = file.statements
    .filter((node) => !ts.isImportDeclaration(node))
    .map((node) => ({ node, text: printer.printNode(ts.EmitHint.Unspecified, node, file) }));
  return { file, statements, text: statements.map((statement) => statement.text).join('\n') };
}
