import ts from 'typescript';
import { walk } from '../source/walk.ts';
import { declarationOf } from '../source/declarations.ts';
import { isGlobal, unwrapped } from '../source/runtimeObjects.ts';
import { meantClass } from './exportedClass.ts';
import type { Finding } from './finding.ts';
import { blockInsertion } from './insertion.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'websocket-message-type';

/** Methods that a string has and an ArrayBuffer has not. */
const STRING_METHODS: ReadonlySet<string> = new Set([
  'charAt',
  'charCodeAt',
  'codePointAt',
  'concat',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'localeCompare',
  'match',
  'matchAll',
  'normalize',
  'padEnd',
  'padStart',
  'repeat',
  'replace',
  'replaceAll',
  'search',
  'split',
  'startsWith',
  'substring',
  'toLowerCase',
  'toUpperCase',
  'trim',
  'trimEnd',
  'trimStart',
]);

/** `webSocketMessage` takes its message for text, and binary frames come as an ArrayBuffer. */
export const websocketMessageType: FileRule = {
  id: ID,
  check(file) {
    const handler = meantClass(file)?.members.find(isHandler);
    const message = handler?.parameters[1]?.name;
    const { body } = handler ?? {};
    if (!handler || !body || !message || !ts.isIdentifier(message)) return [];
    const uses = usesOf(body, message);
    if (uses.some(isChecked)) return [];
    const use = uses.find((each) => isUsedAsText(each) && !isCaught(each, body));
    return use ? [finding(file, handler, body, message, use)] : [];
  },
};

function isHandler(member: ts.ClassElement): member is ts.MethodDeclaration {
  return (
    ts.isMethodDeclaration(member) &&
    member.body !== undefined &&
    ts.isIdentifier(member.name) &&
    member.name.text === 'webSocketMessage'
  );
}

/** Uses of the parameter, and of constants that are nothing but it. */
function usesOf(body: ts.Block, message: ts.Identifier): ts.Identifier[] {
  const uses: ts.Identifier[] = [];
  const names = new Set([message.text]);
  walk(body, (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      const value = unwrapped(node.initializer);
      if (ts.isIdentifier(value) && value.text === message.text) names.add(node.name.text);
    }
    if (ts.isIdentifier(node) && names.has(node.text) && !isName(node) && meansMessage(node, message))
      uses.push(node);
    return !ts.isTypeNode(node);
  });
  return uses;
}

/** The `data` of `socket.data`. */
function isName(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

function meansMessage(node: ts.Identifier, message: ts.Identifier): boolean {
  const declaration = declarationOf(node);
  if (declaration === undefined || declaration === node) return false;
  if (declaration === message) return true;
  const { parent } = declaration;
  if (!ts.isVariableDeclaration(parent) || !parent.initializer) return false;
  const value = unwrapped(parent.initializer);
  return ts.isIdentifier(value) && declarationOf(value) === message;
}

/** The message with what stands around it and does not change it. */
function outermost(node: ts.Identifier): ts.Expression {
  let at: ts.Expression = node;
  while (ts.isExpression(at.parent) && at.parent !== at && unwrapped(at.parent) === node) at = at.parent;
  return at;
}

/** `typeof message`, `message instanceof …`, or the message given to a function that may look at it. */
function isChecked(node: ts.Identifier): boolean {
  const at = outermost(node);
  const { parent } = at;
  if (ts.isTypeOfExpression(parent)) return true;
  if (ts.isBinaryExpression(parent)) {
    return parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && parent.left === at;
  }
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.name.text === 'byteLength' || parent.name.text === 'constructor';
  }
  return ts.isCallExpression(parent) && parent.expression !== at && mayLookAtIt(parent.expression);
}

function mayLookAtIt(callee: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(callee)
    ? isGlobal(callee.expression, 'ArrayBuffer') || /^is[A-Z]/.test(callee.name.text)
    : ts.isIdentifier(callee) && callee.text !== 'String';
}

function isUsedAsText(node: ts.Identifier): boolean {
  const at = outermost(node);
  const { parent } = at;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === at) {
    return (
      ts.isCallExpression(parent.parent) &&
      parent.parent.expression === parent &&
      (STRING_METHODS.has(parent.name.text) ||
        (parent.name.text === 'toString' && isParsedAsJson(parent.parent)))
    );
  }
  if (ts.isTemplateSpan(parent)) return true;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.PlusToken;
  if (isParsedAsJson(at)) return true;
  return ts.isCallExpression(parent) && isGlobal(parent.expression, 'String') && isParsedAsJson(parent);
}

/** In a `try` block: whoever wrote it expects that some messages are wrong. */
function isCaught(node: ts.Node, body: ts.Block): boolean {
  for (let at = node; at !== body && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return true;
  }
  return false;
}

function isParsedAsJson(node: ts.Expression): boolean {
  const { parent } = node;
  return (
    ts.isCallExpression(parent) &&
    parent.arguments[0] === node &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'parse' &&
    isGlobal(parent.expression.expression, 'JSON')
  );
}

function finding(
  file: FileSubject,
  handler: ts.MethodDeclaration,
  body: ts.Block,
  message: ts.Identifier,
  use: ts.Identifier,
): Finding {
  const name = message.text;
  const guard = blockInsertion(file, handler, body.statements.pos, [
    `if (typeof ${name} !== 'string') return;`,
  ]);
  return {
    rule: ID,
    code: ID,
    severity: 'warning',
    message: `A client that sends a binary frame gives ${name} as an ArrayBuffer, which is no text: this fails or gives nonsense. Check \`typeof ${name}\` first.`,
    range: file.rangeOf(use),
    fixes: [{ title: 'Pass over binary messages', edits: [guard], preferred: false }],
  };
}
