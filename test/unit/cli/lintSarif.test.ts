import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import { fileUri, pathWithin, relativeUri } from '../../../src/cli/lintFormats/artifactPath.ts';
import { CATALOGUE } from '../../../src/core/rules/catalogue.ts';
import { CLEAN, IMPORTING, LintFolder } from './lintFolder.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');

interface Place {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string; readonly index?: number };
  readonly region: object;
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: Place }[];
  readonly relatedLocations?: readonly {
    readonly message: { readonly text: string };
    readonly physicalLocation: Place;
  }[];
  readonly fixes?: readonly {
    readonly description: { readonly text: string };
    readonly artifactChanges: readonly {
      readonly artifactLocation: object;
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
  readonly properties?: object;
}

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly rules: readonly {
          readonly id: string;
          readonly helpUri: string;
          readonly shortDescription: { readonly text: string };
          readonly fullDescription: { readonly text: string };
          readonly help: { readonly text: string; readonly markdown?: string };
        }[];
      };
    };
    readonly columnKind: string;
    readonly originalUriBaseIds: Readonly<Record<string, { readonly uri: string }>>;
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    }[];
    readonly artifacts: readonly { readonly location: { readonly uri: string } }[];
    readonly results: readonly Result[];
  }[];
}

suite('command line: lint --format sarif', function () {
  this.timeout(60_000);
  const folder = new LintFolder();
  let validate: (log: unknown) => void;

  suiteSetup(() => {
    const ajv = new Ajv({ schemaId: 'id', meta: false, allErrors: true });
    // The schema of SARIF is written in this draft.
    ajv.addMetaSchema(
      readJson(join(import.meta.dirname, '../../../node_modules/ajv/lib/refs/json-schema-draft-04.json')),
    );
    const check = ajv.compile(readJson(join(FIXTURES, 'sarif', 'sarif-schema-2.1.0.json')));
    validate = (log) => assert.ok(check(log), ajv.errorsText(check.errors, { separator: '\n' }));
  });
  setup(() => folder.begin());
  suiteTeardown(() => folder.remove());

  /** What the command writes, which is as the schema of the standard wants it. */
  function run(...args: readonly string[]): Sarif['runs'][number] {
    const log = JSON.parse(folder.lint(['--format', 'sarif', ...args]).out) as Sarif;
    validate(log);
    assert.equal(log.version, '2.1.0');
    const [only, another] = log.runs;
    assert.ok(only !== undefined && another === undefined);
    return only;
  }

  test('the schema would find a mistake', () => {
    assert.throws(() => validate({ version: '2.1.0', runs: [{ results: [] }] }), /tool/);
    assert.throws(
      () =>
        validate({
          version: '2.1.0',
          runs: [{ tool: { driver: { name: 'x', rules: [{ id: 'a', helpUri: 'a b' }] } } }],
        }),
      /helpUri/,
    );
  });

  test('results, with places from one in UTF-16 units, also after a sign of two', () => {
    folder.write('my room.ts', `${CLEAN}export const list = [];\n`);
    folder.write('a.ts', `/* 😀 */ ${IMPORTING.replace('A', 'B')}`);
    const { results, columnKind } = run('my room.ts', './a.ts');
    assert.equal(columnKind, 'utf16CodeUnits');
    assert.deepEqual(
      results.map(({ ruleId, level, locations: [at], properties }) => [
        ruleId,
        level,
        at?.physicalLocation,
        properties,
      ]),
      [
        [
          'extra-export',
          'note',
          {
            artifactLocation: { uri: 'my%20room.ts', uriBaseId: '%SRCROOT%', index: 0 },
            region: { startLine: 6, startColumn: 14, endLine: 6, endColumn: 18 },
          },
          undefined,
        ],
        [
          'disallowed-import',
          'error',
          {
            artifactLocation: { uri: 'a.ts', uriBaseId: '%SRCROOT%', index: 1 },
            region: { startLine: 1, startColumn: 24, endLine: 1, endColumn: 29 },
          },
          { platformCode: 'DISALLOWED_IMPORT' },
        ],
      ],
    );
  });

  test('every rule explains itself, with its page', () => {
    folder.write('a.ts', IMPORTING);
    const { tool, results } = run('a.ts');
    const { rules } = tool.driver;
    assert.deepEqual(
      rules.map(({ id }) => id),
      CATALOGUE.map(({ id }) => id),
    );
    for (const { id, helpUri, shortDescription, fullDescription, help } of rules) {
      assert.ok(new URL(helpUri).pathname.endsWith(`/${id}`), id);
      assert.match(shortDescription.text, /\.$/, id);
      assert.match(fullDescription.text, /^(?!\*\*)[^#`\n]{40,1024}$/, id);
      assert.match(help.markdown ?? '', /\n## What to do\n/, id);
      assert.doesNotMatch(help.markdown ?? '', /\]\(/, `${id}: a link would lead nowhere`);
    }
    for (const { ruleId, ruleIndex, message } of results) {
      assert.equal(rules[ruleIndex]?.id, ruleId);
      assert.notEqual(message.text, '');
    }
  });

  test('the other place of a finding, in a file that was not named too', () => {
    folder.manifest({ a: 'a.ts', b: 'b b.ts' });
    folder.write('a.ts', `const MAX = 1;\n${CLEAN}`);
    folder.write('b b.ts', `\nconst MAX = 2;\n${CLEAN.replace('A', 'B')}`);
    const result = run('a.ts').results.find(({ ruleId }) => ruleId === 'duplicate-top-level-name');
    const [related] = result?.relatedLocations ?? [];
    assert.deepEqual(related?.physicalLocation, {
      artifactLocation: { uri: 'b%20b.ts', uriBaseId: '%SRCROOT%' },
      region: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 10 },
    });
    assert.notEqual(related.message.text, '');
  });

  test('a fix can be applied, and then its finding is gone', () => {
    folder.write('a.ts', IMPORTING);
    const [result] = run('a.ts').results;
    const [fix] = result?.fixes ?? [];
    const [change] = fix?.artifactChanges ?? [];
    assert.deepEqual(change?.artifactLocation, { uri: 'a.ts', uriBaseId: '%SRCROOT%', index: 0 });
    folder.write('a.ts', applied(IMPORTING, change.replacements));
    assert.deepEqual(run('a.ts').results, []);
  });

  test('a fix that asks for a name is left to the editor', () => {
    folder.write('a.ts', 'export default class { fetch() { return new Response(); } }\n');
    const { results } = run('a.ts');
    assert.ok(results.some(({ ruleId }) => ruleId === 'default-export-class'));
    assert.ok(!JSON.stringify(results).includes('$NAME'));
  });

  test('addresses: below the folder from there, anything else as a whole', () => {
    folder.write('app/ä 100%#?.ts', IMPORTING);
    const outside = folder.write('out side.ts', IMPORTING);
    const inside = join(folder.path, 'app', 'ä 100%#?.ts');
    const log = JSON.parse(
      folder.lint(['--format', 'sarif', inside, '../out side.ts'], { below: 'app' }).out,
    ) as Sarif;
    validate(log);
    const [first] = log.runs;
    assert.deepEqual(
      first?.artifacts.map(({ location }) => location),
      [{ uri: '%C3%A4%20100%25%23%3F.ts', uriBaseId: '%SRCROOT%' }, { uri: pathToFileURL(outside).href }],
    );
    const base = first.originalUriBaseIds['%SRCROOT%']?.uri ?? '';
    assert.equal(new URL(first.artifacts[0]?.location.uri ?? '', base).href, pathToFileURL(inside).href);
  });

  test('addresses on Windows', () => {
    assert.equal(pathWithin('C:/My App/src/a.ts', 'c:/my app'), 'src/a.ts');
    assert.equal(pathWithin('C:/a.ts', 'C:/'), 'a.ts');
    assert.equal(pathWithin('C:/app2/a.ts', 'C:/app'), undefined);
    assert.equal(pathWithin('/App/a.ts', '/app'), undefined);
    assert.equal(fileUri('C:/My App/a:b.ts'), 'file:///C:/My%20App/a%3Ab.ts');
    assert.equal(fileUri('//server/share/a.ts'), 'file://server/share/a.ts');
    assert.equal(fileUri('/src/a b.ts'), 'file:///src/a%20b.ts');
    assert.equal(relativeUri('c:/a.ts'), 'c%3A/a.ts');
  });

  test('what could not be read is told, and that the run is not whole', () => {
    folder.write('a.ts', CLEAN);
    const [whole] = run('a.ts').invocations;
    assert.deepEqual(whole, { executionSuccessful: true, toolExecutionNotifications: [] });
    const [partly] = run('a.ts', 'gone.ts').invocations;
    assert.equal(partly?.executionSuccessful, false);
    assert.equal(partly.toolExecutionNotifications[0]?.message.text, 'gone.ts: there is no such file.');
    assert.deepEqual(run('gone.ts').results, []);
  });
});

function applied(
  text: string,
  replacements: readonly {
    readonly deletedRegion: Region;
    readonly insertedContent: { readonly text: string };
  }[],
): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = (line: number, column: number): number => (starts[line - 1] ?? text.length) + column - 1;
  return [...replacements].reverse().reduce((before, { deletedRegion: at, insertedContent }) => {
    const [from, to] = [offset(at.startLine, at.startColumn), offset(at.endLine, at.endColumn)];
    return before.slice(0, from) + insertedContent.text + before.slice(to);
  }, text);
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
