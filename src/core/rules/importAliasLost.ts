import type { Finding, Fix } from './finding.ts';
import { renameEdits } from './rename.ts';
import { runtimeImports, type RuntimeImport } from './runtimeImports.ts';
import { exportsOf } from './runtimeModules.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'import-alias-lost';

/**
 * `import { A as B }` from the runtime: the bundler keeps `B` only and asks the module for that. Of a type nothing
 * but its name is asked for, which is what import-type-becomes-value looks at.
 */
export const importAliasLost: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      for (const item of runtimeImports(file)) {
        if (item.alias !== undefined && !item.isType) yield [file, finding(app, file, item, item.alias)];
      }
    }
  },
};

function finding(app: AppSubject, file: FileSubject, item: RuntimeImport, alias: string): Finding {
  return {
    rule: ID,
    code: ID,
    severity: isThere(item) ? 'warning' : 'error',
    message: `The platform's bundler forgets the name ${alias} and imports { ${item.local.text} }. ${consequence(item)}`,
    range: file.rangeOf(item.specifier ?? item.local),
    fixes: fixes(app, file, item, alias),
  };
}

function isThere({ module, local }: RuntimeImport): boolean {
  return exportsOf(module)?.has(local.text) ?? false;
}

function consequence(item: RuntimeImport): string {
  const { module, local } = item;
  return isThere(item)
    ? `${module} has a ${local.text} too, so the class silently gets another thing than you named.`
    : `${module} has no such value, so the module fails to load and the class goes into ERROR.`;
}

function fixes(app: AppSubject, file: FileSubject, item: RuntimeImport, alias: string): Fix[] {
  if (exportsOf(item.module)?.has(alias) !== true) return [];
  const edits = renameEdits(app, file, item.local, alias);
  return edits ? [{ title: `Import ${alias} under its own name`, edits, preferred: true }] : [];
}
