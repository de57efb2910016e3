import ts from 'typescript';
import type { DefaultClass } from '../source/facts.ts';
import type { Fix } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'default-export-class';

/** `export default class`: the platform takes a class by its name only. */
export const defaultExportClass: FileRule = {
  id: ID,
  check(file) {
    if (file.refusal !== 'EXPORT_DEFAULT_NOT_SUPPORTED') return [];
    return file.facts.defaultClasses.map((node) => {
      const words = keywords(file, node);
      return {
        rule: ID,
        code: 'EXPORT_DEFAULT_NOT_SUPPORTED',
        severity: 'error',
        message:
          'The platform refuses a class that is the default export: it needs a named one, `export class Name`.',
        range: file.range(words.start, words.nameEnd),
        fixes: fixes(file, node, words),
      };
    });
  },
};

interface Keywords {
  /** Start of `export`. */
  readonly start: number;
  /** Start of `default`, when it can be taken out. */
  readonly defaultStart: number | undefined;
  readonly defaultEnd: number;
  /** End of the class's name, or of the word `class` when it has none. */
  readonly nameEnd: number;
}

function keywords(file: FileSubject, node: DefaultClass): Keywords {
  const source = file.facts.file;
  if (ts.isExportAssignment(node)) {
    const start = node.getStart(source);
    return { start, defaultStart: undefined, defaultEnd: start, nameEnd: node.end };
  }
  const modifiers = ts.getModifiers(node) ?? [];
  const exportWord = modifiers.find((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
  const defaultWord = modifiers.find((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword);
  const last = modifiers.at(-1)?.end ?? node.getStart(source);
  return {
    start: (exportWord ?? node).getStart(source),
    defaultStart: defaultWord?.getStart(source),
    defaultEnd: defaultWord?.end ?? last,
    nameEnd: node.name?.end ?? last + (/^\s*class\b/.exec(file.text.slice(last))?.[0].length ?? 0),
  };
}

function fixes(file: FileSubject, node: DefaultClass, words: Keywords): Fix[] {
  if (words.defaultStart === undefined) return [];
  const blank = /^\s*/.exec(file.text.slice(words.defaultEnd))?.[0].length ?? 0;
  const withoutDefault = file.edit(words.defaultStart, words.defaultEnd + blank, '');
  if (node.name && ts.isIdentifier(node.name)) {
    return [{ title: `Export ${node.name.text} by its name`, edits: [withoutDefault], preferred: true }];
  }
  return [
    {
      title: 'Give the class a name and export it by that',
      edits: [withoutDefault, file.edit(words.nameEnd, words.nameEnd, ' $NAME')],
      preferred: true,
      asksName: true,
    },
  ];
}
