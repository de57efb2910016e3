import ts from 'typescript';
import { toDoName } from '../model/names.ts';
import { boundNames } from '../source/declaredNames.ts';
import { hasModifier, type NamedClass } from '../source/facts.ts';
import type { Fix, TextEdit } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'multiple-exported-classes';

/** Nobody reads more of them, and each has to name the others. */
const MOST_MARKED = 50;
const LONGEST_LIST = 2_000;

/** Two or more top-level `export class`; `abstract` and `declare` ones count for the platform. */
export const multipleExportedClasses: FileRule = {
  id: ID,
  check(file) {
    if (file.refusal !== 'MULTIPLE_EXPORTED_CLASSES') return [];
    const classes = file.facts.exportedClasses;
    const names = classes.map((node) => node.name.text).join(', ');
    return classes.slice(0, MOST_MARKED).map((node) => ({
      rule: ID,
      code: 'MULTIPLE_EXPORTED_CLASSES',
      severity: 'error',
      message: `The platform refuses a source that exports more than one class; this one exports ${classes.length}: ${names.length > LONGEST_LIST ? `${names.slice(0, LONGEST_LIST)}…` : names}.`,
      range: file.rangeOf(node.name),
      fixes: classes.length > MOST_MARKED ? [] : [...keepOnly(file, node), ...moveAway(file, node)],
      related: classes
        .filter((other) => other !== node)
        .slice(0, MOST_MARKED)
        .map((other) => ({
          uri: file.input.uri,
          range: file.rangeOf(other.name),
          message: `${other.name.text} is exported here as well`,
        })),
    }));
  },
};

/** A class that is only declared would leave the module without one. */
function keepOnly(file: FileSubject, kept: NamedClass): Fix[] {
  if (hasModifier(kept, ts.SyntaxKind.DeclareKeyword)) return [];
  return [
    {
      title: `Export ${kept.name.text} only`,
      edits: file.facts.exportedClasses
        .filter((node) => node !== kept)
        .flatMap((node) => withoutExport(file, node)),
      preferred: false,
    },
  ];
}

function withoutExport(file: FileSubject, node: NamedClass): TextEdit[] {
  const word = ts.getModifiers(node)?.find((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
  if (!word) return [];
  const blank = /^\s*/.exec(file.text.slice(word.end))?.[0].length ?? 0;
  return [file.edit(word.getStart(file.facts.file), word.end + blank, '')];
}

/** A class that another one here builds upon would be missed; then it is not offered. */
function moveAway(file: FileSubject, node: NamedClass): Fix[] {
  const isDeclared = (each: NamedClass): boolean => hasModifier(each, ts.SyntaxKind.DeclareKeyword);
  if (file.facts.exportedClasses.every((each) => each === node || isDeclared(each))) return [];
  const name = node.name.text;
  const rest = file.facts.file.statements.filter(
    (statement) => statement !== node && !ts.isImportDeclaration(statement),
  );
  if (rest.some((statement) => mentions(statement, name))) return [];
  const declared = new Set(rest.flatMap((statement) => declaredNames(statement)));
  if ([...declared].some((other) => mentions(node, other))) return [];

  const imports = file.facts.imports
    .filter(({ node: declaration }) =>
      importedNames(declaration).some((imported) => mentions(node, imported)),
    )
    .map(({ node: declaration }) => declaration.getText(file.facts.file));
  const text = file.text.slice(node.getFullStart(), node.end).replace(/^\s+/, '');
  return [
    {
      title: `Move ${name} to its own file`,
      edits: [file.edit(node.getFullStart(), node.end, '')],
      preferred: false,
      newFile: {
        suggestedName: `${toDoName(name) || 'durable-object'}.ts`,
        text: `${[...imports, ...(imports.length > 0 ? [''] : []), text].join('\n')}\n`,
      },
    },
  ];
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name;
  return ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      boundNames(name).map(({ text }) => text),
    );
  }
  if (
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  ) {
    return statement.name ? [statement.name.text] : [];
  }
  return [];
}

function importedNames(node: ts.ImportDeclaration): string[] {
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  return [
    ...(clause?.name ? [clause.name.text] : []),
    ...(bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? [bindings.name.text]
        : bindings.elements.map((element) => element.name.text)),
  ];
}
