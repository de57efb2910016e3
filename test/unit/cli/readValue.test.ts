import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { readValue, type ValueInput } from '../../../src/cli/readValue.ts';
import { DoError } from '../../../src/core/errors.ts';

suite('values of variables', () => {
  function piped(...chunks: readonly (string | Uint8Array)[]): PassThrough {
    const stream = new PassThrough();
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    return stream;
  }

  /** A terminal that remembers whether it echoes. */
  function terminal(...keys: readonly string[]): { input: ValueInput; raw: boolean[] } {
    const raw: boolean[] = [];
    const stream = piped(...keys);
    const input = Object.assign(stream, { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
    return { input, raw };
  }

  const code = (wanted: string) => (error: unknown) => error instanceof DoError && error.code === wanted;
  const silent = (): void => undefined;

  test('from a pipe, without the line end that echo adds, characters cut in half included', async () => {
    assert.equal(await readValue('K', piped('a b\n'), silent), 'a b');
    assert.equal(await readValue('K', piped('one\ntwo\r\n'), silent), 'one\ntwo');
    const bytes = Buffer.from('grüße');
    assert.equal(await readValue('K', piped(bytes.subarray(0, 3), bytes.subarray(3)), silent), 'grüße');
    await assert.rejects(readValue('K', piped('\n'), silent), code('USAGE'));
    await assert.rejects(readValue('K', piped(), silent), code('USAGE'));
  });

  test('typed without echo: Backspace takes back one character, Ctrl-U all', async () => {
    const asked: string[] = [];
    const { input, raw } = terminal('wrong', '\u0015', 'sec😀', '\u007F', 'ret\r');
    assert.equal(await readValue('K', input, (text) => asked.push(text)), 'secret');
    assert.deepEqual(raw, [true, false]);
    assert.ok(!asked.join('').includes('secret'));
  });

  test('Ctrl-C stops the question and gives the terminal back', async () => {
    const { input, raw } = terminal('sec', '\u0003');
    await assert.rejects(readValue('K', input, silent), code('CANCELLED'));
    assert.deepEqual(raw, [true, false]);
  });
});
