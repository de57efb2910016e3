import assert from 'node:assert/strict';
import { declareEnvKey } from '../../../../src/core/templates/envDeclaration.ts';

suite('declaration of an env key', () => {
  const applied = (text: string, key: string, type: string): string => {
    const { offset, text: added } = declareEnvKey(text, key, type);
    return text.slice(0, offset) + added + text.slice(offset);
  };
  const first = `declare namespace Cloudflare {
  interface Env {
    readonly API_TOKEN: string;
  }
}
`;

  test('the first key makes the file', () => {
    assert.equal(applied('', 'API_TOKEN', 'string'), first);
  });

  test('a further key goes into the same interface', () => {
    assert.equal(
      applied(first, 'CHAT_ROOM', 'DurableObjectNamespace'),
      first.replace('    readonly API', '    readonly CHAT_ROOM: DurableObjectNamespace;\n    readonly API'),
    );
  });

  test('what is in the file stays', () => {
    assert.equal(applied('// Ours.', 'A', 'string'), `// Ours.\n\n${first.replace('API_TOKEN', 'A')}`);
    assert.equal(applied('// Ours.\n', 'A', 'string'), `// Ours.\n\n${first.replace('API_TOKEN', 'A')}`);
  });
});
