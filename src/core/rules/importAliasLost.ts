import type { Fix } from './finding.ts';
import { renameUses } from './rename.ts';
import { runtimeImports, type RuntimeImport } from './runtimeImports.ts';
import { exportsOf } from './runtimeModules.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'import-alias-lost';

/** `import { A as B }` from the runtime: the bundler keeps `B` only and asks the module for that. */
export const importAliasLost: FileRule = {
  id: ID,
  check(file) {
    return runtimeImports(file)
      .filter(({ alias }) => alias !== undefined)
      .map((item) => ({
        rule: ID,
        code: ID,
        severity: isThere(item) ? 'warning' : 'error',
        message: `The platform's bundler forgets the name ${item.alias ?? ''} and imports { ${item.local.text} }. ${consequence(item)}`,
        range: file.rangeOf(item.specifier ?? item.local),
        fixes: fixes(file, item),
      }));
  },
};

function isThere({ module, local }: RuntimeImport): boolean {
  return exportsOf(module)?.has(local.text) ?? false;
}

function consequence(item: RuntimeImport): string {
  const { module, local } = item;
  return isThere(item)
    ? `${module} has a ${local.text} too, so the class silently gets another thing than you named.`
    : `${module} has no such value, so the module fails to load and the class goes into ERROR.`;
}

function fixes(file: FileSubject, item: RuntimeImport): Fix[] {
  const { alias, specifier } = item;
  if (alias === undefined || specifier === undefined || !exportsOf(item.module)?.has(alias)) return [];
  const uses = renameUses(file, item.local, alias);
  if (uses === undefined) return [];
  const start = (specifier.propertyName ?? specifier.name).getStart(file.facts.file);
  return [
    {
      title: `Import ${alias} under its own name`,
      edits: [file.edit(start, specifier.end, alias), ...uses],
      preferred: true,
    },
  ];
}
