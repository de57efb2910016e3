import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, inFetch, marked, mended } from './marked.ts';

const RULE = 'node-global';

suite('rule node-global', () => {
  test('marks what only Node has', () => {
    assert.deepEqual(
      marked(
        RULE,
        inFetch("process.env.A; Buffer.from('a'); __dirname; global.x = 1; setImmediate(() => 1);"),
      ),
      ['process', 'Buffer', '__dirname', 'global', 'setImmediate'],
    );
  });

  test('passes over own names, members, types and what asks first', () => {
    for (const text of [
      inFetch('const process = { env: 1 }; process.env;'),
      inFetch('this.process(); const x = { Buffer: 1 }; x.Buffer;'),
      inFetch('typeof process;'),
      inFetch("if (typeof process !== 'undefined') process.exit();"),
      inFetch("const a = typeof Buffer === 'undefined' ? 1 : Buffer.from('');"),
      inFetch("typeof process === 'object' && process.exit();"),
      inFetch('let a: Buffer; // process.env'),
      `import { process } from './x';\n${inFetch('process();')}`,
      `function setImmediate() {}\n${inFetch('setImmediate();')}`,
    ]) {
      assert.deepEqual(marked(RULE, text), [], text);
    }
  });

  test('is an error where the module runs it while it loads', () => {
    const text = `const home = process.env.HOME;\n${inFetch('process.exit();')}`;
    assert.deepEqual(
      findingsOf(RULE, text).map(({ severity }) => severity),
      ['error', 'warning'],
    );
  });

  test('puts globalThis in place of global', () => {
    assert.equal(mended(RULE, inFetch('f({ global });')), inFetch('f({ global: globalThis });'));
  });
});
