import ts from 'typescript';
import { constructorKind, isDecorated } from './constructors.ts';
import { memberNames, type MemberNames } from './memberNames.ts';

const { SyntaxKind, isClassLike, isFunctionLike } = ts;

/** Where a node stands, as far as the grammar asks. */
export interface Place {
  readonly inFunction: boolean;
  readonly canAwait: boolean;
  readonly canYield: boolean;
  readonly hasArguments: boolean;
  readonly hasTarget: boolean;
  readonly hasSuper: boolean;
  readonly hasSuperCall: boolean;
  readonly canBreak: boolean;
  readonly canContinue: boolean;
  readonly labels: ReadonlySet<string>;
  readonly privateNames: ReadonlySet<string>;
  readonly members: MemberNames;
  /** Of what is in a class, a member or a function: what is allowed around it. */
  readonly around: Place | undefined;
}

/** The top of a module. */
export const MODULE: Place = {
  inFunction: false,
  canAwait: true,
  canYield: false,
  hasArguments: true,
  hasTarget: false,
  hasSuper: false,
  hasSuperCall: false,
  canBreak: false,
  canContinue: false,
  labels: new Set(),
  privateNames: new Set(),
  members: new Map(),
  around: undefined,
};

const PLACES: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.ClassStaticBlockDeclaration,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.DoStatement,
  SyntaxKind.WhileStatement,
  SyntaxKind.ForStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.SwitchStatement,
  SyntaxKind.LabeledStatement,
  SyntaxKind.Block,
  SyntaxKind.CaseBlock,
  SyntaxKind.CatchClause,
  SyntaxKind.ModuleBlock,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.HeritageClause,
  SyntaxKind.ComputedPropertyName,
  SyntaxKind.Decorator,
]);

/** Whether other things are allowed inside of the node, or it has names of its own. */
export function isPlace(node: ts.Node): boolean {
  return PLACES.has(node.kind) || isClassLike(node) || isFunctionLike(node);
}

/** What is allowed inside of a node, from what is allowed where it stands. */
export function enter(node: ts.Node, place: Place): Place {
  switch (node.kind) {
    case SyntaxKind.ClassStaticBlockDeclaration:
    case SyntaxKind.PropertyDeclaration:
      return {
        ...inside(place),
        canAwait: false,
        hasArguments: false,
        hasTarget: true,
        hasSuper: true,
        around: place,
      };
    case SyntaxKind.ClassDeclaration:
    case SyntaxKind.ClassExpression:
      return enterClass(node as ts.ClassLikeDeclaration, place);
    case SyntaxKind.HeritageClause:
      return place.around ?? place;
    case SyntaxKind.ComputedPropertyName:
      return isMember(node.parent) ? (place.around ?? place) : place;
    case SyntaxKind.Decorator:
      return enterDecorator(node as ts.Decorator, place);
    case SyntaxKind.DoStatement:
    case SyntaxKind.WhileStatement:
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForInStatement:
    case SyntaxKind.ForOfStatement:
      return { ...place, canBreak: true, canContinue: true };
    case SyntaxKind.ModuleBlock:
    case SyntaxKind.EnumDeclaration:
      // TypeScript makes a function of it.
      return {
        ...inside(place),
        members: new Map([...place.members, ...memberNames(node as ts.ModuleBlock | ts.EnumDeclaration)]),
        inFunction: true,
        canAwait: false,
        hasTarget: true,
      };
    case SyntaxKind.SwitchStatement:
      return { ...place, canBreak: true };
    case SyntaxKind.LabeledStatement:
      return { ...place, labels: new Set([...place.labels, (node as ts.LabeledStatement).label.text]) };
    default:
      return isFunctionLike(node) ? enterFunction(node, place) : place;
  }
}

/** As at the top of a module, but for the names. */
function inside({ privateNames, members }: Place): Place {
  return { ...MODULE, privateNames, members };
}

/** The names of a class are known among its members only, not in what it extends. */
function enterClass(node: ts.ClassLikeDeclaration, place: Place): Place {
  // TypeScript puts a class with decorators, and all that is evaluated with it, into an arrow function.
  const around = isDecorated(node) ? { ...place, canAwait: false, canYield: false } : place;
  const own = node.members.flatMap(({ name }) => (name && ts.isPrivateIdentifier(name) ? [name.text] : []));
  const privateNames = own.length === 0 ? place.privateNames : new Set([...place.privateNames, ...own]);
  return { ...around, privateNames, around };
}

/** What decorates a member is evaluated with its name where that is computed, and in a static block otherwise. */
function enterDecorator({ parent }: ts.Decorator, place: Place): Place {
  const around = place.around ?? place;
  if (!isMember(parent)) return isClassLike(parent) ? around : place;
  if (ts.isComputedPropertyName(parent.name)) return around;
  return { ...around, hasArguments: false, hasTarget: true, hasSuper: true };
}

/** Whether it is a place inside of which its name and its decorators are not. */
function isMember(
  node: ts.Node,
): node is ts.MethodDeclaration | ts.AccessorDeclaration | ts.PropertyDeclaration {
  return ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isPropertyDeclaration(node);
}

function enterFunction(node: ts.SignatureDeclaration, place: Place): Place {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const isAsync = modifiers?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) ?? false;
  const canAwait =
    isAsync && !(ts.isConstructorDeclaration(node) && constructorKind(node) === 'plain constructor');
  const canYield = (node as { readonly asteriskToken?: ts.Node }).asteriskToken !== undefined;
  const isArrow = ts.isArrowFunction(node);
  return {
    ...inside(place),
    inFunction: true,
    canAwait,
    canYield,
    hasArguments: isArrow ? place.hasArguments : true,
    hasTarget: isArrow ? place.hasTarget : true,
    hasSuper: isArrow ? place.hasSuper : !ts.isFunctionDeclaration(node) && !ts.isFunctionExpression(node),
    hasSuperCall: isArrow ? place.hasSuperCall : isDerivedConstructor(node),
    around: place,
  };
}

function isDerivedConstructor(node: ts.SignatureDeclaration): boolean {
  if (!ts.isConstructorDeclaration(node) || constructorKind(node) === 'static method') return false;
  return node.parent.heritageClauses?.some(({ token }) => token === SyntaxKind.ExtendsKeyword) ?? false;
}
