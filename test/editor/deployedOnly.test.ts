import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { clear, extension, until, write } from './editor.ts';
import { EmbeddedPlatform } from './platform.ts';

const DEPLOYED = `const limit = 5;\nexport class Elsewhere {\n  fetch() {\n    return new Response(String(limit));\n  }\n}\n`;
const LOCAL = `const limit = 20;\nexport class Here {\n  fetch() {\n    return new Response(String(limit));\n  }\n}\n`;

suite('a class that is deployed and has no file', () => {
  suiteSetup(async () => {
    await extension().activate();
    await clear();
  });

  suiteTeardown(async () => {
    await clear();
    await new EmbeddedPlatform().empty();
  });

  test('collides with a file, which points to the deployed source', async function () {
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    await new EmbeddedPlatform().register('elsewhere', DEPLOYED);
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    const uri = await write('durable-objects/here.ts', LOCAL);
    await vscode.window.showTextDocument(uri);
    const found = await until('the collision', () => collision(uri));
    assert.deepEqual(found.range, new vscode.Range(0, 6, 0, 11));
    const [other] = found.relatedInformation ?? [];
    assert.equal(other?.location.uri.scheme, 'butterbase-do');
    const document = await vscode.workspace.openTextDocument(other.location.uri);
    assert.equal(document.getText(), DEPLOYED);
    assert.equal(document.getText(other.location.range), 'limit');

    await new EmbeddedPlatform().empty();
    await until('no collision', () => (collision(uri) === undefined ? true : undefined));
  });
});

function collision(uri: vscode.Uri): vscode.Diagnostic | undefined {
  return vscode.languages
    .getDiagnostics(uri)
    .find(({ code }) => typeof code === 'object' && code.value === 'duplicate-top-level-name');
}
