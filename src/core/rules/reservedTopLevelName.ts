import ts from 'typescript';
import type { Finding, Fix } from './finding.ts';
import { renameToFree } from './rename.ts';
import { RESERVED_NAMES } from './reservedNames.ts';
import { runtimeImports } from './runtimeImports.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'reserved-top-level-name';

/** A top-level name that the generated module has as well. */
export const reservedTopLevelName: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      for (const { name, node } of file.topLevel) {
        if (!RESERVED_NAMES.has(name)) continue;
        const fix = ts.isIdentifier(node) ? rename(app, file, node) : undefined;
        yield [file, finding(file, node, fix)];
      }
      for (const { local } of runtimeImports(file)) {
        if (RESERVED_NAMES.has(local.text)) yield [file, finding(file, local, undefined)];
      }
    }
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

function rename(app: AppSubject, file: FileSubject, node: ts.Identifier): Fix | undefined {
  const wish = `my${node.text.charAt(0).toUpperCase()}${node.text.slice(1)}`;
  const renamed = renameToFree(app, file, node, wish);
  return renamed && { title: `Rename it to ${renamed.newName}`, edits: renamed.edits, preferred: true };
}
