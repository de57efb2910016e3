import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { github } from '../../../src/cli/lintFormats/github.ts';
import { hasColours } from '../../../src/cli/output/colours.ts';
import type { Finding, Range } from '../../../src/core/rules/finding.ts';
import { CLEAN, IMPORTING, LintFolder } from './lintFolder.ts';

/** Found to be worth a word, no more. */
const EXPORTING = `${CLEAN}export const list = [];\n`;

/** More output than a pipe holds. */
const MANY_FINDINGS = `${Array.from({ length: 1000 }, (_, at) => `export const limit${at} = ${at};`).join('\n')}\n${CLEAN}`;

suite('command line: lint', function () {
  this.timeout(60_000);
  const folder = new LintFolder();

  setup(() => folder.begin());
  suiteTeardown(() => folder.remove());

  test('a file without a finding ends with 0 and says so', () => {
    folder.write('room.ts', CLEAN);
    assert.deepEqual(folder.lint(['room.ts']), { code: 0, out: '1 file, no findings.\n', err: '' });
    assert.equal(folder.lint(['--format', 'json', 'room.ts']).out, '[]\n');
  });

  test('an error ends with 1, warnings and information with 0', () => {
    folder.write('a.ts', IMPORTING);
    folder.write('b.ts', EXPORTING.replace('A', 'B'));
    assert.equal(folder.lint(['a.ts', 'b.ts']).code, 1);
    folder.write('c.ts', CLEAN.replace('A', 'C').replace('fetch', 'get'));
    const warned = folder.lint(['b.ts', 'c.ts']);
    assert.equal(warned.code, 0);
    assert.match(warned.out, /\n0 errors, 1 warning, 1 for information\./);
  });

  test('json: zero-based places in the order of the file', () => {
    folder.write('a.ts', `const 𝐱 = '😀'; export const limit = 5;\n${IMPORTING}`);
    const found = folder.rows(['./a.ts']);
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
    folder.write('a,b:c%.ts', "import z from 'z%0A';\nimport y from 'y';\nexport class A { fetch() {} }");
    const { code, out } = folder.lint(['--format', 'github', 'a,b:c%.ts']);
    assert.equal(code, 1);
    const [first, second] = out.split('\n');
    assert.match(
      first ?? '',
      /^::error file=a%2Cb%3Ac%25\.ts,line=1,endLine=1,col=15,endColumn=21,title=disallowed-import::.*'z%250A'/,
    );
    assert.match(second ?? '', /^::error file=.*line=2,/);
  });

  test('github: a place of several lines has no columns, a severity the command of GitHub', () => {
    folder.write('a.ts', `import {\n  z,\n} from 'zod';\n${EXPORTING}`);
    const rules = ['--rule', 'disallowed-import=warning', '--rule', 'extra-export=information'];
    const { out } = folder.lint(['--format', 'github', ...rules, 'a.ts']);
    assert.match(
      out,
      /^::warning file=a\.ts,line=3,endLine=3,col=\d+,endColumn=\d+,title=disallowed-import::/m,
    );
    assert.match(out, /^::notice file=a\.ts,/m);
    const spread = report([finding({ start: { line: 0, character: 3 }, end: { line: 2, character: 1 } })]);
    assert.equal(github(spread), '::error file=src/a.ts,line=1,endLine=3,title=a-rule::50%25%0D%0Aof it\n');
  });

  test('github: files are named from the root of the repository, whatever folder a step runs in', () => {
    folder.write('app/src/a.ts', IMPORTING);
    const ran = folder.lint(['--format', 'github', 'src/a.ts'], {
      below: 'app',
      env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder.path },
    });
    assert.match(ran.out, /^::error file=app\/src\/a\.ts,/);
    const elsewhere = folder.lint(['--format', 'github', '../app/src/a.ts'], {
      below: 'app',
      env: { GITHUB_WORKSPACE: join(folder.path, 'app', 'src') },
    });
    assert.match(elsewhere.out, /^::error file=src\/a\.ts,/, 'of a workspace that it is not in');
  });

  test('pretty: the line, a mark under it, no colours in a pipe and nothing that moves the cursor', () => {
    folder.write('a.ts', "\tconst a = 1;\n\timport z from '\u001B[2Jz';\nexport class A { fetch() {} }");
    const { out } = folder.lint(['a.ts']);
    assert.match(out, /^a\.ts:2:16 error .*\[disallowed-import DISALLOWED_IMPORT\]\n/);
    assert.ok(out.includes("  2 | \timport z from '\uFFFD[2Jz';\n    | \t              ^^^^^^"), out);
    assert.ok(!out.includes('\u001B'));
    assert.match(out, /1 error, 0 warnings\. The editor has a fix for 1 of them\.\n$/);
  });

  test('--rule sets a severity', () => {
    folder.write('a.ts', EXPORTING);
    assert.equal(folder.lint(['--rule', 'extra-export=error', 'a.ts']).code, 1);
    assert.equal(folder.lint(['--rule=extra-export=off', 'a.ts']).out, '1 file, no findings.\n');
  });

  test('colours for a terminal only, unless a variable says otherwise', () => {
    folder.write('a.ts', IMPORTING);
    const first = (env: Record<string, string>): string =>
      folder.lint(['a.ts'], { env }).out.split(' ')[0] ?? '';
    assert.equal(first({}), 'a.ts:1:15');
    assert.equal(first({ FORCE_COLOR: '1' }), '\u001B[1ma.ts:1:15\u001B[0m');
    const terminal = { isTTY: true };
    assert.equal(hasColours(terminal, {}), true);
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { FORCE_COLOR: '0' }, { FORCE_COLOR: 'false' }]) {
      assert.equal(hasColours(terminal, env), false, JSON.stringify(env));
    }
    assert.equal(hasColours(terminal, { NO_COLOR: '' }), true, 'empty counts as not set');
    assert.equal(hasColours({}, { NO_COLOR: '1', FORCE_COLOR: '1' }), true);
    assert.equal(hasColours({ isTTY: false }, {}), false);
  });

  test('pretty: what a source says is no command to the log of a GitHub workflow', () => {
    folder.write('a.ts', "import z from '##[error]x';\nexport class A { fetch() {} }");
    const { out } = folder.lint(['a.ts'], { env: { GITHUB_ACTIONS: 'true' } });
    assert.match(out, /disallowed-import/);
    assert.ok(!out.includes('##['), out);
  });

  test('a lot of output arrives as a whole', () => {
    folder.write('a.ts', MANY_FINDINGS);
    const { code, out } = folder.lint(['--format', 'json', 'a.ts']);
    assert.equal(code, 1);
    assert.ok(out.length > 400_000);
    assert.equal((JSON.parse(out) as unknown[]).length, 1000);
  });

  test('a reader that stops early is no reason for words', async () => {
    folder.write('a.ts', MANY_FINDINGS);
    const child = folder.begun(['--format', 'json', 'a.ts']);
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'close')) as [number | null];
    assert.deepEqual([code, err], [1, '']);
  });

  test('output that cannot be written is no success', function () {
    if (!existsSync('/dev/full')) this.skip();
    folder.write('a.ts', CLEAN);
    const full = openSync('/dev/full', 'w');
    try {
      const { code, err } = folder.lint(['a.ts'], { stdout: full });
      assert.equal(code, 1);
      assert.match(err, /^The output cannot be written: ENOSPC.*\n$/);
    } finally {
      closeSync(full);
    }
  });

  test('wrong usage ends with 2 and says how', () => {
    folder.write('a.ts', CLEAN);
    for (const [args, message] of [
      [[], /^Error: Name the files to lint; there is no \.butterbase\/durable-objects\.json/],
      [[''], /^Error: The name of a file is empty\./],
      [['--manifest', '', 'a.ts'], /^Error: The name of a file is empty\./],
      [['--format', 'xml', 'a.ts'], /^Error: --format takes pretty, json, sarif, github, not "xml"\./],
      [['--format', 'toString', 'a.ts'], /^Error: --format takes/],
      [['--rule', 'extra-export', 'a.ts'], /^Error: --rule takes a rule and/],
      [['--rule', 'extra-export=fatal', 'a.ts'], /^Error: --rule takes a rule and/],
      [['--rule', 'no-such-rule=off', 'a.ts'], /^Error: There is no rule "no-such-rule"\./],
      [['--nope', 'a.ts'], /^Error: Unknown option '--nope'\./],
    ] as const) {
      const { code, out, err } = folder.lint(args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, message, args.join(' '));
      assert.match(err, /\nRun "cli lint --help" to see what can be given\.\n$/, args.join(' '));
    }
    assert.match(folder.lint(['--help']).out, /^Usage: cli lint/);
  });
});

function finding(range: Range): Finding {
  return { rule: 'a-rule', code: 'a-rule', severity: 'error', message: '50%\r\nof it', range, fixes: [] };
}

function report(findings: readonly Finding[]): Parameters<typeof github>[0] {
  return { files: [{ file: 'a.ts', path: '/app/src/a.ts', text: '', findings }], root: '/app' };
}
