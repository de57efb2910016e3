import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, clear, extension, until } from './editor.ts';
import { Messages } from './messages.ts';

const FETCH = 'fetch() {\n    return new Response();\n  }';
const EXPORTING = `export const limit = 5;\nexport class Counter {\n  ${FETCH}\n}\n`;
const FIXED = EXPORTING.replace('export const', 'const');

suite('Rules in the editor', () => {
  suiteSetup(() => extension().activate());
  setup(clear);
  teardown(() => configure('butterbaseDO.rules', undefined));
  suiteTeardown(clear);

  test('the code of a finding leads to the page of its rule', async () => {
    const uri = await show(EXPORTING);
    const [found] = await findings(uri, 1);
    const code = found?.code;
    assert.ok(typeof code === 'object');
    assert.equal(code.value, 'extra-export');
    await vscode.commands.executeCommand('vscode.open', code.target);
    await until('the page of the rule', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(
          ({ label, input }) => input instanceof vscode.TabInputWebview && label.includes('extra-export'),
        ),
    );
  });

  test('a setting changes the severity of a rule or turns it off, at once', async () => {
    const uri = await show(EXPORTING);
    await findings(uri, 1);
    await configure('butterbaseDO.rules', { 'extra-export': 'information' });
    await until('the other severity', () =>
      ours(uri)[0]?.severity === vscode.DiagnosticSeverity.Information ? true : undefined,
    );
    await configure('butterbaseDO.rules', { 'extra-export': 'off' });
    await findings(uri, 0);
    await configure('butterbaseDO.rules', undefined);
    await findings(uri, 1);
  });

  test('what the platform refuses can be hidden in the editor, and a deploy stops at it all the same', async () => {
    const uri = await show(FIXED.replace('export class', 'class'));
    await findings(uri, 1);
    await configure('butterbaseDO.rules', { 'no-exported-class': 'off' });
    await findings(uri, 0);
    const messages = new Messages();
    messages.start();
    try {
      await vscode.commands.executeCommand('butterbaseDO.deploy', uri);
      assert.match(messages.shown[0]?.message ?? '', /^rules-\d+\.ts cannot be deployed\./);
      assert.equal(messages.shown.length, 1);
    } finally {
      messages.stop();
    }
  });

  test('a comment with a reason disables a rule, and a finding offers to write it', async () => {
    const uri = await show(EXPORTING);
    const [found] = await findings(uri, 1);
    assert.ok(found);
    await until('the offer', async () => {
      const actions = await quickFixes(uri, found.range);
      return actions.find(({ title }) => title === 'Disable extra-export for this line...');
    });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '// butterbase-disable-next-line extra-export -- tested\n');
    await vscode.workspace.applyEdit(edit);
    await findings(uri, 0);
  });

  test('Fix All in File mends what needs no answer', async () => {
    const uri = await show(EXPORTING);
    await findings(uri, 1);
    await vscode.commands.executeCommand('butterbaseDO.fixAll');
    assert.equal(textOf(uri), FIXED);
    await findings(uri, 0);
  });

  test('on save, where somebody asked for it', async () => {
    const uri = await show(EXPORTING);
    await findings(uri, 1);
    await configure('editor.codeActionsOnSave', { 'source.fixAll.butterbaseDO': 'explicit' });
    try {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(uri, new vscode.Position(6, 0), '\n');
      await vscode.workspace.applyEdit(edit);
      await vscode.commands.executeCommand('workbench.action.files.save');
      assert.equal(textOf(uri), `${FIXED}\n`);
    } finally {
      await configure('editor.codeActionsOnSave', undefined);
    }
  });
});

let files = 0;

/** A file that no other test had: the editor keeps texts for minutes. */
async function show(text: string): Promise<vscode.Uri> {
  files += 1;
  const uri = at(`durable-objects/rules-${files}.ts`);
  const edit = new vscode.WorkspaceEdit();
  // Of a file that is made this way the editor tells at once.
  edit.createFile(uri, { contents: Buffer.from(text) });
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(uri);
  return uri;
}

/** Nothing when the editor gives the question up, as it does while it still gets to know the file. */
async function quickFixes(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  try {
    return await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      vscode.CodeActionKind.QuickFix.value,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'Canceled') return [];
    throw error;
  }
}

function textOf(uri: vscode.Uri): string | undefined {
  return vscode.workspace.textDocuments
    .find((document) => document.uri.toString() === uri.toString())
    ?.getText();
}

async function configure(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
}

function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Durable Objects');
}

async function findings(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return until(`${count} findings`, () => {
    const found = ours(uri);
    return found.length === count ? found : undefined;
  });
}
