import ts from 'typescript';
import type { TopLevelName } from '../source/topLevelNames.ts';
import type { Finding, Fix } from './finding.ts';
import { renameToFree } from './rename.ts';
import { isRuntimeGlobal } from './runtimeGlobals.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'shadows-global';

/** What the dispatcher needs for every request. */
const NEEDED_FOR_REQUESTS: ReadonlySet<string> = new Set(['URL', 'Response']);

/**
 * A top-level name such as `fetch` or `URL`: all sources of an app share one scope with the dispatcher, so it
 * takes the place of the global everywhere.
 */
export const shadowsGlobal: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      for (const item of file.topLevel) {
        if (item.kind === 'default' || !isRuntimeGlobal(item.name) || isTheGlobalItself(item)) continue;
        yield [file, finding(app, file, item)];
      }
    }
  },
};

/** `const fetch = globalThis.fetch` changes nothing. */
function isTheGlobalItself({ node, name }: TopLevelName): boolean {
  const value = ts.isVariableDeclaration(node.parent) ? node.parent.initializer : undefined;
  return (
    value !== undefined &&
    ts.isPropertyAccessExpression(value) &&
    ts.isIdentifier(value.expression) &&
    (value.expression.text === 'globalThis' || value.expression.text === 'self') &&
    value.name.text === name
  );
}

function finding(app: AppSubject, file: FileSubject, item: TopLevelName): Finding {
  const { name } = item;
  const isFatal = NEEDED_FOR_REQUESTS.has(name);
  const consequence = isFatal
    ? 'The dispatcher uses it for every request, so all of them are answered with 500.'
    : 'They get this one instead.';
  const fix = rename(app, file, item);
  return {
    rule: ID,
    code: ID,
    severity: isFatal ? 'error' : 'warning',
    message: `${name} takes the place of the runtime's ${name} for every class of the app and for the platform's dispatcher, because all sources share one scope. ${consequence} Give it another name.`,
    range: file.rangeOf(item.node),
    fixes: fix ? [fix] : [],
  };
}

/** The name of the exported class decides where its instances are stored: it is renamed only by intention. */
function rename(app: AppSubject, file: FileSubject, { node, name, kind }: TopLevelName): Fix | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const isType = kind === 'class' || kind === 'enum' || kind === 'namespace';
  const wish = `${isType ? 'My' : 'my'}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const renamed = renameToFree(app, file, node, wish);
  return (
    renamed && {
      title: `Rename it to ${renamed.newName}`,
      edits: renamed.edits,
      preferred: name !== file.verdict,
    }
  );
}
