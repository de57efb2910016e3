import assert from 'node:assert/strict';
import { visible, withoutCommands } from '../../../../src/cli/output/visible.ts';

suite('text of others on a terminal', () => {
  test('cannot move the cursor, change colours or set the title', () => {
    assert.equal(visible('a\u001B[2Jb\u001B]0;title\u0007c\r'), 'a\uFFFD[2Jb\uFFFD]0;title\uFFFDc\uFFFD');
    assert.equal(visible('line\n\ttab ü 😀'), 'line\n\ttab ü 😀');
    assert.equal(visible('a\u202Eb'), 'a\uFFFDb');
  });

  test('is no command to a GitHub workflow', () => {
    for (const text of ['::set-output name=x::y', '  ::add-mask::a', 'a\n::error::b', 'a ##[error]b']) {
      assert.doesNotMatch(withoutCommands(text), /^\s*::|##\[/m);
    }
    assert.equal(withoutCommands('a::b and std::vector'), 'a::b and std::vector');
  });
});
