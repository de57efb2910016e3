import ts from 'typescript';
import { meantClass } from './exportedClass.ts';
import type { Fix } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'abstract-class';

/** The exported class is abstract: a word for the types only. */
export const abstractClass: FileRule = {
  id: ID,
  check(file) {
    const node = meantClass(file);
    const word = node && ts.getModifiers(node)?.find(isAbstract);
    if (!word) return [];
    const isAnyMemberAbstract = node.members.some(
      (member) => ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(isAbstract),
    );
    return [
      {
        rule: ID,
        code: ID,
        severity: 'warning',
        message: `The runtime makes instances of ${node.name.text} although it is abstract. ${isAnyMemberAbstract ? 'Its abstract members are not there, and using one throws.' : 'The word has no effect on the platform.'}`,
        range: file.rangeOf(word),
        fixes: isAnyMemberAbstract ? [] : [removal(file, word)],
      },
    ];
  },
};

function isAbstract({ kind }: ts.Modifier): boolean {
  return kind === ts.SyntaxKind.AbstractKeyword;
}

function removal(file: FileSubject, word: ts.Modifier): Fix {
  const blank = /^\s*/.exec(file.text.slice(word.end))?.[0].length ?? 0;
  const edit = file.edit(word.getStart(file.facts.file), word.end + blank, '');
  return { title: 'Remove abstract', edits: [edit], preferred: true };
}
