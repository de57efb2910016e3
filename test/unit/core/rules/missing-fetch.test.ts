import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked, mended } from './marked.ts';

const RULE = 'missing-fetch';

suite('rule missing-fetch', () => {
  test('marks a class that has none, and inherits none', () => {
    for (const text of [
      'export class A {}',
      'export class A { alarm() {} }',
      'export class A { fetch(request: Request): Response; static fetch() {} }',
      "import { DurableObject } from 'cloudflare:workers';\nexport class A extends DurableObject {}",
      "import * as cf from 'cloudflare:workers';\nexport class A extends cf.DurableObject {}",
      'class Base { other() {} }\nexport class A extends Base {}',
    ]) {
      assert.deepEqual(marked(RULE, text), ['A'], text);
    }
  });

  test('passes over every way to have one', () => {
    for (const text of [
      'export class A { fetch() {} }',
      "export class A { 'fetch'() {} }",
      "export class A { ['fetch']() {} }",
      'export class A { fetch = async () => new Response("") }',
      'export class A { get fetch() { return () => 1; } }',
      'export class A { fetch; constructor() { this.fetch = () => 1; } }',
      'class Base { fetch() {} }\nexport class A extends Base {}',
      'const Base = class { fetch() {} };\nexport class A extends Base {}',
      'export class A extends mix(Base) {}',
      'export class A extends OfAnotherSource {}',
      'export class A {}\nA.prototype.fetch = () => 1;',
      '@withFetch\nexport class A {}',
      'export class A { constructor() { return new Proxy(this, {}); } }',
      'export class A {}\nexport class B {}',
    ]) {
      assert.deepEqual(marked(RULE, text), [], text);
    }
  });

  test('is information for a class that others call over RPC', () => {
    const text =
      "import { DurableObject } from 'cloudflare:workers';\nexport class A extends DurableObject { add(n: number) { return n; } }";
    assert.deepEqual(
      findingsOf(RULE, text).map(({ severity }) => severity),
      ['information'],
    );
  });

  test('adds a stub at the top of the class', () => {
    assert.equal(
      mended(RULE, 'export class A {}'),
      "export class A {\n  async fetch(request: Request): Promise<Response> {\n    return new Response('Not implemented', { status: 501 });\n  }\n}",
    );
    assert.equal(
      mended(RULE, 'export class A {\r\n\talarm() {}\r\n}'),
      "export class A {\r\n\tasync fetch(request: Request): Promise<Response> {\r\n\t\treturn new Response('Not implemented', { status: 501 });\r\n\t}\r\n\talarm() {}\r\n}",
    );
    assert.equal(
      mended(RULE, 'export class A { alarm() {} }'),
      "export class A {\n  async fetch(request: Request): Promise<Response> {\n    return new Response('Not implemented', { status: 501 });\n  }\n  alarm() {} }",
    );
  });
});
