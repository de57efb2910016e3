import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, row } from './marked.ts';

const RULE = 'class-in-error';
const sources = {
  'a-room': 'export class Room { fetch() {} }',
  'b-other': 'export class Other { fetch() {} }',
};

suite('rule class-in-error', () => {
  test('marks the file of the class, with what the platform said', () => {
    const broken = row('a-room', 'Room', { status: 'ERROR', errorMessage: 'No such thing.' });
    const [finding, more] = findingsOf(RULE, sources, { deployed: [broken, row('b-other', 'Other')] });
    assert.equal(more, undefined);
    assert.equal(finding?.severity, 'error');
    assert.match(
      finding.message,
      /^The last deploy of a-room failed\. All that the instances of Room .*No such thing\.$/,
    );
  });

  test('is a warning for a class that was never deployed: it has nothing to lose', () => {
    const never = row('a-room', 'Room', { status: 'ERROR', lastDeployedAt: undefined });
    assert.deepEqual(
      findingsOf(RULE, sources, { deployed: [never] }).map(({ severity }) => severity),
      ['warning'],
    );
  });

  test('passes over classes that run', () => {
    assert.deepEqual(findingsOf(RULE, sources, { deployed: [row('a-room', 'Room')] }), []);
  });
});
