import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite, test } from 'mocha';
import ts from 'typescript';

/**
 * The borders between the folders of `src`: what each may import, besides itself. `extension.ts` may import
 * anything. The webviews run in a browser, so they share nothing but the types of their messages.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  platform: ['core'],
  local: ['core'],
  guard: ['core'],
  operations: ['core', 'platform', 'local', 'guard'],
  agent: ['core', 'platform', 'local', 'guard', 'operations'],
  cli: ['core', 'platform', 'local', 'guard', 'operations'],
  ui: ['core', 'platform', 'local', 'guard', 'operations', 'webview/protocol'],
  webview: [],
};

/** Packages that compute and do nothing else. */
const CORE_PACKAGES =
  /^(?:typescript|acorn|jsonc-parser|@typescript-eslint\/typescript-estree|@jridgewell\/[\w-]+)$/;

/** Packages that cost the start of the extension more than all of its own code. */
const HEAVY = /^(?:typescript|acorn|undici|zod|fastify|pidusage|@typescript-eslint\/.*)$/;

/** Files of `ui` that run without the editor's API: in a worker thread or in plain unit tests. */
const WITHOUT_VSCODE = ['lintProtocol.ts', 'lintWorker.ts', 'lintClient.ts'].map(
  (name) => `ui/diagnostics/${name}`,
);

interface Import {
  /** Path from `src`, with `/`. */
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** Path from `src` for a relative specifier. */
  readonly to: string | undefined;
  readonly isType: boolean;
  /** `import()` or `require()`. */
  readonly isLazy: boolean;
}

const root = fileURLToPath(new URL('../../src', import.meta.url));

suite('imports', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => path.split(sep).join('/'));
  const sources = files.map((path) => [path, parse(path)] as const);
  const imports = sources.flatMap(([path, source]) => importsOf(path, source));

  test('the files are found', () => {
    assert.ok(files.includes('core/bundle/buildModule.ts'));
    assert.ok(imports.some((item) => item.to === 'core/source/facts.ts'));
  });

  test('every relative import names a file that is there', () => {
    const known = new Set(files);
    report(
      imports.filter((item) => item.to?.endsWith('.ts') && !item.to.endsWith('.d.ts') && !known.has(item.to)),
    );
  });

  test('no folder imports one that it may not know', () => {
    report(
      imports.filter(({ from, to, isType }) => {
        if (to === undefined || from === 'extension.ts') return false;
        const folder = folderOf(from);
        if (to.startsWith(`${folder}/`)) return false;
        const allowed = MAY_IMPORT[folder] ?? [];
        const known = allowed.find((other) => to.startsWith(`${other}/`));
        return (
          known === undefined ||
          (known.startsWith('webview') && !isType && !to.startsWith('webview/protocol/'))
        );
      }),
    );
  });

  test('every folder of src has its border', () => {
    const folders = new Set(files.map(folderOf));
    folders.delete('extension.ts');
    assert.deepEqual(
      [...folders].filter((folder) => MAY_IMPORT[folder] === undefined),
      [],
    );
  });

  test('core imports nothing that does input or output', () => {
    report(
      imports.filter(
        ({ from, to, specifier }) =>
          from.startsWith('core/') && to === undefined && !CORE_PACKAGES.test(specifier),
      ),
    );
  });

  test('only ui and extension.ts import values of vscode', () => {
    report(
      imports.filter(
        ({ from, specifier, isType }) =>
          specifier === 'vscode' && !isType && !from.startsWith('ui/') && from !== 'extension.ts',
      ),
    );
  });

  test('what runs without the editor imports nothing that needs it', () => {
    const byFile = groupByFile(imports);
    for (const start of WITHOUT_VSCODE) {
      if (!files.includes(start)) continue;
      for (const path of reachable(start, byFile))
        report((byFile.get(path) ?? []).filter((item) => item.specifier === 'vscode'));
    }
  });

  test('nothing heavy is loaded when the extension starts', () => {
    const atStart = groupByFile(imports.filter((item) => !item.isType && !item.isLazy));
    for (const path of reachable('extension.ts', atStart)) {
      report((atStart.get(path) ?? []).filter((item) => HEAVY.test(item.specifier)));
    }
  });

  test('no circles', () => {
    const byFile = groupByFile(imports);
    const circles = files.filter((path) => {
      const next = (byFile.get(path) ?? []).flatMap((item) => item.to ?? []);
      return next.some((other) => reachable(other, byFile).has(path));
    });
    assert.deepEqual(circles, [], 'these files are part of a circle');
  });

  test('no default exports', () => {
    assert.deepEqual(
      sources.filter(([, source]) => hasDefaultExport(source)).map(([path]) => path),
      [],
    );
  });
});

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.ES2023, true);
}

function importsOf(from: string, source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean, isLazy = false): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const isRelative = specifier.text.startsWith('.');
    const absolute = resolve(root, dirname(from), specifier.text);
    found.push({
      from,
      line: source.getLineAndCharacterOfPosition(specifier.getStart(source)).line + 1,
      specifier: specifier.text,
      to: isRelative ? relative(root, absolute).split(sep).join('/') : undefined,
      isType,
      isLazy,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoad(node.expression)) add(node.arguments[0], false, true);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isLoad(expression: ts.Expression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function hasDefaultExport(source: ts.SourceFile): boolean {
  return source.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return true;
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      return statement.exportClause.elements.some((element) => element.name.text === 'default');
    }
    return (
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ??
        false)
    );
  });
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function groupByFile(imports: readonly Import[]): Map<string, Import[]> {
  const byFile = new Map<string, Import[]>();
  for (const item of imports) byFile.set(item.from, [...(byFile.get(item.from) ?? []), item]);
  return byFile;
}

/** All files that a file loads, directly or not, itself included. */
function reachable(start: string, byFile: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { to } of byFile.get(path) ?? []) if (to !== undefined) open.push(to);
  }
  return seen;
}

function report(wrong: readonly Import[]): void {
  assert.deepEqual(
    wrong.map((item) => `src/${item.from}:${item.line} imports ${item.specifier}`),
    [],
  );
}
