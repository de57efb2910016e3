import ts from 'typescript';
import { ALLOWED_IMPORT_PREFIX } from '../bundle/className.ts';
import type { SourceImport } from '../source/facts.ts';
import { isAmbientType } from './ambientTypes.ts';
import type { Fix } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'disallowed-import';

/** An import declaration that is not from `cloudflare:*`; type-only ones count for the platform. */
export const disallowedImport: FileRule = {
  id: ID,
  check(file) {
    if (file.refusal !== 'DISALLOWED_IMPORT') return [];
    return file.facts.imports
      .filter(({ specifier }) => !specifier.text.startsWith(ALLOWED_IMPORT_PREFIX))
      .map((item) => ({
        rule: ID,
        code: 'DISALLOWED_IMPORT',
        severity: 'error',
        message: `The platform refuses the import of '${item.specifier.text}'${isTypeOnly(item) ? ', type-only as it is' : ''}: a Durable Object source may import from cloudflare:* only. Packages and other files cannot be used.`,
        range: file.rangeOf(item.specifier),
        fixes: [fix(file, item)],
      }));
  },
};

function isTypeOnly({ node }: SourceImport): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function fix(file: FileSubject, item: SourceImport): Fix {
  const names = ambientNames(item);
  const title =
    names.length > 0
      ? `Remove the import: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} there without it`
      : `Remove the import of '${item.specifier.text}'`;
  return { title, edits: [file.removal(item.node)], preferred: true };
}

/** The imported names, when every one of them is a type that is declared without an import. */
function ambientNames({ node }: SourceImport): string[] {
  const bindings = node.importClause?.namedBindings;
  if (bindings === undefined || node.importClause?.name || !ts.isNamedImports(bindings)) return [];
  const elements = [...bindings.elements];
  if (elements.some((element) => element.propertyName !== undefined)) return [];
  const names = elements.map((element) => element.name.text);
  return names.every(isAmbientType) ? names : [];
}
