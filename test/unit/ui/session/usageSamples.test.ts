import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { withSample, type UsageSample } from '../../../../src/ui/session/usageSamples.ts';

suite('usage samples', () => {
  test('are kept in order; one that is not later is dropped', () => {
    const first = withSample([], sample(1, 5));
    const second = withSample(first, sample(2, 7));
    assert.deepEqual(second, [sample(1, 5), sample(2, 7)]);
    assert.equal(withSample(second, sample(2, 9)), second);
  });

  test('a flat line keeps its ends', () => {
    const flat = [1, 2, 3, 4].reduce<readonly UsageSample[]>((all, at) => withSample(all, sample(at, 5)), []);
    assert.deepEqual(flat, [sample(1, 5), sample(4, 5)]);
    assert.deepEqual(withSample(flat, sample(5, 6)), [sample(1, 5), sample(4, 5), sample(5, 6)]);
  });

  test('beyond the limit the older half is thinned, the newest stay', () => {
    let all: readonly UsageSample[] = [];
    for (let at = 1; at <= 100; at += 1) all = withSample(all, sample(at, at), 16);
    assert.ok(all.length <= 16);
    assert.equal(all[0]?.at, 1);
    assert.deepEqual(
      all.slice(-3).map(({ at }) => at),
      [98, 99, 100],
    );
  });
});

function sample(at: number, requests: number): UsageSample {
  return { at, requests, cpuMs: requests * 2 };
}
