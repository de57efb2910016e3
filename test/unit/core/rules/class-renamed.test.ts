import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked, mended, row } from './marked.ts';

const RULE = 'class-renamed';
const SOURCE = 'export class Room { fetch() { return Room.limit; } static limit = 1; }';

suite('rule class-renamed', () => {
  test('marks a class under another name than the deployed one, and names it back', () => {
    const around = { deployed: [row('a-room', 'ChatRoom')] };
    const [finding] = findingsOf(RULE, SOURCE, around);
    assert.equal(finding?.severity, 'error');
    assert.match(finding.message, /ChatRoom/);
    assert.equal(mended(RULE, SOURCE, around), SOURCE.replaceAll('Room', 'ChatRoom'));
  });

  test('mends nothing when the old name is taken', () => {
    const text = `const ChatRoom = 1;\n${SOURCE}`;
    assert.deepEqual(findingsOf(RULE, text, { deployed: [row('a-room', 'ChatRoom')] })[0]?.fixes, []);
  });

  test('passes over the same name, a first deploy, and a class that never ran', () => {
    const never = row('a-room', 'Chat', { status: 'ERROR', lastDeployedAt: undefined });
    for (const deployed of [[row('a-room', 'Room')], [row('other', 'Other')], [], [never]]) {
      assert.deepEqual(marked(RULE, SOURCE, { deployed }), []);
    }
  });
});
