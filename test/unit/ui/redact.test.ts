import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { redact } from '../../../src/ui/redact.ts';

suite('messages and the log', () => {
  test('never hold a key or token, and keep the rest', () => {
    const key = `bb_sk_${'0123456789abcdef'.repeat(2)}01234567`;
    assert.equal(redact(`key ${key} of app_1`), 'key bb_sk_… of app_1');
    assert.equal(redact('authorization: Bearer eyJhbGci.abc-def, next'), 'authorization: Bearer …, next');
    assert.equal(redact(`{"apiKey":"${key}"}`), '{"apiKey":"bb_sk_…"}');
    assert.equal(redact('bb_sk_… is its form'), 'bb_sk_… is its form');
  });
});
