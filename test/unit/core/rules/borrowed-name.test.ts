import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked } from './marked.ts';

const RULE = 'borrowed-name';
const A = '\nexport class A { fetch() {} }';

suite('rule borrowed-name', () => {
  test('marks the first use of a name that only another source has', () => {
    const sources = {
      'a-one': `export class A { fetch() { return helper(limit) + helper(2); } }`,
      'b-two': 'const limit = 5;\nfunction helper(x) { return x; }\nexport class B { fetch() {} }',
    };
    assert.deepEqual(marked(RULE, sources), ['helper', 'limit']);
    assert.deepEqual(
      findingsOf(RULE, sources).map(({ severity }) => severity),
      ['warning', 'warning'],
    );
  });

  test('marks an import of another source, but not DurableObject, which has a rule of its own', () => {
    const B =
      "import { DurableObject, env } from 'cloudflare:workers';\nexport class B extends DurableObject { fetch() {} }";
    assert.deepEqual(
      marked(RULE, {
        'a-one': 'export class A extends DurableObject { fetch() { return env; } }',
        'b-two': B,
      }),
      ['env'],
    );
  });

  test('is an error when a later source declares what is used while the module loads', () => {
    const base = 'export class Base { fetch() {} }';
    const derived = 'export class A extends Base {}';
    const severities = (first: string, second: string): string[] =>
      findingsOf(RULE, { 'a-one': first, 'b-two': second }).map(({ severity }) => severity);
    assert.deepEqual(severities(derived, base), ['error']);
    assert.deepEqual(severities(base, derived), ['warning']);
    assert.deepEqual(severities(`const x = f();${A}`, 'function f() {}\nexport class B { fetch() {} }'), [
      'warning',
    ]);
  });

  test('passes over own names, globals, types and typeof', () => {
    const B = 'const limit = 5;\nfunction fetch() {}\nexport class B { fetch() {} }';
    for (const text of [
      `const limit = 1; f(limit);${A}`,
      'export class A { fetch(limit) { return limit; } }',
      'export class A { limit = 1; fetch() { return this.limit; } }',
      'export class A { fetch() { return fetch("https://x"); } }',
      `let x: typeof limit;${A}`,
      'export class A { fetch() { return typeof limit; } }',
    ]) {
      assert.deepEqual(marked(RULE, { 'a-one': text, 'b-two': B }), [], text);
    }
  });

  test('a constant of a later source cannot even be asked for its type', () => {
    const lender = 'const limit = 5;\nexport class B { fetch() {} }';
    const asking = `const there = typeof limit;${A}`;
    const severities = (sources: Record<string, string>): string[] =>
      findingsOf(RULE, sources).map(({ severity }) => severity);
    assert.deepEqual(severities({ 'a-one': asking, 'b-two': lender }), ['error']);
    assert.deepEqual(severities({ 'a-one': lender, 'b-two': asking }), []);
  });
});
