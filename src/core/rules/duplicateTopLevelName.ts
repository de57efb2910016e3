import ts from 'typescript';
import { isErased } from '../source/declaredNames.ts';
import { hasModifier } from '../source/facts.ts';
import type { TopLevelKind } from '../source/topLevelNames.ts';
import { meantClass } from './exportedClass.ts';
import type { Finding } from './finding.ts';
import { runtimeImports } from './runtimeImports.ts';
import { isOfOneModule } from './sharedScope.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'duplicate-top-level-name';

interface Declared {
  readonly file: FileSubject;
  readonly name: string;
  readonly kind: TopLevelKind | 'import';
  /** Of an import: what the bundler unites with others of the same. */
  readonly origin?: string;
  readonly node: ts.Node;
}

/** TypeScript writes these with `var`, of which JavaScript takes any number. */
const MERGING: ReadonlySet<Declared['kind']> = new Set(['var', 'enum', 'namespace']);

/**
 * One top-level name in two sources, or twice in one: all sources of an app share one scope. Names of imports
 * from one module are united by the bundler.
 */
export const duplicateTopLevelName: AppRule = {
  id: ID,
  *check(app) {
    const byName = new Map<string, Declared[]>();
    for (const item of app.files.flatMap(declaredBy)) add(byName, item);
    for (const items of byName.values()) {
      const others = representatives(
        items,
        ({ file, kind, origin }) => `${file.input.uri} ${kind} ${origin ?? ''}`,
      );
      for (const item of items) {
        const rival = others.find(
          (other) => other !== item && isOfOneModule(item.file, other.file) && clash(item, other),
        );
        if (rival && !isClassOfTheFile(item, rival)) yield [item.file, finding(item, rival)];
      }
    }
    yield* duplicateExports(app.files);
  },
};

function add<T extends { readonly name: string }>(byName: Map<string, T[]>, item: T): void {
  const known = byName.get(item.name);
  if (known) known.push(item);
  else byName.set(item.name, [item]);
}

interface Exported {
  readonly file: FileSubject;
  readonly name: string;
  readonly node: ts.Node;
  /** In the braces of an `export`, where any name can be given to it. */
  readonly isListed: boolean;
  /** As one of several declarations of the name that go together. */
  readonly isMerging: boolean;
  /** `export import a = Other.b`. */
  readonly isAlias: boolean;
}

/** The module can export each name once. Of two declarations the names clash already, unless they are merged. */
function* duplicateExports(
  files: readonly FileSubject[],
): Generator<readonly [file: FileSubject, finding: Finding]> {
  const byName = new Map<string, Exported[]>();
  const declared = new Set(files.flatMap(declaredBy).map(({ name }) => name));
  for (const item of files.flatMap((file) => exportedBy(file, declared))) add(byName, item);
  for (const items of byName.values()) {
    const others = representatives(
      items,
      ({ file, isListed, isAlias }) => `${file.input.uri} ${isListed} ${isAlias}`,
    );
    for (const item of items) {
      const rival = others.find(
        (other) => other !== item && isOfOneModule(item.file, other.file) && isExportedTwice(item, other),
      );
      if (rival) yield [item.file, exportFinding(item, rival)];
    }
  }
}

/** In one file, a list that exports what is exported anyway is erased, unless that is an alias. */
function isExportedTwice(a: Exported, b: Exported): boolean {
  if (a.file === b.file) return (a.isListed || a.isAlias) && (b.isListed || b.isAlias);
  return a.isListed || b.isListed || (a.isMerging && b.isMerging);
}

function exportedBy(file: FileSubject, declared: ReadonlySet<string>): Exported[] {
  const own = file.topLevel
    .filter(
      ({ kind, statement }) => kind !== 'default' && hasModifier(statement, ts.SyntaxKind.ExportKeyword),
    )
    .map(({ name, node, kind, statement }): Exported => ({
      ...{ file, name, node, isListed: false },
      isMerging: MERGING.has(kind),
      isAlias: ts.isImportEqualsDeclaration(statement),
    }));
  const listed = file.facts.file.statements
    .filter(ts.isExportDeclaration)
    .filter((node) => !isErased(node))
    .flatMap(({ exportClause, moduleSpecifier }) =>
      exportClause && ts.isNamedExports(exportClause)
        ? exportClause.elements.filter(
            (element) =>
              !element.isTypeOnly &&
              element.name.text !== 'default' &&
              (moduleSpecifier !== undefined || declared.has((element.propertyName ?? element.name).text)),
          )
        : [],
    )
    .map((node): Exported => ({
      ...{ file, name: node.name.text, node, isListed: true },
      ...{ isMerging: false, isAlias: false },
    }));
  return [...own, ...listed];
}

function exportFinding(item: Exported, rival: Exported): Finding {
  const where =
    rival.file === item.file ? 'this file' : `the source of ${rival.file.input.name ?? 'another class'}`;
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `${item.name} is exported in ${where} as well. All sources of an app are one module, which can export a name once only: it fails to load and the class goes into ERROR.`,
    range: item.file.rangeOf(item.node),
    fixes: [],
    related: [
      { uri: rival.file.input.uri, range: rival.file.rangeOf(rival.node), message: `The other ${item.name}` },
    ],
  };
}

function declaredBy(file: FileSubject): Declared[] {
  return [
    ...file.topLevel
      .filter(({ kind }) => kind !== 'default')
      .map(({ name, kind, node }) => ({ file, name, kind, node })),
    ...runtimeImports(file).map(({ local, module, form }) => ({
      file,
      name: local.text,
      kind: 'import' as const,
      node: local,
      origin: `${form} of ${module}`,
    })),
  ];
}

/** Two of each sort are enough to clash with; the others of it clash with the same. */
function representatives<T>(items: readonly T[], sortOf: (item: T) => string): readonly T[] {
  if (items.length < 4) return items;
  const counts = new Map<string, number>();
  return items.filter((item) => {
    const sort = sortOf(item);
    const count = counts.get(sort) ?? 0;
    counts.set(sort, count + 1);
    return count < 2;
  });
}

function clash(a: Declared, b: Declared): boolean {
  if (a.kind === 'import' && b.kind === 'import') return a.origin !== b.origin;
  if (MERGING.has(a.kind) && MERGING.has(b.kind)) return false;
  return !(a.file === b.file && isMergedByTypeScript(a, b));
}

/** A namespace adds to a class, function or enum that comes before it in its file. */
function isMergedByTypeScript(a: Declared, b: Declared): boolean {
  const [first, second] = a.node.pos < b.node.pos ? [a, b] : [b, a];
  return second.kind === 'namespace' && (first.kind === 'class' || first.kind === 'function');
}

/** Two exported classes of one name have the rule duplicate-class-name. */
function isClassOfTheFile(a: Declared, b: Declared): boolean {
  const isOwn = ({ file, name }: Declared): boolean => meantClass(file)?.name.text === name;
  return a.file !== b.file && isOwn(a) && isOwn(b);
}

function finding(item: Declared, rival: Declared): Finding {
  const where =
    rival.file === item.file ? 'this file' : `the source of ${rival.file.input.name ?? 'another class'}`;
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `${item.name} is declared in ${where} as well. All sources of an app share one scope, so the module fails to load and the class goes into ERROR. Give it another name.`,
    range: item.file.rangeOf(item.node),
    fixes: [],
    related: [
      { uri: rival.file.input.uri, range: rival.file.rangeOf(rival.node), message: `The other ${item.name}` },
    ],
  };
}
