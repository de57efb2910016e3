import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, inFetch, marked } from './marked.ts';

const RULE = 'hard-coded-secret';
// Put together here, so that this file has none either.
const BUTTERBASE = ['bb', 'sk', '0123456789abcdef0123456789abcdef01234567'].join('_');
const BEARER = ['Bearer', 'a1B2c3D4e5F6g7H8i9J0k1L2m3'].join(' ');
const PEM = ['-----BEGIN', 'PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC'].join(' ');

suite('rule hard-coded-secret', () => {
  test('marks keys and tokens, in comments too, and never repeats them', () => {
    for (const secret of [BUTTERBASE, BEARER, PEM]) {
      const text = inFetch(`const key = '${secret}'; // was ${secret}`);
      assert.deepEqual(marked(RULE, text), [secret, secret]);
      for (const { message } of findingsOf(RULE, text)) assert.ok(!message.includes(secret));
    }
  });

  test('passes over placeholders and code that only knows the shape', () => {
    for (const body of [
      "const key = 'bb_sk_…'; const other = 'bb_sk_your_key_here';",
      `const key = 'bb_sk_${'0'.repeat(40)}';`,
      'const header = `Bearer ${this.env.TOKEN}`;',
      "header.startsWith('Bearer ');",
      "pem.replace('-----BEGIN PRIVATE KEY-----', '').replace('-----END PRIVATE KEY-----', '');",
      "const example = 'Bearer your-own-token-goes-in-here';",
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body)), [], body);
    }
  });
});
