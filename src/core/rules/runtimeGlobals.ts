/**
 * Names that every module of the runtime has without an import, as workerd 1.20261117.1 has them at the
 * compatibility date of the platform's uploads (2025-01-24) without flags. `origin` is left out: it is always 'null', so that nobody can miss it.
 */
const RUNTIME_GLOBALS: ReadonlySet<string> = new Set(
  `AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array
  BigUint64Array Blob Body Boolean ByteLengthQueuingStrategy Cache CacheStorage CloseEvent Cloudflare
  CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DataView Date
  DecompressionStream DisposableStack Error ErrorEvent EvalError Event EventSource EventTarget ExtendableEvent
  FetchEvent File FixedLengthStream Float16Array Float32Array Float64Array FormData Function HTMLRewriter Headers
  IdentityTransformStream Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math MessageEvent NaN
  Navigator Number Object Promise PromiseRejectionEvent Proxy RangeError ReadableByteStreamController
  ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController
  ReadableStreamDefaultReader ReferenceError Reflect RegExp Request Response ScheduledEvent
  ServiceWorkerGlobalScope Set SharedArrayBuffer String SubtleCrypto SuppressedError Symbol SyntaxError TailEvent
  TextDecoder TextDecoderStream TextEncoder TextEncoderStream TraceEvent TransformStream
  TransformStreamDefaultController TypeError URIError URL URLPattern URLSearchParams Uint16Array Uint32Array
  Uint8Array Uint8ClampedArray WeakMap WeakSet WebAssembly WebSocket WebSocketPair WebSocketRequestResponsePair
  WorkerGlobalScope WritableStream WritableStreamDefaultController WritableStreamDefaultWriter addEventListener
  atob btoa caches clearInterval clearTimeout console crypto decodeURI decodeURIComponent dispatchEvent encodeURI
  encodeURIComponent escape eval fetch globalThis isFinite isNaN navigator parseFloat parseInt performance
  queueMicrotask removeEventListener reportError scheduler self setInterval setTimeout structuredClone undefined
  unescape`.split(/\s+/),
);

export function isRuntimeGlobal(name: string): boolean {
  return RUNTIME_GLOBALS.has(name);
}
