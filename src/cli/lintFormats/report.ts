import type { Finding } from '../../core/rules/finding.ts';
import type { Paint } from '../output/output.ts';

/** A file as it was named or found, with what was found in it. */
export interface LintedFile {
  /** As given on the command line, with `/` between its parts. */
  readonly file: string;
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** What a run of the linter came to. */
export interface LintReport {
  readonly files: readonly LintedFile[];
  /** What could not be read and why, as lines for a person. */
  readonly problems: readonly string[];
  /** Absolute path of the folder from which tools that read the report take paths. */
  readonly root: string;
  readonly paint: Paint;
}

/** What is written to stdout, with the last line end; empty for nothing. */
export type Format = (report: LintReport) => string | Promise<string>;
