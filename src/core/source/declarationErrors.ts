import ts from 'typescript';

/** What is wrong with a declaration that has no value; undefined for what is fine. */
export function initializerProblem(node: ts.VariableDeclaration): string | undefined {
  const list = node.parent;
  if (node.initializer || !ts.isVariableDeclarationList(list)) return undefined;
  if (ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent)) return undefined;
  if (!ts.isIdentifier(node.name))
    return isAssigned(list) ? undefined : 'A destructuring declaration needs an initialiser.';
  return (list.flags & ts.NodeFlags.BlockScoped) !== (ts.NodeFlags.Const as number)
    ? undefined
    : 'A `const` needs an initialiser.';
}

/** What is wrong with the names of `using`; undefined for what is fine, and for other words. */
export function usingProblem(node: ts.VariableDeclarationList): string | undefined {
  if (!isUsing(node)) return undefined;
  const isPlain = ({ name }: ts.VariableDeclaration): boolean => ts.isIdentifier(name) || isAssigned(node);
  return node.declarations.every(isPlain) ? undefined : '`using` takes a plain name.';
}

/** Whether the list is declared by `using` or `await using`, which shares a bit with `const`. */
export function isUsing({ flags }: ts.VariableDeclarationList): boolean {
  return (flags & ts.NodeFlags.Using) !== 0;
}

/** Whether the list is declared by `await using`. */
export function isAwaitUsing(node: ts.VariableDeclarationList): boolean {
  return (node.flags & ts.NodeFlags.BlockScoped) === (ts.NodeFlags.AwaitUsing as number);
}

/** What is wrong with the part of a pattern that takes the rest; undefined for what is fine. */
export function restProblem({ elements }: ts.BindingPattern): string | undefined {
  const at = elements.findIndex(
    (element) => ts.isBindingElement(element) && element.dotDotDotToken !== undefined,
  );
  if (at < 0) return undefined;
  const isLast = at === elements.length - 1 && !elements.hasTrailingComma;
  const rest = elements[at];
  if (!isLast) return 'What takes the rest has to be last.';
  return rest && ts.isBindingElement(rest) && rest.initializer
    ? 'What takes the rest has no default.'
    : undefined;
}

/** At the top of a module TypeScript makes assignments of what is declared by `using`, whatever it is. */
function isAssigned(list: ts.VariableDeclarationList): boolean {
  return isUsing(list) && ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
}
