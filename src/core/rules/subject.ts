import type ts from 'typescript';
import type { BundleError } from '../bundle/bundleError.ts';
import { checkSource } from '../bundle/className.ts';
import type { AccessMode, DoClass } from '../model/app.ts';
import { readFacts, type SourceFacts } from '../source/facts.ts';
import { LineIndex } from '../source/lineIndex.ts';
import { indexIn } from '../source/nodeIndex.ts';
import { readReferences, type References } from '../source/references.ts';
import { topLevelNames, type TopLevelName } from '../source/topLevelNames.ts';
import type { Finding, Range, TextEdit } from './finding.ts';

/** A DO source file as it stands in the editor. */
export interface LintInput {
  readonly uri: string;
  /** DO name, from the file name or the manifest; undefined when the file is not part of an app. */
  readonly name: string | undefined;
  readonly accessMode: AccessMode | undefined;
  readonly text: string;
  /**
   * The source of a class that is deployed and has no file here: part of the same module, so that others can
   * collide with it. Nothing is found in it; `uri` is where it can be read.
   */
  readonly isDeployedOnly?: true;
  /** Tells apps apart that are checked side by side, each by itself; one app needs none. */
  readonly app?: string;
}

/** All that the rules may know. */
export interface AppContext {
  readonly files: readonly LintInput[];
  readonly deployed: readonly DoClass[];
  /** Set for the app's Durable Objects. Undefined while nobody is signed in. */
  readonly envKeys: readonly string[] | undefined;
  /** Set for the whole app. Left out while that is not known: platforms need not tell. */
  readonly appEnvKeys?: readonly string[] | undefined;
  /** Deployed sources that the files are held against, by DO name, as far as they were read. */
  readonly deployedSources?: ReadonlyMap<string, string>;
  /** The other files of the app are not known yet: what hangs on them is not looked for. */
  readonly isPartial?: boolean;
}

/** A rule that looks at one file. */
export interface FileRule {
  readonly id: string;
  check(file: FileSubject): Finding[];
}

/** A rule that looks at all files and at what is deployed. It yields each finding with its file. */
export interface AppRule {
  readonly id: string;
  check(app: AppSubject): Iterable<readonly [file: FileSubject, finding: Finding]>;
}

export interface AppSubject {
  /** The files that TypeScript can parse, in the context's order. */
  readonly files: readonly FileSubject[];
  readonly deployed: readonly DoClass[];
  readonly envKeys: readonly string[] | undefined;
  readonly appEnvKeys?: readonly string[] | undefined;
  readonly deployedSources?: ReadonlyMap<string, string>;
}

/** A file, parsed once for all rules. */
export class FileSubject {
  readonly input: LintInput;
  readonly facts: SourceFacts;
  readonly lines: LineIndex;
  /** The exported class's name, or why the platform refuses the source. */
  readonly verdict: string | BundleError;
  #references: References | undefined;
  #topLevel: readonly TopLevelName[] | undefined;

  /**
   * @param facts of the text, where it is not TypeScript
   * @throws DoError `BAD_FILE` when TypeScript itself fails on the text
   */
  constructor(input: LintInput, facts = readFacts(input.text)) {
    this.input = input;
    this.facts = facts;
    this.lines = new LineIndex(input.text);
    this.verdict = checkSource(this.facts);
  }

  get text(): string {
    return this.input.text;
  }

  /** The platform's code when it refuses the source, else undefined. */
  get refusal(): string | undefined {
    return typeof this.verdict === 'string' ? undefined : this.verdict.code;
  }

  /** Uses of names from outside, and what runs while the module loads. */
  get references(): References {
    return (this.#references ??= readReferences(this.facts.file));
  }

  /** What the file adds to the scope that all sources of an app share. */
  get topLevel(): readonly TopLevelName[] {
    return (this.#topLevel ??= topLevelNames(this.facts.file));
  }

  range(start: number, end: number): Range {
    return { start: this.lines.positionAt(start), end: this.lines.positionAt(end) };
  }

  rangeOf(node: ts.Node): Range {
    return this.range(node.getStart(this.facts.file), node.end);
  }

  /** The name of the exported class, or the first character of the file: for what is wrong with the file as a whole. */
  classRange(): Range {
    const [first] = this.facts.exportedClasses;
    return first ? this.rangeOf(first.name) : this.range(0, Math.min(1, this.text.length));
  }

  edit(start: number, end: number, newText: string): TextEdit {
    return { range: this.range(start, end), newText };
  }

  /**
   * Removes a statement, and its line when nothing else is on it. Where the statements around it would run into
   * each other, it leaves a semicolon.
   */
  removal(node: ts.Node): TextEdit {
    const { text } = this;
    let start = node.getStart(this.facts.file);
    let { end } = node;
    let before = start;
    while (before > 0 && (text[before - 1] === ' ' || text[before - 1] === '\t')) before -= 1;
    const startsLine = before === 0 || text[before - 1] === '\n';
    const after = /^[ \t]*(\r\n|\n|\r|$)/.exec(text.slice(end, end + 200));
    if (startsLine && after) {
      start = before;
      end += after[0].length;
    }
    return this.edit(start, end, this.#wouldJoin(node) ? ';' : '');
  }

  /** Whether the statement before the removed one ends without a semicolon, and the next one could go on with it. */
  #wouldJoin(node: ts.Node): boolean {
    const { statements, text } = this.facts.file;
    const index = indexIn(statements, node);
    const [before, next] = [statements[index - 1], statements[index + 1]];
    if (before === undefined || next === undefined || text[before.end - 1] === ';') return false;
    return /[([`+\-/*<]/.test(text.charAt(next.getStart(this.facts.file)));
  }
}
