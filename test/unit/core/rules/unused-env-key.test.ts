import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { unusedKeysOf } from '../../../../src/core/rules/engine.ts';
import { FileSubject } from '../../../../src/core/rules/subject.ts';
import { unusedEnvKeys } from '../../../../src/core/rules/unusedEnvKey.ts';
import { file } from './lintOne.ts';
import { inFetch, row } from './marked.ts';

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

  test('names none when a class takes all keys at once', () => {
    for (const all of [
      'Object.entries(this.env);',
      'JSON.stringify(this.env);',
      'f({ ...this.env });',
      'const { A, ...rest } = this.env;',
      'for (const key in this.env) f(key);',
    ])
      assert.deepEqual(unused(all), [], all);
    assert.deepEqual(unused('Object.entries(other); f({ ...other });'), ['A', 'B', 'C']);
  });
});

suite('the env keys of an app that no class reads', () => {
  const room = file(inFetch('this.env.A;'), { uri: 'room', name: 'room' });
  const deployed = [row('room', 'Room')];
  const envKeys = ['A', 'B'];

  test('are known when every deployed class has a file', () => {
    assert.deepEqual(unusedKeysOf({ files: [room], deployed, envKeys }), ['B']);
    const other = file('export class Other { b = process.env.B; fetch() {} }', { uri: 'o', name: 'other' });
    assert.deepEqual(unusedKeysOf({ files: [room, other], deployed, envKeys }), []);
  });

  test('are not known without the file of a class, without a class, and while nobody is signed in', () => {
    const more = [...deployed, row('elsewhere', 'Elsewhere')];
    assert.equal(unusedKeysOf({ files: [room], deployed: more, envKeys }), undefined);
    assert.equal(unusedKeysOf({ files: [room], deployed: [], envKeys }), undefined);
    assert.equal(unusedKeysOf({ files: [room], deployed, envKeys: undefined }), undefined);
  });

  test('are not known while the file of a class is none or is broken', () => {
    for (const text of ['', 'export class Room { fetch( }'])
      assert.equal(unusedKeysOf({ files: [{ ...room, text }], deployed, envKeys }), undefined, text);
  });
});
