import type { LinePosition } from '../source/lineIndex.ts';

export type Severity = 'error' | 'warning' | 'information';

/** Zero-based line and UTF-16 unit. */
export type Position = LinePosition;

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** A mend of one finding. The edits are of the finding's own file and do not overlap. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one to apply without asking, at most one per finding. */
  readonly preferred: boolean;
  /** Asks the person for a class name and puts it in place of `$NAME` in every `newText`. */
  readonly asksName?: true;
  /** A file to create beside this one. */
  readonly newFile?: { readonly suggestedName: string; readonly text: string };
}

/** Stands for the reason in `Finding.disable`. */
export const REASON = '$REASON';

/** Something that a rule found in a file. */
export interface Finding {
  /** The id of the rule, stable. */
  readonly rule: string;
  /** What the platform answers, where it refuses the source itself; else the rule's id. */
  readonly code: string;
  readonly severity: Severity;
  /** What will happen. */
  readonly message: string;
  readonly range: Range;
  readonly fixes: readonly Fix[];
  /** TypeScript had to repair the source here: other findings may hang on how it did. */
  readonly repaired?: true;
  /** Whether the module fails to load, where that is not the same for all findings of the rule. */
  readonly atLoad?: boolean;
  /** Writes the comment that disables it, with `$REASON` for the reason; none where no comment can. */
  readonly disable?: TextEdit;
  readonly related?: readonly { readonly uri: string; readonly range: Range; readonly message: string }[];
}
