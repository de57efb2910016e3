import { nonCodeOf } from '../source/comments.ts';
import { isRefusal, ruleInfo } from './catalogue.ts';
import { disableComments, type DisableComment, type NamedRule } from './disableComments.ts';
import { REASON, type Finding, type Fix, type TextEdit } from './finding.ts';
import type { FileSubject } from './subject.ts';
import { SYNTAX_ERROR } from './syntaxError.ts';

const WITHOUT_REASON = 'disable-without-reason';
const UNKNOWN = 'unknown-rule';
const UNUSED = 'unused-disable';

/** Rules about the comments themselves. */
export const COMMENT_RULES: readonly string[] = [WITHOUT_REASON, UNKNOWN, UNUSED];

/**
 * Takes out what comments disable and adds what is wrong with the comments. What is left knows the comment that
 * would disable it.
 * @param couldLook whether a rule had what it needs besides the file, so that finding nothing means something
 */
export function withComments(
  file: FileSubject,
  findings: readonly Finding[],
  couldLook: (rule: string) => boolean,
): Finding[] {
  const comments = disableComments(file);
  const used = new Set<NamedRule>();
  const kept = findings.filter((finding) => {
    const naming = comments.flatMap((comment) => namesThat(file, comment, finding));
    for (const name of naming) used.add(name);
    return naming.length === 0;
  });
  const isCertain = !findings.some(({ rule }) => rule === SYNTAX_ERROR);
  const isIdle = ({ id }: NamedRule): boolean => isCertain && couldLook(id);
  return [
    ...kept.map((finding) => withDisable(file, finding)),
    ...comments.flatMap((comment) =>
      problems(
        file,
        comment,
        comment.rules.filter((name) => !used.has(name) && isIdle(name)),
      ),
    ),
  ];
}

/** No comment makes the platform take what it refuses, and one about comments would have no end. */
export function isSuppressible(rule: string): boolean {
  return ruleInfo(rule) !== undefined && !isRefusal(rule) && !COMMENT_RULES.includes(rule);
}

function namesThat(file: FileSubject, comment: DisableComment, finding: Finding): NamedRule[] {
  if (comment.reason === '' || !isSuppressible(finding.rule)) return [];
  const { start } = finding.range;
  if (!comment.covers(file.lines.offsetAt(start), start.line)) return [];
  return comment.rules.filter(({ id }) => id === finding.rule);
}

function problems(file: FileSubject, comment: DisableComment, unused: readonly NamedRule[]): Finding[] {
  const { start, end } = comment.comment;
  const unknown = comment.rules.filter(({ id }) => ruleInfo(id) === undefined);
  const found = unknown.map(({ id, ...at }) =>
    finding(file, UNKNOWN, 'warning', `There is no rule ${id}, so nothing is disabled.`, at),
  );
  if (comment.rules.length === 0) {
    const message = 'This disables nothing: name the rules that it is for, then ` -- ` and the reason.';
    return [finding(file, UNKNOWN, 'warning', message, { start, end })];
  }
  if (comment.reason === '') {
    const message = 'This disables nothing until it says why: write ` -- ` and the reason after the rules.';
    // What follows a rule may be a reason behind another sign.
    const isAllUnknown = unknown.length === comment.rules.length;
    return [
      ...(isAllUnknown ? found.slice(0, 1) : []),
      finding(file, WITHOUT_REASON, 'warning', message, { start, end }),
    ];
  }
  const idle = unused.filter(({ id }) => ruleInfo(id) !== undefined);
  const isAllIdle = unused.length === comment.rules.length;
  return [
    ...found,
    ...idle.map((name) => {
      const message = isSuppressible(name.id)
        ? `${name.id} finds nothing here, so there is nothing to disable.`
        : `${name.id} cannot be disabled by a comment${isRefusal(name.id) ? ': the platform refuses what it finds' : ''}.`;
      const edit = isAllIdle ? removal(file, comment) : nameRemoval(file, comment.rules, name);
      const title = isAllIdle ? 'Remove the comment' : `Remove ${name.id} from the comment`;
      return finding(file, UNUSED, 'information', message, name, [{ title, edits: [edit], preferred: true }]);
    }),
  ];
}

function finding(
  file: FileSubject,
  rule: string,
  severity: Finding['severity'],
  message: string,
  at: { readonly start: number; readonly end: number },
  fixes: readonly Fix[] = [],
): Finding {
  return { rule, code: rule, severity, message, range: file.range(at.start, at.end), fixes };
}

/** With its line when it is alone there, else with the blanks before it. */
function removal(file: FileSubject, { comment }: DisableComment): TextEdit {
  const { text } = file;
  const before = /[ \t]*$/.exec(text.slice(Math.max(0, comment.start - 200), comment.start))?.[0].length ?? 0;
  const start = comment.start - before;
  const startsLine = start === 0 || /[\n\r]/.test(text.charAt(start - 1));
  const lineEnd = /^[ \t]*(?:\r\n|\n|\r|$)/.exec(text.slice(comment.end, comment.end + 200))?.[0];
  if (startsLine && lineEnd !== undefined) return file.edit(start, comment.end + lineEnd.length, '');
  if (!startsLine) return file.edit(start, comment.end, lineEnd === undefined ? ' ' : '');
  return file.edit(comment.start, comment.end, '');
}

function nameRemoval(file: FileSubject, names: readonly NamedRule[], name: NamedRule): TextEdit {
  const index = names.indexOf(name);
  const next = names[index + 1];
  if (next) return file.edit(name.start, next.start, '');
  return file.edit(names[index - 1]?.end ?? name.start, name.end, '');
}

/** The line above must be one where a comment is a comment: not inside of a template or another comment. */
function withDisable(file: FileSubject, finding: Finding): Finding {
  if (!isSuppressible(finding.rule)) return finding;
  const { line } = finding.range.start;
  const lineStart = file.lines.offsetAt({ line, character: 0 });
  const at = lineStart === 0 && file.text.startsWith('\uFEFF') ? 1 : lineStart;
  const { comments, literals } = nonCodeOf(file.facts.file);
  const isInside =
    file.text.startsWith('#!', at) ||
    literals.some(([start, end]) => start < at && at < end) ||
    comments.some(({ start, end }) => start < at && at < end);
  if (isInside) return finding;
  const indent = /^[ \t]*/.exec(file.text.slice(at, at + 200))?.[0] ?? '';
  const lineEnd = file.text.includes('\r\n') ? '\r\n' : '\n';
  const text = `${indent}// butterbase-disable-next-line ${finding.rule} -- ${REASON}${lineEnd}`;
  return { ...finding, disable: file.edit(at, at, text) };
}
