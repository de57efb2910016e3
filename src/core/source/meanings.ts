import ts from 'typescript';

/**
 * The identifiers that mean what `declaration` declares, itself and its other declarations included, in source
 * order. Scopes and merging are TypeScript's own, so that types, namespaces and enums are told apart as the
 * compiler does it.
 */
export function usesOf(file: ts.SourceFile, declaration: ts.Identifier): readonly ts.Identifier[] {
  const checker = checkerOf(file);
  const meant = checker.getSymbolAtLocation(declaration);
  if (meant === undefined) return [];
  const known = usesBySymbol.get(meant);
  if (known) return known;
  const uses = mentionsOf(file, declaration.text).filter((node) => isSame(symbolOf(checker, node), meant));
  usesBySymbol.set(meant, uses);
  return uses;
}

/**
 * Whether `name` can be put in place of the `uses` of another name: no declaration around them has it, and
 * nothing else that the file writes as `name` would come to mean it.
 */
export function isFreeFor(file: ts.SourceFile, name: string, uses: readonly ts.Identifier[]): boolean {
  const mentions = mentionsOf(file, name);
  if (mentions.length === 0) return true;
  const checker = checkerOf(file);
  const isCaught = mentions.some(
    (node) => symbolOf(checker, node) === undefined && !isInType(node) && !isExportOfOther(node),
  );
  if (isCaught) return false;
  return uses.every((use) => !checker.getSymbolsInScope(use, ANY_MEANING).some((each) => each.name === name));
}

/** Every identifier of that text which declares or uses something, in source order: no members and no labels. */
export function mentionsOf(file: ts.SourceFile, name: string): readonly ts.Identifier[] {
  let index = mentionsByFile.get(file);
  if (index === undefined) {
    index = readMentions(file);
    mentionsByFile.set(file, index);
  }
  return index.get(name) ?? [];
}

const { Value, Type, Namespace, Alias } = ts.SymbolFlags;
const ANY_MEANING: ts.SymbolFlags = Value | Type | Namespace | Alias;

const checkers = new WeakMap<ts.SourceFile, ts.TypeChecker>();
const usesBySymbol = new WeakMap<ts.Symbol, readonly ts.Identifier[]>();
const mentionsByFile = new WeakMap<ts.SourceFile, ReadonlyMap<string, readonly ts.Identifier[]>>();

/** Of the file alone: no library and no other module, so that what it does not declare means nothing. */
function checkerOf(file: ts.SourceFile): ts.TypeChecker {
  let checker = checkers.get(file);
  if (checker === undefined) {
    const { fileName } = file;
    const host: ts.CompilerHost = {
      getSourceFile: (name) => (name === fileName ? file : undefined),
      writeFile: () => undefined,
      getDefaultLibFileName: () => 'lib.d.ts',
      useCaseSensitiveFileNames: () => true,
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => '',
      getNewLine: () => '\n',
      fileExists: (name) => name === fileName,
      readFile: () => undefined,
    };
    const options = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2022 };
    checker = ts.createProgram({ rootNames: [fileName], options, host }).getTypeChecker();
    checkers.set(file, checker);
  }
  return checker;
}

function symbolOf(checker: ts.TypeChecker, node: ts.Identifier): ts.Symbol | undefined {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent) && parent.name === node)
    return checker.getShorthandAssignmentValueSymbol(parent);
  if (ts.isExportSpecifier(parent)) return checker.getExportSpecifierLocalTargetSymbol(parent);
  return checker.getSymbolAtLocation(node);
}

/** What is exported has one symbol in its file and one for others, of the same declarations. */
function isSame(a: ts.Symbol | undefined, b: ts.Symbol): boolean {
  return a === b || (a?.declarations?.some((each) => b.declarations?.includes(each) === true) ?? false);
}

/** What is in a type is erased, whatever it means. */
function isInType(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTypeQueryNode(at)) return false;
    if (ts.isTypeNode(at) && !ts.isExpressionWithTypeArguments(at)) return true;
    if (ts.isStatement(at) || ts.isExpression(at)) return false;
  }
  return false;
}

/** `export { name } from '…'`. */
function isExportOfOther({ parent }: ts.Identifier): boolean {
  return ts.isExportSpecifier(parent) && parent.parent.parent.moduleSpecifier !== undefined;
}

/** With a stack of its own: a source may be nested deeper than JavaScript's reaches. */
function readMentions(file: ts.SourceFile): Map<string, ts.Identifier[]> {
  const found = new Map<string, ts.Identifier[]>();
  const open: ts.Node[] = [file];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isIdentifier(node)) {
      if (isOnlyAName(node)) continue;
      const known = found.get(node.text);
      if (known) known.push(node);
      else found.set(node.text, [node]);
    } else {
      ts.forEachChild(node, (child) => {
        open.push(child);
      });
    }
  }
  for (const nodes of found.values()) nodes.sort((a, b) => a.pos - b.pos);
  return found;
}

/** A member's name, a label or the like: it declares nothing that a name alone could mean. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isImportSpecifier(parent)) return parent.propertyName === node;
  if (ts.isExportSpecifier(parent)) return parent.propertyName !== undefined && parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent) || ts.isMetaProperty(parent))
    return true;
  if (ts.isImportTypeNode(parent) || ts.isImportAttribute(parent) || ts.isNamespaceExport(parent))
    return true;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isClassElement(parent) ||
      ts.isObjectLiteralElement(parent) ||
      ts.isTypeElement(parent) ||
      ts.isNamedTupleMember(parent)) &&
    !ts.isShorthandPropertyAssignment(parent) &&
    parent.name === node
  );
}
