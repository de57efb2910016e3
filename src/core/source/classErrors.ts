import ts from 'typescript';
import { constructorKind, isDecorated } from './constructors.ts';
import { isErased } from './declaredNames.ts';
import { accessorProblem } from './functionErrors.ts';

/** What TypeScript's parser takes in a class and JavaScript does not: the member, or the class, and why. */
export function classProblems(node: ts.ClassLikeDeclaration): (readonly [node: ts.Node, message: string])[] {
  const found: (readonly [ts.Node, string])[] = [];
  if (ts.isClassDeclaration(node) && node.name === undefined && !isDefault(node)) {
    found.push([node, 'A class declaration needs a name.']);
  }
  const bases = node.heritageClauses?.filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) ?? [];
  if (bases.some(({ types }) => types.length !== 1) && !isDecorated(node))
    found.push([node, 'A class extends exactly one other.']);
  let hasConstructor = false;
  for (const member of node.members) {
    if (isErased(member) || isSignature(member)) continue;
    if (ts.isConstructorDeclaration(member) && constructorKind(member) !== 'static method') {
      if (hasConstructor) found.push([member, 'A class has one constructor only.']);
      hasConstructor = true;
    }
    const message = memberProblem(member);
    if (message !== undefined) found.push([member.name ?? member, message]);
    if (ts.isConstructorDeclaration(member)) found.push(...typeProblems(member));
  }
  return found;
}

function memberProblem(member: ts.ClassElement): string | undefined {
  if (ts.isAccessor(member)) {
    const problem = accessorProblem(member);
    if (problem !== undefined) return problem;
  }
  if (ts.isConstructorDeclaration(member)) {
    const isAsync = has(member, ts.SyntaxKind.AsyncKeyword) && constructorKind(member) === 'constructor';
    return isAsync ? 'A constructor cannot be async.' : undefined;
  }
  const { name } = member;
  if (!name || ts.isComputedPropertyName(name)) return undefined;
  const isStatic = has(member, ts.SyntaxKind.StaticKeyword);
  const isMethod = ts.isMethodDeclaration(member);
  if (isStatic && name.text === 'prototype') return 'A class cannot have a static member `prototype`.';
  if (name.text === '#constructor') return 'A member cannot be called `#constructor`.';
  if (name.text !== 'constructor' || (isStatic && (isMethod || ts.isAccessor(member)))) return undefined;
  return 'Only the constructor of a class can be called `constructor`.';
}

/** TypeScript erases the types of every other member. */
function typeProblems({ type, typeParameters }: ts.ConstructorDeclaration): (readonly [ts.Node, string])[] {
  const [parameter] = typeParameters ?? [];
  return [
    ...(parameter ? [[parameter, 'A constructor has no type parameters.'] as const] : []),
    ...(type ? [[type, 'A constructor has no return type.'] as const] : []),
  ];
}

function isSignature(member: ts.ClassElement): boolean {
  return (ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member)) && member.body === undefined;
}

function isDefault(node: ts.ClassDeclaration): boolean {
  return has(node, ts.SyntaxKind.DefaultKeyword);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false)
  );
}
