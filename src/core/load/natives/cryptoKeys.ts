import { getMember } from '../objects.ts';
import type { Run } from '../run.ts';
import {
  isPrimitive,
  isThing,
  knownPrimitive,
  primitive,
  SOME_STRING,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Thing,
  type Value,
} from '../values.ts';
import type { Handler, Handlers } from './handler.ts';
import { promise } from '../settling.ts';

/** Digests and keys. What does not go well is a rejected promise, which is harmless until it is awaited. */
export const KEY_HANDLERS: Handlers = {
  'SubtleCrypto.prototype.digest': (run, call) => {
    const [algorithm = UNDEFINED, data] = call.args;
    const name = nameOf(run, call, algorithm);
    if (name !== undefined && !DIGESTS.test(name)) return refused(run, call, 'there is no such digest');
    if (!data || isPrimitive(data)) return refused(run, call, 'a digest is made of bytes', 'TypeError');
    if (name === undefined || lengthOf(data) === undefined) return undefined;
    return promise(run, { state: 'fulfilled', value: run.realm.instance('ArrayBuffer') });
  },
  'SubtleCrypto.prototype.importKey': importKey,
  'SubtleCrypto.prototype.exportKey': (run, call) => {
    const key = call.args[1] ?? UNDEFINED;
    if (isNoKey(key)) return refused(run, call, 'this is no key', 'TypeError');
    const extractable = isThing(key)
      ? knownPrimitive(key.properties.get('extractable')?.value ?? UNKNOWN)
      : undefined;
    return extractable?.is === false ? refused(run, call, 'this key cannot be exported') : undefined;
  },
  ...Object.fromEntries(
    ['encrypt', 'decrypt', 'sign', 'verify'].map((usage) => [`SubtleCrypto.prototype.${usage}`, used(usage)]),
  ),
  'SubtleCrypto.prototype.timingSafeEqual': (run, { node, args: [a = UNDEFINED, b = UNDEFINED] }) => {
    const [one, other] = [lengthOf(a), lengthOf(b)];
    if (one !== undefined && other !== undefined && one !== other)
      run.fail(node, 'these have not the same length');
    return undefined;
  },
  DigestStream: (run, { node, args: [algorithm = UNDEFINED] }) => {
    const { value } = isPrimitive(algorithm) ? algorithm : UNDEFINED;
    if (typeof value === 'string' && !DIGESTS.test(value)) run.fail(node, 'there is no such digest');
    return undefined;
  },
};

const DIGESTS = /^(?:sha-(?:1|256|384|512)|md5)$/i;

/** A key of bytes by itself: what it can be used for. */
const SECRET: ReadonlyMap<string, readonly string[]> = new Map([
  ['AES-CTR', ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']],
  ['AES-CBC', ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']],
  ['AES-GCM', ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']],
  ['AES-KW', ['wrapKey', 'unwrapKey']],
  ['HMAC', ['sign', 'verify']],
  ['PBKDF2', ['deriveKey', 'deriveBits']],
  ['HKDF', ['deriveKey', 'deriveBits']],
]);

const OTHERS: ReadonlySet<string> = new Set(
  `RSASSA-PKCS1-V1_5 RSA-PSS RSA-OAEP RSA-RAW ECDSA ECDH NODE-ED25519 ED25519 X25519`.split(' '),
);

const FORMATS: ReadonlySet<string> = new Set(['raw', 'pkcs8', 'spki', 'jwk']);

function importKey(run: Run, call: Call): Value | undefined {
  const { args } = call;
  const [format = UNDEFINED, data, algorithm, extractable, usages] = args;
  if (!data || isPrimitive(data) || !algorithm || !extractable || !usages || isPrimitive(usages))
    return refused(run, call, 'importKey() takes five arguments', 'TypeError');
  const kind = knownPrimitive(format)?.is;
  if (kind !== undefined && !FORMATS.has(String(kind))) return refused(run, call, 'keys have no such format');
  if (kind === 'raw' && isThing(data) && isNoBuffer(data))
    return refused(run, call, 'this format takes bytes', 'TypeError');
  const name = nameOf(run, call, algorithm)?.toUpperCase();
  if (name === undefined) return undefined;
  const allowed = SECRET.get(name);
  if (!allowed) {
    const bad = problemOfPair(run, call, name, lengthOf(data));
    return bad === undefined ? undefined : refused(run, call, bad);
  }
  const isHidden = knownPrimitive(extractable)?.is === false;
  const wanted = textsOf(usages);
  const problem =
    problemOfUsages(wanted, allowed) ??
    (kind === 'jwk' ? problemOfJson(run, call, data) : undefined) ??
    (kind === 'raw' ? problemOfLength(name, lengthOf(data)) : undefined) ??
    (name === 'HMAC' ? problemOfHash(run, call, algorithm) : undefined) ??
    (/^(?:PBKDF2|HKDF)$/.test(name) && knownPrimitive(extractable)?.is === true
      ? 'this key cannot be made for export'
      : undefined);
  if (problem !== undefined) return refused(run, call, problem);
  const isSure = kind === 'raw' && wanted !== undefined && lengthOf(data) !== undefined;
  if (!isSure || (name === 'HMAC' && hashOf(run, call, algorithm) === undefined)) return undefined;
  return promise(run, {
    state: 'fulfilled',
    value: keyOf(run, wanted, isHidden ? primitive(false) : extractable),
  });
}

/** Of a key that belongs to another one. */
function problemOfPair(
  run: Run,
  { node, args }: Call,
  name: string,
  length: number | undefined,
): string | undefined {
  if (!OTHERS.has(name)) return 'there is no such algorithm';
  const [format, , algorithm = UNDEFINED] = args;
  const isRaw = format && knownPrimitive(format)?.is === 'raw';
  if (isRaw && length !== undefined && length !== 32 && /^(?:ED|X)25519$/.test(name))
    return `a key of ${name} is not ${length} bytes long`;
  if (!/^EC/.test(name) || !isThing(algorithm) || algorithm.isOpen || algorithm.proxy) return undefined;
  const curve = getMember(run, node, algorithm, 'namedCurve', 'this');
  const known = isPrimitive(curve) ? curve.value : undefined;
  return typeof known === 'string' && !/^P-(?:256|384|521)$/i.test(known)
    ? 'there is no such curve'
    : undefined;
}

function problemOfJson(run: Run, { node }: Call, data: Value): string | undefined {
  if (!isThing(data) || data.isOpen || data.proxy || data.brand !== undefined) return undefined;
  const kind = getMember(run, node, data, 'kty', 'this');
  const known = isPrimitive(kind) ? knownPrimitive(kind) : undefined;
  return known && known.is !== 'oct' ? 'this is no key of bytes' : undefined;
}

function problemOfUsages(
  wanted: readonly string[] | undefined,
  allowed: readonly string[],
): string | undefined {
  if (wanted?.length === 0) return 'this key can be used for nothing';
  return wanted?.some((usage) => !allowed.includes(usage)) === true ? 'this key has no such use' : undefined;
}

function problemOfLength(name: string, length: number | undefined): string | undefined {
  if (length === undefined) return undefined;
  const isWrong = name.startsWith('AES') ? ![16, 24, 32].includes(length) : name === 'HMAC' && length === 0;
  return isWrong ? `a key of ${name} is not ${length} bytes long` : undefined;
}

function problemOfHash(run: Run, call: Call, algorithm: Value): string | undefined {
  if (isPrimitive(algorithm)) return 'this algorithm needs a hash';
  const hash = hashOf(run, call, algorithm);
  return hash !== undefined && !DIGESTS.test(hash) ? 'there is no such hash' : undefined;
}

/** Undefined when it is not known. */
function hashOf(run: Run, call: Call, algorithm: Value): string | undefined {
  if (!isThing(algorithm) || algorithm.isOpen || algorithm.proxy) return undefined;
  const hash = getMember(run, call.node, algorithm, 'hash', 'this');
  return isPrimitive(hash) && hash.type === 'undefined' ? '' : nameOf(run, call, hash);
}

/** Of an algorithm: a text by itself, or the name of an object. Undefined when it is not known. */
function nameOf(run: Run, { node }: Call, algorithm: Value): string | undefined {
  const isObject = isThing(algorithm) && !algorithm.isOpen && !algorithm.proxy;
  const name = isObject ? getMember(run, node, algorithm, 'name', 'this') : algorithm;
  const known = isPrimitive(name) ? knownPrimitive(name) : undefined;
  return known && typeof known.is !== 'symbol' ? String(known.is) : undefined;
}

/** In bytes; undefined when it is not known. */
function lengthOf(data: Value): number | undefined {
  const host = isThing(data) ? data.host : undefined;
  return host instanceof ArrayBuffer || ArrayBuffer.isView(host) ? host.byteLength : undefined;
}

function isNoBuffer(data: Thing): boolean {
  return !data.isOpen && !data.proxy && (data.brand === undefined || data.brand === 'Array');
}

function textsOf(list: Value): string[] | undefined {
  const texts = isThing(list) && list.brand === 'Array' ? list.elements : undefined;
  const known = texts?.map((each) => (each && isPrimitive(each) ? each.value : undefined));
  return known?.every((each) => typeof each === 'string') === true ? known : undefined;
}

function keyOf(run: Run, usages: readonly string[], extractable: Value): Thing {
  const key = run.realm.instance('CryptoKey');
  const list = run.realm.arrayOf(usages.map((usage) => primitive(usage)));
  key.properties.set('type', { value: SOME_STRING });
  key.properties.set('algorithm', { value: UNKNOWN });
  key.properties.set('extractable', { value: extractable });
  key.properties.set('usages', { value: list });
  return key;
}

function isNoKey(key: Value): boolean {
  return isPrimitive(key) || (isThing(key) && key.brand !== 'CryptoKey' && !key.isOpen && !key.proxy);
}

/** With a key that was made for it. */
function used(usage: string): Handler {
  return (run, call) => {
    const key = call.args[1] ?? UNDEFINED;
    if (isNoKey(key)) return refused(run, call, 'this is no key', 'TypeError');
    const usages = isThing(key) ? textsOf(key.properties.get('usages')?.value ?? UNKNOWN) : undefined;
    return usages?.includes(usage) === false ? refused(run, call, 'the key is not made for this') : undefined;
  };
}

function refused(run: Run, { node, args }: Call, message: string, error = 'DOMException'): Value {
  for (const argument of args) run.escape(argument);
  return promise(run, { state: 'rejected', failure: { node, message, kind: 'type', error } });
}
