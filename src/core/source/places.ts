import ts from 'typescript';

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
        ...MODULE,
        privateNames: place.privateNames,
        canAwait: false,
        hasArguments: false,
        hasTarget: true,
        hasSuper: true,
      };
    case SyntaxKind.ClassDeclaration:
    case SyntaxKind.ClassExpression: {
      const { members } = node as ts.ClassLikeDeclaration;
      const own = members.flatMap(({ name }) => (name && ts.isPrivateIdentifier(name) ? [name.text] : []));
      return own.length === 0 ? place : { ...place, privateNames: new Set([...place.privateNames, ...own]) };
    }
    case SyntaxKind.DoStatement:
    case SyntaxKind.WhileStatement:
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForInStatement:
    case SyntaxKind.ForOfStatement:
      return { ...place, canBreak: true, canContinue: true };
    case SyntaxKind.ModuleBlock:
      // TypeScript makes a function of a namespace.
      return {
        ...MODULE,
        privateNames: place.privateNames,
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

function enterFunction(node: ts.SignatureDeclaration, place: Place): Place {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const canAwait = modifiers?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) ?? false;
  const canYield = (node as { readonly asteriskToken?: ts.Node }).asteriskToken !== undefined;
  const isArrow = ts.isArrowFunction(node);
  return {
    ...MODULE,
    privateNames: place.privateNames,
    inFunction: true,
    canAwait,
    canYield,
    hasArguments: isArrow ? place.hasArguments : true,
    hasTarget: isArrow ? place.hasTarget : true,
    hasSuper: isArrow ? place.hasSuper : !ts.isFunctionDeclaration(node) && !ts.isFunctionExpression(node),
    hasSuperCall: isArrow ? place.hasSuperCall : ts.isConstructorDeclaration(node) && isDerived(node.parent),
  };
}

function isDerived(node: ts.ClassLikeDeclaration): boolean {
  return node.heritageClauses?.some(({ token }) => token === SyntaxKind.ExtendsKeyword) ?? false;
}
