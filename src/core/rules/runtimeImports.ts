import ts from 'typescript';
import { ALLOWED_IMPORT_PREFIX } from '../bundle/className.ts';
import { indexIn } from '../source/nodeIndex.ts';
import type { FileSubject } from './subject.ts';

/** One name that a source imports from a module of the runtime. */
export interface RuntimeImport {
  readonly module: string;
  readonly declaration: ts.ImportDeclaration;
  readonly form: 'default' | 'namespace' | 'named';
  /** The name in the source, which is the only one that the bundler keeps. */
  readonly local: ts.Identifier;
  /** The name in the module, where it is another one than the local. */
  readonly alias: string | undefined;
  readonly isType: boolean;
  /** The specifier in braces, for the form `named`. */
  readonly specifier: ts.ImportSpecifier | undefined;
}

export function runtimeImports(file: FileSubject): RuntimeImport[] {
  return file.facts.imports.flatMap(({ node, specifier }) => {
    const clause = node.importClause;
    if (clause === undefined || !specifier.text.startsWith(ALLOWED_IMPORT_PREFIX)) return [];
    const allTypes = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const base = {
      module: specifier.text,
      declaration: node,
      alias: undefined,
      isType: allTypes,
      specifier: undefined,
    };
    const found: RuntimeImport[] = [];
    if (clause.name) found.push({ ...base, form: 'default', local: clause.name });
    const bindings = clause.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings))
      found.push({ ...base, form: 'namespace', local: bindings.name });
    if (bindings && ts.isNamedImports(bindings)) {
      for (const element of bindings.elements) {
        const original = element.propertyName?.text;
        found.push({
          ...base,
          form: 'named',
          local: element.name,
          alias: original === element.name.text ? undefined : original,
          isType: allTypes || element.isTypeOnly,
          specifier: element,
        });
      }
    }
    return found;
  });
}

/** Takes one name out of its import, and the import with the last of its names. */
export function importRemoval(file: FileSubject, item: RuntimeImport): ReturnType<FileSubject['edit']> {
  const { specifier } = item;
  const source = file.facts.file;
  if (specifier === undefined) return file.removal(item.declaration);
  const { elements } = specifier.parent;
  if (elements.length === 1) {
    const byDefault = item.declaration.importClause?.name;
    return byDefault ? file.edit(byDefault.end, specifier.parent.end, '') : file.removal(item.declaration);
  }
  const index = indexIn(elements, specifier);
  const next = elements[index + 1];
  if (next) return file.edit(specifier.getStart(source), next.getStart(source), '');
  return file.edit(elements[index - 1]?.end ?? specifier.getStart(source), specifier.end, '');
}
