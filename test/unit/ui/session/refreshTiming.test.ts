import assert from 'node:assert/strict';
import { DoError } from '../../../../src/core/errors.ts';
import { untilNextRefresh, type RefreshTimes } from '../../../../src/ui/session/refreshTiming.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

function failed(
  more: Pick<ConstructorParameters<typeof DoError>[0], 'outage' | 'retryAfterMs'> = {},
): DoError {
  return new DoError({ code: 'UNREACHABLE', message: 'Away.', nextStep: 'Wait.', ...more });
}

function wait(times: Partial<RefreshTimes>, random: number): number {
  const all = { intervalMs: MINUTE, lastAt: NOW, error: undefined, failures: 0, ...times };
  return untilNextRefresh(all, NOW, () => random);
}

suite('when the platform is asked again', () => {
  test('about an interval after the last time, in each window at another moment', () => {
    assert.equal(wait({}, 0.5), MINUTE);
    assert.equal(wait({}, 0), 0.9 * MINUTE);
    assert.equal(wait({}, 1), 1.1 * MINUTE);
    assert.equal(wait({ lastAt: NOW - 50_000 }, 0.5), 10_000);
    assert.equal(wait({ lastAt: NOW - 10 * MINUTE }, 0.5), 0);
  });

  test('less and less often while it fails, but at least every five minutes', () => {
    const error = failed();
    const waits = [1, 2, 3, 4, 9].map((failures) => wait({ error, failures }, 0.5) / MINUTE);
    assert.deepEqual(waits, [1, 2, 4, 5, 5]);
    assert.equal(wait({ error, failures: 9, intervalMs: 10 * MINUTE }, 0.5), 10 * MINUTE);
  });

  test('not before the platform wants to be asked', () => {
    const waits = [0, 1].map((random) =>
      wait({ error: failed({ retryAfterMs: 90_000 }), failures: 1 }, random),
    );
    assert.deepEqual(waits, [90_000, 91_000]);
  });

  test('soon after a host that is left alone is tried again, however long the interval is', () => {
    const outage = { since: NOW - 5000, retryAt: NOW + 8000 };
    const waits = [0, 1].map((random) => wait({ error: failed({ outage }), failures: 7 }, random));
    assert.deepEqual(waits, [8000, 10_000]);
    assert.equal(wait({ error: failed({ outage: { since: 0, retryAt: NOW - 1 } }) }, 0), 0);
  });
});
