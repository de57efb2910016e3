import { isAmbientType } from './ambientTypes.ts';
import type { Fix } from './finding.ts';
import { renameEdits } from './rename.ts';
import { exportsOf } from './runtimeModules.ts';
import { importRemoval, runtimeImports, type RuntimeImport } from './runtimeImports.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'import-type-becomes-value';

/**
 * A type imported from `cloudflare:*`: the bundler forgets `type` and imports it as a value, which the module
 * does not have. A type that is a value as well, such as `DurableObject`, does no harm.
 */
export const importTypeBecomesValue: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      for (const item of runtimeImports(file)) {
        const { isType, form, module, local } = item;
        if (!isType || form !== 'named' || exportsOf(module)?.has(local.text) !== false) continue;
        yield [
          file,
          {
            rule: ID,
            code: ID,
            severity: 'error',
            message: `The platform's bundler forgets that ${local.text} is a type and imports it as a value. ${module} has no such value, so the module fails to load and the class goes into ERROR.`,
            range: file.rangeOf(item.specifier ?? local),
            fixes: isUsedAsValue(file, item) ? [] : [fix(app, file, item)],
          },
        ];
      }
    }
  },
};

/** Then a value is missing in any case, and which one is for the person to know. */
function isUsedAsValue(file: FileSubject, { local }: RuntimeImport): boolean {
  return file.references.all.some(({ name }) => name === local.text);
}

function fix(app: AppSubject, file: FileSubject, item: RuntimeImport): Fix {
  const { local, alias } = item;
  const removal = importRemoval(file, item);
  const known = alias ?? local.text;
  if (!isAmbientType(known)) {
    return { title: `Remove the import of ${local.text}`, edits: [removal], preferred: true };
  }
  const title = `Remove the import: ${known} is there without it`;
  if (alias === undefined) return { title, edits: [removal], preferred: true };
  const uses = renameEdits(app, file, local, alias)?.filter(({ range }) => {
    const start = file.lines.offsetAt(range.start);
    return start < item.declaration.pos || start >= item.declaration.end;
  });
  return uses === undefined
    ? { title: `Remove the import of ${local.text}`, edits: [removal], preferred: true }
    : { title, edits: [removal, ...uses], preferred: true };
}
