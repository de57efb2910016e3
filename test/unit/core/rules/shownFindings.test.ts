import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import { isBroken, sameness } from '../../../../src/core/rules/certainFindings.ts';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { Finding } from '../../../../src/core/rules/finding.ts';
import { ShownFindings } from '../../../../src/core/rules/shownFindings.ts';
import { LineIndex } from '../../../../src/core/source/lineIndex.ts';

const URI = 'file:///counter.ts';

/** Each line ends where something can be written: at the top level, between members, in a method. */
const SOURCE = [
  "import fs from 'node:fs';",
  "import { DurableObject } from 'cloudflare:workers';",
  'const start = Date.now();',
  'export class Counter extends DurableObject {',
  '  fetch() {',
  "    const count = eval('1');",
  '    return new Response(process.env.COUNT ?? count);',
  '  }',
  '}',
  '',
].join('\n');

const WRITTEN = [
  ' // one { two',
  ' const text = `a ${[1, 2].map((n) => `${n}`).join("}")} b`;',
  ' function helper({ a, b }: { a: string; b?: number }) { return a + (b ?? "{"); }',
  ' if (globalThis.x) { throw new Error("no"); } else { /* nothing */ }',
  ' export class Second { fetch() {} }',
  ' class { broken',
  ' @ # \\ ) } ] `',
  ' enum Colour { Red = 1 << 2, Green }',
  " import { WorkerEntrypoint } from 'cloudflare:workers';",
  ' let x = a < b > (c);',
];

/** One key: a character that is written, or Backspace. */
interface Key {
  readonly at: number;
  readonly removed: number;
  readonly written: string;
}

suite('findings that are shown while one types', () => {
  test('cover the text that they are about, at any moment', () => {
    forAllTyping((keys, answers) => {
      const editor = new Editor(SOURCE);
      keys.forEach((key, index) => {
        const before = editor.shown().map((finding) => editor.marked(finding));
        const isBeside = editor.press(key);
        const after = editor.shown().map((finding) => editor.marked(finding));
        if (isBeside) assert.deepEqual(after, before);
        if (answers.has(index)) editor.answer();
        for (const { range, rule } of editor.shown())
          assert.ok(
            editor.isInText(range.start) && editor.isInText(range.end),
            `${rule} points beyond the text`,
          );
      });
    });
  });

  test('stay while the text does not parse when they stand on a text that nobody touches', () => {
    const steady = ['disallowed-import', 'dynamic-code', 'node-global'];
    forAllTyping((keys, answers) => {
      const editor = new Editor(SOURCE);
      keys.forEach((key, index) => {
        editor.press(key);
        if (answers.has(index)) editor.answer();
        const shown = new Set(editor.shown().map(({ rule }) => rule));
        for (const rule of steady) assert.ok(shown.has(rule), `${rule} after ${JSON.stringify(editor.text)}`);
      });
    });
  });

  test('that a broken text made uncertain come back when it parses, and do not flicker until then', () => {
    forAllTyping((keys, answers) => {
      const editor = new Editor(SOURCE);
      let lost = new Set<string>();
      let before = editor.certain();
      keys.forEach((key, index) => {
        editor.press(key);
        if (!answers.has(index)) return;
        const isParsed = !isBroken(editor.answer());
        const shown = editor.certain();
        if (isParsed) lost = new Set();
        for (const each of shown) assert.ok(!lost.has(each), `${each} flickers`);
        for (const each of before) if (!shown.has(each) && !isParsed) lost.add(each);
        before = shown;
      });
    });
  });

  test('are what the text has, once it parses and the answer is there', () => {
    forAllTyping((keys) => {
      const editor = new Editor(SOURCE);
      for (const key of keys) editor.press(key);
      const found = editor.answer();
      if (!isBroken(found)) assert.deepEqual(editor.shown(), found);
    });
  });

  test('of a text that was written in are not kept by a text that broke elsewhere', () => {
    const editor = new Editor(SOURCE);
    editor.press({ at: SOURCE.length, removed: 0, written: 'class {' });
    editor.answer();
    assert.ok(editor.rules().includes('disallowed-import'));
    const at = SOURCE.indexOf('node:fs');
    editor.press({ at, removed: 'node:fs'.length, written: 'cloudflare:workers' });
    assert.ok(editor.rules().includes('disallowed-import'), 'until the answer is there it may be right');
    editor.answer();
    assert.ok(!editor.rules().includes('disallowed-import'));
  });

  test('of a file that nobody knows are none', () => {
    const shown = new ShownFindings();
    assert.equal(shown.of(URI), undefined);
    assert.equal(shown.forget(URI), false);
    shown.answered(URI, 1, []);
    assert.deepEqual([...shown.all()], [[URI, []]]);
    assert.equal(shown.forget(URI), true);
    assert.deepEqual(shown.edited({ uri: URI, changes: [] }), []);
  });
});

/** Somebody writes at the ends of lines and takes some of it back; the linter answers now and then. */
function forAllTyping(check: (keys: readonly Key[], answers: ReadonlySet<number>) => void): void {
  const typing = fc.tuple(fc.nat(SOURCE.split('\n').length - 2), fc.constantFrom(...WRITTEN), fc.nat(40));
  const often = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(fc.array(typing, { minLength: 1, maxLength: 2 }), often, (typed, when) => {
      // From below upwards, so that nothing that was written moves the places of what follows.
      const upwards = typed.toSorted(([a], [b]) => b - a);
      const keys = upwards.flatMap(([line, written, taken]) => keysOf(line, written, taken));
      check(
        keys,
        new Set(keys.flatMap((_key, index) => (when[index % when.length] === true ? [index] : []))),
      );
    }),
    { numRuns: 25 },
  );
}

function keysOf(line: number, written: string, taken: number): Key[] {
  const at = SOURCE.split('\n')
    .slice(0, line + 1)
    .join('\n').length;
  const forth = Array.from(written, (character, index) => ({
    at: at + index,
    removed: 0,
    written: character,
  }));
  const count = Math.min(taken, forth.length);
  const back = Array.from({ length: count }, (_each, index) => ({
    at: at + forth.length - 1 - index,
    removed: 1,
    written: '',
  }));
  return [...forth, ...back];
}

/** A text that is edited, and what is shown of it. */
class Editor {
  text: string;
  readonly #shown = new ShownFindings();
  #version = 1;
  #lines: LineIndex;

  constructor(text: string) {
    this.text = text;
    this.#lines = new LineIndex(text);
    this.answer();
  }

  /** @returns whether no finding has its text there */
  press({ at, removed, written }: Key): boolean {
    const range = { start: this.#lines.positionAt(at), end: this.#lines.positionAt(at + removed) };
    const isBeside = this.shown().every((finding) => {
      const [start, end] = [finding.range.start, finding.range.end].map((each) => this.#lines.offsetAt(each));
      return at + removed <= (start ?? 0) || at >= (end ?? 0);
    });
    this.text = this.text.slice(0, at) + written + this.text.slice(at + removed);
    this.#lines = new LineIndex(this.text);
    this.#version += 1;
    this.#shown.edited({ uri: URI, changes: [{ range, text: written }] });
    return isBeside;
  }

  /** The linter's answer about the text as it is. */
  answer(): readonly Finding[] {
    const file = { uri: URI, name: 'counter', accessMode: 'public' as const, text: this.text };
    const found = lintApp({ files: [file], deployed: [], envKeys: undefined }).get(URI) ?? [];
    this.#shown.answered(URI, this.#version, found);
    return found;
  }

  shown(): readonly Finding[] {
    return this.#shown.of(URI)?.findings ?? [];
  }

  /** What is shown beside the places where the text breaks. */
  certain(): Set<string> {
    return new Set(
      this.shown()
        .filter(({ repaired }) => repaired !== true)
        .map(sameness),
    );
  }

  rules(): string[] {
    return this.shown().map(({ rule }) => rule);
  }

  marked({ range }: Finding): string {
    return this.text.slice(this.#lines.offsetAt(range.start), this.#lines.offsetAt(range.end));
  }

  isInText(position: Finding['range']['start']): boolean {
    const { line, character } = this.#lines.positionAt(this.#lines.offsetAt(position));
    return line === position.line && character === position.character;
  }
}
