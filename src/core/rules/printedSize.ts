import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';

const { SyntaxKind, forEachChild } = ts;

/** What can be told of the text that TypeScript makes of a source, without making it. */
export interface PrintedSize {
  /** It has so many UTF-16 units or more. */
  readonly least: number;
  /** It has so many UTF-16 units or fewer. */
  readonly most: number;
  /** Whether making it is quick: TypeScript looks each name up through all that is around it. */
  readonly isQuick: boolean;
}

/** Spaces for each level. */
const INDENT = 4;
/** How much longer a token can get: by blanks around it, and in bytes. */
const GROWTH = 4;
/** What a decorator becomes, at most, and what a member of an enum becomes besides the names. */
const DECORATOR = 400;
const ENUM_MEMBER = 30;
/** With more nodes, or more steps from names to what is around them, it takes longer than a person waits. */
const MOST_NODES = 60_000;
const MOST_STEPS = 4_000_000;

/**
 * The printer puts each statement and each member on a line of its own and indents it by its level. Other lines it
 * takes over from the source.
 */
export function printedSize(file: ts.SourceFile): PrintedSize {
  const { nodeCount = 0 } = file as { readonly nodeCount?: number };
  let least = 0;
  let most = GROWTH * file.text.length;
  let deepest = 0;
  let steps = 0;
  const open: Open[] = [{ node: file, depth: 0, blocks: 0, level: 0, prefix: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, depth } = at;
    if (node.kind === SyntaxKind.Identifier) {
      steps += depth;
      most += at.prefix;
      continue;
    }
    if (isErased(node)) continue;
    if (ts.isDecorator(node)) most += DECORATOR;
    if (ts.isEnumMember(node)) most += ENUM_MEMBER + 2 * at.prefix;
    if (beginsLine(node)) most += 1 + INDENT * at.level;
    if (WITH_END.has(node.kind)) most += 1 + INDENT * at.level;
    const isPlainBlock = ts.isBlock(node) && !ts.isFunctionLike(node.parent);
    const blocks = isPlainBlock ? at.blocks + 1 : at.blocks;
    if (isPlainBlock) least += node.statements.filter((one) => !isErased(one)).length * INDENT * blocks;
    const inside = WITH_END.has(node.kind) || INDENTING.has(node.kind) ? at.level + 1 : at.level;
    deepest = Math.max(deepest, inside);
    const prefix = ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node) ? node.name.text.length + 1 : 0;
    // The calls of a chain indent their arguments, and not each other.
    const called = ts.isCallExpression(node) ? node.expression : undefined;
    forEachChild(node, (child) => {
      open.push({
        node: child,
        depth: depth + 1,
        blocks,
        level: child === called ? at.level : inside,
        prefix: Math.max(at.prefix, prefix),
      });
    });
  }
  most += (file.text.match(/\n/g)?.length ?? 0) * (1 + INDENT * deepest);
  return { least, most, isQuick: nodeCount <= MOST_NODES && steps <= MOST_STEPS };
}

interface Open {
  readonly node: ts.Node;
  readonly depth: number;
  /** Blocks around it that are no body of a function: those can stay on one line. */
  readonly blocks: number;
  /** Nodes around it that may indent it. */
  readonly level: number;
  /** What may be put before a name, as that of a namespace before its members. */
  readonly prefix: number;
}

function beginsLine(node: ts.Node): boolean {
  return (
    ts.isStatement(node) ||
    ts.isClassElement(node) ||
    ts.isCaseOrDefaultClause(node) ||
    ts.isEnumMember(node) ||
    ts.isDecorator(node)
  );
}

/** Their end, their `else` or their `while` may be on a line of its own. */
const WITH_END: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.Block,
  SyntaxKind.ModuleBlock,
  SyntaxKind.ModuleDeclaration,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.CaseBlock,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.ClassExpression,
  SyntaxKind.IfStatement,
  SyntaxKind.DoStatement,
]);

/** What else may indent what is in it. */
const INDENTING: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.CaseClause,
  SyntaxKind.DefaultClause,
  SyntaxKind.ForStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.WhileStatement,
  SyntaxKind.ObjectLiteralExpression,
  SyntaxKind.ArrayLiteralExpression,
  SyntaxKind.ObjectBindingPattern,
  SyntaxKind.ArrayBindingPattern,
  SyntaxKind.CallExpression,
  SyntaxKind.NewExpression,
  SyntaxKind.ParenthesizedExpression,
  SyntaxKind.ConditionalExpression,
  SyntaxKind.VariableDeclarationList,
  SyntaxKind.ArrowFunction,
]);
