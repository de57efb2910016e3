import assert from 'node:assert/strict';
import { firstSentence, parsePosition } from '../../../../src/ui/diagnostics/sourcePosition.ts';

suite('positions in errors of a platform', () => {
  test('the place, zero-based, and what the runtime said', () => {
    const error =
      'Cloudflare rejected the Durable Object migration. Original error: CF API error (400) /workers/x: [10021] ' +
      'Uncaught ReferenceError: foo is not defined\n  at chat-room.ts:71:15';
    assert.deepEqual(parsePosition(error), {
      name: 'chat-room',
      line: 70,
      character: 14,
      message: 'Uncaught ReferenceError: foo is not defined',
    });
  });

  test('a line alone, brackets, and nothing before it', () => {
    assert.deepEqual(parsePosition('Uncaught Error: x (a.ts:3)'), {
      name: 'a',
      line: 2,
      character: 0,
      message: 'Uncaught Error: x',
    });
    assert.equal(parsePosition('a.ts:3:1 is wrong')?.message, 'a.ts:3:1 is wrong');
  });

  test('places of generated code and of other files are none', () => {
    assert.equal(parsePosition('Uncaught SyntaxError: x\n  at worker.mjs:81:6'), undefined);
    assert.equal(parsePosition('see src/a.ts:3:1'), undefined);
    assert.equal(parsePosition('no place'), undefined);
  });

  test('a notification has the first sentence', () => {
    assert.equal(
      firstSentence('Uncaught Error: Disallowed operation. Asynchronous I/O (ex: a.b)'),
      'Uncaught Error: Disallowed operation',
    );
    assert.equal(
      firstSentence("Cannot read properties of undefined (reading 'x.y')"),
      "Cannot read properties of undefined (reading 'x.y')",
    );
  });
});
