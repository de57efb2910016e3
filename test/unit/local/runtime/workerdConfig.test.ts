import assert from 'node:assert/strict';
import fc from 'fast-check';
import { capnpText, uniqueKeyOf, workerdConfig } from '../../../../src/local/runtime/workerdConfig.ts';

const BASE = {
  appId: 'app_1',
  classes: [],
  env: {},
  allowedHosts: [],
  controlToken: 'token',
  moduleFile: 'worker.mjs',
  storage: 'disk',
} as const;

suite('configuration of workerd', () => {
  test('writes strings with the escapes that the language has', () => {
    assert.equal(capnpText('a"b\\c'), String.raw`"a\"b\\c"`);
    assert.equal(capnpText('\0\n\r\t\u001f\u007f'), String.raw`"\x00\x0a\x0d\x09\x1f\x7f"`);
    assert.equal(capnpText('ü \u2028 😀'), '"ü \u2028 😀"');
    assert.equal(capnpText('a\ud800'), '"a\ufffd"');
  });

  test('never lets a value out of its string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const literal = capnpText(value);
        // One literal from end to end: no bare quote, no raw control character, no \u.
        assert.match(literal, /^"(?:[^"\\\p{Cc}]|[\u0080-\u009f]|\\["\\]|\\x[01][0-9a-f]|\\x7f)*"$/u);
        assert.equal(readLiteral(literal), value);
      }),
    );
  });

  test('declares classes without SQL, each with storage of its own', () => {
    const text = workerdConfig({ ...BASE, classes: [{ className: 'ChatRoom', binding: 'CHAT_ROOM' }] });
    assert.match(text, /\(name = "CHAT_ROOM", durableObjectNamespace = \(className = "ChatRoom"\)\)/);
    assert.match(text, /className = "ChatRoom", uniqueKey = "app_1-ChatRoom", enableSql = false/);
    assert.match(text, /compatibilityDate = "2025-01-24"/);
    assert.doesNotMatch(text, /compatibilityFlags/);
    assert.match(text, /localDisk = "do-disk"/);
    assert.equal(uniqueKeyOf('app_1', 'ChatRoom'), 'app_1-ChatRoom');
  });

  test('has no disk for a check', () => {
    const text = workerdConfig({ ...BASE, storage: 'memory' });
    assert.match(text, /inMemory = void/);
    assert.doesNotMatch(text, /do-disk/);
  });

  test('keeps our binding when an env key has its name', () => {
    const text = workerdConfig({ ...BASE, env: { __BB_LOCAL: 'theirs' }, allowedHosts: ['box'] });
    assert.equal(text.match(/__BB_LOCAL/g)?.length, 1);
    assert.ok(text.includes(String.raw`{\"allowedHosts\":[\"box\"],\"controlToken\":\"token\"}`));
  });
});

function readLiteral(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|(.))/gs, (_, hex: string | undefined, char: string) =>
      hex === undefined ? char : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}
