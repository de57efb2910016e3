import assert from 'node:assert/strict';
import type { HistoryEntry } from '../../../../src/operations/history/entry.ts';
import {
  beyondBytes,
  DEFAULT_LIMITS,
  keptOfApp,
  newestFirst,
} from '../../../../src/operations/history/retention.ts';
import { entry as entryOf, timeOf } from './facts.ts';

const entry = (minute: number, parts: Partial<HistoryEntry> = {}): HistoryEntry =>
  entryOf(minute, { bytes: 100, ...parts });

const NOW = Date.parse(timeOf(1000));
const ids = (entries: readonly HistoryEntry[]): string => entries.map(({ id }) => id).join(' ');

suite('what the history keeps', () => {
  test('of one time, what was recorded later is newer', () => {
    assert.equal(ids(newestFirst([entry(2), entry(1), entry(2, { id: '2b' })])), '2b 2 1');
  });

  test('limits are per class, on one platform', () => {
    const entries = newestFirst([
      ...[1, 2, 3, 4].map((minute) => entry(minute)),
      entry(5, { name: 'other' }),
      entry(6, { platform: 'https://x.example' }),
    ]);
    assert.equal(ids(keptOfApp(entries, { ...DEFAULT_LIMITS, entriesPerClass: 2 })), '6 5 4 3');
    assert.equal(ids(keptOfApp(entries, { ...DEFAULT_LIMITS, entriesPerClass: 0 })), '6 5 4');
  });

  const bytes = (limit: number, entries: HistoryEntry[], now = NOW): string =>
    [...beyondBytes(entries, { ...DEFAULT_LIMITS, bytes: limit }, now)].join(' ');

  test('the oldest go first, and only as many as must', () => {
    const entries = [1, 2, 3, 4, 5].map((minute) => entry(minute));
    assert.equal(bytes(500, entries), '');
    assert.equal(bytes(499, entries), '1');
    assert.equal(bytes(250, entries), '1 2 3');
    assert.equal(bytes(0, entries), '1 2 3 4', 'the last good one stays, beyond the limit too');
  });

  test('a source counts once, and goes with the last entry that has it', () => {
    const { hash } = entry(1);
    const entries = [entry(1), entry(2), entry(3, { hash }), entry(4), entry(5)];
    assert.equal(bytes(400, entries), '');
    assert.equal(bytes(300, entries), '1 2');
    const inUse = [entry(1), entry(2), entry(3), entry(4, { name: 'other', hash })];
    assert.equal(bytes(200, inUse), '2', 'to remove an entry would free nothing');
  });

  test('the last good source of a class stays when later ones failed', () => {
    const entries = [entry(1), entry(2), ...[3, 4, 5].map((minute) => entry(minute, { status: 'ERROR' }))];
    assert.equal(bytes(0, entries), '1 3 4');
  });

  test('a deleted class keeps its last source until the time is over', () => {
    const entries = [entry(1), entry(2), entry(3, { hash: entry(2).hash, event: 'deleted' })];
    assert.equal(bytes(0, entries), '1');
    const later = Date.parse(timeOf(3)) + DEFAULT_LIMITS.deletedForMs;
    assert.equal(bytes(0, entries, later), '1');
    assert.equal(bytes(0, entries, later + 1), '1 2 3');
    assert.equal(bytes(1000, entries, later + 1), '', 'and longer while there is room');
  });
});
