import ts from 'typescript';
import { isUsing } from '../source/declarationErrors.ts';
import { boundNames, isErased } from '../source/declaredNames.ts';
import { hasModifier } from '../source/facts.ts';
import { exportRemoval } from './exportLists.ts';
import type { Finding, Fix } from './finding.ts';
import type { Load } from '../load/simulate.ts';
import { isPrimitive, isThing, type Value } from '../load/values.ts';
import { loadOf } from './loading.ts';
import { RESERVED_NAMES } from './reservedNames.ts';
import type { AppRule, FileSubject } from './subject.ts';
import { kindOfValue, type ValueKind } from './valueKind.ts';

const ID = 'extra-export';

/** What an export is to the runtime; `rootless` for an object that does not inherit from `Object.prototype`. */
type ExportKind = ValueKind | 'rootless';

/**
 * Exported values that are no class. The runtime takes each export of the module for an entrypoint: it does not
 * load one with a primitive among them, and has no use for an object or a function.
 */
export const extraExport: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      for (const statement of file.facts.file.statements) {
        if (isErased(statement)) continue;
        for (const each of inStatement(file, statement, () => loadOf(app, file))) yield [file, each];
      }
    }
  },
};

function inStatement(file: FileSubject, statement: ts.Statement, load: () => Load): Finding[] {
  if (ts.isExportDeclaration(statement)) return exportList(file, statement, load());
  if (!hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return [];
  if (hasModifier(statement, ts.SyntaxKind.DefaultKeyword)) return [];
  return declared(file, statement, load);
}

function declared(file: FileSubject, statement: ts.Statement, load: () => Load): Finding[] {
  if (ts.isVariableStatement(statement)) {
    const { declarationList } = statement;
    return declarationList.declarations.flatMap((declaration) =>
      // TypeScript declares such a name anew, and forgets that it is exported.
      isUsing(declarationList) && ts.isIdentifier(declaration.name)
        ? []
        : boundNames(declaration.name).flatMap((name) =>
            finding(
              file,
              name,
              name.text,
              kindOf(file, declaration, name, load()),
              withoutExport(file, statement),
            ),
          ),
    );
  }
  if (ts.isFunctionDeclaration(statement) && statement.name) {
    const { name } = statement;
    return finding(file, name, name.text, kindOfMade(name, load()), withoutExport(file, statement));
  }
  if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
    const { name } = statement;
    if (!ts.isIdentifier(name)) return [];
    return finding(file, name, name.text, kindOfMade(name, load()), withoutExport(file, statement));
  }
  if (ts.isImportEqualsDeclaration(statement)) {
    const { name } = statement;
    const kind = isPrimitive(load().valueOf(name.text)) ? 'primitive' : 'unknown';
    return finding(file, name, name.text, kind, withoutExport(file, statement));
  }
  return [];
}

/** What a function, an enum or a namespace is, unless its name gets another value. */
function kindOfMade(name: ts.Identifier, load: Load): ExportKind {
  return isPrimitive(load.valueOf(name.text)) ? 'primitive' : 'object';
}

/** `export { a, b as c }` of names of this file. */
function exportList(file: FileSubject, node: ts.ExportDeclaration, load: Load): Finding[] {
  const list = node.exportClause;
  if (node.moduleSpecifier || !list || !ts.isNamedExports(list)) return [];
  return list.elements.flatMap((element) => {
    if (element.isTypeOnly || element.name.text === 'default') return [];
    const local = (element.propertyName ?? element.name).text;
    const kind = kindOfName(file, local, load);
    if (kind === 'class' || kind === 'unknown') return [];
    const edits = [exportRemoval(file, element)];
    const fix = { title: `Do not export ${element.name.text}`, edits, preferred: true };
    return finding(file, element, element.name.text, kind, fix);
  });
}

function kindOfName(file: FileSubject, name: string, load: Load): ExportKind {
  // It may be a name of another source, and of the platform's own code nothing is known here.
  if (RESERVED_NAMES.has(name)) return 'unknown';
  if (isPrimitive(load.valueOf(name))) return 'primitive';
  if (isRootless(load, load.valueOf(name))) return 'rootless';
  for (const statement of file.facts.file.statements) {
    if (isErased(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) {
        const found = boundNames(declaration.name).find((identifier) => identifier.text === name);
        if (found) return kindOf(file, declaration, found, load);
      }
    } else if (ts.isClassDeclaration(statement) && statement.name?.text === name) {
      return 'class';
    } else if (
      (ts.isFunctionDeclaration(statement) ||
        ts.isEnumDeclaration(statement) ||
        ts.isModuleDeclaration(statement)) &&
      statement.name?.text === name
    ) {
      return 'object';
    }
  }
  return 'unknown';
}

function kindOf(
  file: FileSubject,
  declaration: ts.VariableDeclaration,
  name: ts.Identifier,
  load: Load,
): ExportKind {
  const value = load.valueOf(name.text);
  if (isPrimitive(value)) return 'primitive';
  if (isRootless(load, value)) return 'rootless';
  if (isThing(value))
    return value.class ? 'class' : value.native || value.promise || value.isOpen ? 'unknown' : 'object';
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  if (declaration.name !== name || !declaration.initializer || !isConstant) return 'unknown';
  return kindOfValue(declaration.initializer, file.facts.file);
}

/** The runtime asks of an object what it inherits from; of functions and arrays it does not. */
function isRootless(load: Load, value: Value): boolean {
  return isThing(value) && value.elements === undefined && load.isRootless(value);
}

function finding(
  file: FileSubject,
  node: ts.Node,
  name: string,
  kind: ExportKind,
  fix: Fix | undefined,
): Finding[] {
  if (kind === 'class' || kind === 'unknown') return [];
  const isFatal = kind === 'primitive' || kind === 'rootless';
  const what = kind === 'primitive' ? 'is neither a class nor an object' : 'does not inherit from Object';
  return [
    {
      rule: ID,
      code: ID,
      severity: isFatal ? 'error' : 'information',
      message: isFatal
        ? `The runtime takes every export for an entrypoint, and ${name} ${what}. The module fails to load and the class goes into ERROR.`
        : `The runtime takes every export for an entrypoint. Nobody can import ${name} from here, so the export has no use.`,
      range: file.rangeOf(node),
      fixes: fix ? [fix] : [],
    },
  ];
}

function withoutExport(file: FileSubject, statement: ts.Statement): Fix | undefined {
  if (!ts.canHaveModifiers(statement)) return undefined;
  const word = ts.getModifiers(statement)?.find((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
  if (!word) return undefined;
  const blank = /^\s*/.exec(file.text.slice(word.end))?.[0].length ?? 0;
  const edit = file.edit(word.getStart(file.facts.file), word.end + blank, '');
  return { title: 'Remove export', edits: [edit], preferred: true };
}
