import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CLEAN, filesOf, IMPORTING, LintFolder, type Row } from './lintFolder.ts';

suite('command line: which files are linted', function () {
  this.timeout(60_000);
  const folder = new LintFolder();

  setup(() => folder.begin());
  suiteTeardown(() => folder.remove());

  function rulesOf(found: readonly Row[]): string[] {
    return found.filter(({ severity }) => severity === 'error').map(({ file, rule }) => `${file} ${rule}`);
  }

  test('names and modes come from the nearest manifest, or from the one that is given', () => {
    folder.manifest({ Bad_Name: 'src/a.ts' });
    folder.manifest({ 'good-name': 'src/a.ts' }, 'other.json');
    folder.write('src/a.ts', CLEAN);
    assert.deepEqual(rulesOf(folder.rows(['src/a.ts'])), ['src/a.ts invalid-name']);
    assert.deepEqual(rulesOf(folder.rows(['--manifest', 'other.json', 'src/a.ts'])), []);
  });

  test("the app's other classes are looked at, and not reported", () => {
    folder.manifest({ a: 'a.ts', b: 'b.ts', gone: 'gone.ts' });
    folder.write('a.ts', `const MAX = 1;\n${CLEAN}`);
    folder.write('b.ts', `const MAX = 2;\n${CLEAN.replace('A', 'B')}`);
    const ran = folder.lint(['--format', 'json', 'a.ts']);
    assert.deepEqual(rulesOf(JSON.parse(ran.out) as Row[]), ['a.ts duplicate-top-level-name']);
    assert.deepEqual([ran.code, ran.err], [1, ''], 'a file that nobody named may be missing');
  });

  test('without files, those of the manifest, from a folder below too', () => {
    folder.manifest({ a: 'durable-objects/a.ts', b: 'b.ts' });
    folder.write('durable-objects/a.ts', IMPORTING);
    folder.write('durable-objects/other.ts', IMPORTING);
    folder.write('b.ts', IMPORTING.replace('A', 'B'));
    assert.deepEqual(filesOf(folder.rows([])), ['durable-objects/a.ts', 'b.ts']);
    const below = filesOf(folder.rows([], { below: 'durable-objects' }));
    assert.deepEqual(below, ['a.ts', `${folder.path}/b.ts`]);
    folder.manifest({ a: 'durable-objects/a.ts' }, 'one.json');
    assert.deepEqual(filesOf(folder.rows(['--manifest', 'one.json'])), ['durable-objects/a.ts']);
  });

  test('a manifest that names a file that is not there, or no file', () => {
    folder.manifest({ a: 'a.ts', gone: 'gone.ts' });
    folder.write('a.ts', CLEAN);
    const missing = 'gone.ts: there is no such file, but the manifest names it for the class gone.\n';
    for (const args of [[], ['.']]) {
      assert.deepEqual(folder.lint(args), { code: 2, out: '1 file, no findings.\n', err: missing });
    }
    folder.manifest({});
    const { code, out, err } = folder.lint([]);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^Error: Name the files to lint; .*durable-objects\.json has no class\.\n/);
  });

  test('a manifest that cannot be read is said once; the files keep the names of their files', () => {
    folder.write('.butterbase/durable-objects.json', '{ "classes": ');
    folder.write('a.ts', IMPORTING);
    folder.write('b.ts', CLEAN.replace('A', 'B'));
    const { code, out, err } = folder.lint(['--format', 'json', 'a.ts', 'b.ts']);
    assert.equal(code, 2);
    assert.match(err, /^.*durable-objects\.json cannot be read.*\n$/);
    assert.deepEqual(filesOf(JSON.parse(out) as Row[]), ['a.ts']);
    const alone = folder.lint([]);
    assert.deepEqual([alone.code, alone.out], [2, '']);
    assert.match(alone.err, /durable-objects\.json cannot be read/);
    const missing = folder.lint(['--manifest', 'missing.json', 'a.ts']);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /missing\.json: there is no such file\./);
    assert.match(folder.lint(['--manifest', '.', 'a.ts']).err, /: this is a folder\./);
  });

  test('a folder stands for its durable-objects folders, else for the files in it', () => {
    folder.write('app/durable-objects/a.ts', IMPORTING);
    folder.write('app/durable-objects/env.d.ts', 'interface Env {}');
    folder.write('app/other.ts', IMPORTING);
    folder.write('app/node_modules/x/durable-objects/b.ts', IMPORTING);
    folder.write('plain/c.ts', IMPORTING);
    folder.write('plain/deeper/d.ts', IMPORTING);
    assert.deepEqual(filesOf(folder.rows(['app'])), ['app/durable-objects/a.ts']);
    assert.deepEqual(filesOf(folder.rows(['plain/'])), ['plain/c.ts']);
    assert.deepEqual(filesOf(folder.rows(['.'], { below: 'app' })), ['durable-objects/a.ts']);
  });

  test('a pattern that no shell expanded', () => {
    for (const path of ['src/a.ts', 'src/deep/b.ts', 'src/c.d.ts', 'src/notes.md', 'lib/d.ts', '[e].ts']) {
      folder.write(path, IMPORTING);
    }
    folder.write('src/node_modules/x/f.ts', IMPORTING);
    const cases: readonly (readonly [pattern: string, files: readonly string[]])[] = [
      ['src/*', ['src/a.ts']],
      ['src/**/*.ts', ['src/a.ts', 'src/deep/b.ts']],
      ['./src/?.ts', ['src/a.ts']],
      ['{src,lib}/[a-d].ts', ['src/a.ts', 'lib/d.ts']],
      [`${folder.path}/l*/*.ts`, [`${folder.path}/lib/d.ts`]],
      ['[e].ts', ['[e].ts']],
    ];
    for (const [pattern, files] of cases) assert.deepEqual(filesOf(folder.rows([pattern])), files, pattern);
    const none = folder.lint(['src/*.tsx', '[z-a].ts', 'nowhere/*.ts']);
    assert.deepEqual([none.code, none.out], [2, '']);
    assert.deepEqual(none.err.trimEnd().split('\n'), [
      'src/*.tsx: no TypeScript file matches.',
      '[z-a].ts: no TypeScript file matches.',
      'nowhere/*.ts: no TypeScript file matches.',
    ]);
  });

  test('a file that is named twice, or by links, is linted once', function () {
    if (process.platform === 'win32') this.skip();
    folder.write('src/a.ts', IMPORTING);
    mkdirSync(join(folder.path, 'durable-objects'));
    symlinkSync('../src/a.ts', join(folder.path, 'durable-objects', 'room.ts'));
    symlinkSync('.', join(folder.path, 'round'));
    symlinkSync('nowhere.ts', join(folder.path, 'durable-objects', 'dangling.ts'));
    const twice = folder.rows([
      'src/a.ts',
      './src/a.ts',
      join(folder.path, 'src/a.ts'),
      'src',
      'round/src/a.ts',
    ]);
    assert.deepEqual(rulesOf(twice), ['src/a.ts disallowed-import']);
    assert.deepEqual(rulesOf(folder.rows(['.'])), ['durable-objects/room.ts disallowed-import']);
    const dangling = folder.lint(['durable-objects/dangling.ts']);
    assert.deepEqual(
      [dangling.code, dangling.err],
      [2, 'durable-objects/dangling.ts: there is no such file.\n'],
    );
    folder.manifest({ Bad_Name: 'src/a.ts' });
    const byLink = rulesOf(folder.rows(['round/src/a.ts', 'durable-objects/room.ts']));
    assert.ok(
      byLink.includes('round/src/a.ts invalid-name'),
      'the manifest knows the file that a link leads to',
    );
  });

  test('files outside of the folder, and names of all kinds', () => {
    const names = [
      '-a.ts',
      'my room.ts',
      'räum😀.ts',
      ...(process.platform === 'win32' ? [] : ['li\nne.ts']),
    ];
    folder.write('app/here.txt', '');
    for (const name of names) folder.write(`app/${name}`, IMPORTING);
    const outside = folder.write('outside.ts', IMPORTING);
    const found = filesOf(folder.rows(['../outside.ts', '--', ...names], { below: 'app' }));
    assert.deepEqual(found, ['../outside.ts', ...names]);
    assert.deepEqual(filesOf(folder.rows([outside], { below: 'app' })), [outside.replaceAll('\\', '/')]);
    const dash = folder.lint(['-a.ts'], { below: 'app' });
    assert.deepEqual([dash.code, dash.out], [2, '']);
    const shown = folder.lint(['--', ...names, 'no\nsuch\u001B[2J.ts'], { below: 'app' });
    assert.equal(shown.err, 'no\uFFFDsuch\uFFFD[2J.ts: there is no such file.\n');
    if (process.platform !== 'win32') assert.match(shown.out, /^li\uFFFDne\.ts:1:15 error/m);
  });

  test('a file that cannot be linted is said, the others are linted all the same', () => {
    folder.write('a.ts', IMPORTING);
    folder.write('binary.ts', Buffer.from([0x65, 0x00, 0x78]));
    folder.write('latin.ts', Buffer.from([0x65, 0xe9, 0x78]));
    folder.write('utf16.ts', Buffer.from(`\uFEFF${CLEAN}`, 'utf16le'));
    mkdirSync(join(folder.path, 'empty'));
    const files = ['missing.ts', 'binary.ts', 'latin.ts', 'utf16.ts', 'empty', 'a.ts/b.ts', 'a.ts'];
    const { code, out, err } = folder.lint(['--format', 'json', ...files]);
    assert.equal(code, 2);
    assert.deepEqual(err.trimEnd().split('\n').sort(), [
      'a.ts/b.ts: there is no such file.',
      'binary.ts: this is a binary file, not TypeScript.',
      'empty: there is no TypeScript file in this folder.',
      'latin.ts: this is not UTF-8 text.',
      'missing.ts: there is no such file.',
      'utf16.ts: this is UTF-16 text; save it as UTF-8.',
    ]);
    assert.deepEqual(filesOf(JSON.parse(out) as Row[]), ['a.ts']);
  });

  // For the root user, and for Windows, nothing is closed.
  if (process.platform !== 'win32' && process.getuid?.() !== 0) {
    test('a file that may not be read', () => {
      chmodSync(folder.write('secret.ts', CLEAN), 0);
      const { code, err } = folder.lint(['secret.ts']);
      assert.deepEqual([code, err], [2, 'secret.ts: this user may not read it.\n']);
    });
  }

  test('an empty file has no class; a byte order mark moves nothing', () => {
    folder.write('empty.ts', '');
    folder.write('marked.ts', `\uFEFF${IMPORTING}`);
    assert.deepEqual(rulesOf(folder.rows(['empty.ts'])), ['empty.ts no-exported-class']);
    const [found] = folder.rows(['marked.ts']);
    assert.deepEqual(found?.range.start, { line: 0, character: 14 });
  });

  test('more classes than an app can have', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) folder.write(`${name}.ts`, CLEAN.replace('A', name.toUpperCase()));
    const five = names.slice(0, 5).map((name) => `${name}.ts`);
    assert.deepEqual(rulesOf(folder.rows(five)), []);
    assert.deepEqual(new Set(folder.rows(['.']).map(({ rule }) => rule)), new Set(['too-many-classes']));
    folder.manifest(Object.fromEntries(names.map((name) => [name, `${name}.ts`])));
    assert.deepEqual(rulesOf(folder.rows(['f.ts'])), ['f.ts too-many-classes'], 'with those of the manifest');
  });
});
