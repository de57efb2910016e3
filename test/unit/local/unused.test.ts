import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Unused } from '../../../src/local/unused.ts';

suite('a platform that nobody uses', () => {
  let ended = 0;

  setup(() => {
    ended = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });

  teardown(() => mock.timers.reset());

  test('ends a minute after its start when no window ever came', () => {
    new Unused(true, () => (ended += 1)).start();
    mock.timers.tick(59_999);
    assert.equal(ended, 0);
    mock.timers.tick(1);
    assert.equal(ended, 1);
  });

  test('ends ten seconds after the last window went, unless another one comes', () => {
    const unused = new Unused(true, () => (ended += 1));
    unused.start();
    unused.watchers(1);
    mock.timers.tick(100_000);
    unused.watchers(0);
    mock.timers.tick(9000);
    unused.watchers(1);
    mock.timers.tick(100_000);
    assert.equal(ended, 0);
    unused.watchers(0);
    mock.timers.tick(10_000);
    assert.equal(ended, 1);
  });

  test('stays when it was not asked to end', () => {
    const unused = new Unused(false, () => (ended += 1));
    unused.start();
    unused.watchers(0);
    mock.timers.tick(1_000_000);
    assert.equal(ended, 0);
  });
});
