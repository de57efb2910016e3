import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, clear, extension, read, until, write } from './editor.ts';

const GOOD = 'export class Counter {\n  fetch() {\n    return new Response();\n  }\n}\n';
const NOT_EXPORTED = GOOD.replace('export ', '');

suite('Durable Object files', () => {
  suiteSetup(() => extension().activate());
  setup(clear);
  suiteTeardown(clear);

  test('findings come while one types and go when they are mended', async () => {
    // A file that no other test had open: the editor keeps what it read of those for a while.
    const uri = await write('durable-objects/typed.ts', GOOD);
    const editor = await vscode.window.showTextDocument(uri);
    await replaceAll(editor, NOT_EXPORTED);
    const [found] = await findings(uri, 1);
    assert.equal(codeOf(found), 'NO_EXPORTED_CLASS');
    assert.equal(found?.source, 'Durable Objects');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(editor.document.getText(found.range), 'Counter');
    await replaceAll(editor, GOOD);
    await findings(uri, 0);
  });

  test('findings go with the file: closed, deleted, or renamed to something else', async () => {
    const uri = await write('durable-objects/leaving.ts', NOT_EXPORTED);
    // As a person opens it: what an extension opens stays open for minutes after its tab is closed.
    await vscode.commands.executeCommand('vscode.open', uri);
    await findings(uri, 1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await findings(uri, 0);
    await vscode.commands.executeCommand('vscode.open', uri);
    await findings(uri, 1);
    await rename('durable-objects/leaving.ts', 'elsewhere/leaving.ts');
    await findings(uri, 0);
    await findings(at('elsewhere/leaving.ts'), 0);
  });

  test('a file is found when it is shown, although no watcher told of it', async () => {
    const settings = vscode.workspace.getConfiguration('files');
    await settings.update(
      'watcherExclude',
      { '**/durable-objects/**': true },
      vscode.ConfigurationTarget.Global,
    );
    try {
      const uri = await write('durable-objects/unseen.ts', NOT_EXPORTED);
      // What an extension shows stays open for minutes after its tab is closed: the next time, no document opens.
      await vscode.window.showTextDocument(uri);
      await findings(uri, 1);
      await clear();
      await vscode.window.showTextDocument(await write('durable-objects/other.ts', NOT_EXPORTED));
      await findings(at('durable-objects/other.ts'), 1);
      await findings(uri, 0);
      await clear();
      await write('durable-objects/unseen.ts', NOT_EXPORTED);
      await vscode.window.showTextDocument(uri);
      await findings(uri, 1);
    } finally {
      await settings.update('watcherExclude', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('declaration files and files elsewhere are none', async () => {
    const others = [
      await write('durable-objects/env.d.ts', 'declare class A {}'),
      await write('src/counter.ts', NOT_EXPORTED),
    ];
    const uri = await write('durable-objects/counter.ts', NOT_EXPORTED);
    for (const each of [...others, uri]) await vscode.window.showTextDocument(each, { preview: false });
    await findings(uri, 1);
    for (const other of others) assert.deepEqual(ours(other), []);
  });

  test('a preferred quick fix mends the finding', async () => {
    const uri = await write('durable-objects/counter.ts', NOT_EXPORTED);
    await vscode.window.showTextDocument(uri);
    const [found] = await findings(uri, 1);
    assert.ok(found);
    const fix = await until('a quick fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        found.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      return actions.find(({ title, isPreferred }) => isPreferred === true && /export/i.test(title));
    });
    assert.ok(fix.edit);
    await vscode.workspace.applyEdit(fix.edit);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), GOOD);
    await findings(uri, 0);
  });

  test('the lens is above the class, and off by setting', async () => {
    const uri = await write('durable-objects/counter.ts', `// export class No {}\n\n${GOOD}`);
    await vscode.window.showTextDocument(uri);
    const [lens] = await until('a lens', async () => nonEmpty(await lenses(uri)));
    assert.equal(lens?.range.start.line, 2);
    assert.equal(lens.command?.command, 'butterbaseDO.deploy');
    const settings = vscode.workspace.getConfiguration('butterbaseDO');
    await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    try {
      await until('no lens', async () => ((await lenses(uri)).length === 0 ? true : undefined));
    } finally {
      await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('the manifest follows a renamed file and a renamed folder, and keeps its comments', async () => {
    await write('durable-objects/counter.ts', GOOD);
    await write('durable-objects/other.ts', GOOD.replace('Counter', 'Other'));
    await write(
      '.butterbase/durable-objects.json',
      `{\n  // ours\n  "classes": {\n    "counter": { "source": "durable-objects/counter.ts", "accessMode": "public" },\n    "other": { "source": "durable-objects/other.ts" }\n  }\n}\n`,
    );
    await rename('durable-objects/counter.ts', 'durable-objects/tally.ts');
    await until('the new path', async () =>
      (await read('.butterbase/durable-objects.json')).includes('"durable-objects/tally.ts"')
        ? true
        : undefined,
    );
    await rename('durable-objects', 'classes');
    const text = await until('the new folder', async () => {
      const now = await read('.butterbase/durable-objects.json');
      return now.includes('"classes/tally.ts"') ? now : undefined;
    });
    assert.ok(text.includes('// ours'));
    assert.ok(text.includes('"other": { "source": "classes/other.ts" }'));
    assert.ok(text.includes('"accessMode": "public"'));
  });

  test('a broken manifest is left alone, and files keep working', async () => {
    const broken = '{ "classes": {';
    await write('.butterbase/durable-objects.json', broken);
    const uri = await write('durable-objects/counter.ts', NOT_EXPORTED);
    await vscode.window.showTextDocument(uri);
    await findings(uri, 1);
    await rename('durable-objects/counter.ts', 'durable-objects/tally.ts');
    await findings(at('durable-objects/tally.ts'), 1);
    assert.equal(await read('.butterbase/durable-objects.json'), broken);
  });

  test('the schema of the manifest marks what the platform would refuse', async () => {
    const uri = await write(
      '.butterbase/durable-objects.json',
      '{ "classes": { "Chat Room": { "source": "../x.ts", "accessMode": "open" } } }',
    );
    await vscode.window.showTextDocument(uri);
    const found = await until('findings of the schema', () => {
      const all = vscode.languages.getDiagnostics(uri);
      return all.length >= 3 ? all : undefined;
    });
    const texts = found.map(({ message }) => message).join('\n');
    assert.match(texts, /lower-case kebab-case/);
    assert.match(texts, /inside of this folder/);
    assert.match(texts, /authenticated/);
  });
});

async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  assert.ok(await editor.edit((edit) => edit.replace(whole, text)));
}

function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Durable Objects');
}

async function findings(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  try {
    return await until(`${count} findings in ${uri.path}`, () => {
      const found = ours(uri);
      return found.length === count ? found : undefined;
    });
  } catch (error) {
    const found = ours(uri).map((each) => `${String(codeOf(each))}: ${each.message}`);
    throw new Error(`There are ${found.length}: ${found.join('\n')}`, { cause: error });
  }
}

function codeOf(diagnostic: vscode.Diagnostic | undefined): unknown {
  const code = diagnostic?.code;
  return typeof code === 'object' ? code.value : code;
}

async function lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

async function rename(from: string, to: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(at(from), at(to));
  assert.ok(await vscode.workspace.applyEdit(edit));
}
