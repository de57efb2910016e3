import type { Finding } from './finding.ts';
import { runtimeImports, type RuntimeImport } from './runtimeImports.ts';
import { isOfOneModule } from './sharedScope.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'mixed-import-forms';

interface Placed extends RuntimeImport {
  readonly file: FileSubject;
}

/**
 * Imports of one module in forms that do not go together. The bundler makes one import of all that the app's
 * files import from a module: a namespace beside names in braces is no JavaScript, and of two namespaces only
 * the last name is kept.
 */
export const mixedImportForms: AppRule = {
  id: ID,
  *check(app) {
    const all = app.files.flatMap((file) => runtimeImports(file).map((item): Placed => ({ ...item, file })));
    const spaces = new Set(all.filter(({ form }) => form === 'namespace').map(({ module }) => module));
    for (const item of all) {
      if (!spaces.has(item.module)) continue;
      const others = all.filter(
        (other) => other.module === item.module && isOfOneModule(item.file, other.file),
      );
      if (item.form === 'named') {
        const space = others.find((other) => other.form === 'namespace' && other.file !== item.file);
        if (space) yield [item.file, mixed(item, space, space, item)];
      }
      if (item.form !== 'namespace') continue;
      const named = others.find((other) => other.form === 'named');
      if (named) {
        yield [item.file, mixed(item, named, item, named)];
        continue;
      }
      const twin = others.find((other) => other.form === 'namespace' && other.local.text !== item.local.text);
      if (twin) {
        yield [
          item.file,
          finding(
            item,
            twin,
            `keeps one namespace of '${item.module}' only, so of ${item.local.text} and ${twin.local.text} one is not defined`,
          ),
        ];
      }
    }
  },
};

function mixed(item: Placed, other: Placed, space: Placed, named: Placed): Finding {
  return finding(
    item,
    other,
    `puts \`* as ${space.local.text}\` and { ${named.local.text} } of '${item.module}' into one import, which is no JavaScript`,
  );
}

function finding(item: Placed, other: Placed, what: string): Finding {
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `The platform's bundler ${what}. The module fails to load and the class goes into ERROR. Import by names in braces everywhere.`,
    range: item.file.rangeOf(item.form === 'namespace' ? item.local.parent : item.local),
    fixes: [],
    related: [
      {
        uri: other.file.input.uri,
        range: other.file.rangeOf(other.specifier ?? other.local),
        message: `The other import of '${item.module}'`,
      },
    ],
  };
}
