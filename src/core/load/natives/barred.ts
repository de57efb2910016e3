import type { Run } from '../run.ts';
import { isNothing, isPrimitive, type Call, type Value } from '../values.ts';
import { promise } from '../settling.ts';

/** Calls that throw on the spot while the module loads, by their path. */
const CALLS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'clearTimeout',
  'clearInterval',
  'Crypto.prototype.randomUUID',
  'Crypto.prototype.getRandomValues',
  'AbortSignal.timeout',
  'Response.json',
  'Response.redirect',
]);

/** Things that cannot be made while the module loads. */
const CLASSES: ReadonlySet<string> = new Set([
  'WebSocket',
  'WebSocketPair',
  'EventSource',
  'CompressionStream',
  'DecompressionStream',
  'FixedLengthStream',
  'IdentityTransformStream',
]);

/** Calls whose promise is rejected while the module loads: harmless until it is awaited. */
const REJECTED: ReadonlySet<string> = new Set([
  'fetch',
  'Scheduler.prototype.wait',
  'Cache.prototype.match',
  'Cache.prototype.put',
  'Cache.prototype.delete',
  'SubtleCrypto.prototype.generateKey',
]);

/** What the runtime does not allow before the module is loaded. Undefined for everything else. */
export function barred(run: Run, path: string, { node, args, isNew }: Call): Value | undefined {
  const name = shown(path);
  if (isNew ? CLASSES.has(path) || hasBody(path, args) : CALLS.has(path) && !isIdle(path, args)) {
    run.fail(node, `${isNew ? 'new ' : ''}${name}() is not allowed`, 'barred', 'Error');
  }
  if (!REJECTED.has(path)) return undefined;
  for (const argument of args) run.escape(argument);
  const failure = { node, message: `${name}() is rejected`, kind: 'barred', error: 'Error' } as const;
  return promise(run, { state: 'rejected', failure });
}

/** A response without a body can be made. */
function hasBody(path: string, [body]: readonly Value[]): boolean {
  return path === 'Response' && body !== undefined && isPrimitive(body) && !isNothing(body);
}

/** There is no timer to be stopped. */
function isIdle(path: string, [timer]: readonly Value[]): boolean {
  return path.startsWith('clear') && timer !== undefined && isNothing(timer);
}

/** As it is called. */
function shown(path: string): string {
  const [owner = '', ...rest] = path.split('.');
  return rest[0] === 'prototype' ? `${OBJECTS[owner] ?? owner}.${rest[1] ?? ''}` : path;
}

const OBJECTS: Readonly<Record<string, string>> = {
  Crypto: 'crypto',
  SubtleCrypto: 'crypto.subtle',
  CacheStorage: 'caches',
  Cache: 'caches.default',
  Scheduler: 'scheduler',
};
