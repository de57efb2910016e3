import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { SHAPES } from '../../src/core/load/runtimeShapes.ts';
import { loadErrors } from './generate/loading.ts';

/** Throws what it finds, so that the error with which it does not load says it. */
const ASKING = `
const isClass = (f) => { try { Reflect.construct(Object, [], f); return true; } catch { return false; } };
const ofType = { string: 's', number: 'd', boolean: 'b', symbol: 'y', undefined: 'u', bigint: 'i' };
function kindOf(object, key) {
  const { get, set, value, writable, configurable } = Object.getOwnPropertyDescriptor(object, key);
  const fixed = configurable ? '' : '!';
  if (get || set) return (get && set ? 'a' : get ? 'g' : 'w') + fixed;
  const kind =
    typeof value === 'function' ? (isClass(value) ? 'c' : 'f')
    : typeof value === 'object' ? (value === null ? 'n' : 'o')
    : ofType[typeof value];
  return kind + (writable ? '' : '-') + fixed;
}
const nameOf = (key) => typeof key === 'symbol' ? '@' + (key.description ?? '').replace('Symbol.', '') : key;
const passedOver = ['@cloudflare:internal-class', '@kResourceTypeInspect', '@unscopables'];
const membersOf = (object, without = []) =>
  Reflect.ownKeys(object)
    .filter((key) => !passedOver.includes(nameOf(key)) && !without.includes(key))
    .map((key) => [nameOf(key), kindOf(object, key)])
    .map(([name, kind]) => (kind === 'f' ? name : name + ':' + kind))
    .join(' ');
const objectFor = (path) => {
  if (path === 'TypedArray') return Object.getPrototypeOf(Uint8Array);
  const found = path.split('.').reduce((at, name) => at?.[name], globalThis);
  return found ?? Object.getPrototypeOf(globalThis[path.toLowerCase()] ?? {}).constructor;
};
const generators = { __proto__: null, Generator: function* () {}, AsyncGenerator: async function* () {} };
const iterators = { __proto__: null,
  ArrayIterator: [].values(), MapIterator: new Map().values(), SetIterator: new Set().values(),
  StringIterator: ''[Symbol.iterator](), RegExpStringIterator: 'a'.matchAll(/a/g), IteratorHelper: [].values().map((x) => x),
};
function sharedFor(path) {
  if (generators[path]) return Object.getPrototypeOf(generators[path].prototype);
  if (path === 'AsyncIterator') return Object.getPrototypeOf(sharedFor('AsyncGenerator'));
  return iterators[path] ? Object.getPrototypeOf(iterators[path]) : undefined;
}
const found = {};
for (const path of PATHS) {
  const shared = sharedFor(path);
  if (shared) {
    found[path] = { kind: 'prototype', own: '', shared: membersOf(shared, ['constructor']) };
    continue;
  }
  const object = objectFor(path);
  if (typeof object !== 'function') {
    found[path] = { kind: 'object', own: membersOf(object), shared: '' };
    continue;
  }
  const { prototype } = object;
  found[path] = {
    kind: isClass(object) ? 'class' : 'function',
    own: membersOf(object, ['length', 'name', 'prototype']),
    shared: prototype ? membersOf(prototype, ['constructor']) : '',
  };
}
throw new Error('FOUND' + JSON.stringify(found) + 'END');
`;

suite('what the globals of the runtime have', function () {
  this.timeout(60_000);

  test('workerd has it', async () => {
    const code = ASKING.replace('PATHS', JSON.stringify(Object.keys(SHAPES)));
    const [error] = await loadErrors([{ code, classes: [] }]);
    const [, text = ''] = /FOUND([^]*)END/.exec(error ?? '') ?? [];
    assert.notEqual(text, '', error);
    const found = JSON.parse(text) as Record<string, { kind: string; own: string; shared: string }>;
    const known = Object.fromEntries(
      Object.entries(SHAPES).map(([path, { kind, own = '', shared = '' }]) => [
        path,
        { kind, own: own.replaceAll(/\s+/g, ' '), shared: shared.replaceAll(/\s+/g, ' ') },
      ]),
    );
    assert.deepEqual(known, found);
  });
});
