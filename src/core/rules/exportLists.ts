import type ts from 'typescript';
import { indexIn } from '../source/nodeIndex.ts';
import type { TextEdit } from './finding.ts';
import type { FileSubject } from './subject.ts';

/** Takes one name out of `export { … }`, and the statement with the last of its names. */
export function exportRemoval(file: FileSubject, element: ts.ExportSpecifier): TextEdit {
  const { elements } = element.parent;
  if (elements.length === 1) return file.removal(element.parent.parent);
  const source = file.facts.file;
  const index = indexIn(elements, element);
  const next = elements[index + 1];
  if (next) return file.edit(element.getStart(source), next.getStart(source), '');
  return file.edit(elements[index - 1]?.end ?? element.getStart(source), element.end, '');
}
