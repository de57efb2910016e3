import { parse } from 'acorn';
import type ts from 'typescript';
import { hoistImports } from '../bundle/hoistedImports.ts';
import { newestText, TranspiledSource } from '../bundle/transpile.ts';
import { DoError } from '../errors.ts';
import { readFacts } from '../source/facts.ts';
import { parseDiagnostics } from '../source/parseDiagnostics.ts';
import { FileSubject, type LintInput } from './subject.ts';

/** What the platform makes of a source that does not parse: a part of a module, or why there is none that loads. */
export type Repaired = FileSubject | 'no JavaScript' | 'no class';

/** Pieces of syntax in a broken source above which nobody waits for what comes out of it while typing. */
const MOST_NODES = 25_000;

/** Characters above which the same holds of a text that is one slip after the other. */
const MOST_CHARACTERS = 300_000;

/** What TypeScript writes many lines for, apart from the tags of comments. */
const EXPANDED = /(?<!\* )@|\b(?:enum|using|accessor|namespace|module)\b/g;

/** How many of those take as long as all the rest may. */
const MOST_EXPANDED = 300;

/** What TypeScript writes in place of decorators and resources, which are newer than the platform's target. */
const HELPERS = /\b__(?:esDecorate|addDisposableResource)\b/;

const known = new WeakMap<FileSubject, Repaired | undefined>();

/**
 * What the platform uploads for a source that TypeScript has to repair, as a file that rules can look at.
 * Undefined for one that needs no repair, that the platform refuses, that is too long to look, or on which
 * TypeScript fails.
 */
export function repairedSource(file: FileSubject): Repaired | undefined {
  if (!known.has(file)) known.set(file, readRepaired(file));
  return known.get(file);
}

function readRepaired(file: FileSubject): Repaired | undefined {
  const { input, facts, refusal } = file;
  if (refusal !== undefined || parseDiagnostics(facts.file).length === 0 || isLong(facts.file)) {
    return undefined;
  }
  try {
    const imports = hoistImports([facts]).text;
    const text = imports + new TranspiledSource(file.text).text;
    if (!isJavaScript(text)) return 'no JavaScript';
    const made = subject(input, text);
    if (!HELPERS.test(text)) return made.verdict === file.verdict ? made : 'no class';
    const newest = subject(input, imports + newestText(file.text));
    if (newest.verdict !== file.verdict) return 'no class';
    // A decorator whose name is missing is one only until it is a call.
    return parseDiagnostics(newest.facts.file).length === 0 ? newest : made;
  } catch (error) {
    // Deeper than the stack reaches, or one of the few texts on which TypeScript fails.
    if (error instanceof RangeError || error instanceof DoError) return undefined;
    throw error;
  }
}

function isLong(file: ts.SourceFile): boolean {
  const { nodeCount } = file as { readonly nodeCount?: number };
  if (file.text.length > MOST_CHARACTERS) return true;
  return (nodeCount ?? 0) > MOST_NODES || (file.text.match(EXPANDED)?.length ?? 0) > MOST_EXPANDED;
}

function subject(input: LintInput, text: string): FileSubject {
  return new FileSubject({ ...input, text }, readFacts(text, 'made.js'));
}

/** Whether a JavaScript engine would parse the text as a module, apart from names that other sources may declare. */
function isJavaScript(text: string): boolean {
  try {
    parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The last thing that is looked at: all else is right.
    return /^Export '.*' is not defined/.test(error.message);
  }
}
