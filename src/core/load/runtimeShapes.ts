/**
 * What the globals of the runtime have, as workerd 1.20261117.1 has them at the compatibility date of the platform's
 * uploads (2025-01-24); a test asks it. Each list is of names, with `:` and a kind after those that are no functions:
 * `c` class, `o` object, `n` null, `s` text, `d` number, `b` boolean, `y` symbol, `g` getter, `w` setter,
 * `a` both; then `-` what cannot be set, `!` what cannot be deleted. `@name` is `Symbol.name`.
 */
export interface Shape {
  readonly kind: 'class' | 'function' | 'object' | 'prototype';
  /** Its own members. */
  readonly own?: string;
  /** Of a class: what its instances share. */
  readonly shared?: string;
  /** Of a class: the one whose instances share more with its own; of an object, the class that it is one of. Without it: Object. */
  readonly base?: string;
  /** Of a class: the one that it inherits own members from. */
  readonly parent?: string;
}

const FUNCTION: Shape = { kind: 'function' };

export const SHAPES: Readonly<Record<string, Shape>> = {
  AbortController: { kind: 'class', shared: `signal:g abort @toStringTag:s` },
  AbortSignal: {
    kind: 'class',
    own: `abort timeout any`,
    shared: `aborted:g reason:g onabort:a throwIfAborted @toStringTag:s`,
    base: 'EventTarget',
  },
  AggregateError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  Array: {
    kind: 'class',
    own: `isArray from fromAsync of @species:g`,
    shared: `length:d! at concat copyWithin fill find findIndex findLast findLastIndex lastIndexOf pop push
    reverse shift unshift slice sort splice includes indexOf join keys entries values forEach filter
    flat flatMap map every some reduce reduceRight toReversed toSorted toSpliced with toLocaleString
    toString @iterator`,
  },
  ArrayBuffer: {
    kind: 'class',
    own: `isView @species:g`,
    shared: `byteLength:g slice maxByteLength:g resizable:g resize transfer transferToFixedLength detached:g
    @toStringTag:s-`,
  },
  AsyncDisposableStack: {
    kind: 'class',
    shared: `use disposeAsync adopt defer move disposed:g @asyncDispose @toStringTag:s-`,
  },
  Atomics: {
    kind: 'object',
    own: `load store add sub and or xor exchange compareExchange isLockFree wait waitAsync notify pause
    @toStringTag:s-`,
  },
  BigInt: { kind: 'class', own: `asUintN asIntN`, shared: `toLocaleString toString valueOf @toStringTag:s-` },
  BigInt64Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  BigUint64Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Blob: { kind: 'class', shared: `size:g type:g slice arrayBuffer bytes text stream @toStringTag:s` },
  Body: {
    kind: 'class',
    shared: `body:g bodyUsed:g arrayBuffer bytes text json formData blob @toStringTag:s`,
  },
  Boolean: { kind: 'class', shared: `toString valueOf` },
  ByteLengthQueuingStrategy: { kind: 'class', shared: `highWaterMark:g size:g @toStringTag:s` },
  Cache: { kind: 'class', shared: `add addAll delete match put matchAll keys @toStringTag:s` },
  CacheStorage: { kind: 'class', shared: `open delete match has keys @toStringTag:s` },
  CloseEvent: { kind: 'class', shared: `@toStringTag:s`, base: 'Event' },
  Cloudflare: { kind: 'object', own: `compatibilityFlags:o-` },
  CompressionStream: { kind: 'class', shared: `@toStringTag:s`, base: 'TransformStream' },
  CountQueuingStrategy: { kind: 'class', shared: `highWaterMark:g size:g @toStringTag:s` },
  Crypto: { kind: 'class', shared: `subtle:g getRandomValues randomUUID DigestStream:c @toStringTag:s` },
  CryptoKey: { kind: 'class', shared: `@toStringTag:s` },
  CustomEvent: { kind: 'class', shared: `detail:g @toStringTag:s`, base: 'Event' },
  DOMException: {
    kind: 'class',
    own: `INDEX_SIZE_ERR:d- DOMSTRING_SIZE_ERR:d- HIERARCHY_REQUEST_ERR:d- WRONG_DOCUMENT_ERR:d-
    INVALID_CHARACTER_ERR:d- NO_DATA_ALLOWED_ERR:d- NO_MODIFICATION_ALLOWED_ERR:d- NOT_FOUND_ERR:d-
    NOT_SUPPORTED_ERR:d- INUSE_ATTRIBUTE_ERR:d- INVALID_STATE_ERR:d- SYNTAX_ERR:d-
    INVALID_MODIFICATION_ERR:d- NAMESPACE_ERR:d- INVALID_ACCESS_ERR:d- VALIDATION_ERR:d-
    TYPE_MISMATCH_ERR:d- SECURITY_ERR:d- NETWORK_ERR:d- ABORT_ERR:d- URL_MISMATCH_ERR:d-
    QUOTA_EXCEEDED_ERR:d- TIMEOUT_ERR:d- INVALID_NODE_TYPE_ERR:d- DATA_CLONE_ERR:d-`,
    shared: `INDEX_SIZE_ERR:d- DOMSTRING_SIZE_ERR:d- HIERARCHY_REQUEST_ERR:d- WRONG_DOCUMENT_ERR:d-
    INVALID_CHARACTER_ERR:d- NO_DATA_ALLOWED_ERR:d- NO_MODIFICATION_ALLOWED_ERR:d- NOT_FOUND_ERR:d-
    NOT_SUPPORTED_ERR:d- INUSE_ATTRIBUTE_ERR:d- INVALID_STATE_ERR:d- SYNTAX_ERR:d-
    INVALID_MODIFICATION_ERR:d- NAMESPACE_ERR:d- INVALID_ACCESS_ERR:d- VALIDATION_ERR:d-
    TYPE_MISMATCH_ERR:d- SECURITY_ERR:d- NETWORK_ERR:d- ABORT_ERR:d- URL_MISMATCH_ERR:d-
    QUOTA_EXCEEDED_ERR:d- TIMEOUT_ERR:d- INVALID_NODE_TYPE_ERR:d- DATA_CLONE_ERR:d- @toStringTag:s`,
    base: 'Error',
  },
  DataView: {
    kind: 'class',
    shared: `buffer:g byteLength:g byteOffset:g getInt8 setInt8 getUint8 setUint8 getInt16 setInt16 getUint16
    setUint16 getInt32 setInt32 getUint32 setUint32 getFloat16 setFloat16 getFloat32 setFloat32
    getFloat64 setFloat64 getBigInt64 setBigInt64 getBigUint64 setBigUint64 @toStringTag:s-`,
  },
  Date: {
    kind: 'class',
    own: `now parse UTC`,
    shared: `toString toDateString toTimeString toISOString toUTCString toGMTString getDate setDate getDay
    getFullYear setFullYear getHours setHours getMilliseconds setMilliseconds getMinutes setMinutes
    getMonth setMonth getSeconds setSeconds getTime setTime getTimezoneOffset getUTCDate setUTCDate
    getUTCDay getUTCFullYear setUTCFullYear getUTCHours setUTCHours getUTCMilliseconds
    setUTCMilliseconds getUTCMinutes setUTCMinutes getUTCMonth setUTCMonth getUTCSeconds setUTCSeconds
    valueOf getYear setYear toJSON toLocaleString toLocaleDateString toLocaleTimeString @toPrimitive:f-`,
  },
  DecompressionStream: { kind: 'class', shared: `@toStringTag:s`, base: 'TransformStream' },
  DisposableStack: {
    kind: 'class',
    shared: `use dispose adopt defer move disposed:g @dispose @toStringTag:s-`,
  },
  Error: {
    kind: 'class',
    own: `captureStackTrace isError stackTraceLimit:d`,
    shared: `name:s message:s toString`,
  },
  ErrorEvent: {
    kind: 'class',
    shared: `filename:g message:g lineno:g colno:g error:g @toStringTag:s`,
    base: 'Event',
  },
  EvalError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  Event: {
    kind: 'class',
    own: `NONE:d- CAPTURING_PHASE:d- AT_TARGET:d- BUBBLING_PHASE:d-`,
    shared: `type:g eventPhase:g composed:g bubbles:g cancelable:g defaultPrevented:g returnValue:g
    currentTarget:g target:g srcElement:g timeStamp:g isTrusted:g cancelBubble:a
    stopImmediatePropagation preventDefault stopPropagation composedPath NONE:d- CAPTURING_PHASE:d-
    AT_TARGET:d- BUBBLING_PHASE:d- @toStringTag:s`,
  },
  EventSource: {
    kind: 'class',
    own: `CONNECTING:d- OPEN:d- CLOSED:d- from`,
    shared: `close url:g withCredentials:g readyState:g onopen:a onmessage:a onerror:a CONNECTING:d- OPEN:d-
    CLOSED:d- @toStringTag:s @dispose`,
    base: 'EventTarget',
  },
  EventTarget: { kind: 'class', shared: `addEventListener removeEventListener dispatchEvent @toStringTag:s` },
  ExtendableEvent: { kind: 'class', shared: `waitUntil @toStringTag:s`, base: 'Event' },
  FetchEvent: {
    kind: 'class',
    shared: `respondWith passThroughOnException @toStringTag:s`,
    base: 'ExtendableEvent',
  },
  File: { kind: 'class', shared: `name:g lastModified:g @toStringTag:s`, base: 'Blob' },
  FixedLengthStream: { kind: 'class', shared: `@toStringTag:s`, base: 'IdentityTransformStream' },
  Float16Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Float32Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Float64Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  FormData: {
    kind: 'class',
    shared: `append delete get getAll has set entries keys values forEach @toStringTag:s @iterator`,
  },
  Function: {
    kind: 'class',
    shared: `length:d- name:s- apply bind call toString arguments:a caller:a @hasInstance:f-!`,
  },
  HTMLRewriter: { kind: 'class', shared: `on onDocument transform @toStringTag:s` },
  Headers: {
    kind: 'class',
    shared: `get getAll getSetCookie has set append delete forEach entries keys values @toStringTag:s
    @immutable:g @iterator`,
  },
  IdentityTransformStream: { kind: 'class', shared: `@toStringTag:s`, base: 'TransformStream' },
  Int16Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Int32Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Int8Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Intl: {
    kind: 'object',
    own: `getCanonicalLocales supportedValuesOf DateTimeFormat:c NumberFormat:c Collator:c v8BreakIterator:c
    PluralRules:c RelativeTimeFormat:c ListFormat:c Locale:c DisplayNames:c Segmenter:c DurationFormat:c
    @toStringTag:s-`,
  },
  Iterator: {
    kind: 'class',
    own: `from concat zip zipKeyed`,
    shared: `reduce toArray forEach some every find map filter take drop flatMap join includes @iterator
    @toStringTag:a @dispose`,
  },
  JSON: { kind: 'object', own: `parse stringify rawJSON isRawJSON @toStringTag:s-` },
  Map: {
    kind: 'class',
    own: `groupBy @species:g`,
    shared: `get set has delete clear entries forEach keys size:g values getOrInsert getOrInsertComputed
    @toStringTag:s- @iterator`,
  },
  Math: {
    kind: 'object',
    own: `abs acos acosh asin asinh atan atanh atan2 ceil cbrt expm1 clz32 cos cosh exp floor f16round fround
    hypot imul log log1p log2 log10 max min pow random round sign sin sinh sqrt sumPrecise tan tanh
    trunc E:d-! LN10:d-! LN2:d-! LOG10E:d-! LOG2E:d-! PI:d-! SQRT1_2:d-! SQRT2:d-! @toStringTag:s-`,
  },
  MessageEvent: { kind: 'class', shared: `@toStringTag:s`, base: 'Event' },
  Navigator: { kind: 'class', shared: `sendBeacon @toStringTag:s` },
  Number: {
    kind: 'class',
    own: `isFinite isInteger isNaN isSafeInteger parseFloat parseInt MAX_VALUE:d-! MIN_VALUE:d-! NaN:d-!
    NEGATIVE_INFINITY:d-! POSITIVE_INFINITY:d-! MAX_SAFE_INTEGER:d-! MIN_SAFE_INTEGER:d-! EPSILON:d-!`,
    shared: `toExponential toFixed toPrecision toString valueOf toLocaleString`,
  },
  Object: {
    kind: 'class',
    own: `assign getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols
    hasOwn is preventExtensions seal create defineProperties defineProperty freeze getPrototypeOf
    setPrototypeOf isExtensible isFrozen isSealed keys entries fromEntries values groupBy`,
    shared: `__defineGetter__ __defineSetter__ hasOwnProperty __lookupGetter__ __lookupSetter__ isPrototypeOf
    propertyIsEnumerable toString valueOf __proto__:a toLocaleString`,
  },
  Promise: {
    kind: 'class',
    own: `all allSettled any race resolve reject withResolvers try @species:g`,
    shared: `then catch finally @toStringTag:s-`,
  },
  PromiseRejectionEvent: { kind: 'class', shared: `@toStringTag:s`, base: 'Event' },
  Proxy: { kind: 'class', own: `revocable` },
  RangeError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  ReadableByteStreamController: {
    kind: 'class',
    shared: `byobRequest:g desiredSize:g close enqueue error @toStringTag:s`,
  },
  ReadableStream: {
    kind: 'class',
    own: `from`,
    shared: `locked:g cancel getReader pipeThrough pipeTo tee values @toStringTag:s @state:g @supportsBYOB:g
    @length:g @asyncIterator`,
  },
  ReadableStreamBYOBReader: {
    kind: 'class',
    shared: `closed:g cancel read releaseLock readAtLeast @toStringTag:s`,
  },
  ReadableStreamBYOBRequest: {
    kind: 'class',
    shared: `view:g respond respondWithNewView atLeast:g @toStringTag:s`,
  },
  ReadableStreamDefaultController: {
    kind: 'class',
    shared: `desiredSize:g close enqueue error @toStringTag:s`,
  },
  ReadableStreamDefaultReader: { kind: 'class', shared: `closed:g cancel read releaseLock @toStringTag:s` },
  ReferenceError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  Reflect: {
    kind: 'object',
    own: `defineProperty deleteProperty apply construct get getOwnPropertyDescriptor getPrototypeOf has
    isExtensible ownKeys preventExtensions set setPrototypeOf @toStringTag:s-`,
  },
  RegExp: {
    kind: 'class',
    own: `input:a $_:a lastMatch:a $&:a lastParen:a $+:a leftContext:a $\`:a rightContext:a $':a $1:a $2:a $3:a
    $4:a $5:a $6:a $7:a $8:a $9:a escape @species:g`,
    shared: `exec dotAll:g flags:g global:g hasIndices:g ignoreCase:g multiline:g source:g sticky:g unicode:g
    unicodeSets:g compile toString test @match @matchAll @replace @search @split`,
  },
  Request: {
    kind: 'class',
    shared: `clone method:g url:g headers:g redirect:g fetcher:g signal:g cf:g integrity:g keepalive:g cache:g
    @toStringTag:s`,
    base: 'Body',
  },
  Response: {
    kind: 'class',
    own: `error redirect json`,
    shared: `clone status:g statusText:g headers:g ok:g redirected:g url:g webSocket:g cf:g type:g @toStringTag:s`,
    base: 'Body',
  },
  ScheduledEvent: { kind: 'class', shared: `noRetry @toStringTag:s`, base: 'ExtendableEvent' },
  ServiceWorkerGlobalScope: {
    kind: 'class',
    shared: `DOMException:c WorkerGlobalScope:c btoa atob setTimeout clearTimeout setInterval clearInterval
    queueMicrotask structuredClone reportError fetch Event:c ExtendableEvent:c CustomEvent:c
    PromiseRejectionEvent:c FetchEvent:c TailEvent:c TraceEvent:c ScheduledEvent:c MessageEvent:c
    CloseEvent:c ReadableStreamDefaultReader:c ReadableStreamBYOBReader:c ReadableStream:c
    WritableStream:c WritableStreamDefaultWriter:c TransformStream:c ByteLengthQueuingStrategy:c
    CountQueuingStrategy:c ErrorEvent:c EventSource:c ReadableStreamBYOBRequest:c
    ReadableStreamDefaultController:c ReadableByteStreamController:c WritableStreamDefaultController:c
    TransformStreamDefaultController:c CompressionStream:c DecompressionStream:c TextEncoderStream:c
    TextDecoderStream:c Headers:c Body:c Request:c Response:c WebSocket:c WebSocketPair:c
    WebSocketRequestResponsePair:c AbortController:c AbortSignal:c TextDecoder:c TextEncoder:c
    Navigator:c URL:c URLSearchParams:c URLPattern:c Blob:c File:c FormData:c Crypto:c SubtleCrypto:c
    CryptoKey:c CacheStorage:c Cache:c FixedLengthStream:c IdentityTransformStream:c HTMLRewriter:c
    @toStringTag:s`,
    base: 'WorkerGlobalScope',
  },
  Set: {
    kind: 'class',
    own: `@species:g`,
    shared: `has add delete difference clear entries forEach intersection isSubsetOf isSupersetOf isDisjointFrom
    size:g symmetricDifference union values keys @toStringTag:s- @iterator`,
  },
  SharedArrayBuffer: {
    kind: 'class',
    own: `@species:g`,
    shared: `byteLength:g slice maxByteLength:g growable:g grow @toStringTag:s-`,
  },
  String: {
    kind: 'class',
    own: `fromCharCode fromCodePoint raw`,
    shared: `length:d-! anchor at big blink bold charAt charCodeAt codePointAt concat endsWith fontcolor fontsize
    fixed includes indexOf isWellFormed italics lastIndexOf link localeCompare match matchAll normalize
    padEnd padStart repeat replace replaceAll search slice small split strike sub substr substring sup
    startsWith toString toWellFormed trim trimStart trimLeft trimEnd trimRight toLocaleLowerCase
    toLocaleUpperCase toLowerCase toUpperCase valueOf @iterator`,
  },
  SubtleCrypto: {
    kind: 'class',
    shared: `encrypt decrypt sign verify digest generateKey deriveKey deriveBits importKey exportKey wrapKey
    unwrapKey timingSafeEqual @toStringTag:s`,
  },
  SuppressedError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  Symbol: {
    kind: 'class',
    own: `for keyFor asyncIterator:y-! hasInstance:y-! isConcatSpreadable:y-! iterator:y-! match:y-!
    matchAll:y-! replace:y-! search:y-! species:y-! split:y-! toPrimitive:y-! toStringTag:y-!
    unscopables:y-! dispose:y-! asyncDispose:y-!`,
    shared: `toString valueOf description:g @toStringTag:s- @toPrimitive:f-`,
  },
  SyntaxError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  TailEvent: { kind: 'class', shared: `@toStringTag:s`, base: 'ExtendableEvent' },
  TextDecoder: { kind: 'class', shared: `decode encoding:g fatal:g ignoreBOM:g @toStringTag:s` },
  TextDecoderStream: {
    kind: 'class',
    shared: `encoding:g fatal:g ignoreBOM:g @toStringTag:s`,
    base: 'TransformStream',
  },
  TextEncoder: { kind: 'class', shared: `encode encodeInto encoding:g @toStringTag:s` },
  TextEncoderStream: { kind: 'class', shared: `encoding:g @toStringTag:s`, base: 'TransformStream' },
  TraceEvent: { kind: 'class', shared: `@toStringTag:s`, base: 'ExtendableEvent' },
  TransformStream: { kind: 'class', shared: `readable:g writable:g @toStringTag:s` },
  TransformStreamDefaultController: {
    kind: 'class',
    shared: `desiredSize:g enqueue error terminate @toStringTag:s`,
  },
  TypeError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  URIError: { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  URL: {
    kind: 'class',
    own: `canParse parse createObjectURL revokeObjectURL`,
    shared: `origin:g href:a protocol:a username:a password:a host:a hostname:a port:a pathname:a search:a hash:a
    searchParams:g toJSON toString @toStringTag:s`,
  },
  URLPattern: {
    kind: 'class',
    shared: `protocol:g username:g password:g hostname:g port:g pathname:g search:g hash:g test exec
    @toStringTag:s`,
  },
  URLSearchParams: {
    kind: 'class',
    shared: `size:g append delete get getAll has set sort entries keys values forEach toString @toStringTag:s
    @iterator`,
  },
  Uint16Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Uint32Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  Uint8Array: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-! fromBase64 fromHex`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-! toBase64 setFromBase64 toHex setFromHex`,
    base: 'TypedArray',
  },
  Uint8ClampedArray: {
    kind: 'class',
    own: `BYTES_PER_ELEMENT:d-!`,
    parent: 'TypedArray',
    shared: `BYTES_PER_ELEMENT:d-!`,
    base: 'TypedArray',
  },
  WeakMap: { kind: 'class', shared: `delete get set has getOrInsert getOrInsertComputed @toStringTag:s-` },
  WeakSet: { kind: 'class', shared: `delete has add @toStringTag:s-` },
  WebAssembly: {
    kind: 'object',
    own: `compile validate instantiate:c Module:c Instance:c Table:c Memory:c Global:c Tag:c JSTag:o-
    Exception:c CompileError:c LinkError:c RuntimeError:c Suspending:c promising SuspendError:c
    @toStringTag:s-`,
  },
  WebSocket: {
    kind: 'class',
    own: `READY_STATE_CONNECTING:d- CONNECTING:d- READY_STATE_OPEN:d- OPEN:d- READY_STATE_CLOSING:d-
    CLOSING:d- READY_STATE_CLOSED:d- CLOSED:d-`,
    shared: `accept send close serializeAttachment deserializeAttachment READY_STATE_CONNECTING:d- CONNECTING:d-
    READY_STATE_OPEN:d- OPEN:d- READY_STATE_CLOSING:d- CLOSING:d- READY_STATE_CLOSED:d- CLOSED:d-
    readyState:g bufferedAmount:g url:g protocol:g extensions:g binaryType:a @toStringTag:s`,
    base: 'EventTarget',
  },
  WebSocketPair: { kind: 'class', shared: `@toStringTag:s @iterator` },
  WebSocketRequestResponsePair: { kind: 'class', shared: `request:g response:g @toStringTag:s` },
  WorkerGlobalScope: { kind: 'class', shared: `EventTarget:c @toStringTag:s`, base: 'EventTarget' },
  WritableStream: {
    kind: 'class',
    shared: `locked:g abort close getWriter @toStringTag:s @state:g @expectsBytes:g`,
  },
  WritableStreamDefaultController: { kind: 'class', shared: `signal:g error @toStringTag:s` },
  WritableStreamDefaultWriter: {
    kind: 'class',
    shared: `closed:g ready:g desiredSize:g abort close write releaseLock @toStringTag:s`,
  },
  addEventListener: FUNCTION,
  atob: FUNCTION,
  btoa: FUNCTION,
  caches: { kind: 'object', own: `default:o-`, base: 'CacheStorage' },
  clearInterval: FUNCTION,
  clearTimeout: FUNCTION,
  console: {
    kind: 'object',
    own: `debug:c error:c info:c log:c warn:c dir dirxml table trace group groupCollapsed groupEnd clear count
    countReset assert profile profileEnd time timeLog timeEnd timeStamp context @toStringTag:s-`,
  },
  crypto: { kind: 'object', base: 'Crypto' },
  decodeURI: FUNCTION,
  decodeURIComponent: FUNCTION,
  dispatchEvent: FUNCTION,
  encodeURI: FUNCTION,
  encodeURIComponent: FUNCTION,
  escape: FUNCTION,
  eval: FUNCTION,
  fetch: FUNCTION,
  isFinite: FUNCTION,
  isNaN: FUNCTION,
  navigator: { kind: 'object', own: `platform:s- hardwareConcurrency:d- userAgent:s-`, base: 'Navigator' },
  parseFloat: FUNCTION,
  parseInt: FUNCTION,
  performance: { kind: 'object', base: 'Performance' },
  Performance: { kind: 'class', shared: `timeOrigin:g now @toStringTag:s` },
  queueMicrotask: FUNCTION,
  removeEventListener: FUNCTION,
  reportError: FUNCTION,
  scheduler: { kind: 'object', base: 'Scheduler' },
  Scheduler: { kind: 'class', shared: `wait @toStringTag:s` },
  setInterval: FUNCTION,
  setTimeout: FUNCTION,
  structuredClone: FUNCTION,
  unescape: FUNCTION,
  'Intl.getCanonicalLocales': FUNCTION,
  'Intl.supportedValuesOf': FUNCTION,
  'Intl.DateTimeFormat': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions formatToParts format:g formatRange formatRangeToParts @toStringTag:s-`,
  },
  'Intl.NumberFormat': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions formatToParts format:g formatRange formatRangeToParts @toStringTag:s-`,
  },
  'Intl.Collator': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions compare:g @toStringTag:s-`,
  },
  'Intl.v8BreakIterator': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions adoptText:g first:g next:g current:g breakType:g @toStringTag:s-`,
  },
  'Intl.PluralRules': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions select selectRange @toStringTag:s-`,
  },
  'Intl.RelativeTimeFormat': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions format formatToParts @toStringTag:s-`,
  },
  'Intl.ListFormat': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions format formatToParts @toStringTag:s-`,
  },
  'Intl.Locale': {
    kind: 'class',
    shared: `toString maximize minimize language:g script:g region:g variants:g baseName:g calendar:g caseFirst:g
    collation:g firstDayOfWeek:g hourCycle:g numeric:g numberingSystem:g getCalendars getCollations
    getHourCycles getNumberingSystems getTimeZones getTextInfo getWeekInfo @toStringTag:s-`,
  },
  'Intl.DisplayNames': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions of @toStringTag:s-`,
  },
  'Intl.Segmenter': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions segment @toStringTag:s-`,
  },
  'Intl.DurationFormat': {
    kind: 'class',
    own: `supportedLocalesOf`,
    shared: `resolvedOptions format formatToParts @toStringTag:s-`,
  },
  'WebAssembly.compile': FUNCTION,
  'WebAssembly.validate': FUNCTION,
  'WebAssembly.instantiate': { kind: 'class' },
  'WebAssembly.Module': {
    kind: 'class',
    own: `imports exports customSections @hasInstance:c`,
    parent: 'AbstractModuleSource',
    shared: `@toStringTag:s-`,
    base: 'AbstractModuleSource',
  },
  'WebAssembly.Instance': { kind: 'class', shared: `exports:g @toStringTag:s-` },
  'WebAssembly.Table': { kind: 'class', shared: `length:g grow set get @toStringTag:s-` },
  'WebAssembly.Memory': {
    kind: 'class',
    shared: `grow buffer:g toFixedLengthBuffer toResizableBuffer @toStringTag:s-`,
  },
  'WebAssembly.Global': { kind: 'class', shared: `valueOf value:a @toStringTag:s-` },
  'WebAssembly.Tag': { kind: 'class', shared: `@toStringTag:s-` },
  'WebAssembly.Exception': { kind: 'class', shared: `getArg is stack:g @toStringTag:s-` },
  'WebAssembly.CompileError': { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  'WebAssembly.LinkError': { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  'WebAssembly.RuntimeError': { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  'WebAssembly.Suspending': { kind: 'class', shared: `@toStringTag:s-` },
  'WebAssembly.promising': FUNCTION,
  'WebAssembly.SuspendError': { kind: 'class', parent: 'Error', shared: `name:s message:s`, base: 'Error' },
  TypedArray: {
    kind: 'class',
    own: `of from @species:g`,
    shared: `buffer:g byteLength:g byteOffset:g length:g entries keys values at copyWithin every fill filter find
    findIndex findLast findLastIndex forEach includes indexOf join lastIndexOf map reverse reduce
    reduceRight set slice some sort subarray toReversed toSorted with toLocaleString toString
    @toStringTag:g @iterator`,
  },
  Generator: { kind: 'prototype', shared: `next return throw @toStringTag:s-`, base: 'Iterator' },
  AsyncGenerator: { kind: 'prototype', shared: `next return throw @toStringTag:s-`, base: 'AsyncIterator' },
  AsyncIterator: { kind: 'prototype', shared: `@asyncIterator @asyncDispose` },
  ArrayIterator: { kind: 'prototype', shared: `next @toStringTag:s-`, base: 'Iterator' },
  MapIterator: { kind: 'prototype', shared: `next @toStringTag:s-`, base: 'Iterator' },
  SetIterator: { kind: 'prototype', shared: `next @toStringTag:s-`, base: 'Iterator' },
  StringIterator: { kind: 'prototype', shared: `next @toStringTag:s-`, base: 'Iterator' },
  RegExpStringIterator: { kind: 'prototype', shared: `next @toStringTag:s-`, base: 'Iterator' },
  IteratorHelper: { kind: 'prototype', shared: `next return @toStringTag:s-`, base: 'Iterator' },
  'crypto.subtle': { kind: 'object', base: 'SubtleCrypto' },
  'caches.default': { kind: 'object', base: 'Cache' },
};
