import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { FileSubject } from '../../../../src/core/rules/subject.ts';
import { unusedEnvKeys } from '../../../../src/core/rules/unusedEnvKey.ts';
import { file } from './lintOne.ts';
import { inFetch } from './marked.ts';

const unused = (...bodies: string[]): string[] =>
  unusedEnvKeys(
    bodies.map((body) => new FileSubject(file(inFetch(body)))),
    ['A', 'B', 'C'],
  );

suite('rule unused-env-key', () => {
  test('names the keys that no class reads', () => {
    assert.deepEqual(unused('this.env.A;', 'const { C } = this.env; // B'), ['B']);
  });

  test('a name in a string may be a key', () => {
    assert.deepEqual(unused("f('A')"), ['B', 'C']);
  });

  test('names none when a class makes up keys as it runs', () => {
    assert.deepEqual(unused('this.env[name];'), []);
    assert.deepEqual(unused('other[name];'), ['A', 'B', 'C']);
  });
});
