import assert from 'node:assert/strict';
import { isLoopbackOrigin, normaliseOrigin, sendsKeyInClear } from '../../../src/platform/origin.ts';

suite("a platform's address", () => {
  for (const [text, origin] of [
    ['https://api.butterbase.ai', 'https://api.butterbase.ai'],
    ['https://api.butterbase.ai///', 'https://api.butterbase.ai'],
    ['  HTTPS://API.butterbase.ai:443/ ', 'https://api.butterbase.ai'],
    ['https://host/butter/api/', 'https://host/butter/api'],
    ['api.butterbase.ai', 'https://api.butterbase.ai'],
    ['localhost:4000', 'http://localhost:4000'],
    ['127.0.0.1:4000/', 'http://127.0.0.1:4000'],
    ['[::1]:4000', 'http://[::1]:4000'],
    ['http://bücher.example', 'http://xn--bcher-kva.example'],
  ] as const) {
    test(`${text} -> ${origin}`, () => {
      assert.equal(normaliseOrigin(text), origin);
      assert.equal(normaliseOrigin(origin), origin);
    });
  }

  test('loopback is this machine only', () => {
    for (const origin of ['http://localhost:1', 'http://127.0.0.1', 'http://127.9.9.9', 'http://[::1]:1']) {
      assert.ok(isLoopbackOrigin(origin), origin);
    }
    for (const origin of [
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'https://10.0.0.1',
    ]) {
      assert.ok(!isLoopbackOrigin(origin), origin);
    }
  });

  test('a key would cross a network unencrypted', () => {
    assert.ok(sendsKeyInClear('http://192.168.0.7:4000'));
    assert.ok(!sendsKeyInClear('http://127.0.0.1:4000'));
    assert.ok(!sendsKeyInClear('https://api.butterbase.ai'));
  });
});
