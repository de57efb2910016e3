// Makes dist/types/workers.d.ts: of Cloudflare's declarations exactly what a Durable Object class can use on
// the platform (compatibility date 2025-01-24, no flags, KV-backed classes), so that a mistake such as
// `storage.sql` or `Buffer` is underlined while it is typed. test/runtime/types.test.ts asks workerd whether
// every declared global is really there.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** Global values that are there, but belong to other kinds of Workers: a class never sees their events. */
const NOT_FOR_CLASSES = new Set([
  'addEventListener',
  'removeEventListener',
  'dispatchEvent',
  'self',
  'Cloudflare',
  'WorkerGlobalScope',
  'ExtendableEvent',
  'FetchEvent',
  'ScheduledEvent',
  'TailEvent',
]);

/** Global values that the runtime does not have at this date: classes among them stay as interfaces when a type needs them. */
const NOT_AT_RUNTIME = new Set([
  'onmessage',
  'Buffer',
  'process',
  'global',
  'setImmediate',
  'clearImmediate',
  'ColoLocalActorNamespace',
  'DurableObjectNamespace',
  'SqlStorageStatement',
  'SqlStorageCursor',
  'Span',
  'MessagePort',
  'MessageChannel',
  'Performance',
  'PerformanceMark',
  'PerformanceMeasure',
  'PerformanceObserverEntryList',
  'PerformanceEntry',
  'PerformanceResourceTiming',
  'PerformanceObserver',
]);

/** Declarations of other products start here; nothing after it is a global of the runtime itself. */
const FIRST_PRODUCT = 'AgentMemoryProfile';

/** Modules and types that are roots besides the globals. */
const ROOT_TYPES = ['DurableObject', 'DurableObjectNamespace', 'DurableObjectStub'];
const ROOT_MODULES = ['cloudflare:workers', 'cloudflare:sockets'];

/** Members that need a flag, a later date, SQLite-backed storage or another kind of Worker. */
const DROPPED_MEMBERS = {
  DurableObjectStorage: [
    'sql',
    'kv',
    'transactionSync',
    'getCurrentBookmark',
    'getBookmarkForTime',
    'onNextSessionRestoreBookmark',
  ],
  DurableObjectState: ['exports', 'props', 'container', 'facets'],
  DurableObject: ['connect'],
  Performance: ['eventLoopUtilization', 'nodeTiming'],
};

/** Of these namespaces only the named members stay. */
const KEPT_MEMBERS = {
  Cloudflare: ['Env'],
  CloudflareWorkersModule: ['RpcStub', 'RpcTarget', 'DurableObject', 'env', 'waitUntil'],
};

/**
 * Writes `<outFolder>/workers.d.ts`.
 *
 * @param {string} outFolder
 * @returns {Promise<string>} the path of the file
 */
export async function makeTypes(outFolder) {
  const require = createRequire(import.meta.url);
  const source = await readFile(require.resolve('@cloudflare/workers-types/index.d.ts'), 'utf8');
  const { version } = JSON.parse(
    await readFile(require.resolve('@cloudflare/workers-types/package.json'), 'utf8'),
  );
  await mkdir(outFolder, { recursive: true });
  const file = path.join(outFolder, 'workers.d.ts');
  await writeFile(file, pruneTypes(source, version));
  return file;
}

/**
 * The declarations that `source` (index.d.ts of @cloudflare/workers-types) has for a Durable Object class.
 *
 * @param {string} source
 * @param {string} version of the package, for the header
 */
export function pruneTypes(source, version) {
  const file = ts.createSourceFile('index.d.ts', source, ts.ScriptTarget.Latest, true);
  const byName = new Map();
  for (const statement of file.statements) {
    for (const name of namesOf(statement)) {
      byName.set(name, [...(byName.get(name) ?? []), statement]);
    }
  }
  const kept = new Set();
  const queue = roots(file);
  for (let statement = queue.pop(); statement; statement = queue.pop()) {
    if (kept.has(statement) || isLeftOut(statement)) continue;
    kept.add(statement);
    for (const name of referencesOf(statement)) queue.push(...(byName.get(name) ?? []));
  }
  const parts = [header(source, version), 'declare const self: typeof globalThis;'];
  for (const statement of file.statements) {
    if (kept.has(statement)) parts.push(printed(statement, source));
  }
  return `${parts.join('\n')}\n`;
}

function header(source, version) {
  const licence = source.slice(0, source.indexOf('*/') + 2);
  return [
    licence,
    '/*',
    ' * What a Durable Object class can use on Butterbase: globals, storage, WebSockets, alarms.',
    ` * Taken from @cloudflare/workers-types ${version} (MIT OR Apache-2.0) and cut down to compatibility date`,
    ' * 2025-01-24 without flags and to KV-backed storage. Written by "Durable Objects: Write Type Declarations".',
    ' */',
    '/* eslint-disable */',
  ].join('\n');
}

function roots(file) {
  const found = [];
  let isProduct = false;
  for (const statement of file.statements) {
    const names = namesOf(statement);
    isProduct ||= names.includes(FIRST_PRODUCT);
    if (ts.isModuleDeclaration(statement)) {
      if (ROOT_MODULES.includes(statement.name.text)) found.push(statement);
    } else if (isValue(statement) && !isProduct) {
      if (!names.some((name) => NOT_FOR_CLASSES.has(name) || NOT_AT_RUNTIME.has(name))) found.push(statement);
    }
    if (names.some((name) => ROOT_TYPES.includes(name))) found.push(statement);
  }
  return found;
}

function isValue(statement) {
  return (
    ts.isVariableStatement(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement)
  );
}

/** Values that must not come back because a type of the same name is referenced. */
function isLeftOut(statement) {
  if (ts.isClassDeclaration(statement) || !isValue(statement)) return false;
  return namesOf(statement).some((name) => NOT_FOR_CLASSES.has(name) || NOT_AT_RUNTIME.has(name));
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((declaration) => declaration.name.text);
  }
  return statement.name ? [statement.name.text] : [];
}

/** Names that the kept part of a statement mentions. */
function referencesOf(statement) {
  const dropped = new Set(droppedMembers(statement));
  const names = new Set();
  const visit = (node) => {
    if (dropped.has(node)) return;
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

function droppedMembers(statement) {
  const name = namesOf(statement)[0];
  const out = [];
  if (ts.isModuleDeclaration(statement)) {
    const keep = KEPT_MEMBERS[name];
    for (const member of statement.body.statements) {
      if (keep && !namesOf(member).some((each) => keep.includes(each))) out.push(member);
      else if (ts.isClassDeclaration(member))
        out.push(...membersNamed(member, DROPPED_MEMBERS[member.name.text]));
    }
    return out;
  }
  if (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) {
    out.push(...membersNamed(statement, DROPPED_MEMBERS[name]));
    if (becomesInterface(statement)) {
      out.push(
        ...statement.members.filter((member) => ts.isConstructorDeclaration(member) || isStatic(member)),
      );
    }
  }
  return out;
}

function membersNamed(declaration, names) {
  return names
    ? declaration.members.filter((member) => member.name && names.includes(member.name.getText()))
    : [];
}

function isStatic(member) {
  return member.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) === true;
}

function becomesInterface(statement) {
  return (
    ts.isClassDeclaration(statement) &&
    (NOT_AT_RUNTIME.has(statement.name.text) || NOT_FOR_CLASSES.has(statement.name.text))
  );
}

function printed(statement, source) {
  let text = '';
  let from = statement.getFullStart();
  for (const member of droppedMembers(statement)) {
    text += source.slice(from, member.getFullStart());
    from = member.getEnd();
  }
  text += source.slice(from, statement.getEnd());
  if (becomesInterface(statement)) {
    text = text.replace(/declare (abstract )?class /, 'interface ');
  }
  return text.replace(/^\s*\n/, '');
}

if (process.argv[1] === import.meta.filename) {
  const file = await makeTypes(path.join(import.meta.dirname, '..', 'dist', 'types'));
  console.log(path.relative(process.cwd(), file));
}
