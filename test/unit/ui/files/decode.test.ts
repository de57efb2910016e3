import assert from 'node:assert/strict';
import { MAX_REGISTER_BODY_BYTES } from '../../../../src/core/model/names.ts';
import { decodeSource } from '../../../../src/ui/files/decode.ts';

suite('bytes of a source file', () => {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

  test('UTF-8 text is what is deployed, without its BOM and with its line ends', () => {
    assert.deepEqual(decodeSource(utf8('export class Größe {}\r\n')), { text: 'export class Größe {}\r\n' });
    assert.deepEqual(decodeSource(utf8('\uFEFFexport class A {}')), { text: 'export class A {}' });
  });

  test('empty, blank, binary and other encodings are told apart', () => {
    assert.deepEqual(decodeSource(new Uint8Array()), { problem: 'empty' });
    assert.deepEqual(decodeSource(utf8(' \n\t\uFEFF')), { problem: 'empty' });
    assert.deepEqual(decodeSource(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0)), { problem: 'binary' });
    assert.deepEqual(decodeSource(Buffer.from('export class Größe {}', 'latin1')), { problem: 'notUtf8' });
    assert.deepEqual(decodeSource(Buffer.from('export class A {}', 'utf16le')), { problem: 'binary' });
  });

  test('the limit counts the bytes of the request, escapes included', () => {
    const room =
      MAX_REGISTER_BODY_BYTES - JSON.stringify({ name: 'x', code: '', access_mode: 'public' }).length;
    assert.ok('text' in decodeSource(utf8('a'.repeat(room))));
    assert.deepEqual(decodeSource(utf8('a'.repeat(room + 1))), { problem: 'tooLarge' });
    assert.deepEqual(decodeSource(utf8('\n'.repeat(room / 2) + 'ab')), { problem: 'tooLarge' });
    assert.deepEqual(decodeSource(utf8('x'.repeat(2_000_000))), { problem: 'tooLarge' });
  });
});
