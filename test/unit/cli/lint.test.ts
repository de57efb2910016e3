import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

const CLEAN = "export class A {\n  fetch(): Response {\n    return new Response('ok');\n  }\n}\n";
const IMPORTING = `import z from 'zod';\n${CLEAN}`;
/** Found to be worth a word, no more. */
const EXPORTING = `${CLEAN}export const list = [];\n`;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Row {
  readonly file: string;
  readonly rule: string;
  readonly severity: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  readonly fixable: boolean;
}

suite('command line: lint', function () {
  this.timeout(30_000);
  let folder: string;

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'bb-lint-'));
  });

  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  function lint(...args: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'lint', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    return { code: status, out: stdout, err: stderr };
  }

  function rows(...args: readonly string[]): Row[] {
    return JSON.parse(lint('--format', 'json', ...args).out) as Row[];
  }

  test('a file without a finding ends with 0 and says so', () => {
    write('room.ts', CLEAN);
    assert.deepEqual(lint('room.ts'), { code: 0, out: '1 file, no findings.\n', err: '' });
    assert.equal(lint('--format', 'json', 'room.ts').out, '[]\n');
  });

  test('an error ends with 1, information with 0', () => {
    write('a.ts', IMPORTING);
    write('b.ts', EXPORTING.replace('A', 'B'));
    assert.equal(lint('a.ts', 'b.ts').code, 1);
    assert.equal(lint('b.ts').code, 0);
  });

  test('json: zero-based places in the order of the file', () => {
    write('a.ts', `const 𝐱 = '😀'; export const limit = 5;\n${IMPORTING}`);
    const found = rows('./a.ts');
    assert.deepEqual(
      found.map(({ file, rule, severity, range, fixable }) => [file, rule, severity, range, fixable]),
      [
        [
          './a.ts',
          'extra-export',
          'error',
          { start: { line: 0, character: 30 }, end: { line: 0, character: 35 } },
          true,
        ],
        [
          './a.ts',
          'disallowed-import',
          'error',
          { start: { line: 1, character: 14 }, end: { line: 1, character: 19 } },
          true,
        ],
      ],
    );
  });

  test('github: values cannot end their command or start another one', () => {
    write('a,b:c%.ts', "import z from 'z%0A';\nimport y from 'y';\nexport class A { fetch() {} }");
    const { out } = lint('--format', 'github', 'a,b:c%.ts');
    const [first, second] = out.split('\n');
    assert.match(
      first ?? '',
      /^::error file=a%2Cb%3Ac%25\.ts,line=1,endLine=1,col=15,endColumn=21,title=disallowed-import::.*'z%250A'/,
    );
    assert.match(second ?? '', /^::error file=.*line=2,/);
  });

  test('sarif: what code scanning needs', () => {
    write('my room.ts', EXPORTING);
    write('a.ts', IMPORTING.replace('A', 'B'));
    const log = JSON.parse(lint('--format', 'sarif', 'my room.ts', 'a.ts').out) as Sarif;
    assert.equal(log.version, '2.1.0');
    const [run] = log.runs;
    assert.ok(run);
    assert.deepEqual(
      run.results.map(({ ruleId, level, locations: [at] }) => [ruleId, level, at?.physicalLocation]),
      [
        [
          'extra-export',
          'note',
          {
            artifactLocation: { uri: 'my%20room.ts', uriBaseId: '%SRCROOT%', index: 0 },
            region: { startLine: 6, startColumn: 14, endLine: 6, endColumn: 18 },
          },
        ],
        [
          'disallowed-import',
          'error',
          {
            artifactLocation: { uri: 'a.ts', uriBaseId: '%SRCROOT%', index: 1 },
            region: { startLine: 1, startColumn: 15, endLine: 1, endColumn: 20 },
          },
        ],
      ],
    );
    for (const { ruleId, ruleIndex, message } of run.results) {
      assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.notEqual(message.text, '');
    }
    for (const { id, helpUri } of run.tool.driver.rules) assert.ok(new URL(helpUri).pathname.endsWith(id));
  });

  test('pretty: the line, a mark under it, no colours in a pipe and nothing that moves the cursor', () => {
    write('a.ts', "\tconst a = 1;\n\timport z from '\u001B[2Jz';\nexport class A { fetch() {} }");
    const { out } = lint('a.ts');
    assert.match(out, /^a\.ts:2:16 error .*\[disallowed-import DISALLOWED_IMPORT\]\n/);
    assert.ok(out.includes("  2 | \timport z from '\uFFFD[2Jz';\n    | \t              ^^^^^^"), out);
    assert.ok(!out.includes('\u001B'));
    assert.match(out, /1 error, 0 warnings\. The editor has a fix for 1 of them\.\n$/);
  });

  test('names and modes come from the nearest manifest, or from the one that is given', () => {
    const manifest = (name: string): string =>
      JSON.stringify({ classes: { [name]: { source: 'src/a.ts', accessMode: 'public' } } });
    write('.butterbase/durable-objects.json', manifest('Bad_Name'));
    write('other.json', manifest('good-name'));
    write('src/a.ts', CLEAN);
    assert.ok(rows('src/a.ts').some(({ rule }) => rule === 'invalid-name'));
    assert.ok(!rows('--manifest', 'other.json', 'src/a.ts').some(({ rule }) => rule === 'invalid-name'));
  });

  test("the app's other classes are looked at, and not reported", () => {
    const classes = {
      a: { source: 'a.ts', accessMode: 'public' },
      b: { source: 'b.ts', accessMode: 'public' },
    };
    write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    write('a.ts', `const MAX = 1;\n${CLEAN}`);
    write('b.ts', `const MAX = 2;\n${CLEAN.replace('A', 'B')}`);
    const found = rows('a.ts').filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      found.map(({ file, rule }) => [file, rule]),
      [['a.ts', 'duplicate-top-level-name']],
    );
  });

  test('a folder stands for its durable-objects folders, else for the files in it', () => {
    write('app/durable-objects/a.ts', IMPORTING);
    write('app/durable-objects/env.d.ts', 'interface Env {}');
    write('app/other.ts', IMPORTING);
    write('app/node_modules/x/durable-objects/b.ts', IMPORTING);
    write('plain/c.ts', IMPORTING);
    write('plain/deeper/d.ts', IMPORTING);
    assert.deepEqual(filesOf(rows('app')), ['app/durable-objects/a.ts']);
    assert.deepEqual(filesOf(rows('plain/')), ['plain/c.ts']);
  });

  test('a file that cannot be linted is said, the others are linted all the same', () => {
    write('a.ts', IMPORTING);
    write('binary.ts', Buffer.from([0x65, 0x00, 0x78]));
    write('latin.ts', Buffer.from([0x65, 0xe9, 0x78]));
    mkdirSync(join(folder, 'empty'));
    const { code, out, err } = lint(
      '--format',
      'json',
      'missing.ts',
      'binary.ts',
      'latin.ts',
      'empty',
      'a.ts',
    );
    assert.equal(code, 2);
    assert.deepEqual(err.trimEnd().split('\n').sort(), [
      'binary.ts: this is a binary file, not TypeScript.',
      'empty: there is no TypeScript file in this folder.',
      'latin.ts: this is not UTF-8 text.',
      'missing.ts: there is no such file.',
    ]);
    assert.deepEqual(filesOf(JSON.parse(out) as Row[]), ['a.ts']);
  });

  // For the root user, and for Windows, nothing is closed.
  if (process.platform !== 'win32' && process.getuid?.() !== 0) {
    test('a file that may not be read', () => {
      write('secret.ts', CLEAN);
      chmodSync(join(folder, 'secret.ts'), 0);
      const { code, err } = lint('secret.ts');
      assert.deepEqual([code, err], [2, 'secret.ts: this user may not read it.\n']);
    });
  }

  test('a manifest that cannot be read is said; the files keep the names of their files', () => {
    write('.butterbase/durable-objects.json', '{ "classes": ');
    write('a.ts', IMPORTING);
    const { code, out, err } = lint('--format', 'json', 'a.ts');
    assert.equal(code, 2);
    assert.match(err, /durable-objects\.json cannot be read/);
    assert.deepEqual(filesOf(JSON.parse(out) as Row[]), ['a.ts']);
    assert.equal(lint('--manifest', 'missing.json', 'a.ts').code, 2);
  });

  test('--rule sets a severity', () => {
    write('a.ts', EXPORTING);
    assert.equal(lint('--rule', 'extra-export=error', 'a.ts').code, 1);
    assert.equal(lint('--rule=extra-export=off', 'a.ts').out, '1 file, no findings.\n');
  });

  test('wrong usage ends with 2 and shows how', () => {
    write('a.ts', CLEAN);
    for (const args of [
      [],
      ['--format', 'xml', 'a.ts'],
      ['--format', 'toString', 'a.ts'],
      ['--rule', 'extra-export', 'a.ts'],
      ['--rule', 'extra-export=fatal', 'a.ts'],
      ['--rule', 'no-such-rule=off', 'a.ts'],
      ['--nope', 'a.ts'],
    ]) {
      const { code, out, err } = lint(...args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^.+\n\nUsage: cli lint/, args.join(' '));
    }
    assert.match(lint('--help').out, /^Usage: cli lint/);
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri: string }[] };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly { readonly physicalLocation: unknown }[];
    }[];
  }[];
}

function filesOf(found: readonly Row[]): string[] {
  return [...new Set(found.filter(({ severity }) => severity === 'error').map(({ file }) => file))];
}
