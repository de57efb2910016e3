import type { Finding, Position, Range } from './finding.ts';

/** One change of a text: what is replaced, and by what. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** What an edited file is, and how it was edited; each change is of the text after the ones before it. */
export interface Edited {
  readonly uri: string;
  readonly changes: readonly TextChange[];
}

/**
 * The findings of the file `uri` with their places where the edits moved them, until the next answer comes. A
 * finding whose text was replaced is gone. The same list when nothing moved. Their fixes are not moved.
 * @param touched what becomes of a finding when a part of its text was edited
 */
export function movedFindings(
  uri: string,
  findings: readonly Finding[],
  edited: Edited,
  touched: 'stays' | 'goes' = 'stays',
): readonly Finding[] {
  const isOwn = uri === edited.uri;
  const isMentioned = findings.some(({ related }) => related?.some((each) => each.uri === edited.uri));
  if (findings.length === 0 || (!isOwn && !isMentioned)) return findings;
  return findings.flatMap((finding) => {
    const range = isOwn ? moved(finding.range, edited.changes, touched) : finding.range;
    if (range === undefined) return [];
    if (finding.related === undefined) return [{ ...finding, range }];
    const related = finding.related.flatMap((each) => {
      const place = each.uri === edited.uri ? moved(each.range, edited.changes, 'stays') : each.range;
      return place === undefined ? [] : [{ ...each, range: place }];
    });
    return [{ ...finding, range, related }];
  });
}

function moved(range: Range, changes: readonly TextChange[], touched: 'stays' | 'goes'): Range | undefined {
  let at: Range | undefined = range;
  for (const change of changes) {
    if (at === undefined || (touched === 'goes' && isTouched(at, change))) return undefined;
    at = movedBy(at, change);
  }
  return at;
}

function isTouched({ start, end }: Range, { range }: TextChange): boolean {
  return isBefore(range.start, end) && isBefore(start, range.end);
}

/** Text that is put in at an end of the range does not belong to it. */
function movedBy(at: Range, change: TextChange): Range | undefined {
  const { start, end } = at;
  const { range, text } = change;
  const newEnd = endOf(range.start, text);
  if (!isTouched(at, change)) {
    if (!isBefore(range.start, end)) return { start, end };
    return { start: shifted(start, range.end, newEnd), end: shifted(end, range.end, newEnd) };
  }
  const first = isBefore(start, range.start) ? start : newEnd;
  const last = isBefore(range.end, end) ? shifted(end, range.end, newEnd) : range.start;
  return isBefore(first, last) ? { start: first, end: last } : undefined;
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function shifted(position: Position, oldEnd: Position, newEnd: Position): Position {
  const line = position.line + newEnd.line - oldEnd.line;
  const isSameLine = position.line === oldEnd.line;
  return { line, character: position.character + (isSameLine ? newEnd.character - oldEnd.character : 0) };
}

/** Where `text` ends that begins at `start`. */
function endOf(start: Position, text: string): Position {
  const lines = text.split(/\r\n|[\n\r]/);
  const last = lines.at(-1) ?? '';
  return {
    line: start.line + lines.length - 1,
    character: (lines.length === 1 ? start.character : 0) + last.length,
  };
}
