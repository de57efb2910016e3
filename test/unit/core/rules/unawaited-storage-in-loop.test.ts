import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked } from './marked.ts';

const RULE = 'unawaited-storage-in-loop';

suite('rule unawaited-storage-in-loop', () => {
  test('marks reads that wait for each other', () => {
    for (const body of [
      'for (const key of keys) values.push(await this.ctx.storage.get(key));',
      'for (const { id } of users) { const user = await this.ctx.storage.get(`user:${id}`); }',
      "for (let i = 0; i < 10; i++) { sum += (await this.ctx.storage.get('n' + i)) ?? 0; }",
      'const { storage } = this.ctx; for (const key in index) await storage.get<number>(key);',
    ]) {
      assert.equal(marked(RULE, inFetch(body)).length, 1, body);
    }
  });

  test('passes over reads that one call cannot replace', () => {
    for (const body of [
      "for (const x of xs) await this.ctx.storage.get('fixed');",
      'for (const x of xs) await this.ctx.storage.get([x, x + 1]);',
      'for (const x of xs) { if (await this.ctx.storage.get(x)) break; }',
      'for (const x of xs) { const n = await this.ctx.storage.get(x); await this.ctx.storage.put(x, n + 1); }',
      'let at = first; while (at) at = await this.ctx.storage.get(at);',
      'for (const x of xs) { const y = await f(x); await this.ctx.storage.get(x + y); }',
      'await Promise.all(xs.map((x) => this.ctx.storage.get(x)));',
      'for await (const x of xs) await this.ctx.storage.get(x);',
      'for (const x of xs) await cache.get(x);',
      'for (const x of xs) later.push(async () => await this.ctx.storage.get(x));',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body)), [], body);
    }
  });
});
