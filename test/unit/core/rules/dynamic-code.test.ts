import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked } from './marked.ts';

const RULE = 'dynamic-code';

suite('rule dynamic-code', () => {
  test('marks every way to make code from a string', () => {
    assert.deepEqual(
      marked(
        RULE,
        inFetch(
          "eval('1'); (0, eval)('1'); globalThis.eval('1'); new Function('return 1'); Function('a', 'return a');",
        ),
      ),
      ['eval', '(0, eval)', 'globalThis.eval', 'Function', 'new Function'],
    );
  });

  test('passes over other things of that name', () => {
    for (const body of [
      'this.eval(1); const x = { eval() {} }; x.eval();',
      "const text = 'eval(1)'; // eval(1)",
      'const f: Function = () => 1; typeof eval;',
      'const evaluate = (eval: (x: number) => void) => eval(1);',
      'new Function();',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body)), [], body);
    }
  });
});
