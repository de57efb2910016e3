import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { placeAt } from '../../../../src/core/language/placeAt.ts';

/** What is told at `|`, with the text that it covers. */
function at(marked: string): string {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const place = placeAt(text, offset);
  return place === undefined ? 'nothing' : `${place.kind} "${text.slice(place.start, place.end)}"`;
}

suite('what stands at a place', () => {
  for (const [marked, expected] of [
    ["ctx.invokeDO('cou|nter', 'a')", 'invokeTarget "counter"'],
    ["ctx.invokeDO('|')", 'invokeTarget ""'],
    ['await invokeDO<Answer>(\n  "chat-|room",', 'invokeTarget "chat-room"'],
    ["ctx.invokeDO('co|, body) + 'x'", 'invokeTarget "co"'],
    ["ctx.invokeDO('co|, body)", 'invokeTarget "co"'],
    ["ctx.invokeDO('counter', 'a|')", 'nothing'],
    ["reinvokeDO('a|')", 'nothing'],
    ['this.env.API_|KEY + 1', 'envKey "API_KEY"'],
    ['this.env.|', 'envKey ""'],
    ['env?.|KEY', 'envKey "KEY"'],
    ["env['KE|Y']", 'envKey "KEY"'],
    ["this.env?.['KE|Y']", 'envKey "KEY"'],
    ['butterbase.ctx(r, this.env, this.ctx).env.KE|Y', 'envKey "KEY"'],
    ['const { API_|KEY } = this.env;', 'envKey "API_KEY"'],
    ['const { A, API_|KEY, B: b = 1 } = env', 'envKey "API_KEY"'],
    ['let {\n  A: a,\n  |\n}: Env = butterbase.ctx(r, env, s).env;', 'envKey ""'],
    ['const { A: lo|cal } = this.env;', 'nothing'],
    ['const { A = de|fault } = this.env;', 'nothing'],
    ['const { A| } = this.env.INNER;', 'nothing'],
    ['const { A| } = this.envy;', 'nothing'],
    ['const { HO|ME } = process.env;', 'nothing'],
    ['const { MO|DE } = import.meta.env;', 'nothing'],
    ['if (a) { A|B } x = env', 'nothing'],
    ['process.env.|HOME', 'nothing'],
    ["process.env['|HOME']", 'nothing'],
    ['import.meta.env.|MODE', 'nothing'],
    ['myenv.|KEY', 'nothing'],
    ['this.ctx.storage.ge|t<number>("a")', 'storageMethod "get"'],
    ['storage\n  .setAlarm|(1)', 'storageMethod "setAlarm"'],
    ['local_storage.get|', 'nothing'],
    ['this.ctx.accept|WebSocket(server)', 'acceptWebSocket "acceptWebSocket"'],
    ['acceptWebSocket|(server)', 'nothing'],
    ['|', 'nothing'],
    ['this.env| = env', 'nothing'],
  ] as const) {
    test(JSON.stringify(marked), () => assert.equal(at(marked), expected));
  }

  test('the word that tells it is marked', () => {
    const text = 'const a = this.env.KEY';
    assert.equal(placeAt(text, text.length)?.anchor, text.indexOf('env'));
  });

  test('a place costs less than a millisecond, however long the source', () => {
    const text = `${'a.b('.repeat(100_000)}env.`;
    const started = performance.now();
    for (let time = 0; time < 100; time += 1) placeAt(text, text.length);
    assert.ok((performance.now() - started) / 100 < 1);
  });
});
