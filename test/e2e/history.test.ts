import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';

const source = (answer: string): string =>
  `// A room.\nexport class Room {\n  fetch() {\n    return new Response('${answer}');\n  }\n}\n`;

suite('the history of a class, as a person sees it', () => {
  const editor = editorUnderTest({ name: 'history' });
  skipAfterFailure();

  suiteSetup(async () => {
    const { window, workspace } = editor;
    const classes = { room: { source: 'durable-objects/room.ts', accessMode: 'authenticated' } };
    await workspace.write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    await workspace.write('durable-objects/room.ts', source('one'));
    await window.showView();
    await window.treeItem(/^Durable Object room, not deployed/).waitFor();
    await window.openFile('room.ts');
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object room, status ready.*in sync/).waitFor();
  });

  test('opens under the class by keyboard, newest first, in words', async () => {
    const { window } = editor;
    const { page } = window;
    await window.clearToasts();
    await window.replaceText(source('two'));
    await window.deployActiveFile();
    await window.toast(/room is deployed again/).waitFor();
    await window.clearToasts();
    await window.command('Durable Objects: Focus on Durable Objects View');
    await window.pressUntil('ArrowDown', window.focusedItem(/^Durable Object room/));
    await page.keyboard.press('ArrowRight');
    await window.treeItem('History of room').waitFor();
    await page.keyboard.press('ArrowDown');
    await window.focusedItem(/^History of room/).waitFor();
    await page.keyboard.press('ArrowRight');
    const entries = page
      .locator('.sidebar')
      .getByRole('treeitem', { name: /^room, .*deployed, this editor/ });
    await entries.nth(1).waitFor();
    assert.equal(await entries.count(), 2);
    await window.screenshot('history');
  });

  test('an entry shows what changed with it by Enter', async () => {
    const { window } = editor;
    await window.page.keyboard.press('ArrowDown');
    await window.focusedItem(/^room, /).waitFor();
    await window.page.keyboard.press('Enter');
    await window.tab(/room of .* ↔ room of /).waitFor();
    await window.page.locator('.monaco-diff-editor', { hasText: "Response('two')" }).first().waitFor();
  });

  test('what somebody else deployed is marked with who and when, until one looks', async () => {
    const { window } = editor;
    await register(source('theirs'));
    const marked = window.treeItem(
      /^Durable Object room, status ready, changed elsewhere, by API key .*, just now/,
    );
    await marked.waitFor();
    await window.screenshot('changed-elsewhere');
    await marked.hover();
    await marked.getByRole('button', { name: 'Show Changes Made Elsewhere' }).click();
    await window.page.locator('.monaco-diff-editor', { hasText: "Response('theirs')" }).first().waitFor();
    await window.treeItem(/^Durable Object room, status ready, modified/).waitFor();
  });

  test('the view in the Explorer follows the active editor', async () => {
    const { window, workspace } = editor;
    await window.openFile('room.ts');
    await window.command('Explorer: Focus on Deployment History View');
    await window.treeItem(/^room, .*seen, API key /).waitFor();
    await window.screenshot('explorer-history');
    await workspace.write('notes.md', 'none\n');
    await window.openFile('notes.md');
    await window.welcome('The active editor shows no Durable Object file').waitFor();
    await window.showView();
  });

  test('a class that is gone is found below the others, and restored', async () => {
    const { window } = editor;
    await remove();
    await window.treeItem('Deleted classes').click();
    const gone = window.treeItem(/^Deleted class room, deleted .* · API key /);
    await gone.waitFor();
    await window.screenshot('deleted-classes');
    await gone.hover();
    await gone.getByRole('button', { name: /^Restore Historic Source/ }).click();
    await window.toast(/room is deployed/).waitFor();
    await window.treeItem(/^Durable Object room, status ready/).waitFor();
    await window.treeItem('Deleted classes').waitFor({ state: 'detached' });
  });

  interface Platform {
    readonly url: string;
    readonly apiKey: string;
    readonly appId: string;
  }

  /** The embedded platform of the editor, as another client has it. */
  async function platform(): Promise<Platform> {
    const storage =
      'user/User/globalStorage/butterbase-community.butterbase-durable-objects/local/platform.json';
    const file = path.join(editor.server.folder, storage);
    const { url, apiKey } = JSON.parse(await readFile(file, 'utf8')) as Omit<Platform, 'appId'>;
    const response = await fetch(`${url}/apps`, { headers: { authorization: `Bearer ${apiKey}` } });
    const { apps } = (await response.json()) as { apps: { id: string }[] };
    return { url, apiKey, appId: apps[0]?.id ?? '' };
  }

  async function register(code: string): Promise<void> {
    const { url, apiKey, appId } = await platform();
    const response = await fetch(`${url}/v1/${appId}/durable-objects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'room', code }),
    });
    assert.equal(response.status, 200);
  }

  async function remove(): Promise<void> {
    const { url, apiKey, appId } = await platform();
    const response = await fetch(`${url}/v1/${appId}/durable-objects/room`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${apiKey}` },
    });
    assert.equal(response.status, 200);
  }
});
