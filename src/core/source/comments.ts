import ts from 'typescript';

/** A comment; offsets in UTF-16 units. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  /** What is between its marks. */
  readonly body: string;
  readonly bodyStart: number;
}

/** The parts of a text that are no code. */
export interface NonCode {
  readonly comments: readonly Comment[];
  /** Strings, pieces of templates and regular expressions: start and end of each, in source order. */
  readonly literals: readonly (readonly [start: number, end: number])[];
}

const known = new WeakMap<ts.SourceFile, NonCode>();

/** Found once for each parse. Comment marks inside of literals do not count. */
export function nonCodeOf(file: ts.SourceFile): NonCode {
  let found = known.get(file);
  if (found === undefined) {
    const literals = literalsOf(file);
    found = { literals, comments: commentsBetween(file.text, literals) };
    known.set(file, found);
  }
  return found;
}

/** With a stack of its own: a source may be nested deeper than JavaScript's reaches. */
function literalsOf(file: ts.SourceFile): (readonly [number, number])[] {
  const literals: (readonly [number, number])[] = [];
  const open: ts.Node[] = [file];
  const push = (child: ts.Node): void => {
    open.push(child);
  };
  for (let node = open.pop(); node; node = open.pop()) {
    if (isLiteral(node.kind)) literals.push([node.getStart(file), node.end]);
    else ts.forEachChild(node, push);
  }
  return literals.sort(([a], [b]) => a - b);
}

function isLiteral(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.StringLiteral ||
    kind === ts.SyntaxKind.NoSubstitutionTemplateLiteral ||
    kind === ts.SyntaxKind.TemplateHead ||
    kind === ts.SyntaxKind.TemplateMiddle ||
    kind === ts.SyntaxKind.TemplateTail ||
    kind === ts.SyntaxKind.RegularExpressionLiteral
  );
}

function commentsBetween(text: string, literals: NonCode['literals']): Comment[] {
  const comments: Comment[] = [];
  const mark = /\/\/|\/\*/g;
  let next = 0;
  for (let match = mark.exec(text); match; match = mark.exec(text)) {
    const start = match.index;
    while ((literals[next]?.[1] ?? Infinity) <= start) next += 1;
    const literal = literals[next];
    if (literal && literal[0] <= start) {
      mark.lastIndex = literal[1];
      continue;
    }
    const bodyStart = start + 2;
    const isLine = match[0] === '//';
    const closing = isLine ? indexOfLineEnd(text, bodyStart) : text.indexOf('*/', bodyStart);
    const bodyEnd = closing < 0 ? text.length : closing;
    const end = isLine || closing < 0 ? bodyEnd : bodyEnd + 2;
    comments.push({ start, end, bodyStart, body: text.slice(bodyStart, bodyEnd) });
    mark.lastIndex = end;
  }
  return comments;
}

function indexOfLineEnd(text: string, from: number): number {
  const end = /[\n\r\u2028\u2029]/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? -1;
}
