import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, row } from './marked.ts';

const RULE = 'drift';
const SOURCE = 'export class Room { fetch() {} }';
const deployed = [row('a-room', 'Room')];
const sourceOf = (code: string): ReadonlyMap<string, string> => new Map([['a-room', code]]);

suite('rule drift', () => {
  test('marks a file that is not what is deployed', () => {
    const [finding] = findingsOf(RULE, SOURCE, { deployed, deployedSources: sourceOf(`${SOURCE}\n`) });
    assert.equal(finding?.severity, 'information');
    assert.match(finding.message, /2026-08-01/);
  });

  test('says nothing where they are equal, not known, or where what was submitted does not run', () => {
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed, deployedSources: sourceOf(SOURCE) }), []);
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed, deployedSources: new Map() }), []);
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed }), []);
    const broken = [row('a-room', 'Room', { status: 'ERROR' })];
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed: broken, deployedSources: sourceOf('other') }), []);
  });
});
