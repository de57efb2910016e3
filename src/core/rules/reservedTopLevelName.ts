import ts from 'typescript';
import type { Finding, Fix } from './finding.ts';
import { renameUses } from './rename.ts';
import { runtimeImports } from './runtimeImports.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'reserved-top-level-name';

/** What the generated module declares besides the sources. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['butterbase', 'ROUTES', 'checkAuth']);

/** A top-level name that the generated module has as well. */
export const reservedTopLevelName: FileRule = {
  id: ID,
  check(file) {
    const declared = file.topLevel.filter(({ name }) => RESERVED_NAMES.has(name));
    const imported = runtimeImports(file).filter(({ local }) => RESERVED_NAMES.has(local.text));
    return [
      ...declared.map(({ node }) =>
        finding(file, node, ts.isIdentifier(node) ? rename(file, node) : undefined),
      ),
      ...imported.map(({ local }) => finding(file, local, undefined)),
    ];
  },
};

function finding(file: FileSubject, node: ts.Node, fix: Fix | undefined): Finding {
  const name = node.getText(file.facts.file);
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `The generated module declares ${name} itself${name === 'butterbase' ? ', for every class to use' : ''}. With a second one it fails to load and the class goes into ERROR.`,
    range: file.rangeOf(node),
    fixes: fix ? [fix] : [],
  };
}

function rename(file: FileSubject, node: ts.Identifier): Fix | undefined {
  const newName = `my${node.text.charAt(0).toUpperCase()}${node.text.slice(1)}`;
  const uses = renameUses(file, node, newName);
  if (uses === undefined) return undefined;
  const edits = [file.edit(node.getStart(file.facts.file), node.end, newName), ...uses];
  return { title: `Rename it to ${newName}`, edits, preferred: true };
}
