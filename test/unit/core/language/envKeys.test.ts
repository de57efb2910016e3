import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { declaredKeys, envOrigins } from '../../../../src/core/language/envKeys.ts';

suite('keys of the environment', () => {
  test('each key says where it comes from; the platform wins over what is set, and that over the whole app', () => {
    const origins = envOrigins(['API_KEY', 'DO_DISPATCH'], ['API_KEY', 'STRIPE_KEY'], ['chat-room']);
    assert.deepEqual(origins.get('API_KEY'), { kind: 'set' });
    assert.deepEqual(origins.get('CHAT_ROOM'), { kind: 'binding', name: 'chat-room' });
    assert.deepEqual(origins.get('BUTTERBASE_APP_ID'), { kind: 'platform' });
    assert.deepEqual(origins.get('DO_DISPATCH'), { kind: 'platform' });
    assert.deepEqual(origins.get('STRIPE_KEY'), { kind: 'app' });
    assert.equal(origins.get('OTHER'), undefined);
  });

  test('declared keys are read out of the declarations', () => {
    const text =
      'declare namespace Cloudflare {\n  interface Env {\n    readonly API_KEY: string;\n    OTHER?: string\n  }\n}\n';
    assert.deepEqual([...declaredKeys(text)], ['API_KEY', 'OTHER']);
    assert.deepEqual([...declaredKeys('')], []);
  });
});
