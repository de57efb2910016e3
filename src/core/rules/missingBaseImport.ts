import ts from 'typescript';
import type { Finding, Fix } from './finding.ts';
import { loadOf } from './loading.ts';
import { moduleExporting } from './runtimeModules.ts';
import { runtimeImports } from './runtimeImports.ts';
import { moduleAround, scopeNames } from './sharedScope.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'missing-base-import';

/** Exports of the runtime that people take for globals. The others have names that a global or a variable may have. */
export const MISTAKEN_FOR_GLOBALS: ReadonlySet<string> = new Set([
  'DurableObject',
  'WorkerEntrypoint',
  'WorkflowEntrypoint',
  'RpcTarget',
  'RpcStub',
  'NonRetryableError',
]);

/** `DurableObject` or another export of the runtime, used without importing it. */
export const missingBaseImport: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const seen = new Set<string>();
      const load = loadOf(app, file);
      const isFatal = (node: ts.Node): boolean => load.failureAt(node)?.isCertain === true;
      for (const { name, node: first } of file.references.all) {
        const module =
          MISTAKEN_FOR_GLOBALS.has(name) && !scopeNames(file).has(name) ? moduleExporting(name) : undefined;
        if (module === undefined || seen.has(name) || ts.isTypeOfExpression(first.parent)) continue;
        seen.add(name);
        const around = moduleAround(app, file);
        const lender = around.find((other) => other !== file && scopeNames(other).has(name));
        const fatal = file.references.all.find((use) => use.name === name && isFatal(use.node))?.node;
        const node = fatal ?? first;
        const isAtLoad = fatal !== undefined;
        const clashes = around.some((other) => clashesWith(other, name, module));
        yield [file, finding(file, node, name, module, isAtLoad, lender, clashes)];
      }
    }
  },
};

/** An import of the name does not go together with a namespace of that module, nor with another thing of that name. */
function clashesWith(file: FileSubject, name: string, module: string): boolean {
  return (
    file.topLevel.some((item) => item.name === name) ||
    runtimeImports(file).some(
      (item) =>
        (item.module === module && item.form === 'namespace') ||
        (item.local.text === name && (item.module !== module || item.form !== 'named')),
    )
  );
}

function finding(
  file: FileSubject,
  node: ts.Node,
  name: string,
  module: string,
  isAtLoad: boolean,
  lender: FileSubject | undefined,
  clashes: boolean,
): Finding {
  const consequence =
    lender === undefined
      ? isAtLoad
        ? 'The module fails to load and the class goes into ERROR.'
        : 'This throws when it runs.'
      : `It works by accident, as long as ${lender.input.name ?? 'another class'} is in the app and has it.`;
  return {
    rule: ID,
    code: ID,
    severity: lender === undefined && isAtLoad ? 'error' : 'warning',
    message: `${name} is not imported. ${consequence}`,
    range: file.rangeOf(node),
    fixes: clashes ? [] : [importFix(file, name, module)],
  };
}

/** Into the braces of an import of that module, or as a line of its own at the top. */
function importFix(file: FileSubject, name: string, module: string): Fix {
  const title = `Import ${name} from '${module}'`;
  for (const { node, specifier } of file.facts.imports) {
    const bindings = node.importClause?.namedBindings;
    const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (specifier.text !== module || isType || !bindings || !ts.isNamedImports(bindings)) continue;
    const last = bindings.elements.at(-1);
    if (last) return { title, edits: [file.edit(last.end, last.end, `, ${name}`)], preferred: true };
  }
  const at = /^(?:\uFEFF)?(?:#!.*(?:\r\n|[\r\n]))?/.exec(file.text)?.[0].length ?? 0;
  const lineEnd = file.text.includes('\r\n') ? '\r\n' : '\n';
  return {
    title,
    edits: [file.edit(at, at, `import { ${name} } from '${module}';${lineEnd}`)],
    preferred: true,
  };
}
