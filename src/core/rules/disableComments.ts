import { nonCodeOf, type Comment } from '../source/comments.ts';
import type { FileSubject } from './subject.ts';

/** A rule id in a comment, with its offsets. */
export interface NamedRule {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** A comment that disables rules, for a part of the file. */
export interface DisableComment {
  readonly comment: Comment;
  readonly rules: readonly NamedRule[];
  /** Empty when none is given: then it disables nothing. */
  readonly reason: string;
  /** Whether a finding that starts at this offset, in this zero-based line, is in its part of the file. */
  covers(offset: number, line: number): boolean;
}

/** What every such comment begins with. */
const WORD = 'butterbase-disable';

const DIRECTIVE = /^[\s*]*butterbase-disable(-next-line|-line)?(?![\w-])/;

/**
 * The comments that disable rules: `butterbase-disable-next-line`, `butterbase-disable-line`, and
 * `butterbase-disable` for the rest of the file; then the rules' ids, and a reason after ` -- `.
 */
export function disableComments(file: FileSubject): DisableComment[] {
  if (!file.text.includes(WORD)) return [];
  const parsed = nonCodeOf(file.facts.file).comments.flatMap((comment) => {
    const match = DIRECTIVE.exec(comment.body);
    return match ? [{ comment, scope: match[1], ...parse(comment, match[0].length) }] : [];
  });
  // Comments for the next line that stand above each other are all for the line below the last of them.
  const followers = new Map(
    parsed
      .filter(({ scope }) => scope === '-next-line')
      .map(({ comment }) => [lineOf(file, comment.start), lineOf(file, comment.end) + 1]),
  );
  // From the last on, each leads to where the one below it ends.
  for (const [line, below] of [...followers].reverse()) followers.set(line, followers.get(below) ?? below);
  return parsed.map(({ comment, scope, rules, reason }) => {
    const first = lineOf(file, comment.start);
    let target = scope === '-line' ? first : lineOf(file, comment.end) + 1;
    if (scope === '-next-line') target = followers.get(target) ?? target;
    return {
      comment,
      rules,
      reason,
      covers: (offset, line) => (scope === undefined ? offset >= comment.end : line === target),
    };
  });
}

function parse(comment: Comment, from: number): { rules: NamedRule[]; reason: string } {
  const rest = comment.body.slice(from);
  const dashes = /(?:^|\s)-{2,}(?=\s|$)/.exec(rest);
  const names = dashes ? rest.slice(0, dashes.index) : rest;
  const reason = dashes ? rest.slice(dashes.index + dashes[0].length) : '';
  const base = comment.bodyStart + from;
  return {
    rules: [...names.matchAll(/[^\s,:*]+/g)].map(({ 0: id, index }) => ({
      id,
      start: base + index,
      end: base + index + id.length,
    })),
    reason: reason.replace(/[\s*]+/g, ' ').trim(),
  };
}

function lineOf(file: FileSubject, offset: number): number {
  return file.lines.positionAt(offset).line;
}
