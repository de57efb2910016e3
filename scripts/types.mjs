// Makes dist/types/workers.d.ts: of Cloudflare's declarations exactly what a Durable Object class can use on
// the platform (compatibility date 2025-01-24, no flags, KV-backed classes), so that a mistake such as
// `storage.sql` or `Buffer` is underlined while it is typed. test/runtime/types.test.ts asks workerd whether
// every declared global is really there.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/**
 * Global values that the runtime has at this date without flags and that are of use in a class. Left out on
 * purpose: what belongs to other kinds of Workers (addEventListener, ScheduledEvent, …).
 */
export const GLOBALS = new Set(
  `
console btoa atob setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone
reportError fetch crypto caches scheduler performance navigator Navigator
WebSocketRequestResponsePair Event EventTarget AbortController AbortSignal Blob File CacheStorage
Cache Crypto SubtleCrypto CryptoKey TextDecoder TextEncoder CustomEvent ErrorEvent MessageEvent
PromiseRejectionEvent CloseEvent FormData HTMLRewriter Headers Body Response Request ReadableStream
ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest
ReadableStreamDefaultController ReadableByteStreamController WritableStreamDefaultController
TransformStreamDefaultController WritableStream WritableStreamDefaultWriter TransformStream
FixedLengthStream IdentityTransformStream CompressionStream DecompressionStream TextEncoderStream
TextDecoderStream ByteLengthQueuingStrategy CountQueuingStrategy WebSocket WebSocketPair EventSource
DOMException URL URLSearchParams URLPattern
`
    .trim()
    .split(/\s+/),
);

/** Not a global itself, but the constructor that `crypto.DigestStream` is. */
const CONSTRUCTORS = new Set([...GLOBALS, 'DigestStream']);

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
};

/** Of these only the named members stay. */
const KEPT_MEMBERS = {
  Cloudflare: ['Env'],
  Performance: ['timeOrigin', 'now', 'toJSON'],
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
  return file.statements.filter((statement) => {
    if (ts.isModuleDeclaration(statement)) return ROOT_MODULES.includes(statement.name.text);
    return namesOf(statement).some((name) => GLOBALS.has(name) || ROOT_TYPES.includes(name));
  });
}

/** A value of another kind of Worker or product, whose type of the same name may still be needed. */
function isLeftOut(statement) {
  const isValue = ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement);
  return isValue && !namesOf(statement).some((name) => GLOBALS.has(name));
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
    const keep = KEPT_MEMBERS[name];
    if (keep) out.push(...statement.members.filter((member) => !keep.includes(member.name?.getText())));
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

/** A class that is no value at run time: only its type may be used. */
function becomesInterface(statement) {
  return ts.isClassDeclaration(statement) && !CONSTRUCTORS.has(statement.name.text);
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
