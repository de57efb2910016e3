import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import type { Finding, Range } from '../../../../src/core/rules/finding.ts';
import { movedFindings, type TextChange } from '../../../../src/core/rules/movedFindings.ts';
import { LineIndex } from '../../../../src/core/source/lineIndex.ts';

const BEFORE = 'const a = 1;\nconst marked = 2;\nconst b = 3;\n';

suite('findings that follow edits', () => {
  test('edits before, beside and behind a finding', () => {
    assert.equal(after('const a', '// one\n// two\nconst a'), 'marked');
    assert.equal(after('= 1', '='), 'marked');
    assert.equal(after('1;\nconst', '1;\nlet'), 'marked');
    assert.equal(after(' = 2', ' = 20'), 'marked');
    assert.equal(after('b = 3', 'c = 3'), 'marked');
  });

  test('edits inside of it, and of all of it', () => {
    assert.equal(after('ark', 'a\nk'), 'ma\nked');
    assert.equal(after('marked', 'other'), undefined);
    assert.equal(after(BEFORE, ''), undefined);
  });

  test('places in other files that refer to the edited one move; those files themselves stay', () => {
    const finding = {
      ...of(rangeOf(BEFORE, 'b')),
      related: [{ uri: 'a', range: rangeOf(BEFORE, 'marked'), message: '' }],
    };
    const changes = [{ range: rangeOf(BEFORE, 'const a'), text: '\n\n' }];
    const [moved] = movedFindings('b', [finding], { uri: 'a', changes });
    assert.deepEqual(moved?.range, finding.range);
    assert.equal(moved.related?.[0]?.range.start.line, 3);
    const same = [of(finding.range)];
    assert.equal(movedFindings('b', same, { uri: 'a', changes }), same);
  });

  test('a finding that no edit touches covers the same text ever after', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.string({ maxLength: 8 })), { maxLength: 6 }),
        (edits) => {
          let text = BEFORE;
          let findings: readonly Finding[] = [of(rangeOf(text, 'marked'))];
          for (const [at, length, written] of edits) {
            const start = at % (text.length + 1);
            const mark = text.indexOf('marked');
            const end = Math.min(start + length, text.length);
            if (start < mark + 6 && end > mark) continue;
            if (start > mark && start < mark + 6) continue;
            const lines = new LineIndex(text);
            const range = { start: lines.positionAt(start), end: lines.positionAt(end) };
            // What stands between CR and LF is in no line of an editor.
            const next = text.slice(0, start) + written + text.slice(end);
            if (/[\r]/.test(next) || next.indexOf('marked') !== next.lastIndexOf('marked')) continue;
            findings = movedFindings('a', findings, { uri: 'a', changes: [{ range, text: written }] });
            text = next;
          }
          const [finding] = findings;
          assert.equal(finding && covered(text, finding.range), 'marked');
        },
      ),
    );
  });
});

/** What the finding of `marked` covers after `part` of the text became `text`. */
function after(part: string, text: string): string | undefined {
  const change: TextChange = { range: rangeOf(BEFORE, part), text };
  const edited = BEFORE.replace(part, text);
  const [finding] = movedFindings('a', [of(rangeOf(BEFORE, 'marked'))], { uri: 'a', changes: [change] });
  return finding && covered(edited, finding.range);
}

function covered(text: string, { start, end }: Range): string {
  const lines = new LineIndex(text);
  return text.slice(lines.offsetAt(start), lines.offsetAt(end));
}

function rangeOf(text: string, part: string): Range {
  const lines = new LineIndex(text);
  const at = text.indexOf(part);
  return { start: lines.positionAt(at), end: lines.positionAt(at + part.length) };
}

function of(range: Range): Finding {
  return { rule: 'r', code: 'r', severity: 'error', message: 'm', range, fixes: [] };
}
