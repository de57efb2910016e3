import './vscodeStub.ts';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite, test } from 'mocha';
import { CATALOGUE } from '../../../src/core/rules/catalogue.ts';
import { EXTENSION_ID } from '../../../src/core/rules/ruleUri.ts';
import { RULE_SETTINGS } from '../../../src/core/rules/severities.ts';

const { COMMANDS, VIEWS } = await import('../../../src/ui/ids.ts');

const root = fileURLToPath(new URL('../../../', import.meta.url));
const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const texts = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { contributes } = manifest;

suite('contributions', () => {
  test('the commands of the manifest are the commands of the code', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      Object.values(COMMANDS).sort(),
    );
    for (const [name, id] of Object.entries(COMMANDS)) assert.equal(id, `butterbaseDO.${name}`);
  });

  test('every command is registered by the code, once', () => {
    const registered = sources().flatMap((text) =>
      [...text.matchAll(/register\(\s*COMMANDS\.(\w+)/g)].map(([, name]) => name ?? ''),
    );
    assert.deepEqual(registered.sort(), Object.keys(COMMANDS).sort());
  });

  test('the views of the manifest are the views of the code', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(views.map(({ id }) => id).sort(), Object.values(VIEWS).sort());
    for (const { view } of contributes.viewsWelcome)
      assert.ok(
        views.some(({ id }) => id === view),
        view,
      );
  });

  test('menus name commands and views that exist', () => {
    const commands = new Set(contributes.commands.map(({ command }) => command));
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command, when } of items) {
        assert.ok(commands.has(command), `${menu}: ${command}`);
        const view = /view == ([\w.]+)/.exec(when ?? '')?.[1];
        assert.ok(
          view === undefined || Object.values<string>(VIEWS).includes(view),
          `${menu}: ${when ?? ''}`,
        );
      }
    }
  });

  test('every text of the manifest is there, and none is left over', () => {
    const used = new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual(Object.keys(texts).sort(), [...used].sort());
  });

  test('links of the welcome views run commands that exist', () => {
    const own = Object.entries(texts).flatMap(([key, text]) =>
      key.startsWith('welcome.')
        ? [...text.matchAll(/\(command:(butterbaseDO\.\w+)\)/g)].map(([, id]) => id)
        : [],
    );
    assert.ok(own.length > 0);
    for (const id of own) assert.ok(Object.values<string | undefined>(COMMANDS).includes(id), id);
  });

  test('settings are read under the names and with the defaults of the manifest', () => {
    const text = readFileSync(path.join(root, 'src/ui/settings.ts'), 'utf8');
    const reads = [...text.matchAll(/read(?:<[^>]+>)?\('([\w.]+)', (.+?)(?:, resource)?\)/g)];
    const found = Object.fromEntries(
      reads.map(([, key, value]) => [`butterbaseDO.${key ?? ''}`, literal(value)]),
    );
    const declared = Object.entries(contributes.configuration.properties).map(([key, setting]) => [
      key,
      setting.default,
    ]);
    assert.deepEqual(found, Object.fromEntries(declared));
  });

  test('the rules setting names every rule and every severity', () => {
    const setting = contributes.configuration.properties['butterbaseDO.rules'];
    assert.deepEqual(
      setting?.propertyNames?.enum,
      CATALOGUE.map(({ id }) => id),
    );
    assert.deepEqual(setting.additionalProperties?.enum, RULE_SETTINGS);
  });

  test('the address of a rule names this extension', () => {
    assert.equal(EXTENSION_ID, `${manifest.publisher}.${manifest.name}`);
  });

  test('icons of the manifest are files', () => {
    const icons = [...manifestText.matchAll(/"(media\/[\w.-]+)"/g)].map(([, file]) => file ?? '');
    assert.ok(icons.length > 0);
    for (const icon of icons) assert.ok(readFileSync(path.join(root, icon)).length > 0, icon);
  });
});

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
}

interface Setting {
  readonly default: unknown;
  readonly propertyNames?: { readonly enum: readonly string[] };
  readonly additionalProperties?: { readonly enum: readonly string[] };
}

function literal(text = ''): unknown {
  return JSON.parse(text.replaceAll("'", '"')) as unknown;
}

function sources(): string[] {
  const folder = path.join(root, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
}
