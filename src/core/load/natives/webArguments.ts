import type { Run } from '../run.ts';
import { isPrimitive, type Call, type Value } from '../values.ts';

/**
 * What the runtime's own functions insist on, for each argument: `text` anything but a symbol or nothing, `object`
 * no primitive, `object?` the same or nothing at all, `value` to be there. Recorded from workerd 1.20261117.1.
 */
const ARGUMENTS: Readonly<Record<string, readonly Need[]>> = {
  Blob: ['list?'],
  ByteLengthQueuingStrategy: ['object'],
  CloseEvent: ['text'],
  CompressionStream: ['text'],
  CountQueuingStrategy: ['object'],
  CustomEvent: ['text'],
  DecompressionStream: ['text'],
  ErrorEvent: ['text'],
  Event: ['text'],
  File: ['object', 'text'],
  FixedLengthStream: ['there'],
  Headers: ['list?'],
  MessageEvent: ['text'],
  ReadableStream: ['object?'],
  ReadableStreamBYOBReader: ['object'],
  ReadableStreamDefaultReader: ['object'],
  Request: ['there'],
  TransformStream: ['object?'],
  URL: ['text'],
  WebSocketRequestResponsePair: ['text', 'text'],
  WritableStream: ['object?'],
  WritableStreamDefaultWriter: ['object'],
  'AbortSignal.any': ['object'],
  'Response.json': ['there'],
  'Response.redirect': ['text'],
  'URL.canParse': ['text'],
  'URL.parse': ['text'],
  'URL.createObjectURL': ['object'],
  'URL.revokeObjectURL': ['text'],
  addEventListener: ['text', 'object?'],
  'EventTarget.prototype.addEventListener': ['text', 'object?'],
  'EventTarget.prototype.dispatchEvent': ['object'],
  'HTMLRewriter.prototype.transform': ['object'],
  'SubtleCrypto.prototype.timingSafeEqual': ['object', 'object'],
  'FormData.prototype.append': ['text', 'there'],
  'FormData.prototype.set': ['text', 'there'],
  'FormData.prototype.get': ['text'],
  dispatchEvent: ['object'],
  reportError: ['there'],
};

type Need = 'text' | 'object' | 'object?' | 'list?' | 'there';

/** What nobody but the runtime makes. */
const ILLEGAL: ReadonlySet<string> = new Set(
  `AbortSignal Body Cache CacheStorage Crypto CryptoKey ExtendableEvent FetchEvent Navigator PromiseRejectionEvent
  ReadableByteStreamController ReadableStreamBYOBRequest ReadableStreamDefaultController ScheduledEvent
  ServiceWorkerGlobalScope SubtleCrypto TailEvent TraceEvent TransformStreamDefaultController WorkerGlobalScope
  WritableStreamDefaultController`.split(/\s+/),
);

/** Throws in the program what the runtime throws about the arguments of its own functions. */
export function checkArguments(
  run: Run,
  path: string,
  { node, args, isNew, isOpenEnded, target }: Call,
): void {
  if (isNew && ILLEGAL.has(path)) run.fail(node, `only the runtime makes a ${path}`);
  if (isOpenEnded === true || target) return;
  for (const [index, need] of (ARGUMENTS[path] ?? []).entries()) {
    const value = args[index];
    if (!isMet(need, value))
      run.fail(node, `${path} does not take ${value ? 'this' : 'nothing'} as argument ${index + 1}`);
  }
}

function isMet(need: Need, value: Value | undefined): boolean {
  const isMissing = value === undefined || (isPrimitive(value) && value.type === 'undefined');
  const isNull = value !== undefined && isPrimitive(value) && value.type === 'null';
  const isObject = value !== undefined && !isPrimitive(value);
  switch (need) {
    case 'there':
      return !isMissing;
    case 'text':
      return !isMissing && !(isPrimitive(value) && value.type === 'symbol');
    case 'object':
      return isObject;
    case 'object?':
      return isObject || isMissing || isNull;
    case 'list?':
      return isObject || isMissing;
  }
}
