import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import { file, URI } from './lintOne.ts';
import { findingsOf, row } from './marked.ts';

const RULE = 'drift';
const SOURCE = 'export class Room { fetch() {} }';
const deployed = [row('a-room', 'Room')];
const sourceOf = (code: string): ReadonlyMap<string, string> => new Map([['a-room', code]]);

suite('rule drift', () => {
  test('marks a file that is not what is deployed', () => {
    const [finding] = findingsOf(RULE, SOURCE, { deployed, deployedSources: sourceOf(`${SOURCE}\n`) });
    assert.equal(finding?.severity, 'information');
    assert.match(finding.message, /^The deployed source of a-room, of 2026-08-01.* differs from this file\./);
  });

  test('says nothing where they are equal, not known, or where what was submitted does not run', () => {
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed, deployedSources: sourceOf(SOURCE) }), []);
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed, deployedSources: new Map() }), []);
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed }), []);
    const broken = [row('a-room', 'Room', { status: 'ERROR' })];
    assert.deepEqual(findingsOf(RULE, SOURCE, { deployed: broken, deployedSources: sourceOf('other') }), []);
  });

  test('a comment disables it, and is unused only where the deployed source is known', () => {
    const text = `// butterbase-disable-next-line drift -- ours is ahead\n${SOURCE}`;
    const rules = (deployedSources?: ReadonlyMap<string, string>): string[] =>
      (
        lintApp({
          files: [file(text, { name: 'a-room', accessMode: 'authenticated' })],
          deployed,
          envKeys: [],
          ...(deployedSources && { deployedSources }),
        }).get(URI) ?? []
      ).map(({ rule }) => rule);
    assert.deepEqual(rules(sourceOf('other')), []);
    assert.deepEqual(rules(), []);
    assert.deepEqual(rules(new Map()), []);
    assert.deepEqual(rules(sourceOf(text)), ['unused-disable']);
  });
});
