import ts from 'typescript';

const { SyntaxKind } = ts;

/** What is wrong with `import(…)`; undefined for what is fine, and for other calls. */
export function importProblem({ expression, arguments: all }: ts.CallExpression): string | undefined {
  if (expression.kind !== SyntaxKind.ImportKeyword) return undefined;
  if (all.length === 0) return '`import()` needs the name of a module.';
  if (all.some(ts.isSpreadElement)) return '`import()` takes no `...`.';
  return all.length > 2 ? '`import()` takes the name of a module and options only.' : undefined;
}

/** What is wrong with `new.target`, `import.meta` and their like wherever they stand; undefined for what is fine. */
export function metaProblem(node: ts.MetaProperty): string | undefined {
  const { keywordToken, name } = node;
  const word = `${keywordToken === SyntaxKind.NewKeyword ? 'new' : 'import'}.${name.text}`;
  const isKnown = word === 'new.target' || word === 'import.meta' || isSourceImport(node);
  if (!isKnown) return `There is no \`${word}\`.`;
  return name.end - name.getStart() === name.text.length
    ? undefined
    : `\`${word}\` has to be written without \`\\u\`.`;
}

/** `import.source(…)` of one module, which is no value without the call. */
function isSourceImport(node: ts.MetaProperty): boolean {
  if (node.keywordToken !== SyntaxKind.ImportKeyword || node.name.text !== 'source') return false;
  let callee: ts.Expression = node;
  let { parent } = node as ts.Node;
  // Types are erased, and the parentheses that are around them for their sake alone.
  while (isErasedAround(parent, callee)) {
    callee = parent;
    ({ parent } = parent);
  }
  if (!ts.isCallExpression(parent) || parent.expression !== callee || parent.questionDotToken) return false;
  const [module] = parent.arguments;
  return module !== undefined && parent.arguments.length === 1 && !ts.isSpreadElement(module);
}

function isErasedAround(node: ts.Node, inner: ts.Expression): node is ts.Expression {
  if (ts.isNonNullExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return true;
  return ts.isParenthesizedExpression(node) && (ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner));
}
