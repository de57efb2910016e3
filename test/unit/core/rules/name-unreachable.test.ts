import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf } from './marked.ts';

const RULE = 'name-unreachable';
const SOURCE = 'export class A { fetch() {} }';

suite('rule name-unreachable', () => {
  test('marks names that the platform takes and cannot find again', () => {
    for (const name of ['env', 'a'.repeat(101)]) {
      assert.equal(findingsOf(RULE, { [name]: SOURCE }).length, 1, name);
    }
    for (const name of ['envs', 'a'.repeat(100)]) {
      assert.equal(findingsOf(RULE, { [name]: SOURCE }).length, 0, name);
    }
  });
});
