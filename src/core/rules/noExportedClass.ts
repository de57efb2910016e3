import ts from 'typescript';
import { hasModifier } from '../source/facts.ts';
import { exportRemoval } from './exportLists.ts';
import type { Finding, Fix, Range } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'no-exported-class';

/** No top-level `export class` with a name. A class that is exported in any other way does not count. */
export const noExportedClass: FileRule = {
  id: ID,
  check(file) {
    if (file.refusal !== 'NO_EXPORTED_CLASS') return [];
    const candidates = candidatesOf(file);
    const [best] = candidates;
    const only = candidates.length === 1;
    const fixes = candidates.map((candidate): Fix => ({
      title: candidate.title,
      edits: candidate.edits,
      preferred: only,
    }));
    const finding: Finding = {
      rule: ID,
      code: 'NO_EXPORTED_CLASS',
      severity: 'error',
      message: `The platform refuses a source without a class that it can see: one has to be declared with \`export class\`.${best?.hint ?? ''}`,
      range: best?.range ?? firstLine(file),
      fixes,
    };
    return [finding];
  },
};

interface Candidate {
  readonly title: string;
  readonly hint: string;
  readonly range: Range;
  readonly edits: Fix['edits'];
}

function candidatesOf(file: FileSubject): Candidate[] {
  const { statements } = file.facts.file;
  return [
    ...statements.filter(ts.isExportDeclaration).flatMap((node) => exportLists(file, node)),
    ...statements.filter(ts.isExportAssignment).flatMap((node) => defaultExports(file, node)),
    ...statements.filter(ts.isVariableStatement).flatMap((node) => classExpressions(file, node)),
    ...statements
      .filter(ts.isClassDeclaration)
      .filter((node) => !hasModifier(node, ts.SyntaxKind.DeclareKeyword))
      .flatMap((node) => plainClasses(file, node)),
  ].filter((candidate, index, all) => all.findIndex((other) => other.title === candidate.title) === index);
}

/** `export { A }` of a class of this file. */
function exportLists(file: FileSubject, node: ts.ExportDeclaration): Candidate[] {
  const clause = node.exportClause;
  if (node.moduleSpecifier || node.isTypeOnly || !clause || !ts.isNamedExports(clause)) return [];
  return clause.elements.flatMap((element) => {
    const local = element.propertyName ?? element.name;
    const target = classNamed(file, local.text);
    if (target === undefined || element.isTypeOnly) return [];
    const removed = exportRemoval(file, element);
    return [
      {
        title: `Declare it as \`export class ${local.text}\``,
        hint: ` \`export { ${element.getText(file.facts.file)} }\` does not count.`,
        range: file.rangeOf(element),
        edits: [...exportEdit(file, target), removed],
      },
    ];
  });
}

/** `export default A` of a class of this file. */
function defaultExports(file: FileSubject, node: ts.ExportAssignment): Candidate[] {
  if (!ts.isIdentifier(node.expression)) return [];
  const target = classNamed(file, node.expression.text);
  if (target === undefined) return [];
  return [
    {
      title: `Declare it as \`export class ${node.expression.text}\``,
      hint: ' A default export does not count.',
      range: file.rangeOf(node),
      edits: [...exportEdit(file, target), file.removal(node)],
    },
  ];
}

/** `export const A = class { … }`. */
function classExpressions(file: FileSubject, node: ts.VariableStatement): Candidate[] {
  const [declaration, more] = node.declarationList.declarations;
  if (!declaration || more || declaration.type || !ts.isIdentifier(declaration.name)) return [];
  const expression = declaration.initializer;
  if (!expression || !ts.isClassExpression(expression) || ts.getDecorators(expression)) return [];
  const source = file.facts.file;
  const isExported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
  const classEnd = expression.name?.end ?? expression.getStart(source) + 'class'.length;
  const name = declaration.name.text;
  const listStart = node.declarationList.getStart(source);
  const keyword = `${isExported ? '' : 'export '}class ${name}`;
  const edits = [file.edit(listStart, classEnd, keyword)];
  if (file.text.slice(expression.end, node.end).trim() === ';')
    edits.push(file.edit(expression.end, node.end, ''));
  return [
    {
      title: `Declare it as \`export class ${name}\``,
      hint: ' A class in a variable does not count.',
      range: file.rangeOf(declaration.name),
      edits,
    },
  ];
}

function plainClasses(file: FileSubject, node: ts.ClassDeclaration): Candidate[] {
  if (!node.name || node.name.text === '') return [];
  return [
    {
      title: `Export class ${node.name.text}`,
      hint: ` Class ${node.name.text} is not exported.`,
      range: file.rangeOf(node.name),
      edits: exportEdit(file, node),
    },
  ].filter(() => !isExportedElsewhere(file, node.name?.text ?? ''));
}

/** Then a better mend is offered, which takes the other export away. */
function isExportedElsewhere(file: FileSubject, name: string): boolean {
  return file.facts.file.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) {
      return ts.isIdentifier(statement.expression) && statement.expression.text === name;
    }
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier || statement.isTypeOnly) return false;
    const clause = statement.exportClause;
    return (
      clause !== undefined &&
      ts.isNamedExports(clause) &&
      clause.elements.some(
        (element) => !element.isTypeOnly && (element.propertyName ?? element.name).text === name,
      )
    );
  });
}

function classNamed(file: FileSubject, name: string): ts.ClassDeclaration | undefined {
  return file.facts.file.statements.find(
    (statement): statement is ts.ClassDeclaration =>
      ts.isClassDeclaration(statement) && statement.name?.text === name,
  );
}

/** `export` goes before the other modifiers and after the decorators. */
function exportEdit(file: FileSubject, node: ts.ClassDeclaration): Fix['edits'] {
  const source = file.facts.file;
  const [modifier] = ts.getModifiers(node) ?? [];
  const decorators = ts.getDecorators(node) ?? [];
  const afterDecorators = decorators.at(-1)?.end;
  const start =
    modifier?.getStart(source) ??
    (afterDecorators === undefined
      ? node.getStart(source)
      : afterDecorators + (/^\s*/.exec(file.text.slice(afterDecorators))?.[0].length ?? 0));
  return [file.edit(start, start, 'export ')];
}

function firstLine(file: FileSubject): Range {
  const end = file.text.search(/[\r\n]/);
  return file.range(0, end < 0 ? file.text.length : end);
}
