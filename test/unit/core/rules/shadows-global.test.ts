import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked, mended } from './marked.ts';

const RULE = 'shadows-global';
const CLASS = '\nexport class A { async fetch() { return new Response("a"); } }';

suite('rule shadows-global', () => {
  test('marks top-level names that the runtime has as globals', () => {
    assert.deepEqual(
      marked(RULE, `function fetch() {}\nconst { crypto } = { crypto: 1 };\nenum Event { A }${CLASS}`),
      ['fetch', 'crypto', 'Event'],
    );
  });

  test('is an error when the dispatcher needs the name for every request', () => {
    const severities = (text: string): string[] => findingsOf(RULE, text).map(({ severity }) => severity);
    assert.deepEqual(severities('export class Response { fetch() { return 1; } }'), ['error']);
    assert.deepEqual(severities('class URL {}\nexport class A { fetch() { return 1; } }'), ['error']);
    assert.deepEqual(severities('const fetch = 1;\nexport class A { fetch() { return 1; } }'), ['warning']);
  });

  test('passes over types, members, inner names and the global itself', () => {
    for (const text of [
      'interface Request {}\ntype URL = string;\ndeclare const fetch: unknown;',
      'const fetch = globalThis.fetch;',
      'function f(fetch: unknown) { const URL = 1; return [fetch, URL]; }',
      'class B { fetch() {} URL = 1; }',
    ]) {
      assert.deepEqual(marked(RULE, text + CLASS), [], text);
    }
  });

  test('renames it with its uses', () => {
    assert.equal(
      mended(RULE, `const { fetch } = { fetch() {} };\nconst all = { fetch, b: fetch() };${CLASS}`),
      `const { fetch: myFetch } = { fetch() {} };\nconst all = { fetch: myFetch, b: myFetch() };${CLASS}`,
    );
  });

  test('does not prefer to rename the exported class, whose name decides where its data is', () => {
    const [finding] = findingsOf(RULE, 'export class Event { async fetch() { return new Response(""); } }');
    assert.deepEqual(
      finding?.fixes.map(({ title, preferred }) => [title, preferred]),
      [['Rename it to MyEvent', false]],
    );
  });
});
