import ts from 'typescript';
import type { FileRule } from './subject.ts';

export const SYNTAX_ERROR = 'syntax-error';

/** One slip makes TypeScript complain all the way down the file; the first few say where it is. */
const MOST_REPORTED = 10;

/**
 * The source does not parse. The platform does not look at syntax errors: TypeScript repairs what it can, and
 * what comes out either fails to load or goes live as something that nobody wrote.
 */
export const syntaxError: FileRule = {
  id: SYNTAX_ERROR,
  check(file) {
    return parseDiagnostics(file.facts.file)
      .slice(0, MOST_REPORTED)
      .map((diagnostic) => ({
        rule: SYNTAX_ERROR,
        code: SYNTAX_ERROR,
        severity: 'error',
        message: `${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')} The platform does not stop at this: TypeScript repairs the source by guessing, and what comes out fails to load or goes live as something else than you wrote.`,
        range: file.range(diagnostic.start, diagnostic.start + Math.max(diagnostic.length, 1)),
        fixes: [],
      }));
  },
};

/** The parser keeps them on the file, which its public type does not show. */
function parseDiagnostics(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  const { parseDiagnostics } = file as { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };
  return parseDiagnostics ?? [];
}
