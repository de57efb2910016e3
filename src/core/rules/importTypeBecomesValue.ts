import { isAmbientType } from './ambientTypes.ts';
import { exportsOf } from './runtimeModules.ts';
import { importRemoval, runtimeImports } from './runtimeImports.ts';
import type { FileRule } from './subject.ts';

const ID = 'import-type-becomes-value';

/**
 * A type imported from `cloudflare:*`: the bundler forgets `type` and imports it as a value, which the module
 * does not have. A type that is a value as well, such as `DurableObject`, does no harm.
 */
export const importTypeBecomesValue: FileRule = {
  id: ID,
  check(file) {
    return runtimeImports(file)
      .filter(
        ({ isType, form, module, local }) =>
          isType && form === 'named' && exportsOf(module)?.has(local.text) === false,
      )
      .map((item) => ({
        rule: ID,
        code: ID,
        severity: 'error',
        message: `The platform's bundler forgets that ${item.local.text} is a type and imports it as a value. ${item.module} has no such value, so the module fails to load and the class goes into ERROR.`,
        range: file.rangeOf(item.specifier ?? item.local),
        fixes: [
          {
            title: isAmbientType(item.local.text)
              ? `Remove the import: ${item.local.text} is there without it`
              : `Remove the import of ${item.local.text}`,
            edits: [importRemoval(file, item)],
            preferred: true,
          },
        ],
      }));
  },
};
