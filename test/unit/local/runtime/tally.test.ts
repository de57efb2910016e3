import assert from 'node:assert/strict';
import { addTallies, EMPTY_TALLY, readTally } from '../../../../src/local/runtime/tally.ts';

suite('counts of requests', () => {
  test('add up by class and instance', () => {
    const sum = addTallies(
      { requests: 3, instances: { room: { a: 1, b: 2 } } },
      { requests: 4, instances: { room: { b: 1 }, counter: { x: 3 } } },
    );
    assert.deepEqual(JSON.parse(JSON.stringify(sum)), {
      requests: 7,
      instances: { room: { a: 1, b: 3 }, counter: { x: 3 } },
    });
    assert.deepEqual(addTallies(EMPTY_TALLY, sum), sum);
  });

  test('take any instance name', () => {
    const odd = readTally('{"requests":2,"instances":{"room":{"__proto__":1,"constructor":1}}}');
    const sum = addTallies(odd, odd);
    assert.deepEqual(Object.entries(sum.instances['room'] ?? {}), [
      ['__proto__', 2],
      ['constructor', 2],
    ]);
  });

  test('are refused when they are none', () => {
    for (const text of ['', '[]', '{"requests":"1","instances":{}}', 'forbidden'])
      assert.throws(() => readTally(text));
  });
});
