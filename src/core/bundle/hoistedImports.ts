import ts from 'typescript';
import type { SourceFacts } from '../source/facts.ts';

/** A name in the hoisted import lines and the place in a source that asked for it. */
export interface HoistedName {
  /** UTF-16 offset in the import block. */
  readonly offset: number;
  readonly sourceIndex: number;
  /** UTF-16 offset in that source. */
  readonly sourceOffset: number;
}

export interface HoistedImports {
  /** One import per module, each with its line break; empty when nothing is imported. */
  readonly text: string;
  readonly names: readonly HoistedName[];
}

interface Binding {
  readonly text: string;
  readonly sourceIndex: number;
  readonly sourceOffset: number;
}

interface ModuleImports {
  readonly specifier: Binding;
  default: Binding | undefined;
  namespace: Binding | undefined;
  readonly named: Map<string, Binding>;
  sideEffect: boolean;
}

/**
 * Unites the imports of all sources as the platform does: per module one default and one namespace name (the
 * last source wins) and the local names of all named imports. Aliases and `type` are forgotten on the way.
 */
export function hoistImports(sources: readonly SourceFacts[]): HoistedImports {
  const all = new Map<string, ModuleImports>();
  for (const [index, facts] of sources.entries()) {
    for (const [module, imports] of importsOf(facts, index)) {
      const into = entry(all, module, imports.specifier);
      // A name that a syntax error left empty does not replace an earlier one.
      if (imports.default?.text) into.default = imports.default;
      if (imports.namespace?.text) into.namespace = imports.namespace;
      if (imports.sideEffect) into.sideEffect = true;
      for (const [name, binding] of imports.named) {
        if (!into.named.has(name)) into.named.set(name, binding);
      }
    }
  }
  return write(all);
}

function importsOf(facts: SourceFacts, sourceIndex: number): Map<string, ModuleImports> {
  const all = new Map<string, ModuleImports>();
  const at = (node: ts.Node, text: string): Binding => ({
    text,
    sourceIndex,
    sourceOffset: node.getStart(facts.file),
  });
  for (const { node, specifier } of facts.imports) {
    const into = entry(all, specifier.text, at(specifier, specifier.text));
    const clause = node.importClause;
    if (clause === undefined) {
      into.sideEffect = true;
      continue;
    }
    if (clause.name) into.default = at(clause.name, clause.name.text);
    const bindings = clause.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) {
      into.namespace = at(bindings.name, bindings.name.text);
      continue;
    }
    for (const { name } of bindings.elements) {
      if (!into.named.has(name.text)) into.named.set(name.text, at(name, name.text));
    }
  }
  return all;
}

function entry(all: Map<string, ModuleImports>, module: string, specifier: Binding): ModuleImports {
  const found = all.get(module);
  if (found) return found;
  const made: ModuleImports = {
    specifier,
    default: undefined,
    namespace: undefined,
    named: new Map(),
    sideEffect: false,
  };
  all.set(module, made);
  return made;
}

function write(all: ReadonlyMap<string, ModuleImports>): HoistedImports {
  const names: HoistedName[] = [];
  let text = '';
  const put = (binding: Binding, before = ''): void => {
    text += before;
    names.push({ offset: text.length, sourceIndex: binding.sourceIndex, sourceOffset: binding.sourceOffset });
    text += binding.text;
  };
  for (const imports of all.values()) {
    const { specifier, named } = imports;
    const clauses: (() => void)[] = [];
    const { default: defaultName, namespace } = imports;
    if (defaultName) clauses.push(() => put(defaultName));
    if (namespace) clauses.push(() => put(namespace, '* as '));
    if (named.size > 0) {
      clauses.push(() => {
        [...named.values()].forEach((binding, index) => put(binding, index === 0 ? '{ ' : ', '));
        text += ' }';
      });
    }
    if (clauses.length === 0 && !imports.sideEffect) continue;
    text += 'import ';
    clauses.forEach((clause, index) => {
      if (index > 0) text += ', ';
      clause();
    });
    put(specifier, clauses.length > 0 ? " from '" : "'");
    text += "';\n";
  }
  return { text, names };
}
