import assert from 'node:assert/strict';
import { loadErrorText, readWorkerdLine } from '../../../../src/local/runtime/workerdLog.ts';

const NOW = 1_000;

function internal(message: string, level = 'error'): string {
  return JSON.stringify({
    timestamp: '1795373664497',
    level,
    source: 'workerd/server/x.rs:1',
    message,
    context_depth: 0,
  });
}

suite('lines of workerd', () => {
  test('are console output when they name no source', () => {
    assert.deepEqual(readWorkerdLine('{"timestamp":1795373664477,"level":"warn","message":"a\\nb"}', NOW), {
      kind: 'line',
      line: { at: 1795373664477, level: 'warn', text: 'a\nb', stream: 'console' },
    });
  });

  test('of module level, where the clock stands still, get the time they came', () => {
    const read = readWorkerdLine('{"timestamp":0,"level":"log","message":"top level"}', NOW);
    assert.ok(read?.kind === 'line');
    assert.equal(read.line.at, NOW);
  });

  const exceptions = [
    [
      'workerd/jsg/value.h:1456: failed: remote.jsg.RangeError: multi\nline',
      'Uncaught RangeError: multi\nline',
    ],
    ['workerd/jsg/value.h:1456: failed: remote.jsg.Error: #<Object>', 'Uncaught Error: #<Object>'],
    ['workerd/io/worker.c++:9: failed: broken.outputGateBroken; jsg.Error: x', 'Uncaught Error: x'],
    ['kj/async.c++:1: overloaded: remote.too many', 'Uncaught too many'],
  ] as const;
  for (const [given, expected] of exceptions) {
    test(`that report an exception say "${expected.split('\n')[0] ?? ''}"`, () => {
      assert.deepEqual(readWorkerdLine(internal(`Uncaught exception: ${given}`), NOW), {
        kind: 'line',
        line: { at: 1795373664497, level: 'error', text: expected, stream: 'exception' },
      });
    });
  }

  test('that name a missing class are kept apart from what people see', () => {
    const text =
      'A DurableObjectNamespace in the config referenced the class "A", but no such Durable Object class is exported from the worker. Please …';
    assert.deepEqual(readWorkerdLine(internal(text, 'warn'), NOW), { kind: 'missingClass', className: 'A' });
  });

  test('that are no JSON are passed on as they are', () => {
    for (const text of ['*** Received signal #6: Aborted', '{"level":', '{"level":"log"}', '{} x']) {
      assert.deepEqual(readWorkerdLine(text, NOW), {
        kind: 'line',
        line: { at: NOW, level: 'error', text, stream: 'runtime' },
      });
    }
    assert.equal(readWorkerdLine(' ', NOW), undefined);
  });

  test('of a class cannot pass for those of workerd', () => {
    const read = readWorkerdLine(
      '{"timestamp":5,"level":"log","message":"Uncaught exception: a: failed: jsg.Error: x"}',
      NOW,
    );
    assert.ok(read?.kind === 'line');
    assert.deepEqual([read.line.stream, read.line.level], ['console', 'log']);
  });

  test('about a load error lose the name of our service', () => {
    assert.equal(
      loadErrorText('service user: Uncaught SyntaxError: x\n  at worker.mjs:8'),
      'Uncaught SyntaxError: x\n  at worker.mjs:8',
    );
  });
});
