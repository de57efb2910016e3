import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { clear, extension, until, write } from './editor.ts';
import { Messages } from './messages.ts';
import { EmbeddedPlatform } from './platform.ts';

const source = (answer: string): string =>
  `export class Drifting {\n  fetch() {\n    return new Response('${answer}');\n  }\n}\n`;

/** With a finding, so that the test sees when it was checked. */
const OF_ANOTHER = `${source('of another')}function later() {\n  return eval('1');\n}\n`;

suite('a source that was deployed from elsewhere', () => {
  const messages = new Messages();

  suiteSetup(async () => {
    await extension().activate();
    await clear();
    messages.start();
  });

  suiteTeardown(async () => {
    messages.stop();
    await clear();
    await new EmbeddedPlatform().empty();
  });

  test('is said in the file, and editing alone is not', async function () {
    await write(
      '.butterbase/durable-objects.json',
      JSON.stringify({
        classes: { drifting: { source: 'durable-objects/drifting.ts', accessMode: 'authenticated' } },
      }),
    );
    const uri = await write('durable-objects/drifting.ts', source('first'));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    await vscode.commands.executeCommand('butterbaseDO.deploy', uri);
    const platform = new EmbeddedPlatform();

    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const add = (text: string): Thenable<boolean> =>
      editor.edit((edit) => edit.insert(document.lineAt(document.lineCount - 1).range.end, text));
    await add('export const limit = 5;\n');
    await until('the findings of the edited file', () => rules(uri).includes('extra-export') || undefined);
    assert.ok(!rules(uri).includes('drift'), 'the person only edits');

    await platform.register('drifting', OF_ANOTHER);
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    const found = await until('drift', () => diagnostics(uri).find((each) => ruleOf(each) === 'drift'));
    assert.equal(found.severity, vscode.DiagnosticSeverity.Information);
    assert.match(found.message, /^The deployed source of drifting, of .*, differs from this file\./);

    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), OF_ANOTHER));
    await until('the findings of the other source', () => rules(uri).includes('dynamic-code') || undefined);
    assert.ok(!rules(uri).includes('drift'), 'they are equal');
    await add('export const limit = 6;\n');
    await until('the findings of the edited file', () => rules(uri).includes('extra-export') || undefined);
    assert.ok(!rules(uri).includes('drift'), 'the file was equal to what somebody else deployed');
    await document.save();
  });
});

function diagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri);
}

function rules(uri: vscode.Uri): unknown[] {
  return diagnostics(uri).map(ruleOf);
}

function ruleOf({ code }: vscode.Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}
