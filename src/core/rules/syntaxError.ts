import ts from 'typescript';
import { earlyErrors, type EarlyError } from '../source/earlyErrors.ts';
import { parseDiagnostics } from '../source/parseDiagnostics.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

export const SYNTAX_ERROR = 'syntax-error';

/** One slip makes TypeScript complain all the way down the file; the first few say where it is. */
const MOST_REPORTED = 10;

/** What is said of what comes out of a repair as long as nobody looked at it. */
export const MAY_FAIL = 'What comes out fails to load, or goes live as something else than you wrote.';

/**
 * The source does not parse. The platform does not look at syntax errors: TypeScript repairs what it can, and
 * what comes out either fails to load or goes live as something that nobody wrote. What TypeScript's parser lets
 * through and JavaScript does not fails to load.
 */
export const syntaxError: FileRule = {
  id: SYNTAX_ERROR,
  check(file) {
    const broken = parseDiagnostics(file.facts.file);
    if (broken.length === 0)
      return earlyErrors(file.facts.file)
        .slice(0, MOST_REPORTED)
        .map((error) => early(file, error));
    return broken.slice(0, MOST_REPORTED).map((diagnostic) => ({
      rule: SYNTAX_ERROR,
      code: SYNTAX_ERROR,
      severity: 'error',
      message: `${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')} The platform does not stop at this: TypeScript repairs the source by guessing. ${MAY_FAIL}`,
      range: file.range(diagnostic.start, diagnostic.start + Math.max(diagnostic.length, 1)),
      fixes: [],
      repaired: true,
    }));
  },
};

const HANDED_ON =
  'TypeScript hands it on as it is, so the module fails to load and the class goes into ERROR.';
const STOPS = 'TypeScript fails on it, so the platform cannot take the source.';

function early(file: FileSubject, { node, message, stopsTypeScript = false }: EarlyError): Finding {
  const fate = stopsTypeScript ? STOPS : HANDED_ON;
  return {
    rule: SYNTAX_ERROR,
    code: SYNTAX_ERROR,
    severity: 'error',
    message: `${message} ${fate}`,
    range: file.rangeOf(node),
    fixes: [],
  };
}
