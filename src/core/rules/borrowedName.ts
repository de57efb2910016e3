import ts from 'typescript';
import type { Reference } from '../source/references.ts';
import { declarationOf } from '../source/declarations.ts';
import type { TopLevelKind } from '../source/topLevelNames.ts';
import type { Finding } from './finding.ts';
import { loadOf } from './loading.ts';
import { MISTAKEN_FOR_GLOBALS } from './missingBaseImport.ts';
import { runtimeImports } from './runtimeImports.ts';
import { isRuntimeGlobal } from './runtimeGlobals.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'borrowed-name';

interface Lender {
  readonly file: FileSubject;
  readonly node: ts.Node;
  readonly kind: TopLevelKind | 'import';
}

/** They have no value before the source that declares them has run. */
const LATE: ReadonlySet<Lender['kind']> = new Set(['class', 'const', 'let', 'using']);

/** A top-level name or an import of another source: there as long as that source is. */
export const borrowedName: AppRule = {
  id: ID,
  *check(app) {
    const files = app.files.filter(({ input }) => input.name !== undefined);
    if (files.length < 2) return;
    const lenders = lendersOf(files);
    for (const file of files) {
      const load = loadOf(app, file);
      const isTooEarly = ({ node }: Reference): boolean => load.failureAt(node)?.isCertain === true;
      const seen = new Set<string>();
      // What does not load is said first, wherever in the file it stands.
      const uses = file.references.all;
      for (const use of [...uses.filter(isTooEarly), ...uses]) {
        const { name, node } = use;
        if (seen.has(name)) continue;
        const lender = lenders.get(name)?.find((candidate) => candidate.file !== file);
        if (!lender || declarationOf(node)) continue;
        // What is not there yet is not even to be asked for its type.
        if (ts.isTypeOfExpression(node.parent) && !isTooEarly(use)) continue;
        // A global is there in any case, unless the other source hides it before it has its own.
        if (isRuntimeGlobal(name) && !isTooEarly(use)) continue;
        if (lender.kind === 'import' && MISTAKEN_FOR_GLOBALS.has(name)) continue;
        seen.add(name);
        yield [file, finding(file, use, lender, isTooEarly(use))];
      }
    }
  },
};

function lendersOf(files: readonly FileSubject[]): Map<string, Lender[]> {
  const lenders = new Map<string, Lender[]>();
  const add = (name: string, lender: Lender): void => {
    const known = lenders.get(name);
    if (known) known.push(lender);
    else lenders.set(name, [lender]);
  };
  for (const file of files) {
    for (const { name, node, kind } of file.topLevel) if (kind !== 'default') add(name, { file, node, kind });
    for (const { local } of runtimeImports(file)) add(local.text, { file, node: local, kind: 'import' });
  }
  return lenders;
}

function finding(
  file: FileSubject,
  use: Reference,
  { file: other, node, kind }: Lender,
  isFatal: boolean,
): Finding {
  const { name, phase } = use;
  const lender = other.input.name ?? 'another class';
  const consequence = isFatal
    ? `${lender} comes later in the module, so ${name} is not there yet: the module fails to load and the class goes into ERROR.`
    : `It works as long as ${lender} is in the app${LATE.has(kind) && phase === 'load' ? ' and comes first' : ''}, and throws when that class is deleted or changed.`;
  return {
    rule: ID,
    code: ID,
    severity: isFatal ? 'error' : 'warning',
    atLoad: isFatal,
    message: `${name} is ${kind === 'import' ? 'imported' : 'declared'} in the source of ${lender} only. ${consequence} ${kind === 'import' ? 'Import it here as well.' : 'Declare it here, under a name of its own.'}`,
    range: file.rangeOf(use.node),
    fixes: [],
    related: [{ uri: other.input.uri, range: other.rangeOf(node), message: `Where ${name} is from` }],
  };
}
