import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { parseDomainPattern } from '../../../../src/core/model/instanceBase.ts';
import { InstanceDomains } from '../../../../src/ui/session/instanceDomains.ts';
import { instanceIdProblem, instancePath } from '../../../../src/ui/session/instanceId.ts';

suite('address of an instance', () => {
  test('ids that cannot be one path segment are refused, those that are encoded are pointed out', () => {
    assert.equal(instanceIdProblem('lobby-1_a.b~c'), undefined);
    assert.equal(instanceIdProblem('  '), 'empty');
    assert.equal(instanceIdProblem('a/b'), 'slash');
    assert.equal(instanceIdProblem('a\\b'), 'slash');
    assert.equal(instanceIdProblem('..'), 'dots');
    assert.equal(instanceIdProblem('a b'), 'encoded');
    assert.equal(instanceIdProblem('ü'), 'encoded');
    assert.equal(instanceIdProblem('a?b#c'), 'encoded');
  });

  test('is encoded', () => {
    assert.equal(instancePath('chat-room', ' a b?c '), '/_do/chat-room/a%20b%3Fc');
  });

  test('domains of self-hosted platforms', () => {
    assert.equal(parseDomainPattern('apps.example.com'), 'https://*.apps.example.com');
    assert.equal(parseDomainPattern('https://*.example.com/'), 'https://*.example.com');
    assert.equal(parseDomainPattern('http://*.localhost:8080'), 'http://*.localhost:8080');
    for (const bad of [
      '',
      'https://',
      '*.*.com',
      'https://example.com/path',
      'ftp:// x',
      'https://a.*.com',
    ]) {
      assert.equal(parseDomainPattern(bad), undefined, bad);
    }
  });

  test('are known once a person said the domain', async () => {
    const kept = new Map<string, unknown>();
    const domains = new InstanceDomains({
      keys: () => [...kept.keys()],
      get: <T>(key: string, fallback?: T) => (kept.get(key) ?? fallback) as T,
      update: (key: string, value: unknown) => {
        kept.set(key, value);
        return Promise.resolve();
      },
    });
    assert.equal(domains.baseOf('https://api.example.com', 'shop'), undefined);
    await domains.remember('https://api.example.com', 'https://*.example.com');
    assert.equal(domains.baseOf('https://api.example.com', 'shop'), 'https://shop.example.com');
    assert.equal(domains.baseOf('https://api.example.com', undefined), undefined);
    assert.equal(domains.baseOf('https://other.example.com', 'shop'), undefined);
  });
});
