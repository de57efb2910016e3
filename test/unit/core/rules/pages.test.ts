import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite, test } from 'mocha';
import { isAccessMode, type ClassStatus, type DoClass } from '../../../../src/core/model/app.ts';
import { toDoName } from '../../../../src/core/model/names.ts';
import { CATALOGUE, ruleInfo } from '../../../../src/core/rules/catalogue.ts';
import { APP_RULES, FILE_RULES, lintApp } from '../../../../src/core/rules/engine.ts';
import type { Finding } from '../../../../src/core/rules/finding.ts';
import type { AppContext, LintInput } from '../../../../src/core/rules/subject.ts';
import { COMMENT_RULES } from '../../../../src/core/rules/suppression.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = path.join(root, 'docs', 'rules');

/** What it takes to show it is too much for a page; the rule's own test has it. */
const WITHOUT_EXAMPLES = ['bundle-too-large'];

suite('the catalogue of rules', () => {
  const registered = [...FILE_RULES.map(({ id }) => id), ...APP_RULES.map(({ id }) => id), ...COMMENT_RULES];

  test('has every rule once, and no other', () => {
    assert.deepEqual(CATALOGUE.map(({ id }) => id).sort(), [...new Set(registered)].sort());
  });

  test('every rule has a page, and every page a rule', () => {
    for (const { docs } of CATALOGUE) assert.ok(existsSync(path.join(root, docs)), docs);
    const pages = readdirSync(folder).filter((name) => name !== 'README.md');
    assert.deepEqual(pages.sort(), CATALOGUE.map(({ docs }) => path.posix.basename(docs)).sort());
  });

  test('the list in docs/rules/README.md is that of the catalogue', () => {
    const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const rows = [...text.matchAll(/^\| \[`(.+?)`\]\((.+?)\) +\| (.+?) +\| (\w+) +\|$/gm)];
    assert.deepEqual(
      rows.map(([, ...cells]) => cells),
      CATALOGUE.map(({ id, title, severity }) => [id, `${id}.md`, title, severity]),
    );
  });
});

suite('pages of the rules', () => {
  for (const { id, title, docs } of CATALOGUE) {
    test(id, () => {
      const text = readFileSync(path.join(root, docs), 'utf8');
      assert.ok(text.startsWith(`# \`${id}\`\n\n**${title}.** `), 'begins with the id and the title');
      for (const [, link = ''] of text.matchAll(/\]\(([\w-]+\.md)(?:#[\w-]+)?\)/g))
        assert.ok(existsSync(path.join(folder, link)), link);
      if (WITHOUT_EXAMPLES.includes(id)) return;
      const wrong = lintExample(section(text, 'Wrong'));
      assert.ok(
        wrong.some(({ rule }) => rule === id) && wrong.every(({ rule }) => rule === id || stays(rule, id)),
        `the wrong example has ${rulesOf(wrong)}`,
      );
      const right = lintExample(section(text, 'Right'));
      assert.ok(right.length === 0, `the right example has ${rulesOf(right)}`);
      const own = wrong.find(({ rule }) => rule === id);
      assert.equal(own?.severity, ruleInfo(id)?.severity, 'the severity of the catalogue');
    });
  }
});

/** A comment that is wrong leaves what it was to disable. */
function stays(rule: string, id: string): boolean {
  return COMMENT_RULES.includes(id) && !COMMENT_RULES.includes(rule);
}

function section(text: string, title: string): string {
  const part = text.split(/^## /m).find((each) => each.startsWith(`${title}\n`));
  assert.ok(part !== undefined, `there is a section ${title}`);
  return part;
}

/** All findings of the sources in fences, with what a fence `app.json` says of the app. */
function lintExample(markdown: string): Finding[] {
  const files: LintInput[] = [];
  let app: ExampleApp = {};
  for (const [, language, attributes = '', body = ''] of markdown.matchAll(
    /^```(ts|json)(.*)\n([\s\S]*?)^```$/gm,
  )) {
    const values = new Map(
      [...attributes.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
    );
    if (language === 'json') app = JSON.parse(body) as ExampleApp;
    else files.push(input(values, body));
  }
  assert.ok(files.length > 0, 'there is an example');
  const context: AppContext = {
    files,
    deployed: (app.deployed ?? []).map(row),
    envKeys: app.env,
    appEnvKeys: app.appEnv ?? (app.env && []),
    ...(app.sources && { deployedSources: new Map(Object.entries(app.sources)) }),
  };
  return [...lintApp(context).values()].flat();
}

interface ExampleApp {
  readonly deployed?: readonly ExampleRow[];
  readonly env?: readonly string[];
  readonly appEnv?: readonly string[];
  readonly sources?: Readonly<Record<string, string>>;
}

interface ExampleRow {
  readonly name: string;
  readonly className: string;
  readonly status?: ClassStatus;
}

function input(attributes: ReadonlyMap<string, string>, body: string): LintInput {
  const file = attributes.get('file') ?? 'chat-room.ts';
  const mode = attributes.get('mode');
  return {
    uri: `file:///app/durable-objects/${file}`,
    name: attributes.get('name') ?? toDoName(file),
    accessMode: isAccessMode(mode) ? mode : undefined,
    text: body
      .replace(/\n$/, '')
      // A page says how long a text is instead of having it.
      .replace(/\/\* ([\d,]+) characters \*\//, (_, count: string) =>
        'x'.repeat(Number(count.replaceAll(',', ''))),
      ),
  };
}

function row({ name, className, status = 'READY' }: ExampleRow): DoClass {
  return {
    id: name,
    name,
    className,
    status,
    accessMode: 'public',
    lastDeployedAt: '2026-01-01T00:00:00.000Z',
    errorMessage: undefined,
  };
}

function rulesOf(findings: readonly Finding[]): string {
  return findings.map(({ rule, severity }) => `${rule} (${severity})`).join(', ') || 'no finding';
}
