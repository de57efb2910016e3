import ts from 'typescript';
import { isExportedVariable, RESERVED } from './memberNames.ts';
import type { Place } from './places.ts';

const { isClassLike } = ts;

/** What a name may not be where it stands; undefined for what is fine. */
export function wordProblem(node: ts.Identifier, place: Place): string | undefined {
  if (node.text === 'arguments' && !place.hasArguments && !isMemberName(node)) {
    return '`arguments` is not allowed in a field of a class.';
  }
  if (isWrittenAsMember(node, place)) return undefined;
  if (RESERVED.has(node.text) && (isBinding(node) || isPlainUse(node) || isLabel(node))) {
    return `\`${node.text}\` is reserved in a module.`;
  }
  const isSpecial = node.text === 'eval' || node.text === 'arguments';
  return isSpecial && isBinding(node) ? `\`${node.text}\` cannot be the name of a variable.` : undefined;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  const isNamed =
    ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isClassElement(parent);
  return isNamed && parent.name === node;
}

function isBinding(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isFunctionExpression(parent) ||
      ts.isEnumDeclaration(parent) ||
      ts.isModuleDeclaration(parent) ||
      ts.isNamespaceImport(parent) ||
      isClassLike(parent)) &&
    parent.name === node
  );
}

function isLabel({ parent }: ts.Identifier): boolean {
  return ts.isLabeledStatement(parent);
}

/** An expression: what is left when types are erased and names, labels and specifiers are not counted. */
function isPlainUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isQualifiedName(parent))
    return false;
  const { name, propertyName, label } = parent as Partial<Record<'name' | 'propertyName' | 'label', ts.Node>>;
  return name !== node && propertyName !== node && label !== node;
}

/** What TypeScript writes as a member of an object; of an enum, not in `{ name }`. */
function isWrittenAsMember(node: ts.Identifier, { members }: Place): boolean {
  const kind = members.get(node.text);
  if (kind === undefined) return false;
  if (isBinding(node)) return isExportedVariable(node);
  return kind === ts.SyntaxKind.ModuleDeclaration || !ts.isShorthandPropertyAssignment(node.parent);
}
