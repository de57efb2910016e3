import type { NamedClass } from '../source/facts.ts';
import type { FileSubject } from './subject.ts';

/** The class of a source that the platform takes; undefined while it would refuse the source. */
export function exportedClass(file: FileSubject): NamedClass | undefined {
  return file.refusal === undefined ? file.facts.exportedClasses[0] : undefined;
}
