import assert from 'node:assert/strict';
import {
  envKeyMessage,
  envKeyWarning,
  envValueMessage,
  parseEnvFile,
  validateEnvEntry,
} from '../../../../src/core/model/envFile.ts';

/** The variables that a text sets, and the lines that have a problem. */
function read(text: string): { values: Record<string, string>; problemLines: number[] } {
  const { entries, problems } = parseEnvFile(text);
  return {
    values: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
    problemLines: problems.map(({ line }) => line),
  };
}

suite('.env files', () => {
  const clean: readonly (readonly [title: string, text: string, values: Record<string, string>])[] = [
    ['a plain value', 'A=1', { A: '1' }],
    ['blanks around key and value', '  A =  one two  ', { A: 'one two' }],
    ['an empty value', 'A=\nB=2', { A: '', B: '2' }],
    ['export', 'export A=1\n  export  B=2', { A: '1', B: '2' }],
    ['a colon', 'A: 1', { A: '1' }],
    ['comments and blank lines', '# head\n\nA=1 # tail\n  # more\nB=2', { A: '1', B: '2' }],
    ['a hash ends an unquoted value', 'A=abc#def', { A: 'abc' }],
    ['a hash in quotes stays', 'A="abc#def" # tail', { A: 'abc#def' }],
    ['an equals sign in the value', 'A=postgres://u:p@h/db?x=1', { A: 'postgres://u:p@h/db?x=1' }],
    ['quotes keep blanks', `A=" x "\nB=' y '`, { A: ' x ', B: ' y ' }],
    ['back quotes hold both other quotes', 'A=`it\'s "it"`', { A: 'it\'s "it"' }],
    [
      'escapes in double quotes only',
      `A="a\\nb\\r"\nB='a\\nb'\nC=a\\nb`,
      { A: 'a\nb\r', B: 'a\\nb', C: 'a\\nb' },
    ],
    ['an escaped quote stays as written', 'A="say \\"hi\\""', { A: 'say \\"hi\\"' }],
    ['a path that ends in a backslash', "A='C:\\dir\\'\nB=2", { A: 'C:\\dir\\', B: '2' }],
    [
      'several lines in quotes',
      'A="-----BEGIN\nabc\n-----END"\nB=2',
      { A: '-----BEGIN\nabc\n-----END', B: '2' },
    ],
    [
      'comment and key lines inside quotes are text',
      "A='\n# no\nB=1\n'\nC=3",
      { A: '\n# no\nB=1\n', C: '3' },
    ],
    ['CRLF and lone CR', 'A=1\r\nB="x\r\ny"\rC=3', { A: '1', B: 'x\ny', C: '3' }],
    ['a byte order mark', '\uFEFFA=1', { A: '1' }],
    ['JSON without quotes', 'A={"a":"b"}', { A: '{"a":"b"}' }],
    ['a quote in the middle', "A=it's", { A: "it's" }],
    ['an empty file', '', {}],
  ];
  for (const [title, text, values] of clean) {
    test(title, () => assert.deepEqual(read(text), { values, problemLines: [] }));
  }

  test('lines of entries are where their keys stand', () => {
    const { entries } = parseEnvFile('# one\nA="x\ny"\n\nB=2');
    assert.deepEqual(
      entries.map(({ key, line }) => [key, line]),
      [
        ['A', 2],
        ['B', 5],
      ],
    );
  });

  test('of a key that is set twice the last value is used, and the first is reported', () => {
    const { entries, problems } = parseEnvFile('A=1\nB=2\nA=3');
    assert.deepEqual(entries, [
      { key: 'B', value: '2', line: 2 },
      { key: 'A', value: '3', line: 3 },
    ]);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.line, 1);
    assert.match(problems[0].message, /line 3/);
  });

  test('what the platform would refuse is a problem and no entry', () => {
    const long = 'K'.repeat(101);
    const text = `foo=1\nBUTTERBASE_X=1\nbutterbase_y=1\n${long}=1\nBIG=${'v'.repeat(8193)}\n1A=1\nA.B=1\nOK=1`;
    assert.deepEqual(read(text), { values: { OK: '1' }, problemLines: [1, 2, 3, 4, 5, 6, 7] });
  });

  test('a value over several lines that is too long is one problem', () => {
    assert.deepEqual(read(`A="${'x=1\n'.repeat(3000)}"\nB=2`), { values: { B: '2' }, problemLines: [1] });
  });

  test('a line that sets nothing, an open quote and text behind a quote are problems; the rest is read', () => {
    assert.deepEqual(read('hello\nA="open\nB=2\nC="x" y\nD=4\n=5'), {
      values: { B: '2', D: '4' },
      problemLines: [1, 2, 4, 6],
    });
    assert.match(parseEnvFile('A="open\nB=2').problems[0]?.message ?? '', /not closed/);
    assert.match(parseEnvFile('A="x" y').problems[0]?.message ?? '', /behind the closing quote/);
  });

  test('a large file is read in less than a second', () => {
    const text = Array.from({ length: 20_000 }, (_, n) => `K${n}="open ${n}`).join('\n');
    const begin = performance.now();
    parseEnvFile(text.slice(0, 400_000));
    assert.ok(performance.now() - begin < 1000);
  });
});

suite('one env entry', () => {
  test('keys as the platform takes them', () => {
    for (const key of ['A', '_OK', 'API_TOKEN', 'K'.repeat(100), 'DO_DISPATCH'])
      assert.equal(envKeyMessage(key, []), undefined);
    for (const key of ['', 'a', 'Api_Base', '1A', 'A-B', 'A B', 'Ä', 'butterbase_foo', 'K'.repeat(101)])
      assert.equal(typeof envKeyMessage(key, []), 'string', key);
  });

  test('a key equal to a class binding is refused', () => {
    assert.match(envKeyMessage('CHAT_ROOM', ['COUNTER', 'CHAT_ROOM']) ?? '', /binding/);
    assert.equal(envKeyMessage('CHAT_ROOMS', ['CHAT_ROOM']), undefined);
  });

  test('value lengths count UTF-16 units', () => {
    assert.equal(envValueMessage('é'.repeat(8192)), undefined);
    assert.equal(envValueMessage('😀'.repeat(4096)), undefined);
    assert.match(envValueMessage('😀'.repeat(4097)) ?? '', /8,194/);
  });

  test('keys that the platform overwrites get a warning, not an error', () => {
    assert.match(envKeyWarning('DO_INVOKER_URL') ?? '', /never see/);
    assert.deepEqual(validateEnvEntry('DO_DISPATCH', '1', [], ['DO_DISPATCH']), {
      errors: [],
      warnings: [envKeyWarning('DO_DISPATCH')],
      replaces: true,
    });
    assert.equal(validateEnvEntry('a', 'v'.repeat(9000), [], []).errors.length, 2);
  });
});
