import ts from 'typescript';
import { codeOf } from '../source/code.ts';
import { isErased } from '../source/declaredNames.ts';
import { hasModifier, type NamedClass } from '../source/facts.ts';
import { baseOf, heritageOf } from '../source/runtimeObjects.ts';
import { walk } from '../source/walk.ts';
import { meantClass } from './exportedClass.ts';
import type { Finding, Fix } from './finding.ts';
import { blockInsertion } from './insertion.ts';
import { runtimeImports } from './runtimeImports.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'missing-fetch';

/** What the runtime itself calls. */
const HANDLERS: ReadonlySet<string> = new Set([
  'constructor',
  'alarm',
  'webSocketMessage',
  'webSocketClose',
  'webSocketError',
]);

/** The exported class has no `fetch`, and no base class that could have one. */
export const missingFetch: FileRule = {
  id: ID,
  check(file) {
    const node = meantClass(file);
    // Of a class that is declared only, nothing is there at all.
    if (!node || hasModifier(node, ts.SyntaxKind.DeclareKeyword) || mayHaveFetch(file, node)) return [];
    return [finding(file, node)];
  },
};

function mayHaveFetch(file: FileSubject, start: NamedClass): boolean {
  if (ts.getDecorators(start)?.length) return true;
  const seen = new Set<ts.Node>();
  let node: ts.ClassLikeDeclaration = start;
  for (;;) {
    if (seen.has(node) || node.members.some(mayBeFetch) || isSetFromOutside(file, node)) return true;
    seen.add(node);
    const base = heritageOf(node);
    if (base === undefined) return false;
    const next = baseOf(node);
    if (next === undefined) return !isRuntimeBase(file, base);
    node = next;
  }
}

function mayBeFetch(member: ts.ClassElement): boolean {
  if (ts.isConstructorDeclaration(member)) return member.body !== undefined && setsFetch(member.body);
  if (isErased(member) || ts.isSemicolonClassElement(member)) return false;
  if (ts.isMethodDeclaration(member) && member.body === undefined) return false;
  if (!member.name) return false;
  if (hasStatic(member)) return false;
  if (ts.isComputedPropertyName(member.name)) {
    const { expression } = member.name;
    return !ts.isStringLiteralLike(expression) || expression.text === 'fetch';
  }
  return (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) && member.name.text === 'fetch';
}

/** `this.fetch = …`, or another object in place of the instance. */
function setsFetch(body: ts.Block): boolean {
  let found = false;
  walk(body, (node) => {
    if (ts.isReturnStatement(node) && node.expression) found = true;
    if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ThisKeyword &&
      node.name.text === 'fetch'
    )
      found = true;
    return !found && !ts.isFunctionLike(node);
  });
  return found;
}

/** `Room.prototype.fetch = …` or the like. */
function isSetFromOutside(file: FileSubject, node: ts.ClassLikeDeclaration): boolean {
  return (codeOf(file.facts.file).members.get('prototype') ?? []).some(
    (use) =>
      ts.isPropertyAccessExpression(use) &&
      ts.isIdentifier(use.expression) &&
      use.expression.text === node.name?.text,
  );
}

/** Classes of the runtime have no `fetch`. Of another base nothing is known. */
function isRuntimeBase(file: FileSubject, base: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(base)) {
    const object = base.expression;
    return (
      base.name.text === 'DurableObject' &&
      ts.isIdentifier(object) &&
      runtimeImports(file).some(({ form, local }) => form === 'namespace' && local.text === object.text)
    );
  }
  return (
    ts.isIdentifier(base) &&
    (base.text === 'DurableObject' ||
      runtimeImports(file).some(({ local, alias }) => local.text === base.text && alias === 'DurableObject'))
  );
}

function hasStatic(member: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}

function finding(file: FileSubject, node: NamedClass): Finding {
  const isForClassesOnly = heritageOf(node) !== undefined && node.members.some(isCallable);
  return {
    rule: ID,
    code: ID,
    severity: isForClassesOnly ? 'information' : 'warning',
    message: isForClassesOnly
      ? `${node.name.text} has no fetch(): only other classes of the app can call its methods. Every request from outside is answered with 500.`
      : `${node.name.text} has no fetch(), so every request to its instances is answered with 500.`,
    range: file.rangeOf(node.name),
    fixes: [stub(file, node)],
  };
}

/** A method that another class can call over the binding. */
function isCallable(member: ts.ClassElement): boolean {
  return (
    ts.isMethodDeclaration(member) &&
    member.body !== undefined &&
    ts.isIdentifier(member.name) &&
    !HANDLERS.has(member.name.text) &&
    !hasStatic(member) &&
    !(ts.getModifiers(member) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
    )
  );
}

function stub(file: FileSubject, node: NamedClass): Fix {
  const edit = blockInsertion(file, node, node.members.pos, [
    'async fetch(request: Request): Promise<Response> {',
    "  return new Response('Not implemented', { status: 501 });",
    '}',
  ]);
  return { title: 'Add fetch()', edits: [edit], preferred: false };
}
