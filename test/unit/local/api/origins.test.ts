import assert from 'node:assert/strict';
import { HttpError } from '../../../../src/local/api/errors.ts';
import { OriginCheck } from '../../../../src/local/api/origins.ts';

suite('who may call the embedded platform', () => {
  const check = new OriginCheck(['codespace.example']);

  function verdict(headers: Record<string, string>): string {
    try {
      check.refuseForeign({ headers });
      return 'allowed';
    } catch (error) {
      assert.ok(error instanceof HttpError);
      assert.equal(error.statusCode, 403);
      return (error.body as { error: { code: string } }).error.code;
    }
  }

  for (const host of ['127.0.0.1:4123', 'localhost', 'LOCALHOST:80', '[::1]:4123', 'codespace.example:443']) {
    test(`host ${host} is allowed`, () => assert.equal(verdict({ host }), 'allowed'));
  }

  for (const host of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '0.0.0.0:4123',
    '',
  ]) {
    test(`host "${host}" is refused`, () => assert.equal(verdict({ host }), 'HOST_NOT_ALLOWED'));
  }

  test('a request without a host is refused', () => assert.equal(verdict({}), 'HOST_NOT_ALLOWED'));

  for (const origin of [
    'http://localhost:3000',
    'https://127.0.0.1',
    'http://[::1]:8080',
    'https://codespace.example',
  ]) {
    test(`origin ${origin} is allowed`, () =>
      assert.equal(verdict({ host: 'localhost', origin }), 'allowed'));
  }

  for (const origin of [
    'https://evil.example',
    'null',
    'file://',
    'http://localhost.evil.example',
    'localhost',
  ]) {
    test(`origin ${origin} is refused`, () =>
      assert.equal(verdict({ host: 'localhost', origin }), 'ORIGIN_NOT_ALLOWED'));
  }
});
