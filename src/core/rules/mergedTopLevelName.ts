import ts from 'typescript';
import { hasModifier } from '../source/facts.ts';
import type { TopLevelKind, TopLevelName } from '../source/topLevelNames.ts';
import type { Finding } from './finding.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'merged-top-level-name';

/** TypeScript writes these with `var`, of which JavaScript takes any number. */
const MERGING: ReadonlySet<TopLevelKind> = new Set(['var', 'enum', 'namespace']);

/** One top-level `var`, `enum` or `namespace` name in two sources: it loads, and they become one. */
export const mergedTopLevelName: AppRule = {
  id: ID,
  *check(app) {
    const files = app.files.filter(({ input }) => input.name !== undefined);
    const owners = new Map<string, (readonly [FileSubject, TopLevelName])[]>();
    for (const file of files) {
      for (const item of file.topLevel) {
        const known = owners.get(item.name);
        if (known) known.push([file, item]);
        else owners.set(item.name, [[file, item]]);
      }
    }
    for (const items of owners.values()) {
      // With a const, let, class or function among them, the module does not load: another rule says so.
      if (!items.every(([, { kind }]) => MERGING.has(kind)) || isExportedTwice(items)) continue;
      for (const [file, item] of items) {
        const rival = items.find(([other]) => other !== file);
        if (rival) yield [file, finding(file, item, ...rival)];
      }
    }
  },
};

/** Then it does not load either. */
function isExportedTwice(items: readonly (readonly [FileSubject, TopLevelName])[]): boolean {
  const exported = items.filter(([, { statement }]) => hasModifier(statement, ts.SyntaxKind.ExportKeyword));
  return new Set(exported.map(([file]) => file)).size > 1;
}

function finding(file: FileSubject, item: TopLevelName, other: FileSubject, rival: TopLevelName): Finding {
  const lender = other.input.name ?? 'another class';
  const consequence =
    item.kind === 'var' || rival.kind === 'var'
      ? 'whichever source sets it last wins in both.'
      : 'it has the members of both, and where they have the same one the last wins.';
  return {
    rule: ID,
    code: ID,
    severity: 'warning',
    message: `${item.name} is declared in the source of ${lender} as well. All sources of an app share one scope, so the two become one: ${consequence} Give it another name.`,
    range: file.rangeOf(item.node),
    fixes: [],
    related: [{ uri: other.input.uri, range: other.rangeOf(rival.node), message: `The other ${item.name}` }],
  };
}
