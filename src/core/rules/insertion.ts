import type ts from 'typescript';
import type { TextEdit } from './finding.ts';
import type { FileSubject } from './subject.ts';

/**
 * Puts lines at the top of a block or a class body, indented one step deeper than the line that `owner` begins on.
 * @param at offset behind the opening brace
 */
export function blockInsertion(
  file: FileSubject,
  owner: ts.Node,
  at: number,
  lines: readonly string[],
): TextEdit {
  const { text } = file;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const start = owner.getStart(file.facts.file);
  const line = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const outer = /^[ \t]*/.exec(text.slice(line, start))?.[0] ?? '';
  const step = /^\t/m.test(text) ? '\t' : '  ';
  const inserted = lines.map((each) => `${lineEnd}${outer}${step}${each.replaceAll('  ', step)}`).join('');
  const blank = /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0;
  const next = text.charAt(at + blank);
  if (next === '' || next === '\r' || next === '\n') return file.edit(at, at, inserted);
  const indent = next === '}' ? outer : outer + step;
  return file.edit(at, at + blank, `${inserted}${lineEnd}${indent}`);
}
