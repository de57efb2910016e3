import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked } from './marked.ts';

const RULE = 'sql-storage-unavailable';

suite('rule sql-storage-unavailable', () => {
  test('follows the storage wherever a class keeps it', () => {
    for (const text of [
      inFetch("this.ctx.storage.sql.exec('select 1');"),
      inFetch("this.ctx.storage['sql'].exec('select 1');"),
      inFetch('const { storage } = this.ctx; const { sql } = storage; sql.exec("");'),
      inFetch('const { ctx: { storage: { sql } } } = this; sql.exec("");'),
      inFetch('const run = () => this.ctx!.storage.sql; run();'),
      inFetch('const { state } = butterbase.ctx(request, this.env, this.ctx); state.storage.sql.exec("");'),
      inFetch('await this.ctx.storage.transaction(async (txn) => { txn.sql; });'),
      'export class A { constructor(s) { this.s = s; } fetch() { this.s.storage.sql.exec(""); } }',
      'export class A { constructor(private readonly s) {} fetch() { this.s.storage.sql.exec(""); } }',
      'export class A { #db; constructor({ storage }) { this.#db = storage; } fetch() { this.#db.sql.exec(""); } }',
      'export class A { store: DurableObjectStorage; fetch() { this.store.sql.exec(""); } }',
      'function f(s: DurableObjectStorage) { s.sql.exec(""); }\nexport class A { fetch() {} }',
      "import { DurableObject } from 'cloudflare:workers';\nclass B extends DurableObject { db = this.ctx.storage }\nexport class A extends B { fetch() { this.db.sql.exec(''); } }",
    ]) {
      const found = marked(RULE, text);
      assert.equal(found.length, 1, text);
      assert.match(found[0] ?? '', /^'?sql'?$/);
    }
  });

  test('marks the synchronous storage and point-in-time recovery too', () => {
    assert.deepEqual(
      marked(RULE, inFetch("this.ctx.storage.kv.get('a'); await this.ctx.storage.getCurrentBookmark();")),
      ['kv', 'getCurrentBookmark'],
    );
  });

  test('passes over other things of that name', () => {
    for (const text of [
      inFetch("this.ctx.storage.get('sql'); // this.ctx.storage.sql"),
      inFetch('const state = { storage: { sql: 1 } }; state.storage.sql;'),
      inFetch('const ctx = { storage: { kv: new Map() } }; ctx.storage.kv.get("a");'),
      inFetch('this.env.DB.sql; navigator.storage.kv;'),
      inFetch('type T = DurableObjectStorage["sql"];'),
      'class Other { constructor(s) { this.s = s; } run() { return this.s.sql; } }\nexport class A { fetch() {} }',
    ]) {
      assert.deepEqual(marked(RULE, text), [], text);
    }
  });
});
