import assert from 'node:assert/strict';
import type { HistoryEntry } from '../../../../src/operations/history/entry.ts';
import { lookedAt, mustAsk, sightOf, type Looked } from '../../../../src/operations/history/sight.ts';
import { hashOf } from '../../../../src/operations/history/sourceStore.ts';
import { entry } from './facts.ts';

const seen = (minute: number, parts: Partial<HistoryEntry> = {}): HistoryEntry =>
  entry(minute, { event: 'seen', from: 'elsewhere', ...parts });

const NEW = hashOf('what is about to be deployed');

/** What is remembered after a person looked, or the program read, these states one after the other. */
function after(...looks: [HistoryEntry, 'person' | 'program'][]): Looked | undefined {
  return looks.reduce<Looked | undefined>(
    (looked, [now, who]) => lookedAt(now, looked, who === 'person'),
    undefined,
  );
}

suite('sight of a class', () => {
  test('what was deployed from the editor is known, and counts as seen', () => {
    assert.equal(sightOf(entry(1), undefined).kind, 'known');
    const looked = after([entry(1), 'program']);
    assert.equal(looked?.byPerson, true);
    assert.equal(sightOf(seen(1), looked).kind, 'known');
  });

  test('the first that is found is no change, but a deploy over it asks', () => {
    const looked = after([seen(1), 'program']);
    const sight = sightOf(seen(1), looked);
    assert.equal(sight.kind, 'first');
    assert.equal(mustAsk(sight, NEW), true);
    assert.equal(mustAsk(sightOf(seen(1), undefined), NEW), true);
    assert.equal(mustAsk(sight, seen(1).hash), false, 'deploying the same source replaces nothing');
  });

  test('another one after that is a change until a person looks', () => {
    const looked = after([entry(1), 'program'], [seen(2), 'program'], [seen(3), 'program']);
    const sight = sightOf(seen(3), looked);
    assert.deepEqual([sight.kind, sight.kind === 'changed' && sight.before], ['changed', entry(1).hash]);
    assert.equal(mustAsk(sight, NEW), true);
    const now = lookedAt(seen(3), looked, true);
    assert.equal(sightOf(seen(3), now).kind, 'known');
    assert.equal(mustAsk(sightOf(seen(3), now), NEW), false);
  });

  test('the command line and agents are elsewhere, as other people are', () => {
    const looked = after([entry(1), 'program']);
    for (const from of ['cli', 'agent', 'elsewhere'] as const) {
      assert.equal(sightOf(entry(2, { from }), looked).kind, 'changed', from);
    }
  });

  test('deploying over a change settles it', () => {
    const looked = after([entry(1), 'program'], [seen(2), 'program'], [entry(3), 'program']);
    assert.equal(sightOf(entry(3), looked).kind, 'known');
    assert.equal(sightOf(seen(2), looked).kind, 'changed', 'and if they put it back it is one again');
  });

  test('another access mode is a change, and so is a failure', () => {
    const looked = after([seen(1), 'person']);
    assert.equal(sightOf(seen(1), looked).kind, 'known');
    assert.equal(sightOf(seen(1, { accessMode: 'service_key' }), looked).kind, 'changed');
    assert.equal(sightOf(seen(1, { status: 'ERROR' }), looked).kind, 'changed');
  });

  test('what was there before a change of ours that failed is not ours', () => {
    const looked = after([entry(1), 'program']);
    assert.equal(sightOf(seen(2, { event: 'replaced' }), looked).kind, 'changed');
  });
});
