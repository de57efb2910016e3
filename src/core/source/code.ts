import ts from 'typescript';
import { isErased } from './declaredNames.ts';
import { walk } from './walk.ts';

const { SyntaxKind } = ts;

/** `object.name`, `object['name']` or `{ name } = object`. */
export type MemberUse = ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.BindingElement;

/** The nodes of a source that rules ask for, in source order. What is erased with the types is not among them. */
export interface Code {
  readonly calls: readonly ts.CallExpression[];
  readonly creations: readonly ts.NewExpression[];
  /** By the name of the member, where the text says it. */
  readonly members: ReadonlyMap<string, readonly MemberUse[]>;
  /** `object[expression]` with an expression that can be anything. */
  readonly dynamicMembers: readonly ts.ElementAccessExpression[];
  /** Identifiers of every kind and the texts of literals. */
  readonly words: ReadonlySet<string>;
}

/** One walk serves all rules. */
const codes = new WeakMap<ts.SourceFile, Code>();

export function codeOf(file: ts.SourceFile): Code {
  let code = codes.get(file);
  if (code === undefined) {
    code = readCode(file);
    codes.set(file, code);
  }
  return code;
}

/** The name of the member that a use asks for; undefined when the text does not say it. */
export function memberName(use: MemberUse): string | undefined {
  if (ts.isPropertyAccessExpression(use)) return use.name.text;
  if (ts.isElementAccessExpression(use)) return literalText(use.argumentExpression);
  const name = use.propertyName ?? use.name;
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isComputedPropertyName(name) ? literalText(name.expression) : undefined;
}

/** The part of a use that names the member: what a finding marks. */
export function memberNameNode(use: MemberUse): ts.Node {
  if (ts.isPropertyAccessExpression(use)) return use.name;
  if (ts.isElementAccessExpression(use)) return use.argumentExpression;
  return use.propertyName ?? use.name;
}

function readCode(file: ts.SourceFile): Code {
  const calls: ts.CallExpression[] = [];
  const creations: ts.NewExpression[] = [];
  const members = new Map<string, MemberUse[]>();
  const dynamicMembers: ts.ElementAccessExpression[] = [];
  const words = new Set<string>();
  const addMember = (use: MemberUse): void => {
    const name = memberName(use);
    if (name === undefined) {
      if (ts.isElementAccessExpression(use)) dynamicMembers.push(use);
      return;
    }
    const uses = members.get(name);
    if (uses) uses.push(use);
    else members.set(name, [use]);
  };

  walk(file, (node) => {
    switch (node.kind) {
      case SyntaxKind.Identifier:
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
      case SyntaxKind.TemplateHead:
      case SyntaxKind.TemplateMiddle:
      case SyntaxKind.TemplateTail:
        words.add((node as ts.Identifier | ts.LiteralLikeNode).text);
        return false;
      case SyntaxKind.CallExpression:
        calls.push(node as ts.CallExpression);
        return true;
      case SyntaxKind.NewExpression:
        creations.push(node as ts.NewExpression);
        return true;
      case SyntaxKind.PropertyAccessExpression:
      case SyntaxKind.ElementAccessExpression:
        addMember(node as ts.PropertyAccessExpression | ts.ElementAccessExpression);
        return true;
      case SyntaxKind.BindingElement:
        if (ts.isObjectBindingPattern(node.parent)) addMember(node as ts.BindingElement);
        return true;
      default:
        return node.kind >= SyntaxKind.FirstNode && !isErased(node);
    }
  });
  return { calls, creations, members, dynamicMembers, words };
}

function literalText(node: ts.Expression): string | undefined {
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) ? node.text : undefined;
}
