import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { accessibilityProblems } from './panels/axe.ts';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { OtherClient } from '../rig/otherClient.ts';
import { Workspace } from '../rig/workspace.ts';

const DOES_NOT_LOAD =
  "throw new Error('on purpose');\nexport class Counter { fetch() { return new Response(); } }\n";
const FILE = 'FROM_FILE="two words"\nCOUNT=2\nnot an assignment\n';

suite('env and usage panels in the real editor', () => {
  const editor = editorUnderTest({
    name: 'panels',
    workspace: () => Workspace.sample(),
    expectedErrors: [/on purpose/],
  });
  skipAfterFailure();

  const view = (): FrameLocator => editor.window.webview();
  const refused: string[] = [];

  suiteSetup(() => {
    editor.window.page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
  });

  test('the env panel opens, connects by itself, and adds a variable', async () => {
    const { window } = editor;
    // The palette knows the command once the extension's icon is there; its views stay closed.
    await window.page.locator('.activitybar a[aria-label^="Durable Objects"]').waitFor();
    await window.command('Durable Objects: Manage Environment Variables');
    await view().getByText('No variable is set').waitFor({ timeout: 60_000 });
    await view().getByRole('textbox', { name: 'Key' }).fill('API_TOKEN');
    await view().getByRole('textbox', { name: 'Value' }).fill('first');
    await view().getByRole('button', { name: 'Add', exact: true }).click();
    await view().getByRole('status').filter({ hasText: 'API_TOKEN is set.' }).waitFor();
    await view().getByText('Variables (1)').waitFor();
    await window.screenshot('panel-env-added');
  });

  test('an unset value survives a look at another tab', async () => {
    const { window } = editor;
    await view().getByRole('textbox', { name: 'Key' }).fill('DRAFT');
    await view().getByRole('textbox', { name: 'Value' }).fill('not set yet');
    await window.openFile('counter.ts');
    await window.tab('Environment Variables').click();
    await view().getByRole('textbox', { name: 'Value' }).waitFor();
    assert.equal(await view().getByRole('textbox', { name: 'Value' }).inputValue(), 'not set yet');
    await view().getByRole('button', { name: 'Clear' }).click();
  });

  test('a .env file of the workspace is imported through the open dialog', async () => {
    const { window, workspace } = editor;
    await workspace.write('.env', FILE);
    await view().getByRole('button', { name: 'Import .env' }).click();
    await view().getByRole('button', { name: 'Import file' }).click();
    await window.quick.finish(window.quick.rows.filter({ hasText: '.env' }));
    await view().getByText('What would be set').waitFor();
    await view().getByText('This line sets nothing').waitFor();
    await window.screenshot('panel-env-import');
    await view().getByRole('button', { name: 'Set selected (2)' }).click();
    await view().getByRole('status').filter({ hasText: 'All selected variables are set: 2.' }).waitFor();
    await view().getByText('Variables (3)').waitFor();
  });

  test('a variable is deleted after a modal question', async () => {
    const { window } = editor;
    await view().getByRole('button', { name: 'Delete API_TOKEN' }).click();
    await window.dialog('Delete API_TOKEN?').waitFor();
    await window.screenshot('panel-env-delete');
    await window.confirm('Delete API_TOKEN?', 'Delete');
    await view().getByRole('status').filter({ hasText: 'API_TOKEN is deleted.' }).waitFor();
    await view().getByText('Variables (2)').waitFor();
  });

  test('the usage panel counts live on the embedded platform', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Show Usage');
    await view().getByText('counted live on this machine').waitFor({ timeout: 30_000 });
    await view().getByRole('button', { name: 'Refresh' }).click();
    await view().getByRole('slider').waitFor();
    await window.screenshot('panel-usage');
  });

  test('the panels follow the theme, and axe finds nothing wrong in any', async () => {
    const { window } = editor;
    for (const [theme, name] of [
      ['Light Modern', 'light'],
      ['Dark High Contrast', 'contrast'],
    ] as const) {
      await window.command('Preferences: Color Theme');
      await window.quick.type(theme);
      await window.quick.pick(theme);
      await view()
        .locator(name === 'light' ? 'body.vscode-light' : 'body.vscode-high-contrast')
        .waitFor();
      await window.screenshot(`panel-usage-in-${name}`);
      assert.deepEqual(await accessibilityProblems(view().locator('body')), []);
    }
  });

  test('nothing on the pages was refused by their policy', () => {
    // Of what axe puts into the pages, only the style sheets are refused.
    assert.deepEqual(
      refused.filter((text) => !/inline style/.test(text)),
      [],
    );
  });

  test('both come back after a reload of the window', async () => {
    const { window } = editor;
    // The editor's own reload writes down first what is open; a reload of the page may come before that.
    await Promise.all([window.page.waitForEvent('load'), window.command('Developer: Reload Window')]);
    await window.tab('Usage').waitFor({ timeout: 60_000 });
    await view().getByText('counted live on this machine').waitFor({ timeout: 60_000 });
    await window.tab('Environment Variables').click();
    await view().getByText('Variables (2)').waitFor({ timeout: 30_000 });
    await window.screenshot('panel-env-reloaded');
    assert.deepEqual(await accessibilityProblems(view().locator('body')), []);
  });

  test('a key that no class reads is said to be so, once the classes are deployed', async () => {
    const { window } = editor;
    assert.equal(await view().getByText('No class reads this.').filter({ visible: true }).count(), 0);
    await window.openFile('counter.ts');
    await window.command('Durable Objects: Deploy');
    await window.toast(/counter is deployed/).waitFor({ timeout: 60_000 });
    await window.tab('Environment Variables').click();
    await view().getByText('No class reads this.').first().waitFor({ timeout: 30_000 });
    await window.screenshot('panel-env-unused');
    await window.clearToasts();
  });

  test('while a class is in ERROR the panel repairs it, sets the variable by itself, and no data is lost', async () => {
    const { window } = editor;
    await window.openFile('chat-room.ts');
    await window.deployActiveFile();
    await window.toast(/chat-room is deployed/).waitFor({ timeout: 60_000 });
    await window.clearToasts();
    const platform = OtherClient.ofEditor(editor.server);
    assert.deepEqual(await platform.call('counter', 'main', 'POST'), { value: 1 });
    assert.equal(await platform.register('counter', DOES_NOT_LOAD), false);
    await window.tab('Environment Variables').click();
    await view().getByRole('button', { name: 'Refresh' }).click();
    await view().getByRole('region', { name: 'A change here would destroy what counter stored' }).waitFor();
    await window.screenshot('panel-env-risk');
    await view().getByRole('textbox', { name: 'Key' }).fill('AFTER_REPAIR');
    await view().getByRole('textbox', { name: 'Value' }).fill('kept');
    await view().getByRole('button', { name: 'Add', exact: true }).click();
    const question = view().getByRole('alertdialog', { name: /Changing AFTER_REPAIR would destroy/ });
    await question.waitFor();
    await window.screenshot('panel-env-question');
    assert.deepEqual(await accessibilityProblems(view().locator('body')), []);
    await question.getByRole('button', { name: 'Repair counter First' }).press('Enter');
    await view()
      .getByRole('status')
      .filter({ hasText: 'Repaired first: counter. AFTER_REPAIR is set.' })
      .waitFor({ timeout: 60_000 });
    await view().getByText('Variables (3)').waitFor();
    assert.equal(
      await view()
        .getByRole('region', { name: /A change here would destroy/ })
        .isVisible(),
      false,
    );
    await window.screenshot('panel-env-repaired');
    assert.deepEqual(await platform.statuses(), { 'chat-room': 'READY', counter: 'READY' });
    assert.deepEqual(await platform.call('counter', 'main'), { value: 1 });
  });
});
