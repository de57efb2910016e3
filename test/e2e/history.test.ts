import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { OtherClient } from '../rig/otherClient.ts';

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
    assert.ok(await other().register('room', source('theirs'), 'authenticated'));
    const marked = window.treeItem(
      /^Durable Object room, status ready, changed elsewhere, by API key .*, (just now|\d+ (sec|min)\. ago)/,
    );
    await marked.waitFor();
    await window.screenshot('changed-elsewhere');
    await marked.hover();
    await marked.getByRole('button', { name: 'Show Changes Made Elsewhere' }).click();
    await window.page.locator('.monaco-diff-editor', { hasText: "Response('theirs')" }).first().waitFor();
    await window.treeItem(/^Durable Object room, status ready, modified/).waitFor();
  });

  test('a deploy over what nobody here has seen asks first', async () => {
    const { window } = editor;
    await window.openFile('room.ts');
    await window.replaceText(source('mine'));
    assert.ok(await other().register('room', source('unseen'), 'authenticated'));
    await window.deployActiveFile();
    const question = /room was changed since you last looked: API key /;
    await window.dialog(question).waitFor();
    await window.screenshot('unseen');
    await window.confirm(question, 'Show Changes');
    await window.page.locator('.monaco-diff-editor', { hasText: "Response('unseen')" }).first().waitFor();
    assert.match(await other().source('room'), /'unseen'/);
    await window.openFile('room.ts');
    await window.deployActiveFile();
    await window.toast(/room is deployed again/).waitFor();
    assert.equal(await other().source('room'), source('mine'));
    await window.clearToasts();
  });

  test('any two entries are compared, and all are written as files', async () => {
    const { window, workspace } = editor;
    await window.showView();
    const entries = historyOf('room');
    await window.fromMenu(entries.last(), 'Select Historic Source for Compare');
    await window.fromMenu(entries.first(), 'Compare Historic Source with Selected');
    const diff = window.page.locator('.monaco-diff-editor', { hasText: "Response('one')" });
    await diff.filter({ hasText: "Response('mine')" }).first().waitFor();
    await window.screenshot('compare-two');
    await window.fromMenu(window.treeItem('History of room'), 'Export History…');
    await window.quick.waitFor('Export the History of room');
    await window.screenshot('export');
    await mkdir(workspace.path('exported'));
    await window.quick.type(`${workspace.path('exported')}/`);
    // The list is that of the folder before until the editor has read this one.
    await window.quick.rows.filter({ hasText: 'durable-objects' }).waitFor({ state: 'detached' });
    await window.quick.finish(window.quick.button('Export'));
    await window.toast(/5 sources were written to/).waitFor();
    await window.screenshot('exported');
    await window.answer(/5 sources were written to/, 'Open Index');
    await window.page.locator('.tabs-container .tab.active', { hasText: 'index' }).waitFor();
    await window.clearToasts();
  });

  test('an older source with another class name destroys nothing unasked, and has two ways out', async () => {
    const { window } = editor;
    assert.ok(
      await other().register('room', source('hall').replace('class Room', 'class Hall'), 'authenticated'),
    );
    await window.treeItem(/^Durable Object room, status ready.*Hall/).waitFor();
    const restore = async (older: Locator): Promise<void> => {
      await older.hover();
      await older.getByRole('button', { name: /^Restore Historic Source/ }).click();
    };
    await restore(historyOf('room').nth(1));
    await window.confirm(/room was changed since you last looked: API key /, 'Deploy Anyway');
    const question = /Deploying room would destroy all instances of Hall and everything they stored/;
    await window.dialog(question).waitFor();
    await window.screenshot('restore-renamed');
    await window.confirm(question, 'Keep the Class Name Hall');
    await window.toast(/room is deployed again/).waitFor();
    assert.equal(await other().source('room'), source('mine').replace('class Room', 'class Hall'));
    await window.clearToasts();
    // The oldest: the others are moved by what is deployed.
    await restore(historyOf('room').last());
    await window.confirm(question, 'Deploy Beside room…');
    await window.quick.waitFor('Name of the new Durable Object');
    await window.quick.type('lounge');
    await window.quick.accept();
    await window.treeItem(/^Durable Object lounge, status ready.*Room/).waitFor();
    assert.match(await other().source('room'), /class Hall/);
    await window.clearToasts();
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
    assert.ok(await other().remove('room'));
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

  /** The entries below a class, from the newest. */
  function historyOf(name: string): Locator {
    return editor.window.page.locator('.sidebar').getByRole('treeitem', { name: new RegExp(`^${name}, `) });
  }

  const other = (): OtherClient => OtherClient.ofEditor(editor.server);
});
