import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, marked, row } from './marked.ts';

const RULE = 'would-destroy';
const sources = {
  'a-room': 'export class Room { fetch() {} }',
  'b-other': 'export class Other { fetch() {} }',
};

suite('rule would-destroy', () => {
  test('marks every other file while a class is in ERROR, and points to the one to deploy first', () => {
    const deployed = [row('a-room', 'Room', { status: 'ERROR' }), row('b-other', 'Other')];
    assert.deepEqual(marked(RULE, sources, { deployed }), ['Other']);
    const [finding] = findingsOf(RULE, sources, { deployed });
    assert.equal(finding?.severity, 'error');
    assert.deepEqual(
      finding.related?.map(({ uri }) => uri),
      ['file:///a-room.ts'],
    );
  });

  test('knows classes that have no file', () => {
    const deployed = [row('gone', 'Gone', { status: 'ERROR' })];
    assert.deepEqual(marked(RULE, sources, { deployed }), ['Room', 'Other']);
  });

  test('passes over deploys that destroy nothing, and the class’s own new name', () => {
    assert.deepEqual(
      marked(RULE, sources, { deployed: [row('a-room', 'Room'), row('b-other', 'Other')] }),
      [],
    );
    assert.deepEqual(marked(RULE, sources, { deployed: [row('a-room', 'Old')] }), []);
  });
});
