import assert from 'node:assert/strict';
import { DoError } from '../../../../src/core/errors.ts';
import {
  parseManifest,
  withClass,
  withMovedSources,
  withoutClass,
} from '../../../../src/core/model/manifestFile.ts';

const COMMENTED = `// Our rooms.
{
    "$schema": "./schema.json",
    /* keep */
    "team": ["chat"],
    "classes": {
        // the main one
        "chat-room": { "source": "durable-objects/chat-room.ts", "accessMode": "public" },
    },
}
`;

suite('manifest file', () => {
  test('reads classes, with comments, trailing commas and other keys beside them', () => {
    assert.deepEqual(parseManifest(COMMENTED), {
      ok: true,
      manifest: {
        classes: { 'chat-room': { source: 'durable-objects/chat-room.ts', accessMode: 'public' } },
      },
    });
  });

  test('an empty file and a file with only a BOM have no classes', () => {
    assert.deepEqual(parseManifest(''), { ok: true, manifest: { classes: {} } });
    assert.deepEqual(parseManifest('\uFEFF \n'), { ok: true, manifest: { classes: {} } });
  });

  test('without an access mode a class is authenticated, as on the platform', () => {
    const parsed = parseManifest('{"classes":{"a":{"source":".\\\\durable-objects\\\\a.ts"}}}');
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.manifest.classes['a'], {
      source: 'durable-objects/a.ts',
      accessMode: 'authenticated',
    });
  });

  test('says what is wrong and where', () => {
    const problems: [string, RegExp][] = [
      ['{"classes":{"a":{"source":"a.ts"}', /line 1, column 34/],
      ['{\n  "classes" {}\n}', /colon expected in line 2, column 13/],
      ['[]', /must be an object/],
      ['{"classes":[]}', /"classes" must be an object/],
      ['{"classes":{"a":"a.ts"}}', /"a" must be an object/],
      ['{"classes":{"a":{}}}', /"a" has no "source"/],
      ['{"classes":{"a":{"source":"../x.ts"}}}', /not inside this folder/],
      ['{"classes":{"a":{"source":"/x.ts"}}}', /not inside this folder/],
      ['{"classes":{"a":{"source":"C:\\\\x.ts"}}}', /not inside this folder/],
      ['{"classes":{"a":{"source":"x.ts","accessMode":"open"}}}', /access mode of "a"/],
    ];
    for (const [text, expected] of problems) {
      const parsed = parseManifest(text);
      assert.ok(!parsed.ok, text);
      assert.match(parsed.problem, expected);
    }
  });

  test('the first class makes the manifest', () => {
    assert.equal(
      withClass(undefined, 'counter', { source: 'durable-objects/counter.ts', accessMode: 'authenticated' }),
      `{
  "classes": {
    "counter": {
      "source": "durable-objects/counter.ts",
      "accessMode": "authenticated"
    }
  }
}
`,
    );
  });

  test('an edit keeps comments, other keys and the indentation', () => {
    const edited = withClass(COMMENTED, 'counter', { source: 'x/counter.ts', accessMode: 'public' });
    for (const kept of [
      '// Our rooms.',
      '/* keep */',
      '"team": ["chat"]',
      '// the main one',
      './schema.json',
    ]) {
      assert.ok(edited.includes(kept), kept);
    }
    assert.match(edited, /\n {8}"counter": \{\n {12}"source": "x\/counter\.ts"/);
    const parsed = parseManifest(edited);
    assert.ok(parsed.ok);
    assert.deepEqual(Object.keys(parsed.manifest.classes), ['chat-room', 'counter']);
  });

  test('keys of others inside a class survive a change of its access mode', () => {
    const text = '{"classes":{"a":{"source":"a.ts","owner":"me","accessMode":"public"}}}';
    const edited = withClass(text, 'a', { source: 'a.ts', accessMode: 'service_key' });
    assert.equal(edited, '{"classes":{"a":{"source":"a.ts","owner":"me","accessMode":"service_key"}}}');
  });

  test('keeps CRLF, tabs and a BOM', () => {
    const text = '\uFEFF{\r\n\t"classes": {}\r\n}\r\n';
    const edited = withClass(text, 'a', { source: 'a.ts', accessMode: 'public' });
    assert.ok(edited.startsWith('\uFEFF{\r\n\t"classes"'));
    assert.ok(!/[^\r]\n/.test(edited));
    assert.ok(edited.includes('\r\n\t\t"a"'));
  });

  test('removes one class and nothing else', () => {
    const edited = withoutClass(
      withClass(COMMENTED, 'counter', { source: 'c.ts', accessMode: 'public' }),
      'counter',
    );
    const parsed = parseManifest(edited);
    assert.ok(parsed.ok);
    assert.deepEqual(Object.keys(parsed.manifest.classes), ['chat-room']);
    assert.equal(withoutClass(COMMENTED, 'unknown'), COMMENTED);
    const one = withClass(undefined, 'counter', { source: 'c.ts', accessMode: 'public' });
    assert.equal(withoutClass(one, 'counter'), '{\n  "classes": {}\n}\n');
  });

  test('a class may be called like a member of every object', () => {
    const entry = { source: 'constructor.ts', accessMode: 'public' } as const;
    const edited = withClass('{}', 'constructor', entry);
    const parsed = parseManifest(edited);
    assert.ok(parsed.ok);
    assert.deepEqual(Object.entries(parsed.manifest.classes), [['constructor', entry]]);
    assert.equal(withoutClass('{}', 'constructor'), '{}');
  });

  test('follows moved files', () => {
    const edited = withMovedSources(COMMENTED, (source) =>
      source === 'durable-objects/chat-room.ts' ? 'durable-objects/rooms/chat.ts' : undefined,
    );
    assert.ok(edited.includes('"source": "durable-objects/rooms/chat.ts", "accessMode": "public"'));
    assert.equal(
      withMovedSources(COMMENTED, () => undefined),
      COMMENTED,
    );
  });

  test('a broken manifest is never edited', () => {
    const broken = '{"classes": {';
    for (const edit of [
      () => withClass(broken, 'a', { source: 'a.ts', accessMode: 'public' }),
      () => withoutClass(broken, 'a'),
      () => withMovedSources(broken, () => 'b.ts'),
    ]) {
      assert.throws(edit, (error: unknown) => error instanceof DoError && error.code === 'BAD_CONFIG');
    }
  });
});
