import type ts from 'typescript';
import type { TopLevelKind } from '../source/topLevelNames.ts';
import type { Finding } from './finding.ts';
import { runtimeImports } from './runtimeImports.ts';
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
    for (const item of app.files.flatMap(declaredBy))
      byName.set(item.name, [...(byName.get(item.name) ?? []), item]);
    for (const items of byName.values()) {
      for (const item of items) {
        const rival = items.find(
          (other) => other !== item && isOfOneScope(item, other) && clash(item, other),
        );
        if (rival && !isClassOfTheFile(item, rival)) yield [item.file, finding(item, rival)];
      }
    }
  },
};

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

function isOfOneScope(a: Declared, b: Declared): boolean {
  return a.file === b.file || (a.file.input.name !== undefined && b.file.input.name !== undefined);
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
  return a.file !== b.file && a.file.verdict === a.name && b.file.verdict === b.name;
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
