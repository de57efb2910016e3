import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked } from './marked.ts';

const RULE = 'value-too-large';
const storage = (call: string): string => inFetch(`await this.ctx.storage.${call};`);

suite('rule value-too-large', () => {
  test('marks values that are clearly over 128 KiB', () => {
    assert.deepEqual(marked(RULE, storage("put('k', 'x'.repeat(140_000))")), ["'x'.repeat(140_000)"]);
    assert.deepEqual(marked(RULE, storage("put('k', new Uint8Array(1024 * 1024))")), [
      'new Uint8Array(1024 * 1024)',
    ]);
    assert.equal(marked(RULE, storage(`put('k', { a: [new ArrayBuffer(200000)] })`)).length, 1);
    assert.deepEqual(marked(RULE, storage(`put({ k: 'ž'.repeat(70000) })`)), ["'ž'.repeat(70000)"]);
    assert.deepEqual(
      marked(RULE, `const SIZE = 2 ** 20;\n${storage("put('k', 'x'.repeat(SIZE))")}`).length,
      1,
    );
  });

  test('marks long keys and too many of them', () => {
    assert.deepEqual(marked(RULE, storage("get('k'.repeat(3000))")), ["'k'.repeat(3000)"]);
    const keys = Array.from({ length: 129 }, (_, index) => `'k${String(index)}'`);
    assert.equal(marked(RULE, storage(`get([${keys.join()}])`)).length, 1);
    assert.equal(marked(RULE, storage(`delete([${keys.join()}])`)).length, 1);
    assert.equal(marked(RULE, storage(`put({ ${keys.map((key) => `${key}: 1`).join()} })`)).length, 1);
    assert.deepEqual(marked(RULE, storage(`get([${keys.slice(1).join()}])`)), []);
  });

  test('passes over what fits, what the text does not tell, and other objects', () => {
    for (const body of [
      "await this.ctx.storage.put('k', 'x'.repeat(131072));",
      "await this.ctx.storage.put('k', 'ž'.repeat(65000));",
      "await this.ctx.storage.put('k', text.repeat(1_000_000));",
      "let size = 1_000_000; await this.ctx.storage.put('k', 'x'.repeat(size));",
      "new Map().put('k', 'x'.repeat(1_000_000));",
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body)), [], body);
    }
  });
});
