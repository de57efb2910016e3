import ts from 'typescript';
import { ALLOWED_IMPORT_PREFIX } from '../bundle/className.ts';
import { codeOf } from '../source/code.ts';
import { isErased } from '../source/declaredNames.ts';
import type { Finding, Fix } from './finding.ts';
import { canBeExported, exportsOf } from './runtimeModules.ts';
import { loadOf } from './loading.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'unchecked-module-reference';

/**
 * References to a module that the bundler does not look at: `export … from`, `import x = require()`, `import()`
 * and `require()`. What it lets through fails in the runtime.
 */
export const uncheckedModuleReference: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const found = [...statements(file), ...dynamicImports(app, file), ...requires(app, file)];
      for (const each of found) yield [file, each];
    }
  },
};

function statements(file: FileSubject): Finding[] {
  return file.facts.file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const specifier = statement.moduleSpecifier;
      if (!specifier || !ts.isStringLiteral(specifier) || !isKept(statement)) return [];
      const problem = exportProblem(statement, specifier.text);
      return problem === undefined
        ? []
        : [finding(file, specifier, 'error', problem, removal(file, statement))];
    }
    if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference)) {
      if (statement.isTypeOnly) return [];
      return [
        finding(
          file,
          statement.moduleReference,
          'warning',
          `The bundler drops this import without a word, so ${statement.name.text} is not defined when it is used.`,
          removal(file, statement),
        ),
      ];
    }
    return [];
  });
}

function removal(file: FileSubject, statement: ts.Statement): Fix {
  return { title: 'Remove it', edits: [file.removal(statement)], preferred: true };
}

/** `export {} from` and one with nothing but types are erased. */
function isKept(node: ts.ExportDeclaration): boolean {
  if (isErased(node)) return false;
  const list = node.exportClause;
  return !list || !ts.isNamedExports(list) || list.elements.some((element) => !element.isTypeOnly);
}

function exportProblem(node: ts.ExportDeclaration, module: string): string | undefined {
  const known = exportsOf(module);
  if (known === undefined) return `The runtime has no module '${module}'. ${FAILS}`;
  const list = node.exportClause;
  if (list === undefined && canBeExported(module)) return undefined;
  if (list === undefined)
    return `Not everything in '${module}' is something that a module may export to the runtime. ${FAILS}`;
  if (ts.isNamespaceExport(list))
    return `A module as a whole is nothing that a module may export to the runtime. ${FAILS}`;
  const missing = list.elements.find(
    (element) => !element.isTypeOnly && !known.has((element.propertyName ?? element.name).text),
  );
  return missing && `'${module}' does not export ${(missing.propertyName ?? missing.name).text}. ${FAILS}`;
}

const FAILS = 'The module fails to load and the class goes into ERROR.';

function dynamicImports(app: AppSubject, file: FileSubject): Finding[] {
  const imports = codeOf(file.facts.file).calls.filter(
    ({ expression }) => expression.kind === ts.SyntaxKind.ImportKeyword,
  );
  if (imports.length === 0) return [];
  const load = loadOf(app, file);
  return imports.flatMap((node) => {
    const [argument] = node.arguments;
    if (!argument || !ts.isStringLiteralLike(argument) || exportsOf(argument.text) !== undefined) return [];
    const isAwaitedAtLoad = load.failureAt(node)?.isCertain === true;
    const what = argument.text.startsWith(ALLOWED_IMPORT_PREFIX)
      ? `The runtime has no module '${argument.text}'`
      : `Nothing but the runtime's own modules can be imported, so there is no '${argument.text}'`;
    return [
      isAwaitedAtLoad
        ? finding(file, argument, 'error', `${what}. ${FAILS}`)
        : finding(file, argument, 'warning', `${what}: the import is rejected when it runs.`),
    ];
  });
}

function requires(app: AppSubject, file: FileSubject): Finding[] {
  if (!codeOf(file.facts.file).words.has('require')) return [];
  if (file.topLevel.some(({ name }) => name === 'require')) return [];
  const load = loadOf(app, file);
  return file.references.all
    .filter(
      ({ name, node }) =>
        name === 'require' && ts.isCallExpression(node.parent) && node.parent.expression === node,
    )
    .map(({ node }) =>
      load.failureAt(node)?.isCertain === true
        ? finding(file, node.parent, 'error', `The runtime has no require(). ${FAILS}`)
        : finding(file, node.parent, 'warning', 'The runtime has no require(): this throws when it runs.'),
    );
}

function finding(
  file: FileSubject,
  node: ts.Node,
  severity: Finding['severity'],
  message: string,
  fix?: Fix,
): Finding {
  return { rule: ID, code: ID, severity, message, range: file.rangeOf(node), fixes: fix ? [fix] : [] };
}
