import type { Finding } from '../../core/rules/finding.ts';

/** A file as it was named or found, with what was found in it. */
export interface LintedFile {
  /** As given on the command line, with `/` between its parts. */
  readonly file: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** What a command of the terminal writes to stdout, with the last line end. Empty for nothing. */
export type Format = (files: readonly LintedFile[], options: { readonly colours: boolean }) => string;
