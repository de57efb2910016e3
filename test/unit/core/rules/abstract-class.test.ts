import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked, mended } from './marked.ts';

const RULE = 'abstract-class';

suite('rule abstract-class', () => {
  test('marks the word on the exported class only', () => {
    assert.deepEqual(marked(RULE, 'abstract class B {}\nexport abstract class A { fetch() {} }'), [
      'abstract',
    ]);
    assert.deepEqual(marked(RULE, 'abstract class B {}\nexport class A { fetch() {} }'), []);
  });

  test('removes the word', () => {
    assert.equal(mended(RULE, 'export abstract  class A { fetch() {} }'), 'export class A { fetch() {} }');
  });

  test('with abstract members says that they are not there, and mends nothing', () => {
    const [finding] = findingsOf(RULE, 'export abstract class A { fetch() {} abstract run(): void; }');
    assert.match(finding?.message ?? '', /abstract members are not there/);
    assert.deepEqual(finding?.fixes, []);
  });
});
