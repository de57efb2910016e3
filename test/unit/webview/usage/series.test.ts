import assert from 'node:assert/strict';
import type { UsageSample } from '../../../../src/webview/protocol/usage.ts';
import { seriesOf, tableRows } from '../../../../src/webview/usage/series.ts';

const NOVEMBER_30 = Date.UTC(2026, 10, 30, 23, 0);
const DECEMBER_1 = Date.UTC(2026, 11, 1);
const MINUTE = 60_000;

function sample(at: number, requests: number, cpuMs = requests): UsageSample {
  return { at, requests, cpuMs };
}

suite('points of the usage chart', () => {
  test('has one line in seconds while the counter only rises', () => {
    const samples = [
      sample(NOVEMBER_30, 5),
      sample(NOVEMBER_30 + MINUTE, 5),
      sample(NOVEMBER_30 + 2 * MINUTE, 9),
    ];
    const { xs, ys, starts, resets } = seriesOf(samples, 'requests');
    assert.deepEqual(
      xs,
      [0, 60, 120].map((seconds) => NOVEMBER_30 / 1000 + seconds),
    );
    assert.deepEqual(ys, [5, 5, 9]);
    assert.deepEqual(starts, [0]);
    assert.deepEqual(resets, []);
  });

  test('ends the line at the end of a UTC month and begins another one from 0', () => {
    const samples = [sample(NOVEMBER_30, 900), sample(DECEMBER_1 + MINUTE, 950)];
    const { xs, ys, starts, resets } = seriesOf(samples, 'requests');
    assert.deepEqual(
      xs,
      [NOVEMBER_30, DECEMBER_1, DECEMBER_1 + MINUTE].map((at) => at / 1000),
    );
    assert.deepEqual(ys, [900, 0, 950], 'the month begins at 0 although the number is greater than before');
    assert.deepEqual(starts, [0, 1]);
    assert.deepEqual(resets, [{ at: DECEMBER_1, kind: 'month' }]);
  });

  test('a sample exactly at the boundary belongs to the month that begins', () => {
    const { xs, ys, starts } = seriesOf([sample(NOVEMBER_30, 900), sample(DECEMBER_1, 0)], 'requests');
    assert.deepEqual(xs, [NOVEMBER_30 / 1000, DECEMBER_1 / 1000], 'and is not doubled');
    assert.deepEqual(ys, [900, 0]);
    assert.deepEqual(starts, [0, 1]);
  });

  test('breaks the line where the counter falls within a month', () => {
    const samples = [sample(NOVEMBER_30, 900), sample(NOVEMBER_30 + 2 * MINUTE, 3)];
    const { ys, starts, resets } = seriesOf(samples, 'requests');
    assert.deepEqual(ys, [900, 3]);
    assert.deepEqual(starts, [0, 1]);
    assert.deepEqual(resets, [{ at: NOVEMBER_30 + MINUTE, kind: 'drop' }]);
  });

  test('leaves out samples that are not later than the one before, which a chart cannot draw', () => {
    const samples = [sample(NOVEMBER_30, 1), sample(NOVEMBER_30, 2), sample(NOVEMBER_30 - 1, 3)];
    assert.deepEqual(seriesOf(samples, 'requests').ys, [1]);
  });

  test('takes the metric that is asked for', () => {
    assert.deepEqual(seriesOf([sample(NOVEMBER_30, 1, 77)], 'cpuMs').ys, [77]);
  });

  test('has nothing to draw without samples', () => {
    assert.deepEqual(seriesOf([], 'requests'), { xs: [], ys: [], starts: [], resets: [] });
  });
});

suite('rows of the usage table', () => {
  test('are newest first, with what was added since the sample before', () => {
    const rows = tableRows([sample(NOVEMBER_30, 5, 50), sample(NOVEMBER_30 + MINUTE, 8, 90)]);
    assert.deepEqual(
      rows.map(({ sample: { requests }, added }) => [requests, added]),
      [
        [8, { requests: 3, cpuMs: 40 }],
        [5, undefined],
      ],
    );
  });

  test('say that a month began instead of a wrong difference', () => {
    const [newest] = tableRows([sample(NOVEMBER_30, 900), sample(DECEMBER_1 + MINUTE, 950)]);
    assert.equal(newest?.added, undefined);
    assert.deepEqual(newest?.reset, { at: DECEMBER_1, kind: 'month' });
  });
});
