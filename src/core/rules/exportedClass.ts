import ts from 'typescript';
import { hasModifier, type NamedClass } from '../source/facts.ts';
import type { FileSubject } from './subject.ts';

/** The class of a source that the platform takes; undefined while it would refuse the source. */
export function exportedClass(file: FileSubject): NamedClass | undefined {
  return file.refusal === undefined ? file.facts.exportedClasses[0] : undefined;
}

/**
 * The class that a source is about, also while the platform refuses it for an import or for how the class is
 * exported; undefined where several could be meant, or one without a name.
 */
export function meantClass(file: FileSubject): NamedClass | undefined {
  if (!known.has(file)) known.set(file, findMeantClass(file));
  return known.get(file);
}

const known = new WeakMap<FileSubject, NamedClass | undefined>();

function findMeantClass(file: FileSubject): NamedClass | undefined {
  const { exportedClasses, defaultClasses, file: source } = file.facts;
  const [first, more] = exportedClasses;
  if (more !== undefined || defaultClasses.some((each) => each !== first)) return undefined;
  if (first !== undefined) return first;
  const classes = source.statements.filter(isPlainClass);
  return classes.length === 1 && !source.statements.some(holdsClass) ? classes[0] : undefined;
}

function isPlainClass(statement: ts.Statement): statement is NamedClass {
  return (
    ts.isClassDeclaration(statement) &&
    statement.name !== undefined &&
    !hasModifier(statement, ts.SyntaxKind.DeclareKeyword)
  );
}

/** `const Room = class {}`. */
function holdsClass(statement: ts.Statement): boolean {
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.some(
      ({ initializer }) => initializer !== undefined && ts.isClassExpression(initializer),
    )
  );
}
