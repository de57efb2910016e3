import ts from 'typescript';
import type { TextEdit } from './finding.ts';
import type { FileSubject } from './subject.ts';

/**
 * Edits that rename every use of a top-level name, types included. Undefined when the file declares the old or
 * the new name a second time, so that a use could mean another thing.
 * @param at the identifier that declares the name; it is not part of the edits
 */
export function renameUses(file: FileSubject, at: ts.Identifier, newName: string): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const conflicts: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      if (node.text === newName && !isOnlyAName(node)) conflicts.push(node);
      if (node.text === at.text && node !== at && !isOnlyAName(node)) {
        if (isDeclaration(node)) conflicts.push(node);
        else edits.push(editOf(file, node, newName));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file.facts.file);
  return conflicts.length === 0 ? edits : undefined;
}

function editOf(file: FileSubject, node: ts.Identifier, newName: string): TextEdit {
  const start = node.getStart(file.facts.file);
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
    return file.edit(start, node.end, `${node.text}: ${newName}`);
  }
  if (ts.isExportSpecifier(parent) && parent.propertyName === undefined) {
    return file.edit(start, node.end, `${newName} as ${node.text}`);
  }
  return file.edit(start, node.end, newName);
}

/** A member's name, a label or the like: it names something else than the top-level name. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isImportSpecifier(parent)) return parent.propertyName === node;
  if (ts.isExportSpecifier(parent)) return parent.propertyName !== undefined && parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent) || ts.isMetaProperty(parent))
    return true;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isClassElement(parent) ||
      ts.isTypeElement(parent) ||
      ts.isEnumMember(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isAccessor(parent)) &&
    parent.name === node
  );
}

function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent) || ts.isExportSpecifier(parent)) return false;
  return 'name' in parent && parent.name === node;
}
