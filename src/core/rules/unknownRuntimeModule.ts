import type { Finding } from './finding.ts';
import { exportsOf } from './runtimeModules.ts';
import { runtimeImports } from './runtimeImports.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'unknown-runtime-module';

/** A `cloudflare:*` module that the runtime does not have, or a name that the module does not export. */
export const unknownRuntimeModule: FileRule = {
  id: ID,
  check(file) {
    if (file.refusal === 'DISALLOWED_IMPORT') return [];
    return [...unknownModules(file), ...unknownExports(file)];
  },
};

function unknownModules(file: FileSubject): Finding[] {
  return file.facts.imports
    .filter(({ node, specifier }) => exportsOf(specifier.text) === undefined && importsSomething(node))
    .map(({ specifier }) =>
      finding(
        file,
        specifier,
        `The runtime has no module '${specifier.text}' that a Durable Object can load.`,
      ),
    );
}

/** `import {} from 'x'` leaves nothing in the module. */
function importsSomething(node: FileSubject['facts']['imports'][number]['node']): boolean {
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  return (
    clause === undefined ||
    clause.name !== undefined ||
    !bindings ||
    !('elements' in bindings) ||
    bindings.elements.length > 0
  );
}

function unknownExports(file: FileSubject): Finding[] {
  return runtimeImports(file).flatMap((item) => {
    const known = exportsOf(item.module);
    if (known === undefined || item.form === 'namespace') return [];
    if (item.form === 'default') {
      return [finding(file, item.local, `${item.module} has no default export.`)];
    }
    // A type is the business of import-type-becomes-value, an alias that of import-alias-lost.
    if (item.isType || item.alias !== undefined || known.has(item.local.text)) return [];
    return [
      finding(
        file,
        item.local,
        `${item.module} does not export a value ${item.local.text}. If it is a type, it is there without an import.`,
      ),
    ];
  });
}

function finding(file: FileSubject, node: Parameters<FileSubject['rangeOf']>[0], what: string): Finding {
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `${what} The module fails to load and the class goes into ERROR.`,
    range: file.rangeOf(node),
    fixes: [],
  };
}
