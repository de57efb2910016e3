import type { Finding, Severity } from '../../core/rules/finding.ts';
import type { Colour, Paint } from '../output/output.ts';
import { visible, visibleLine } from '../output/visible.ts';
import type { LintReport } from './report.ts';

const COLOURS: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', information: 'cyan' };

/** Most UTF-16 units of a line that are shown. */
const MOST_WIDTH = 160;

/** For people: each finding with the line that it is about, and a count at the end. */
export function pretty({ files, paint }: Pick<LintReport, 'files' | 'paint'>): string {
  const blocks = files.flatMap(({ file, text, findings }) => {
    const lines = findings.length === 0 ? [] : text.split(/\r\n|\n|\r/);
    return findings.map((finding) => block(file, lines, finding, paint));
  });
  if (files.length === 0) return '';
  const all = files.flatMap(({ findings }) => findings);
  const end = all.length === 0 ? `${words(files.length, 'file')}, no findings.` : summary(all);
  return [...blocks, end].join('\n');
}

function block(file: string, lines: readonly string[], finding: Finding, paint: Paint): string {
  const { rule, code, severity, message, range } = finding;
  const place = `${file}:${range.start.line + 1}:${range.start.character + 1}`;
  const id = code === rule ? rule : `${rule} ${code}`;
  const head = `${paint('bold', visibleLine(place))} ${paint(COLOURS[severity], severity)} ${visibleLine(message)} ${paint('dim', `[${id}]`)}`;
  return [head, ...frame(lines, finding, paint), ''].join('\n');
}

/** The line before, the line itself, and a mark under what the finding is about. */
function frame(lines: readonly string[], { range, severity }: Finding, paint: Paint): string[] {
  const { line, character } = range.start;
  const own = lines[line];
  if (own === undefined) return [];
  const width = String(line + 1).length;
  const gutter = (number: number | undefined): string =>
    paint('dim', `  ${String(number ?? '').padStart(width)} | `);
  const before = line === 0 ? undefined : lines[line - 1];
  const isBeforeShown = before !== undefined && before.trim() !== '' && before.length <= MOST_WIDTH;
  // Of a long line, the part around the finding.
  const from = own.length <= MOST_WIDTH ? 0 : Math.max(0, character - MOST_WIDTH / 2);
  const shown = own.slice(from, from + MOST_WIDTH);
  const end = range.end.line === line ? range.end.character : own.length;
  const marked = shown.slice(character - from, Math.max(end, character + 1) - from);
  const indent = shown.slice(0, character - from).replace(/[^\t]/g, ' ');
  return [
    ...(isBeforeShown ? [gutter(line) + visible(before)] : []),
    gutter(line + 1) + visible(shown),
    gutter(undefined) + indent + paint(COLOURS[severity], '^'.repeat(Math.max(1, marked.length))),
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  const counts = [
    words(count('error'), 'error'),
    words(count('warning'), 'warning'),
    count('information') === 0 ? '' : `${count('information')} for information`,
  ].filter((part) => part !== '');
  const fixable = findings.filter(({ fixes }) => fixes.length > 0).length;
  const fixes = fixable === 0 ? '' : ` The editor has a fix for ${fixable} of them.`;
  return `${counts.join(', ')}.${fixes}`;
}

function words(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
