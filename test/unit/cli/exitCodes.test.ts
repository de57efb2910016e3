import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, exitCodeOf } from '../../../src/cli/exitCodes.ts';
import { DoError } from '../../../src/core/errors.ts';

suite('exit codes', () => {
  const CASES: readonly (readonly [code: string, status: number | undefined, exit: number])[] = [
    ['WOULD_DESTROY', undefined, 3],
    ['AUTH_INVALID_API_KEY', 401, 4],
    ['account_suspended', 403, 4],
    ['UNREACHABLE', undefined, 5],
    ['TIMEOUT', undefined, 5],
    ['ANSWER_LOST', undefined, 6],
    ['NOT_VERIFIED', undefined, 6],
    ['ALREADY_SENT', undefined, 6],
    ['USAGE', undefined, 2],
    ['BAD_CONFIG', undefined, 2],
    ['CANCELLED', undefined, 130],
    ['EXTERNAL_CLOUDFLARE_ERROR', 502, 1],
    ['DOES_NOT_LOAD', undefined, 1],
  ];
  for (const [code, status, exit] of CASES) {
    test(`${code} ends with ${exit}`, () => {
      const error = new DoError({
        code,
        message: 'm',
        nextStep: 'n',
        ...(status === undefined ? {} : { status }),
      });
      assert.equal(exitCodeOf(error), exit);
    });
  }

  test('what is no error of ours ends with 1', () => {
    assert.equal(exitCodeOf(new TypeError('x')), 1);
    assert.equal(exitCodeOf('x'), 1);
  });

  test('each is in the documentation', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');
    for (const code of Object.values(EXIT)) assert.match(text, new RegExp(`^\\| ${code} +\\|`, 'm'));
  });
});
