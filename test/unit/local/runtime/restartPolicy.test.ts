import assert from 'node:assert/strict';
import { RestartPolicy } from '../../../../src/local/runtime/restartPolicy.ts';

suite('restarts after crashes', () => {
  test('come at once, then later and later, then no more', () => {
    const policy = new RestartPolicy();
    const delays = [0, 1, 2, 3, 4].map((second) => policy.afterCrash(second * 1000));
    assert.deepEqual(delays, [0, 250, 1000, 3000, undefined]);
  });

  test('are forgotten after a minute, and by a deploy', () => {
    const policy = new RestartPolicy();
    for (let minute = 0; minute < 20; minute++) assert.equal(policy.afterCrash(minute * 61_000), 0);
    policy.reset();
    assert.equal(policy.afterCrash(20 * 61_000), 0);
  });
});
