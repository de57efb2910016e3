import { parse } from 'acorn';
import { hoistImports } from '../bundle/hoistedImports.ts';
import { newestText, TranspiledSource } from '../bundle/transpile.ts';
import { DoError } from '../errors.ts';
import { readFacts } from '../source/facts.ts';
import { FileSubject, type LintInput } from './subject.ts';
import { parseDiagnostics } from './syntaxError.ts';

/** What the platform makes of a source that does not parse: a part of a module, or why there is none that loads. */
export type Repaired = FileSubject | 'no JavaScript' | 'no class';

/** Characters of a broken source above which nobody waits for what comes out of it while typing. */
const LONGEST = 200_000;

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
  if (refusal !== undefined || file.text.length > LONGEST || parseDiagnostics(facts.file).length === 0) {
    return undefined;
  }
  try {
    const imports = hoistImports([facts]).text;
    const text = imports + new TranspiledSource(file.text).text;
    if (!isJavaScript(text)) return 'no JavaScript';
    const newest = subject(input, imports + newestText(file.text));
    if (newest.verdict !== file.verdict) return 'no class';
    // A decorator whose name is missing is one only until it is a call.
    return parseDiagnostics(newest.facts.file).length === 0 ? newest : subject(input, text);
  } catch (error) {
    // Deeper than the stack reaches, or one of the few texts on which TypeScript fails.
    if (error instanceof RangeError || error instanceof DoError) return undefined;
    throw error;
  }
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
