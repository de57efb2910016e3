import assert from 'node:assert/strict';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { Finding, Fix } from '../../../../src/core/rules/finding.ts';
import type { AppContext, LintInput } from '../../../../src/core/rules/subject.ts';
import { LineIndex } from '../../../../src/core/source/lineIndex.ts';

export const URI = 'file:///app/durable-objects/chat-room.ts';

/** A file of the app, by default the only one. */
export function file(text: string, overrides: Partial<LintInput> = {}): LintInput {
  return { uri: URI, name: 'chat-room', accessMode: 'public', text, ...overrides };
}

/** Findings of one file that is an app of its own; with `rule`, those of that rule. */
export function lintOne(text: string, rule?: string, context: Partial<AppContext> = {}): Finding[] {
  const input = file(text);
  const found = lintApp({ files: [input], deployed: [], envKeys: undefined, ...context }).get(URI) ?? [];
  return found.filter((finding) => rule === undefined || finding.rule === rule);
}

/** Findings of one file that is an app of its own, which say that a deploy of it would fail. */
export function errorsIn(text: string, context: Partial<AppContext> = {}): Finding[] {
  return lintOne(text, undefined, context).filter((finding) => finding.severity === 'error');
}

/** The piece of the text that a finding points to. */
export function markedText(text: string, finding: Finding | undefined): string {
  assert.ok(finding, 'there is a finding');
  const lines = new LineIndex(text);
  return text.slice(lines.offsetAt(finding.range.start), lines.offsetAt(finding.range.end));
}

/** The text after a fix, with `name` as what the person answered. */
export function applyFix(text: string, fix: Fix | undefined, name = 'Asked'): string {
  assert.ok(fix, 'there is a fix');
  const lines = new LineIndex(text);
  const edits = fix.edits
    .map((edit) => ({
      start: lines.offsetAt(edit.range.start),
      end: lines.offsetAt(edit.range.end),
      newText: edit.newText.replaceAll('$NAME', name),
    }))
    .sort((a, b) => b.start - a.start);
  edits.reduce((previous, edit) => {
    assert.ok(edit.end <= previous, 'edits do not overlap');
    return edit.start;
  }, text.length);
  return edits.reduce(
    (result, edit) => result.slice(0, edit.start) + edit.newText + result.slice(edit.end),
    text,
  );
}
